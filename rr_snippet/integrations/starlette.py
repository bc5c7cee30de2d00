"""Starlette and FastAPI: `install(templates, customer=…)`, then `{{ rr_customer() }}` in any template."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import requires
from rr_snippet.integrations import _jinja
from rr_snippet.integrations._answer import Answer
from rr_snippet.integrations._asgi import App, Message, Receive, RRSnippetMiddleware, Send
from rr_snippet.integrations._asgi_deferred import apps_by_path, mark_known, mark_unknown
from rr_snippet.integrations._asgi_visit import AsgiVisit, Scope, remember
from rr_snippet.integrations._exit import PAGE_MAX_BYTES, Leaving
from rr_snippet.integrations._pages import PAGE_STATUSES, Pages
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._records import warn_without_customer
from rr_snippet.integrations._settings import Settings, ask_for_customer

with requires("Starlette", "starlette", "starlette"):
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.routing import Route
    from starlette.templating import Jinja2Templates

__all__ = ["RRSnippet", "RRSnippetMiddleware", "RRSnippetPages", "install", "mark_known", "mark_unknown"]


class RRSnippet:
    """The integration of one application: its settings, and the methods for routes.

    `settings` are those of `RR_SNIPPET`, with names in any letter case; `customer` may be async. The application also
    needs `RRSnippetMiddleware`.

    Raises:
        OptionError: a setting is wrong.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = Settings.of(settings, takes_async=True)
        if self._settings.customer is ask_for_customer:
            warn_without_customer()
        remember(self._visit_in)

    def install(self, templates: Jinja2Templates) -> None:
        """Install `rr_customer` and the other functions in `templates`."""
        _jinja.install(templates.env, self._visit_of)

    def render(self, request: Request, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block for a page without templates; the arguments are those of `rr_customer`."""
        return self._visit(request).render(customer, nonce=nonce, **options)

    def render_order(
        self, request: Request, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
    ) -> Markup:
        """Return the block of an order for a page without templates; the arguments are those of `rr_order`."""
        return self._visit(request).render_order(order, person=person, nonce=nonce, **options)

    async def load(self, request: Request) -> None:
        """Find the customer before rendering, which an async function needs: `Depends(rr.load)`, or await it.

        The customer is then in `request.state.rr_customer`, `None` for an anonymous visitor. The site itself may also
        put one there.
        """
        await self._visit(request).load()

    def prepare(self, request: Request) -> None:
        """Mark the response as private before its template is streamed, because its headers are sent first."""
        self._visit(request).prepare()

    def _visit_in(self, scope: Scope) -> AsgiVisit:
        return self._visit(Request(scope))

    @property
    def routes(self) -> list[Route]:
        """The routes of the deferred card with whole paths, for `app.routes.extend`; none without `DEFERRED`."""
        return [Route(path, endpoint=app) for path, app in apps_by_path(self._settings, self._visiting).items()]

    async def _visiting(self, scope: Scope) -> AsgiVisit:
        visit = self._visit(Request(scope))
        await visit.load()
        return visit

    def _visit(self, request: Request) -> AsgiVisit:
        return AsgiVisit(self._settings, Request, run_in_threadpool, request=request)

    def _visit_of(self, context: Context) -> AsgiVisit:
        return AsgiVisit(self._settings, Request, run_in_threadpool, context=context)


def install(templates: Jinja2Templates, **settings: Any) -> RRSnippet:
    """Install `rr_customer` and the other functions in `templates`, and return the integration for use in routes.

    Raises:
        OptionError: a setting is wrong; `option.taken`, if `templates` use one of the names for something else.
    """
    door = RRSnippet(**settings)
    door.install(templates)
    return door


class RRSnippetPages(RRSnippetMiddleware):
    """ASGI middleware that also puts the block into the finished pages of `app`, and changes nothing else in them.

    `CUSTOMER` and `EXCLUDE` of the settings are called with the request after the application has responded, and so is
    `nonce`, which takes precedence over `request.state.csp_nonce` and the nonce of the response's own
    Content-Security-Policy. Only whole pages are changed: a body in several pieces without `Content-Length` is a
    stream. Pages of more than `page_max_bytes` are sent as they are. The middleware must be inside any that compresses
    or caches.

    With `deferred=True` pages get the loader's tag, which is the same for everybody, and this middleware responds at
    the two paths of the deferred card.

    Raises:
        OptionError: a setting is wrong.
    """

    # By position only. Otherwise type checkers would treat `app` as one of the settings that add_middleware passes on.
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
        super().__init__(app, visit_of=self._visit)
        self.page_max_bytes = page_max_bytes
        self._pages = Pages(settings, nonce=nonce, statuses=statuses, takes_async=True)
        self._apps = apps_by_path(self._pages.settings, self._visiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, and pass on anything else."""
        app = self._apps.get(_path_within(scope)) if scope["type"] == "http" else None
        await (app or super().__call__)(scope, receive, send)

    async def _visiting(self, scope: Scope) -> AsgiVisit:
        visit = self._visit(scope)
        await visit.load()
        return visit

    def _visit(self, scope: Scope) -> AsgiVisit:
        return AsgiVisit(self._pages.settings, Request, run_in_threadpool, request=Request(scope))

    def visit_in(self, scope: Scope, answer: Answer) -> AsgiVisit:
        """Return the visit of a request by the settings of this middleware."""
        return self._visit(scope)

    async def finish(self, visit: AsgiVisit, leaving: Leaving, start: Message) -> None:
        """Return the page after all necessary changes, with the block if there is one."""
        may_take = self._pages.may_take(start["status"], leaving.headers)
        if leaving.has_strangers or (may_take and not self._pages.settings.deferred):
            await visit.load()
        leaving.turn_strangers_away(visit)
        if may_take or self._pages.may_take(start["status"], leaving.headers):
            self._pages.put_block(leaving, visit)


def _path_within(scope: Scope) -> str:
    """Return the path within the application. The server's path begins with that of the mount."""
    path, root = str(scope.get("path", "")), str(scope.get("root_path", ""))
    return path[len(root) :] if path.startswith(f"{root}/") else path
