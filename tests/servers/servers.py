"""Start real servers on 127.0.0.1: applications under gunicorn and uvicorn, nginx and Varnish in front of them."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 60

GUNICORN = ["gunicorn", "--workers=1", "--threads=4", "--log-level=warning"]
SHOPS = {
    "django": [*GUNICORN, "tests.servers.django_shop:application"],
    "flask": [*GUNICORN, "tests.servers.flask_shop:app"],
    "fastapi": ["uvicorn", "--log-level=warning", "tests.servers.fastapi_shop:app"],
    "leaky": [*GUNICORN, "tests.servers.leaky_shop:application"],
}

# The settings of the caches in front of a shop. Each is a port of nginx, except `varnish`.
NGINX = {
    "nginx": "",
    "nginx-revalidate": (
        "proxy_ignore_headers Set-Cookie; proxy_cache_revalidate on; proxy_cache_use_stale updating;"
        "proxy_cache_background_update on; proxy_cache_lock on;"
    ),
    "nginx-no-cookies": "proxy_ignore_headers Set-Cookie Vary; proxy_hide_header Set-Cookie;",
    # It keeps everything, and no header can stop it.
    "nginx-everything": "proxy_ignore_headers Set-Cookie Vary Cache-Control Expires X-Accel-Expires;",
}
CACHES = [*NGINX, "varnish"]

NGINX_CONF = """
daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {zones}
  {servers}
}}
"""
NGINX_SERVER = """
  server {{ listen 127.0.0.1:{port}; location / {{
    proxy_pass http://127.0.0.1:{shop}; proxy_http_version 1.1; proxy_set_header Accept-Encoding $http_accept_encoding;
    proxy_cache z{port}; proxy_cache_key $request_uri; proxy_cache_valid 200 404 10m;
    add_header X-Cache $upstream_cache_status always; {more} }} }}
"""
VARNISH_VCL = """vcl 4.1;
{backends}
sub vcl_recv {{
  {choice}
  set req.grace = 30s;
  return (hash);
}}
sub vcl_backend_response {{ set beresp.grace = 30s; }}
"""


class NoServersError(Exception):
    """nginx or Varnish is not installed."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def find(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise NoServersError(f"{name} is not installed")
    return found


class Server:
    """One process that listens on `port`. It is ended by its own id."""

    def __init__(self, command: list[str], port: int, folder: Path) -> None:
        self.port = port
        self._log = folder / "log.txt"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def __enter__(self) -> Self:
        end = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise AssertionError(f"does not start: {self._log.read_text('utf-8', 'replace')}")

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Stack:
    """The shops, and the caches in front of each. Nothing is kept from one stack to the next."""

    def __init__(self, folder: Path, *shops: str) -> None:
        self._nginx, self._varnish = find("nginx"), find("varnishd")
        self._folder = folder
        self._shops = shops
        self._exits = ExitStack()
        self._ports: dict[tuple[str, str], int] = {}

    def __enter__(self) -> Self:
        with ExitStack() as exits:
            ports = {shop: self._start(exits, shop, SHOPS[shop]) for shop in self._shops}
            self._start_nginx(exits, ports)
            self._start_varnish(exits, ports)
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._exits.close()

    def _start(self, exits: ExitStack, name: str, command: list[str]) -> int:
        port, folder = free_port(), self._folder / name
        folder.mkdir()
        binding = [f"--port={port}"] if command[0] == "uvicorn" else [f"--bind=127.0.0.1:{port}"]
        exits.enter_context(Server([sys.executable, "-m", *command, *binding], port, folder))
        return port

    def _start_nginx(self, exits: ExitStack, shops: dict[str, int]) -> None:
        folder, zones, servers = self._folder / "nginx", [], []
        folder.mkdir()
        for shop, shop_port in shops.items():
            for cache, more in NGINX.items():
                port = self._ports[shop, cache] = free_port()
                zones.append(f"proxy_cache_path {folder}/{port} keys_zone=z{port}:1m;")
                servers.append(NGINX_SERVER.format(port=port, shop=shop_port, more=more))
        conf = folder / "nginx.conf"
        conf.write_text(NGINX_CONF.format(folder=folder, zones="\n".join(zones), servers="".join(servers)), "utf-8")
        command = [self._nginx, "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(conf)]
        exits.enter_context(Server(command, port, folder))

    def _start_varnish(self, exits: ExitStack, shops: dict[str, int]) -> None:
        folder, port = self._folder / "varnish", free_port()
        folder.mkdir()
        backends = "".join(f'backend {shop} {{ .host = "127.0.0.1"; .port = "{at}"; }}\n' for shop, at in shops.items())
        choice = "".join(
            f'if (req.http.Host == "{shop}.test") {{ set req.backend_hint = {shop}; }}\n' for shop in shops
        )
        vcl = folder / "default.vcl"
        vcl.write_text(VARNISH_VCL.format(backends=backends, choice=choice), "utf-8")
        command = [self._varnish, "-j", "none", "-F", "-a", f"127.0.0.1:{port}", "-f", str(vcl)]
        exits.enter_context(Server([*command, "-n", str(folder / "work"), "-s", "malloc,32m"], port, folder))
        for shop in shops:
            self._ports[shop, "varnish"] = port

    def get(self, shop: str, cache: str, path: str, who: str | None, **headers: str) -> http.client.HTTPResponse:
        """Return the response to visitor `who` with its body read; `out` is somebody who has logged out."""
        connection = http.client.HTTPConnection("127.0.0.1", self._ports[shop, cache], timeout=30)
        if who is not None:
            headers["Cookie"] = "seen=1" if who == "out" else f"seen=1; as={who}"
        connection.request("GET", f"/{path}", headers={"Host": f"{shop}.test", **headers})
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response
