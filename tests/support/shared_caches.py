"""Real nginx and Varnish in front of an application on loopback: one cache obeys headers, one keeps everything."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import pytest

Kind = Literal["nginx", "varnish"]
Temper = Literal["obeys", "keeps-all"]

REQUIRE_VARIABLE = "RR_SNIPPET_REQUIRE_SERVERS"
START_TIMEOUT_S = 20
STOP_TIMEOUT_S = 10

# The settings of people who have found that their pages are slow.
_NGINX_KEEPS_ALL = """
      proxy_ignore_headers Cache-Control Expires Vary Set-Cookie X-Accel-Expires;
      proxy_cache_valid any 10m;
"""
_NGINX = """
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  log_format served '$request_method $uri $upstream_cache_status $bytes_sent $upstream_bytes_received';
  access_log {folder}/access.log served;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache keys_zone=pages:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{origin};
      proxy_set_header Host $http_host;
      proxy_cache pages;
      proxy_cache_key $request_uri;
      add_header X-Cache $upstream_cache_status always;
      {temper}
    }}
  }}
}}
"""
_VARNISH_KEEPS_ALL = """
sub vcl_recv { if (req.method == "GET" || req.method == "HEAD") { return (hash); } }
sub vcl_backend_response {
  if (bereq.method == "GET") { unset beresp.http.Set-Cookie; unset beresp.http.Vary; set beresp.ttl = 10m; return (deliver); }
}
"""
# The usual settings of those who cache for visitors with analytics cookies. The built-in rules keep nothing for them.
_VARNISH_OBEYS = """
sub vcl_recv { if (req.method == "GET" || req.method == "HEAD") { return (hash); } }
"""
_VARNISH = """
vcl 4.1;
backend origin {{ .host = "127.0.0.1"; .port = "{origin}"; }}
{temper}
sub vcl_deliver {{ if (obj.hits > 0) {{ set resp.http.X-Cache = "HIT"; }} else {{ set resp.http.X-Cache = "MISS"; }} }}
"""


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def shared_cache(kind: Kind, temper: Temper, origin: int, folder: Path) -> Iterator[int]:
    """Run a cache before the application on the port `origin`, and return the cache's own port."""
    program = shutil.which("nginx" if kind == "nginx" else "varnishd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        if os.environ.get(REQUIRE_VARIABLE) == "1":
            pytest.fail(f"{REQUIRE_VARIABLE}=1, but there is no {kind}", pytrace=False)
        pytest.skip(f"NOT PROVEN BEHIND A CACHE: no {kind}")
    port = free_port()
    keeps_all = temper == "keeps-all"
    if kind == "nginx":
        text = _NGINX.format(folder=folder, port=port, origin=origin, temper=_NGINX_KEEPS_ALL if keeps_all else "")
        (folder / "nginx.conf").write_text(text)
        command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        command += ["-g", "daemon off;"]
    else:
        text = _VARNISH.format(origin=origin, temper=_VARNISH_KEEPS_ALL if keeps_all else _VARNISH_OBEYS)
        (folder / "cache.vcl").write_text(text)
        command = [program, "-j", "none", "-F", "-n", str(folder / "varnish"), "-f", str(folder / "cache.vcl")]
        command += ["-a", f"127.0.0.1:{port}", "-s", "malloc,16m"]
        # Room for all that is noted, which is read at the end.
        command += ["-l", "64m"]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait_for(port, process, folder / "output.txt")
        yield port
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)


def _wait_for(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail(f"the cache did not start: {output.read_text('utf-8', 'replace')}", pytrace=False)


@dataclass(frozen=True)
class Traffic:
    """What a cache has noted of the requests to one method and path: their number, hits, bytes to both sides."""

    requests: int = 0
    hits: int = 0
    to_browsers_bytes: int = 0
    from_shop_bytes: int = 0

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Traffic)))


def traffic(kind: Kind, folder: Path) -> dict[str, Traffic]:
    """Return what the cache that runs in `folder` has noted, by method and path: nginx's access log, Varnish's own."""
    if kind == "nginx":
        lines = [line.split() for line in (folder / "access.log").read_text().splitlines()]
        # The last field lists the sizes of all responses of the shop. It is a dash if there was none.
        rows = [
            (f"{method} {path}", Traffic(1, status == "HIT", int(sent), sum(map(int, re.findall(r"\d+", received)))))
            for method, path, status, sent, received in lines
        ]
    else:
        rows = [
            *(
                (f"{method} {path}", Traffic(1, handling == "hit", int(sent)))
                for method, path, handling, sent in _varnish_log(folder, "-c", "%m %U %{Varnish:handling}x %O")
            ),
            *(
                (f"{method} {path}", Traffic(0, 0, 0, int(sent)))
                for method, path, sent in _varnish_log(folder, "-b", "%m %U %O")
            ),
        ]
    found: dict[str, Traffic] = {}
    for name, row in rows:
        found[name] = found.get(name, Traffic()) + row
    return found


def _varnish_log(folder: Path, side: str, form: str) -> list[list[str]]:
    command = ["varnishncsa", "-n", str(folder / "varnish"), "-d", side, "-F", form]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=STOP_TIMEOUT_S)
    return [line.split() for line in told.stdout.splitlines()]


class Answer:
    """A response: its status, its headers in lower case, and its body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(port: int, path: str, *, method: str = "GET", who: str | None = None, **headers: str) -> Answer:
    """Send a request to the server on `port` as visitor `who`; `_` in names of headers stands for `-`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if who is not None:
        sent["Cookie"] = f"shopper={who}; _ga=GA1.1.{who}"
    try:
        connection.request(method, path, headers=sent)
        return Answer(connection.getresponse())
    finally:
        connection.close()
