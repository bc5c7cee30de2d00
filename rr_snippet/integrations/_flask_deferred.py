"""The deferred card in Flask: its two responses, and the marker at login and logout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, after_this_request, current_app, has_request_context, request

from rr_snippet.integrations._addresses import CUSTOMER_NAME, LOADER_NAME
from rr_snippet.integrations._deferred import Reply, loader_reply, refusal, write_card
from rr_snippet.integrations._marker import mark
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ENDPOINT: Final = "rr_snippet_customer"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_STATUSES: Final = {200: "200 OK", 405: "405 Method Not Allowed"}


def register(app: Flask, settings: Settings, visit: Callable[[], Visit]) -> None:
    """Make `app` respond with the loader, before any session is opened, and with the card."""

    def customer() -> Response:
        reply = refusal(request.method, request.headers.get, request.host)
        if reply is None:
            reply = write_card(visit(), settings.deferred_marker, is_secure=request.is_secure)
        return _response(reply)

    app.add_url_rule(
        f"{settings.deferred_prefix}{CUSTOMER_NAME}",
        ENDPOINT,
        customer,
        methods=_METHODS,
        provide_automatic_options=False,
    )
    app.before_request_funcs.setdefault(None, []).insert(0, _exempt_from_csrf)
    app.wsgi_app = _LoaderFirst(app.wsgi_app, f"{settings.deferred_prefix}{LOADER_NAME}")  # type: ignore[method-assign]
    if settings.deferred_marker is not None:
        _follow_logins(app, settings.deferred_marker)


class _LoaderFirst:
    """Responds with the loader before Flask does, because a permanent session would add its cookie to a shared file."""

    def __init__(self, app: WSGIApplication, path: str) -> None:
        self._app = app
        self._path = path

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != self._path:
            return self._app(environ, start_response)
        reply = loader_reply(environ["REQUEST_METHOD"])
        start_response(_STATUSES[reply.status], reply.headers)
        return [reply.body]


def _exempt_from_csrf() -> None:
    # Flask-WTF requires a token for each view. Ours changes nothing, and checks the origin itself.
    csrf = current_app.extensions.get("csrf")
    if request.endpoint == ENDPOINT and csrf is not None:
        csrf.exempt(current_app.view_functions[ENDPOINT])


class _CardResponse(Response):
    """Sets no cookie but the marker. A session cookie would restore the session of a visitor who logs out meanwhile."""

    def set_cookie(self, *_cookie: Any, **_attributes: Any) -> None:
        """Do nothing."""


def _response(reply: Reply) -> Response:
    response = _CardResponse(reply.body, reply.status)
    del response.headers["Content-Type"]
    response.headers.extend(reply.headers)
    return response


def mark_response(response: Any, name: str | None, *, is_known: bool) -> None:
    """Set the marker `name` in a response, or delete it."""
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or (has_request_context() and request.is_secure)
    mark(response, name, is_known=is_known, is_secure=is_secure)


def _follow_logins(app: Flask, marker: str) -> None:
    try:
        flask_login = import_module("flask_login")
    except ModuleNotFoundError:
        return

    def note(_app: object, *, is_known: bool) -> None:
        @after_this_request
        def marked(response: Response) -> Response:
            mark_response(response, marker, is_known=is_known)
            return response

    # Nothing else holds these functions.
    flask_login.user_logged_in.connect(lambda sender, **_: note(sender, is_known=True), app, weak=False)
    flask_login.user_logged_out.connect(lambda sender, **_: note(sender, is_known=False), app, weak=False)
