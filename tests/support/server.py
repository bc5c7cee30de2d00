"""A web server on loopback with every response set by the test: status, headers and bytes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Self

from tests.support.outcome import TRACKER_JS


@dataclass(frozen=True)
class Answer:
    """The response of the server at one path."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class PageServer:
    """Serves the pages given to `add`, and the stand-in tracker as `/tracker.js`, on 127.0.0.1 and a free port."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {
            "/tracker.js": Answer(TRACKER_JS.encode("ascii"), headers={"Content-Type": "text/javascript"}),
            # Chromium may request it by itself. A response without a body keeps its console silent.
            "/favicon.ico": Answer(b"", status=204),
        }
        self._numbers = count(1)
        answers = self._answers

        class Handler(BaseHTTPRequestHandler):
            # A connection that is opened in advance and never used must not keep its thread for ever.
            timeout = 10

            def do_GET(self) -> None:
                answer = answers.get(self.path.partition("?")[0], Answer(b"", status=404))
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.send_header("Connection", "close")
                self.end_headers()
                # A browser may close the connection before it has read everything.
                with suppress(ConnectionError):
                    self.wfile.write(answer.body)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add(
        self,
        body: str | bytes,
        *,
        path: str | None = None,
        content_type: str | None = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> str:
        """Serve `body` at `path`, or else at a new path, and return its address.

        Text is encoded by the `charset` of `content_type`, or else as UTF-8. Bytes are sent as they are. With
        `content_type=None` there is no such header.
        """
        path = path or f"/page-{next(self._numbers)}"
        named = {} if content_type is None else {"Content-Type": content_type}
        content = body.encode(_charset(content_type)) if isinstance(body, str) else body
        self._answers[path] = Answer(content, status, {**named, **(headers or {})})
        return self.origin + path


def _charset(content_type: str | None) -> str:
    message = Message()
    message["Content-Type"] = content_type or "text/html"
    charset = message.get_content_charset("utf-8")
    assert isinstance(charset, str)
    return charset
