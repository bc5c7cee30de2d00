"""Flask: `RRSnippet(app)`, then `{{ rr_customer() }}` in any template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

from jinja2 import Environment
from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import OptionError, Problem, RenderError, requires
from rr_snippet.integrations._flask_caching import FRAGMENTS, guard_stores, holds_block
from rr_snippet.integrations._headers import private_headers
from rr_snippet.integrations._jinja import install
from rr_snippet.integrations._settings import NAME, Settings, ask_for_customer, is_async
from rr_snippet.integrations._visit import UNSET, Visit, request_nonces

with requires("Flask", "flask", "flask"):
    from flask import Flask, Request, Response, current_app, g, has_request_context, request

Loader = TypeVar("Loader", bound=Callable[..., Any])

_KEY: Final = "rr_snippet"


@dataclass(slots=True)
class _Answer:
    """What has become of the response to the request at hand."""

    is_private: bool = False
    is_sent: bool = False
    error: RenderError | None = None


def _answer() -> _Answer:
    # On the request, not on `g`: a test or a script that pushes an application context shares one `g` among requests.
    answer: _Answer = vars(_request()).setdefault(f"_{_KEY}", _Answer())
    return answer


def _request() -> Request:
    return request._get_current_object()  # type: ignore[attr-defined, no-any-return]


class FlaskVisit(Visit):
    """The request being answered; `context` is that of the template, if one is being rendered."""

    def __init__(self, settings: Settings, context: Context | None = None) -> None:
        self.request = _request() if has_request_context() else None
        self._settings = settings
        self._context = context

    @property
    def is_debug(self) -> bool:
        """The application's `debug`."""
        return current_app.debug

    @property
    def raises(self) -> bool:
        """The application's `debug` or `testing`."""
        return current_app.debug or current_app.testing

    def settings(self) -> Settings:
        """Return the settings read by `init_app`."""
        return self._settings

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the context, which may be flask-talisman's function, of `g` and of the request."""
        if self._context is not None:
            yield self._context.get("csp_nonce")
        yield g.get("csp_nonce")
        yield from request_nonces(self.request)

    def check_place(self, settings: Settings) -> None:
        """Refuse a place outside of a request, after the headers are out, or in a fragment of Flask-Caching."""
        if self.request is None:
            raise RenderError(Problem.of("request.missing"))
        answer = _answer()
        if answer.is_sent and not answer.is_private:
            raise RenderError(Problem.of("response.sent"))
        if not settings.allow_cached and FRAGMENTS.is_one_running():
            raise RenderError(Problem.of("cache.fragment"))

    def mark_private(self, settings: Settings) -> None:
        """Have the headers patched when the response is ready, and keep what holds the block out of Flask-Caching."""
        _answer().is_private = True
        if not settings.allow_cached:
            # Now, not in init_app: a cache may be set up later, but no later than something is stored in it.
            guard_stores(current_app._get_current_object(), _refuses)  # type: ignore[attr-defined]


def _refuses(value: object) -> bool:
    """Refuse to store `value` if it holds a block of this request; told as an error of the request, or in the log."""
    if not has_request_context():
        return False
    answer = _answer()
    if not answer.is_private or not holds_block(value):
        return False
    answer.error = RenderError(Problem.of("cache.stored"))
    return True


class RRSnippet:
    """The extension. One object serves any number of applications, each with its own settings.

    Settings are those of `app.config["RR_SNIPPET"]`, names in any letter case; the ones given here go before them.

    Raises:
        OptionError: a wrong setting; `option.installed`, at a second `init_app` of one application.
    """

    def __init__(self, app: Flask | None = None, **settings: Any) -> None:
        self._given = settings
        self._loader: Callable[..., Any] = ask_for_customer
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask, **settings: Any) -> None:
        """Install `rr_customer` in the templates of `app`."""
        if _KEY in app.extensions:
            raise OptionError(Problem.of("option.installed", NAME))
        read = _read_settings(app.config.get(NAME), {**self._given, **settings})
        if read.customer is ask_for_customer:
            read = replace(read, customer=self._load)
        app.after_request(partial(_finish, read))
        # To the front, which is run last: a hook of the site that makes responses public must not have the last word.
        hooks = app.after_request_funcs[None]
        hooks.insert(0, hooks.pop())
        _install_in(app, partial(FlaskVisit, read))
        app.extensions[_KEY] = read

    def customer_loader(self, function: Loader) -> Loader:
        """Register the function that is called with the request and returns its customer, or `None` (a decorator).

        It serves every application whose settings have no `CUSTOMER`.

        Raises:
            OptionError: `option.async`.
        """
        if is_async(function):
            raise OptionError(Problem.of("option.async", "customer_loader"))
        self._loader = function
        return function

    def _load(self, request: object) -> object:
        return self._loader(request)

    def render(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block for a page that is made without Jinja; the arguments are those of `rr_customer`."""
        return FlaskVisit(current_app.extensions[_KEY]).render(customer, nonce=nonce, **options)

    def prepare(self) -> None:
        """Mark the response as private before its template is streamed: later its headers are out."""
        _answer().is_private = True

    def cacheable(self, _response: object = None) -> bool:
        """Tell whether the response may be stored for others: `@cache.cached(response_filter=rr.cacheable)`."""
        return not _answer().is_private


def _read_settings(config: object, given: Mapping[str, Any]) -> Settings:
    if not isinstance(config, Mapping):
        return Settings.of(given if config is None else config)
    names = {name.upper() for name in given}
    return Settings.of({**{name: value for name, value in config.items() if str(name).upper() not in names}, **given})


def _install_in(app: Flask, visit_of: Callable[[Context], Visit]) -> None:
    if "jinja_env" in app.__dict__:
        install(app.jinja_env, visit_of)
        return
    # Asking for jinja_env makes it, and from then on the site's changes of jinja_options count no more.
    create = app.create_jinja_environment

    def create_with_snippet() -> Environment:
        environment = create()
        install(environment, visit_of)
        return environment

    app.create_jinja_environment = create_with_snippet  # type: ignore[method-assign, assignment]


def _finish(settings: Settings, response: Response) -> Response:
    answer = _answer()
    answer.is_sent = True
    if answer.is_private or (settings.allow_cached and _was_stored_with_block(response)):
        for name, value in private_headers(response.headers.items()).items():
            response.headers.remove(name)
            if value is not None:
                response.headers[name] = value
    error, answer.error = answer.error, None
    if error is not None:
        FlaskVisit(settings).report(error, "not cached")
    return response


def _was_stored_with_block(response: Response) -> bool:
    """Tell whether a page that nothing was rendered for holds a block all the same, out of a cache of the site."""
    return not (response.is_streamed or response.direct_passthrough) and holds_block(response.get_data())
