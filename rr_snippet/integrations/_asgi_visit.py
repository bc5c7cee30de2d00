"""A request of an ASGI framework, as the policy sees it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from weakref import WeakMethod

from jinja2.runtime import Context

from rr_snippet.errors import Problem, RenderError
from rr_snippet.integrations._answer import Answer, answer_in
from rr_snippet.integrations._nonces import request_nonces
from rr_snippet.integrations._records import dotted_path
from rr_snippet.integrations._settings import Settings, is_async
from rr_snippet.integrations._visit import Visit

# A dict. Each framework has its own type for it, and no two agree.
Scope = Any
RunInThread = Callable[[Callable[..., Any], Any], Awaitable[Any]]

# A dependency or a middleware of the site may put the customer here: `request.state.rr_customer`.
STATE_KEY: Final = "rr_customer"

# For templates that are imported without context and so know no request. Threads of sync endpoints get a copy.
current_scope: Final[ContextVar[Scope | None]] = ContextVar("rr_snippet_scope", default=None)


@dataclass(frozen=True, slots=True)
class _Failure:
    """The error of a function, kept instead of a customer until a template asks for it."""

    error: Exception


class AsgiVisit(Visit):
    """The current request; `context` is that of the template, if one is being rendered.

    Without a request, `make_request` makes it from the scope that the middleware has seen. `run_in_thread` is the
    framework's way of calling an ordinary function that may block.
    """

    def __init__(
        self,
        settings: Settings,
        make_request: Callable[[Scope], Any],
        run_in_thread: RunInThread,
        *,
        request: Any = None,
        context: Context | None = None,
    ) -> None:
        if request is None and context is not None:
            request = context.get("request")
        scope = current_scope.get() if request is None else request.scope
        if scope is not None:
            self._answer = answer_in(scope)
            request = make_request(scope) if request is None else request
        self.request = request
        self._scope: Scope = scope
        self._settings = settings
        self._context = context
        self._make_request = make_request
        self._run_in_thread = run_in_thread

    @property
    def is_debug(self) -> bool:
        """The application's `debug`, or false outside a request, where no application is known."""
        return self._scope is not None and getattr(self._scope.get("app"), "debug", False) is True

    @property
    def route(self) -> str | None:
        """The declared path of the route, or the name of its function."""
        scope = self._scope or {}
        # FastAPI and Starlette have the former, Litestar the latter.
        path: str | None = getattr(scope.get("route"), "path", None) or scope.get("path_template")
        endpoint = scope.get("endpoint")
        return path or (endpoint and dotted_path(endpoint))

    @property
    def template(self) -> str | None:
        """The name of the template being rendered."""
        return None if self._context is None else self._context.name

    def settings(self) -> Settings:
        """Return the settings given to the integration."""
        return self._settings

    @property
    def mount(self) -> str:
        """The `root_path`."""
        return "" if self._scope is None else str(self._scope.get("root_path", ""))

    @property
    def is_secure(self) -> bool:
        """Whether the request came by https."""
        return self._scope is not None and self._scope.get("scheme") == "https"

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the template's context, then `request.state.csp_nonce`."""
        if self._context is not None:
            yield self._context.get("csp_nonce")
        yield from request_nonces(self.request)

    def check_place(self, settings: Settings) -> None:
        """Refuse a place without a request or the middleware.

        Raises:
            RenderError: as `check_answer`.
        """
        self._be_asked_again(self.check_answer())

    def _be_asked_again(self, answer: Answer) -> None:
        answer.visit_of = partial(_visit_in, self._settings, self._make_request, self._run_in_thread)

    def find_customer(self, settings: Settings) -> object:
        """Return `request.state.rr_customer` if there is one, otherwise call `CUSTOMER`.

        Raises:
            RenderError: `request.not_loaded`, for an async function.
        """
        state = self._scope.get("state", {})
        if STATE_KEY in state:
            customer = state[STATE_KEY]
            if isinstance(customer, _Failure):
                raise customer.error
            return customer
        if settings.customer is not None and is_async(settings.customer):
            raise RenderError(Problem.of("request.not_loaded"))
        customer = super().find_customer(settings)
        if inspect.iscoroutine(customer):
            customer.close()
            raise RenderError(Problem.of("request.not_loaded"))
        return customer

    async def load(self) -> None:
        """Call `CUSTOMER` now, in a thread if it is sync, and keep the result in `request.state.rr_customer`.

        A value that is already there stays. An error is kept too, and raised or logged when a block is rendered.
        """
        function = self._settings.customer
        state = self._scope.setdefault("state", {})
        if function is None or STATE_KEY in state:
            return
        self._be_asked_again(answer_in(self._scope))
        customer: object
        try:
            if is_async(function):
                customer = await function(self.request)
            else:
                customer = await self._run_in_thread(function, self.request)
                if inspect.isawaitable(customer):
                    customer = await customer
        except Exception as error:
            customer = _Failure(error)  # the policy handles it later
        state[STATE_KEY] = customer


def _visit_in(
    settings: Settings, make_request: Callable[[Scope], Any], run_in_thread: RunInThread, scope: Scope
) -> AsgiVisit:
    return AsgiVisit(settings, make_request, run_in_thread, request=make_request(scope))


class _BareRequest:
    """A request with nothing but its scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope


_unknown_visit: Final = partial(_visit_in, Settings(customer=None), _BareRequest, asyncio.to_thread)

# Starlette's middleware does not know the settings with which templates ask for customers. And a store may outlive the
# process, so its pages may come before any customer was asked for.
_latest: Final[list[WeakMethod[Callable[[Scope], AsgiVisit]]]] = []


def remember(visit_of: Callable[[Scope], AsgiVisit]) -> None:
    """Make `visit_of` the way for middleware without settings, as long as the object of that method exists."""
    _latest[:] = [WeakMethod(visit_of)]


def latest_visit_of() -> Callable[[Scope], AsgiVisit]:
    """Return the function that makes a visit by the settings read last."""
    return next(filter(None, (visit_of() for visit_of in _latest)), None) or _unknown_visit


def visit_in_use() -> AsgiVisit:
    """Return the visit of the current request, or outside a request one that knows only the settings."""
    scope = current_scope.get()
    if scope is None:
        return latest_visit_of()({"type": "http", "headers": []})
    visit: AsgiVisit = (answer_in(scope).visit_of or latest_visit_of())(scope)
    return visit
