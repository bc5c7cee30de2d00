"""The deferred card in Django: its tag, its two views, and the marker."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from rr_snippet.integrations._deferred import Reply, loader_reply, refusal, write_card
from rr_snippet.integrations._marker import mark
from rr_snippet.integrations.django.addresses import NAMESPACE
from rr_snippet.integrations.django.conf import site_settings
from rr_snippet.integrations.django.visit import DjangoVisit


@login_not_required
def loader(request: HttpRequest) -> HttpResponse:
    """Respond with the loader, if it is no static file."""
    # It is the same for everybody, so a session that is saved with every request must not add its cookie.
    vars(request).pop("session", None)
    return _response(loader_reply(str(request.method)))


@csrf_exempt
@login_not_required
def customer(request: HttpRequest) -> HttpResponse:
    """Respond to the loader with the visitor's card, or with nothing. This changes nothing and checks the origin."""
    reply = refusal(str(request.method), request.headers.get, request.get_host())
    if reply is None:
        visit = DjangoVisit(request)
        reply = write_card(visit, visit.settings().deferred_marker, is_secure=request.is_secure())
        # The session was read, but must send no cookie, which would restore the session of a visitor who logs out.
        vars(request).pop("session", None)
    return _response(reply)


def _response(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status)
    del response["Content-Type"]
    for name, value in reply.headers:
        response[name] = value
    return response


def mark_known(response: Any) -> None:
    """Set the marker because the visitor is known from now on. Needs `DEFERRED_MARKER`."""
    _mark(response, is_known=True, is_secure=bool(django_settings.SESSION_COOKIE_SECURE))


def mark_unknown(response: Any) -> None:
    """Delete the marker because the visitor is no longer known."""
    _mark(response, is_known=False, is_secure=bool(django_settings.SESSION_COOKIE_SECURE))


def _mark(response: Any, *, is_known: bool, is_secure: bool) -> None:
    mark(response, site_settings().deferred_marker, is_known=is_known, is_secure=is_secure)


_KNOWN: Final = "_rr_snippet_known"


def finish_marker(request: HttpRequest, response: Any, *, is_known: bool) -> None:
    """Set or delete the marker in the response to a login or a logout, and set it with a customer's block."""
    noted = vars(request).get(_KNOWN, is_known or None)
    if noted is not None:
        _mark(response, is_known=noted, is_secure=request.is_secure())


def _note(request: HttpRequest | None, *, is_known: bool) -> None:
    if request is not None:
        vars(request)[_KNOWN] = is_known


def _on_login(request: HttpRequest | None = None, **_signal: object) -> None:
    _note(request, is_known=True)


def _on_logout(request: HttpRequest | None = None, **_signal: object) -> None:
    _note(request, is_known=False)


def connect_signals() -> None:
    """Note logins and logouts from now on."""
    user_logged_in.connect(_on_login, dispatch_uid=NAMESPACE)
    user_logged_out.connect(_on_logout, dispatch_uid=NAMESPACE)
