"""What the doors of ASGI frameworks share: the state of the answer at hand, and the middleware that keeps it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from jinja2.runtime import Context

from rr_snippet.errors import Problem, RenderError
from rr_snippet.integrations._headers import made_private
from rr_snippet.integrations._settings import Settings, is_async
from rr_snippet.integrations._visit import Visit, request_nonces

# Dicts. Each framework has types of its own for them, and no two agree.
Scope = Any
Message = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
RunInThread = Callable[[Callable[..., Any], Any], Awaitable[Any]]

_KEY: Final = "rr_snippet"
# Where a dependency or a middleware of the site leaves the customer: `request.state.rr_customer`.
STATE_KEY: Final = "rr_customer"


@dataclass(slots=True)
class Answer:
    """What has become of the response to one request."""

    scope: Scope
    is_private: bool = False
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class _Failure:
    """Stands in the place of a customer whose function has failed, until a template asks for it."""

    error: Exception


# Templates imported without context know no request; threads of sync endpoints get a copy of it.
_current: Final[ContextVar[Answer | None]] = ContextVar("rr_snippet_answer", default=None)


def answer_of(scope: Scope) -> Answer | None:
    """Return the answer to the request of `scope`, or, if that is `None`, to the one being handled here."""
    answer: Answer | None = _current.get() if scope is None else scope.get(_KEY)
    return answer


def watch(scope: Scope) -> Answer:
    """Return the answer to the request of `scope`, from now on known to all who render in it."""
    answer: Answer = scope.setdefault(_KEY, Answer(scope))
    return answer


def finish(answer: Answer, message: Message) -> None:
    """Make `message` private if it starts a response with a block.

    The message itself is changed: a cache that keeps what it hands on keeps it as private.
    """
    if message["type"] != "http.response.start":
        return
    answer.is_sent = True
    if answer.is_private:
        message["headers"] = byte_headers(made_private(text_headers(message)))


def text_headers(message: Message) -> list[tuple[str, str]]:
    """Return the headers of the start of a response as text."""
    return [
        (bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in message.get("headers", ())
    ]


def byte_headers(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI wants them: bytes, names in lower case."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class RRSnippetMiddleware:
    """ASGI middleware that makes responses with a block private, and only those; it reads and holds no body.

    It also lets macros that were imported without context find their request. Responses without a block are not
    touched. Best placed outermost, so that it has the last word on the headers.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or hand on what is none."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_outermost = _KEY not in scope
        answer = watch(scope)

        async def send_finished(message: Message) -> None:
            finish(answer, message)
            await send(message)

        token = _current.set(answer)
        try:
            await self.app(scope, receive, send_finished)
        finally:
            _current.reset(token)
            if is_outermost:
                # The page for an unhandled error is made and sent further out, where nobody makes it private.
                del scope[_KEY]


class AsgiVisit(Visit):
    """The request being answered; `context` is that of the template, if one is being rendered.

    Without a request at hand it is made by `make_request` from the scope that the middleware has seen.
    """

    def __init__(
        self,
        settings: Settings,
        make_request: Callable[[Scope], Any],
        *,
        request: Any = None,
        context: Context | None = None,
    ) -> None:
        if request is None and context is not None:
            request = context.get("request")
        self._answer = answer_of(None if request is None else request.scope)
        if request is None and self._answer is not None:
            request = make_request(self._answer.scope)
        self.request = request
        self._settings = settings
        self._context = context

    @property
    def is_debug(self) -> bool:
        """The application's `debug`."""
        return self.request is not None and getattr(self.request.scope.get("app"), "debug", False) is True

    @property
    def raises(self) -> bool:
        """The application's `debug`; always outside of a request, where no application is known."""
        return self.request is None or self.is_debug

    def settings(self) -> Settings:
        """Return the settings given to the door."""
        return self._settings

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the template's context, then `request.state.csp_nonce`."""
        if self._context is not None:
            yield self._context.get("csp_nonce")
        yield from request_nonces(self.request)

    def check_place(self, settings: Settings) -> None:
        """Refuse a place without a request, without the middleware, or after the headers.

        Raises:
            RenderError: `request.missing`, `response.unwatched`, `response.sent`.
        """
        if self.request is None:
            raise RenderError(Problem.of("request.missing"))
        if self._answer is None:
            raise RenderError(Problem.of("response.unwatched"))
        if self._answer.is_sent and not self._answer.is_private:
            raise RenderError(Problem.of("response.sent"))

    def find_customer(self, settings: Settings) -> object:
        """Return `request.state.rr_customer` if it is there, else ask `CUSTOMER`.

        Raises:
            RenderError: `request.not_loaded`, for an async function.
        """
        state = self.request.scope.get("state", {})
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

    def mark_private(self, settings: Settings) -> None:
        """Have the middleware patch the headers."""
        if self._answer is not None:
            self._answer.is_private = True

    async def load(self, run_in_thread: RunInThread) -> None:
        """Ask `CUSTOMER` now, a sync function in a thread, and keep the answer in `request.state.rr_customer`.

        What is there already stays. An error is kept too: whether it is raised or logged is decided where the block
        would stand.
        """
        function = self._settings.customer
        state = self.request.scope.setdefault("state", {})
        if function is None or STATE_KEY in state:
            return
        customer: object
        try:
            if is_async(function):
                customer = await function(self.request)
            else:
                customer = await run_in_thread(function, self.request)
                if inspect.isawaitable(customer):
                    customer = await customer
        except Exception as error:
            customer = _Failure(error)  # judged by the policy later
        state[STATE_KEY] = customer
