"""Flask: `RRSnippet(app)`, then `{{ rr_customer() }}` in any template, `{{ rr_order(order) }}` in that of an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

from jinja2 import Environment
from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import OptionError, Problem, RenderError, requires
from rr_snippet.integrations import _jinja
from rr_snippet.integrations._answer import Answer, answer_in
from rr_snippet.integrations._exit import Leaving, is_html
from rr_snippet.integrations._flask_caching import FRAGMENTS, guard_stores, holds_block, is_called_by_method_of
from rr_snippet.integrations._nonces import request_nonces
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._records import warn_without_customer
from rr_snippet.integrations._settings import NAME, Settings, ask_for_customer, is_async
from rr_snippet.integrations._visit import Visit

with requires("Flask", "flask", "flask"):
    from flask import Flask, Response, current_app, g, has_request_context, request

    from rr_snippet.integrations import _flask_deferred

Loader = TypeVar("Loader", bound=Callable[..., Any])

_KEY: Final = "rr_snippet"


class FlaskVisit(Visit):
    """The current request of `app`; `context` is that of the template, if one is being rendered."""

    def __init__(self, app: Flask, settings: Settings, context: Context | None = None) -> None:
        if has_request_context():
            self.request = request._get_current_object()  # type: ignore[attr-defined]
            self._answer = _answer()
            # The hooks of `init_app` see every response.
            self._answer.is_watched = True
        self._app = app
        self._settings = settings
        self._context = context

    @property
    def is_debug(self) -> bool:
        """The application's `debug`."""
        return self._app.debug

    @property
    def raises(self) -> bool:
        """The application's `debug` or `testing`."""
        return self._app.debug or self._app.testing

    @property
    def route(self) -> str | None:
        """The name of the endpoint."""
        return self.request and self.request.endpoint  # type: ignore[no-any-return]

    @property
    def template(self) -> str | None:
        """The name of the template being rendered."""
        return None if self._context is None else self._context.name

    def settings(self) -> Settings:
        """Return the settings read by `init_app`."""
        return self._settings

    @property
    def mount(self) -> str:
        """The path under which the server has the application."""
        return str(self._app.config["APPLICATION_ROOT"] if self.request is None else self.request.script_root)

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the context (perhaps flask-talisman's function), of `g` and of the request."""
        if self._context is not None:
            yield self._context.get("csp_nonce")
        yield g.get("csp_nonce")
        yield from request_nonces(self.request)

    def check_place(self, settings: Settings) -> None:
        """Refuse a place outside a request, or in a fragment of Flask-Caching.

        Raises:
            RenderError: as `check_answer`; `cache.fragment`.
        """
        self.check_answer()
        if not settings.allow_cached and FRAGMENTS.is_one_running():
            raise RenderError(Problem.of("cache.fragment"))

    def mark_private(self, block: str, settings: Settings) -> None:
        """Make the response private, and keep values with the block out of Flask-Caching."""
        super().mark_private(block, settings)
        if not settings.allow_cached:
            # Now instead of in init_app, because a cache may be set up later, but must be before anything is stored.
            guard_stores(self._app, _refuses)


def _answer() -> Answer:
    # On the request, not on `g`, because in a pushed application context several requests share one `g`.
    return answer_in(request.environ)


def _refuses(value: object) -> bool:
    """Return whether `value` has a block of this request and must not be stored. The request then reports an error.

    Sessions are always stored.
    """
    if not has_request_context():
        return False
    answer = _answer()
    if not answer.blocks or not holds_block(value):
        return False
    if is_called_by_method_of(current_app.session_interface):
        return False
    answer.error = RenderError(Problem.of("cache.stored"))
    return True


class RRSnippet:
    """The extension. One object serves any number of applications, each with its own settings.

    Settings given here override those of `app.config["RR_SNIPPET"]`. Names may have any letter case.

    Raises:
        OptionError: a setting is wrong; `option.installed`, for a second `init_app` of one application.
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
        visit_of = partial(FlaskVisit, app, read)
        _watch(app, visit_of, self)
        _install_in(app, visit_of)
        app.extensions[_KEY] = read
        if read.deferred:
            _flask_deferred.register(app, read, visit_of)

    def customer_loader(self, function: Loader) -> Loader:
        """Register the function that returns the customer of a request, or `None` (a decorator).

        It is used for every application whose settings have no `CUSTOMER`.

        Raises:
            OptionError: `option.async`.
        """
        if is_async(function):
            raise OptionError(Problem.of("option.async", "customer_loader"))
        self._loader = function
        return function

    def lacks_customer(self, app: Flask) -> bool:
        """Return whether nothing can be asked for the customer of a request to `app`."""
        return app.extensions[_KEY].customer == self._load and self._loader is ask_for_customer

    def _load(self, request: object) -> object:
        return self._loader(request)

    def render(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block for a page without Jinja; the arguments are those of `rr_customer`."""
        return _visit().render(customer, nonce=nonce, **options)

    def render_order(self, order: object, *, person: object = UNSET, nonce: object = None, **options: Any) -> Markup:
        """Return the block of an order for a page without Jinja; the arguments are those of `rr_order`."""
        return _visit().render_order(order, person=person, nonce=nonce, **options)

    def prepare(self) -> None:
        """Mark the response as private before its template is streamed, because its headers are sent first."""
        _visit().prepare()

    def cacheable(self, _response: object = None) -> bool:
        """Return whether the response may be stored for others: `@cache.cached(response_filter=rr.cacheable)`."""
        return not _answer().is_private


def mark_known(response: Response) -> None:
    """Set the marker because the visitor is known from now on. Needs `DEFERRED_MARKER`."""
    _flask_deferred.mark_response(response, current_app.extensions[_KEY].deferred_marker, is_known=True)


def mark_unknown(response: Response) -> None:
    """Delete the marker because the visitor is no longer known."""
    _flask_deferred.mark_response(response, current_app.extensions[_KEY].deferred_marker, is_known=False)


def _visit() -> FlaskVisit:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return FlaskVisit(app, app.extensions[_KEY])


def _read_settings(config: object, given: Mapping[str, Any]) -> Settings:
    if not isinstance(config, Mapping):
        return Settings.of(given if config is None else config)
    names = {name.upper() for name in given}
    return Settings.of({**{name: value for name, value in config.items() if str(name).upper() not in names}, **given})


def _install_in(app: Flask, visit_of: Callable[[Context], Visit]) -> None:
    if "jinja_env" in app.__dict__:
        _jinja.install(app.jinja_env, visit_of)
        return
    # Reading jinja_env creates it, and later changes of the site's jinja_options would have no effect.
    create = app.create_jinja_environment

    def create_with_snippet() -> Environment:
        environment = create()
        _jinja.install(environment, visit_of)
        return environment

    app.create_jinja_environment = create_with_snippet  # type: ignore[method-assign, assignment]


def _watch(app: Flask, visit_of: Callable[[], FlaskVisit], door: RRSnippet) -> None:
    """Watch each response of `app`: its body before any hook has compressed it, its headers after the last hook.

    A hook of the site that makes responses public must not have the last word, and one that fails must not skip ours.
    """
    process = app.process_response
    has_asked_for_customer = False

    def process_response(*args: Any) -> Response:
        nonlocal has_asked_for_customer
        if not has_asked_for_customer:
            has_asked_for_customer = True
            if door.lacks_customer(app):
                warn_without_customer()
        visit, response = visit_of(), args[-1]
        answer = visit.check_answer()
        _look(response, visit, answer)
        try:
            response = process(*args)
        finally:
            # Even if a hook fails, because the error page is then sent as it was.
            if answer.is_evaluated or answer.is_private:
                _change_headers(response, Leaving(answer, list(response.headers.items())))
        marker = visit.settings().deferred_marker
        if marker is not None and answer.is_known:
            _flask_deferred.mark_response(response, marker, is_known=True)
        answer.is_sent = True
        error, answer.error = answer.error, None
        if error is not None:
            visit.report(error, "not cached")
        return response

    app.process_response = process_response  # type: ignore[method-assign, assignment]


def _look(response: Response, visit: FlaskVisit, answer: Answer) -> None:
    if response.is_streamed or response.direct_passthrough or not is_html(response.headers.get("Content-Type")):
        return
    leaving = Leaving(answer, list(response.headers.items()), response.get_data())
    leaving.turn_strangers_away(visit)
    if leaving.is_changed:
        response.set_data(leaving.body)
        _change_headers(response, leaving)


def _change_headers(response: Response, leaving: Leaving) -> None:
    for name, value in leaving.changes().items():
        response.headers.remove(name)
        if value is not None:
            response.headers[name] = value
