"""The deferred card in ASGI: two applications, one for the loader and one for the card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rr_snippet.integrations._addresses import CUSTOMER_NAME, LOADER_NAME
from rr_snippet.integrations._answer import answer_in
from rr_snippet.integrations._asgi import App, Receive, Send
from rr_snippet.integrations._asgi_visit import AsgiVisit, Scope, visit_in_use
from rr_snippet.integrations._deferred import Reply, loader_reply, refusal, write_card
from rr_snippet.integrations._marker import mark
from rr_snippet.integrations._settings import Settings

# Makes the visit of a request with its customer already found.
Visiting = Callable[[Scope], Awaitable[AsgiVisit]]


# Objects, because Starlette's routes call a function with a request.
class LoaderApp:
    """The application that responds with the loader."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _send_reply(scope, send, loader_reply(scope["method"]))


class CustomerApp:
    """The application that responds to the loader with the visitor's card, or with nothing."""

    def __init__(self, settings: Settings, visiting: Visiting) -> None:
        self._settings = settings
        self._visiting = visiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        reply = refusal(scope["method"], lambda name: headers.get(name.lower().encode()), headers.get(b"host"))
        if reply is None:
            visit = await self._visiting(scope)
            reply = write_card(visit, self._settings.deferred_marker, is_secure=visit.is_secure)
        await _send_reply(scope, send, reply)


def apps_by_path(settings: Settings, visiting: Visiting) -> dict[str, App]:
    """Return both applications by their paths within the site, or nothing if the site has no deferred card."""
    if not settings.deferred:
        return {}
    return {
        f"{settings.deferred_prefix}{LOADER_NAME}": LoaderApp(),
        f"{settings.deferred_prefix}{CUSTOMER_NAME}": CustomerApp(settings, visiting),
    }


def mark_known(response: Any) -> None:
    """Set the marker in `response` because the visitor is known from now on. Needs `DEFERRED_MARKER`."""
    _mark(response, is_known=True)


def mark_unknown(response: Any) -> None:
    """Delete the marker because the visitor is no longer known."""
    _mark(response, is_known=False)


def _mark(response: Any, *, is_known: bool) -> None:
    visit = visit_in_use()
    mark(response, visit.settings().deferred_marker, is_known=is_known, is_secure=visit.is_secure)


async def _send_reply(scope: Scope, send: Send, reply: Reply) -> None:
    # A session cookie that is sent each time would restore the session of a visitor who logs out in the meantime.
    answer_in(scope).only_cookies = [value for name, value in reply.headers if name == "Set-Cookie"]
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
