"""Litestar: `Litestar(plugins=[RRSnippetPlugin(customer=…)], …)`, then `{{ rr_customer() }}` in any template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from jinja2 import Environment
from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import Problem, RenderError, requires
from rr_snippet.integrations import _jinja
from rr_snippet.integrations._answer import answer_in
from rr_snippet.integrations._asgi import RRSnippetMiddleware, begin
from rr_snippet.integrations._asgi_deferred import LoaderApp, apps_by_path, mark_known, mark_unknown
from rr_snippet.integrations._asgi_visit import AsgiVisit, current_scope
from rr_snippet.integrations._exit import blank_strangers
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._records import warn_without_customer
from rr_snippet.integrations._settings import Settings, ask_for_customer

with requires("Litestar", "litestar", "litestar"):
    from anyio.to_thread import run_sync
    from litestar import Request, asgi
    from litestar.config.app import AppConfig
    from litestar.exceptions import ImproperlyConfiguredException
    from litestar.middleware import DefineMiddleware
    from litestar.plugins import InitPlugin
    from litestar.types import HTTPScope, Message, Scope

__all__ = ["RRSnippetPlugin", "mark_known", "mark_unknown"]

AnyRequest = Request[Any, Any, Any]

# The names that Litestar's own middleware looks for, unless the site has set others.
_NO_WALLS: Final = {"exclude_from_csrf": True, "exclude_from_auth": True}


class RRSnippetPlugin(InitPlugin):
    """The plugin: `rr_customer` in the templates, private responses, and no block in the response cache.

    `settings` are those of `RR_SNIPPET`, names in any letter case; `customer` may be async.

    Raises:
        OptionError: a setting is wrong.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = Settings.of(settings, takes_async=True)
        if self._settings.customer is ask_for_customer:
            warn_without_customer()

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Install everything in the application.

        Raises:
            ImproperlyConfiguredException: the application has no Jinja2 templates.
            OptionError: `option.taken`, if the templates use one of the names for something else.
        """
        engine = app_config.template_config and app_config.template_config.engine_instance
        environment = getattr(engine, "engine", None)
        if not isinstance(environment, Environment):
            raise ImproperlyConfiguredException("RRSnippetPlugin needs a template_config with JinjaTemplateEngine")
        _jinja.install(environment, self._visit_of)
        # The middleware is for macros, which know no request. The hook is for everything that is sent, including pages
        # for unknown paths, which no middleware of routes ever sees.
        app_config.middleware.insert(0, DefineMiddleware(RRSnippetMiddleware, visit_of=self._visit_in))
        app_config.before_send.append(_finish)
        app_config.route_handlers.extend(
            # The loader is the same for everybody, so it needs no session.
            asgi(path, opt={**_NO_WALLS, "skip_session": isinstance(answer, LoaderApp)}, copy_scope=False)(answer)
            for path, answer in apps_by_path(self._settings, self._visiting).items()
        )
        if not self._settings.allow_cached:
            config = app_config.response_cache_config
            may_store = self._unless_private(config.cache_response_filter)
            app_config.response_cache_config = replace(config, cache_response_filter=may_store)
        return app_config

    def render(self, request: AnyRequest, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block for a page without templates; the arguments are those of `rr_customer`."""
        return self._visit(request).render(customer, nonce=nonce, **options)

    def render_order(
        self, request: AnyRequest, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
    ) -> Markup:
        """Return the block of an order for a page without templates; the arguments are those of `rr_order`."""
        return self._visit(request).render_order(order, person=person, nonce=nonce, **options)

    async def load(self, request: AnyRequest) -> None:
        """Find the customer before rendering, which an async function needs: `before_request=plugin.load`, or await it.

        The customer is then in `request.state.rr_customer`, `None` for an anonymous visitor. The site itself may also
        put one there.
        """
        await self._visit(request).load()

    def prepare(self, request: AnyRequest) -> None:
        """Mark the response as private before its template is streamed, because its headers are sent first."""
        self._visit(request).prepare()

    async def _visiting(self, scope: Scope) -> AsgiVisit:
        visit = self._visit(Request(scope))
        await visit.load()
        return visit

    def _visit(self, request: AnyRequest, context: Context | None = None) -> AsgiVisit:
        # The hook sees every response, even those that no middleware of a route sees.
        answer_in(request.scope).is_watched = True
        return AsgiVisit(self._settings, Request, run_sync, request=request, context=context)

    def _visit_in(self, scope: Scope) -> AsgiVisit:
        return self._visit(Request(scope))

    def _visit_of(self, context: Context) -> AsgiVisit:
        request = context.get("request")
        if request is not None:
            return self._visit(request, context)
        return AsgiVisit(self._settings, Request, run_sync, context=context)

    def _unless_private(self, may_store: Callable[[HTTPScope, int], bool]) -> Callable[[HTTPScope, int], bool]:
        def may_store_for_all(scope: HTTPScope, status: int) -> bool:
            if not may_store(scope, status):
                return False
            if not answer_in(scope).is_private:
                return True
            self._visit(Request(scope)).report(RenderError(Problem.of("cache.stored")), "not cached")
            return False

        return may_store_for_all


async def _finish(message: Message, scope: Scope) -> None:
    answer = answer_in(scope)
    if message["type"] == "http.response.start":
        answer.is_sent = True
        begin(answer, message)
    elif message["type"] == "http.response.body" and current_scope.get() is None:
        # This page bypasses the middleware of routes, which holds back all others.
        message["body"] = blank_strangers(message["body"], answer.blocks)
