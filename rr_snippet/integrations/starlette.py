"""Starlette and FastAPI: `install(templates, customer=…)`, then `{{ rr_customer() }}` in any template."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import requires
from rr_snippet.integrations import _jinja
from rr_snippet.integrations._asgi import (
    App,
    AsgiVisit,
    Message,
    Receive,
    RRSnippetMiddleware,
    Scope,
    Send,
    byte_headers,
    text_headers,
)
from rr_snippet.integrations._pages import (
    PAGE_MAX_BYTES,
    PAGE_STATUSES,
    Pages,
    PageVisit,
    content_length,
    personal_headers,
)
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import UNSET

with requires("Starlette", "starlette", "starlette"):
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.templating import Jinja2Templates

__all__ = ["RRSnippet", "RRSnippetMiddleware", "RRSnippetPages", "install"]


class RRSnippet:
    """The door of one application: its settings, and what routes call on it.

    `settings` are those of `RR_SNIPPET`, names in any letter case; `customer` may be async. The application needs
    `RRSnippetMiddleware` as well.

    Raises:
        OptionError: a wrong setting.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = Settings.of(settings, takes_async=True)

    def install(self, templates: Jinja2Templates) -> None:
        """Bring `rr_customer` into `templates`."""
        _jinja.install(templates.env, self._visit_of)

    def render(self, request: Request, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block for a page that is made without templates; the arguments are those of `rr_customer`."""
        return self._visit(request).render(customer, nonce=nonce, **options)

    async def load(self, request: Request) -> None:
        """Find the customer before rendering, which an async function needs: `Depends(rr.load)`, or await it.

        What it finds, or what the site itself puts there, is in `request.state.rr_customer`, `None` for an anonymous
        visitor.
        """
        await self._visit(request).load(run_in_threadpool)

    def prepare(self, request: Request) -> None:
        """Mark the response as private before its template is streamed: later its headers are out."""
        self._visit(request).mark_private(self._settings)

    def _visit(self, request: Request) -> AsgiVisit:
        return AsgiVisit(self._settings, Request, request=request)

    def _visit_of(self, context: Context) -> AsgiVisit:
        return AsgiVisit(self._settings, Request, context=context)


def install(templates: Jinja2Templates, **settings: Any) -> RRSnippet:
    """Bring `rr_customer` into `templates`, and return the door for what routes may need of it.

    Raises:
        OptionError: a wrong setting; `option.taken`, if the name stands for something else in `templates`.
    """
    door = RRSnippet(**settings)
    door.install(templates)
    return door


class RRSnippetPages:
    """ASGI middleware that puts the block into the finished pages of `app`, and changes nothing else.

    `CUSTOMER` and `EXCLUDE` of the settings are called with the request, after the application has answered; so is
    `nonce`, which goes before `request.state.csp_nonce` and the nonce of the response's own Content-Security-Policy.
    Only whole pages are changed: a body in several pieces without `Content-Length` is a stream. Pages of more than
    `page_max_bytes` go out as they are. It belongs inside of whatever compresses or caches.

    Raises:
        OptionError: a wrong setting.
    """

    # By position only: type checkers would else take `app` for one more of the settings that add_middleware hands on.
    def __init__(
        self,
        app: App,
        /,
        *,
        nonce: Callable[[Request], object] | None = None,
        statuses: Container[int] = PAGE_STATUSES,
        page_max_bytes: int = PAGE_MAX_BYTES,
        **settings: Any,
    ) -> None:
        self.app = app
        self._pages = Pages(settings, nonce=nonce, statuses=statuses, page_max_bytes=page_max_bytes, takes_async=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the application does, and with the block where there is one."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, _PageSender(self._pages, scope, send))


class _PageSender:
    """The `send` that the application gets: it holds back what may be a page until the whole of it is there."""

    def __init__(self, pages: Pages, scope: Scope, send: Send) -> None:
        self._pages = pages
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            may_take = self._pages.may_take(message["status"], text_headers(message), has_whole_body=True)
            if may_take and not message.get("trailers"):
                self._start = message
            else:
                await self._send(message)
        elif self._start is None or message["type"] != "http.response.body":
            await self._release()
            await self._send(message)
        else:
            await self._collect(self._start, message)

    async def _collect(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        has_more = message.get("more_body", False)
        is_stream = has_more and content_length(text_headers(start)) is None
        if is_stream or len(self._body) > self._pages.page_max_bytes:
            await self._release(has_more=has_more)
        elif not has_more:
            await self._finish(start)

    async def _release(self, *, has_more: bool = True) -> None:
        """Send on what was held back; it is no page to be changed after all."""
        if self._start is not None:
            start, self._start = self._start, None
            await self._send(start)
            if self._body:
                await self._send({"type": "http.response.body", "body": bytes(self._body), "more_body": has_more})
                self._body.clear()

    async def _finish(self, start: Message) -> None:
        """Send the whole page, with the block if there is one."""
        page, headers = bytes(self._body), text_headers(start)
        visit = AsgiVisit(self._pages.settings, Request, request=Request(self._scope))
        await visit.load(run_in_threadpool)
        if snippet := PageVisit(self._pages, visit, headers).render():
            if self._scope["method"] == "HEAD":
                page, headers = b"", personal_headers(headers, None)
            else:
                page, headers = self._pages.put_into(page, snippet, headers)
            start = {**start, "headers": byte_headers(headers)}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})
