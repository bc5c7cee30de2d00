"""The end-to-end test of docs/guide/check.md, as it stands, on a page with a block."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

from rr_snippet import render_snippet
from rr_snippet.testing import TRACKER_JS
from tests.support.browser import OpenPage

PAGE = (Path(__file__).parents[2] / "docs" / "guide" / "check.md").read_text("utf-8")
_, TEST = re.findall(r"^```py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


class Shop(BaseHTTPRequestHandler):
    """A page with a block, and the vendor's main code, which is missing."""

    def do_GET(self) -> None:
        page = f"<!doctype html><body>{render_snippet({'customerId': '42'})}<script src='/tracking.js'></script></body>"
        self.send_response(404 if self.path.endswith(".js") else 200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Do nothing, so that the output of the tests stays clean."""


def test_the_stand_in_takes_the_place_of_the_tracker(open_url: Callable[..., OpenPage]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/"
        page = open_url(address, tracker="none")
        names = {"live_server": SimpleNamespace(url=address), "TRACKER_JS": TRACKER_JS}
        page.use(lambda driver: exec(TEST, {"page": driver, **names}))
        server.shutdown()
        thread.join()
