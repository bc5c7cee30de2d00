"""The middleware of ASGI frameworks, which sees each response leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rr_snippet.integrations._answer import Answer, answer_in
from rr_snippet.integrations._asgi_visit import AsgiVisit, Scope, current_scope, latest_visit_of
from rr_snippet.integrations._exit import PAGE_MAX_BYTES, Leaving, is_html
from rr_snippet.integrations._headers import with_changes

# `Any` for the same reason as `Scope`.
Message = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
Finish = Callable[[Message, bytes], Awaitable[bytes]]


def text_headers(message: Message) -> list[tuple[str, str]]:
    """Return the headers of the start of a response as text."""
    return [
        (bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in message.get("headers", ())
    ]


def byte_headers(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers in ASGI's form: bytes, with names in lower case."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def header_of(message: Message, name: bytes) -> str | None:
    """Return the first header with this name (in lower case) in the start of a response."""
    for key, value in message.get("headers", ()):
        if bytes(key).lower() == name:
            return bytes(value).decode("latin-1")
    return None


def change_headers(message: Message, leaving: Leaving) -> None:
    """Change the headers in the start of a response as needed.

    This changes the message itself, so a cache that keeps the message it passes on keeps it as private.
    """
    changes = leaving.changes()
    if changes:
        message["headers"] = byte_headers(with_changes(text_headers(message), changes))
    marker, leaving.answer.marker = leaving.answer.marker, None
    if marker is not None:
        message["headers"] = [*message["headers"], (b"set-cookie", marker.encode("latin-1"))]


def begin(answer: Answer, message: Message) -> None:
    """Change the headers in the start of a response whose body is not examined."""
    if answer.only_cookies is not None:
        allowed = [cookie.encode("latin-1") for cookie in answer.only_cookies]
        message["headers"] = [
            (name, value) for name, value in message["headers"] if name.lower() != b"set-cookie" or value in allowed
        ]
    if answer.is_evaluated or answer.is_private:
        change_headers(message, Leaving(answer, text_headers(message)))


class HeldSend:
    """The `send` for an application: it holds back what may be a page until the page is whole.

    `may_hold` decides by the start of each response; a page longer than `max_bytes` is not held. `finish` receives the
    start and the whole body, changes the start and returns the body. A response that turns out to be a stream is sent
    on as it comes, after `begin` has changed its start.
    """

    def __init__(
        self,
        send: Send,
        *,
        may_hold: Callable[[Message], bool],
        begin: Callable[[Message], None],
        finish: Finish,
        max_bytes: int,
    ) -> None:
        self._send = send
        self._may_hold = may_hold
        self._begin = begin
        self._finish = finish
        self._max_bytes = max_bytes
        self._start: Message | None = None
        self._is_whole = False
        self._pieces: list[bytes] = []
        self._length_bytes = 0

    async def __call__(self, message: Message) -> None:
        """Send a message on, now or later."""
        if message["type"] == "http.response.start":
            length = header_of(message, b"content-length") or ""
            # A body in several pieces without an announced length is a stream.
            self._is_whole = length.isascii() and length.isdigit()
            if self._may_hold(message) and not (self._is_whole and int(length) > self._max_bytes):
                self._start = message
            else:
                self._begin(message)
                await self._send(message)
        elif self._start is None or message["type"] != "http.response.body":
            await self._release()
            await self._send(message)
        else:
            await self._collect(self._start, message)

    async def _collect(self, start: Message, message: Message) -> None:
        piece, has_more = message.get("body", b""), message.get("more_body", False)
        self._pieces.append(piece)
        self._length_bytes += len(piece)
        if (has_more and not self._is_whole) or self._length_bytes > self._max_bytes:
            await self._release(has_more=has_more)
        elif not has_more:
            self._start = None
            body = await self._finish(start, b"".join(self._pieces))
            await self._send(start)
            await self._send({"type": "http.response.body", "body": body})

    async def _release(self, *, has_more: bool = True) -> None:
        """Send on what was held back, because it turned out to be no page to examine."""
        if self._start is not None:
            start, self._start = self._start, None
            self._begin(start)
            await self._send(start)
            if self._length_bytes:
                body = b"".join(self._pieces)
                await self._send({"type": "http.response.body", "body": body, "more_body": has_more})


class RRSnippetMiddleware:
    """ASGI middleware that sees each response leave.

    A response with a block becomes private. A response loses its validators if a customer was asked for. A block that
    comes from one of the site's stores is removed unless it is the visitor's own. Other responses stay as they are.
    HTML pages are held until they are whole; streams are not. The middleware also lets macros that were imported
    without context find their request. It must be outermost.
    """

    page_max_bytes = PAGE_MAX_BYTES

    def __init__(self, app: App, *, visit_of: Callable[[Scope], AsgiVisit] | None = None) -> None:
        self.app = app
        self._visit_of = visit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, and pass on anything else."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = answer_in(scope)
        is_outermost = not answer.is_watched
        answer.is_watched = True
        answer.visit_of = answer.visit_of or self._visit_of

        def may_hold(start: Message) -> bool:
            answer.is_sent = answer.is_sent or is_outermost
            return not start.get("trailers") and self.may_look(start)

        held = HeldSend(
            send,
            may_hold=may_hold,
            begin=partial(begin, answer),
            finish=partial(self._finish, scope, answer),
            max_bytes=self.page_max_bytes,
        )
        token = current_scope.set(scope)
        try:
            await self.app(scope, receive, held)
        finally:
            current_scope.reset(token)
            if is_outermost:
                # The page for an unhandled error is made further out, where no middleware of ours sees it leave.
                answer.is_watched = False

    def may_look(self, start: Message) -> bool:
        """Return whether the body of a response must be examined."""
        return is_html(header_of(start, b"content-type"))

    async def _finish(self, scope: Scope, answer: Answer, start: Message, body: bytes) -> bytes:
        leaving = Leaving(answer, text_headers(start), body, is_head=scope["method"] == "HEAD")
        await self.finish(self.visit_in(scope, answer), leaving, start)
        change_headers(start, leaving)
        return leaving.body

    def visit_in(self, scope: Scope, answer: Answer) -> AsgiVisit:
        """Return the visit of a request by the settings used last, or else read last."""
        # The settings that found the customer of one response can find the visitor of the next.
        self._visit_of = answer.visit_of or self._visit_of
        return (self._visit_of or latest_visit_of())(scope)

    async def finish(self, visit: AsgiVisit, leaving: Leaving, start: Message) -> None:
        """Return the page after all necessary changes."""
        if leaving.has_strangers:
            await visit.load()
            leaving.turn_strangers_away(visit)
