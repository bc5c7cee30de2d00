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
    """Answer with the loader, where it is no static file."""
    # It is everybody's: sessions that are saved with every request have nothing to add to it.
    vars(request).pop("session", None)
    return _response(loader_reply(str(request.method)))


@csrf_exempt
@login_not_required
def customer(request: HttpRequest) -> HttpResponse:
    """Answer the loader with the visitor's card, or with nothing. It changes nothing, and sees to its origin itself."""
    reply = refusal(str(request.method), request.headers.get, request.get_host())
    if reply is None:
        visit = DjangoVisit(request)
        reply = write_card(visit, visit.settings().deferred_marker, is_secure=request.is_secure())
        # It was read, and leaves no cookie: that of one who logs out meanwhile would come back.
        vars(request).pop("session", None)
    return _response(reply)


def _response(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status)
    del response["Content-Type"]
    for name, value in reply.headers:
        response[name] = value
    return response


def mark_known(response: Any) -> None:
    """Set the marker: somebody is known from now on. Nothing happens without `DEFERRED_MARKER`."""
    _mark(response, is_known=True, is_secure=bool(django_settings.SESSION_COOKIE_SECURE))


def mark_unknown(response: Any) -> None:
    """Delete the marker: nobody is known any more."""
    _mark(response, is_known=False, is_secure=bool(django_settings.SESSION_COOKIE_SECURE))


def _mark(response: Any, *, is_known: bool, is_secure: bool) -> None:
    mark(response, site_settings().deferred_marker, is_known=is_known, is_secure=is_secure)


_KNOWN: Final = "_rr_snippet_known"


def finish_marker(request: HttpRequest, response: Any, *, is_known: bool) -> None:
    """Set or delete the marker in the response to a login or a logout, and set it in one with a customer's block."""
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
    """Have logins and logouts noted."""
    user_logged_in.connect(_on_login, dispatch_uid=NAMESPACE)
    user_logged_out.connect(_on_logout, dispatch_uid=NAMESPACE)
