"""The guard of the preview lets only a browser on this machine through, at the right address and from our own page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# `same-origin` instead of `no-referrer`, with which a browser sends a form with `Origin: null`.
# https://fetch.spec.whatwg.org/#append-a-request-origin-header
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


class Guard:
    """Passes requests to `app` that name this machine, come from no page but our own, and have the token.

    A stranger's page in the same browser can reach 127.0.0.1 by its number, or by a name that resolves to it. `Origin`
    reveals the former, `Host` the latter, and neither knows the token. `report` gets the class name of an error,
    because its text may hold what was typed.
    """

    def __init__(self, app: ASGIApp, *, token: str, port: int, report: Callable[[str], None]) -> None:
        self._app = app
        self._token = token.encode()
        names = ("127.0.0.1", "localhost")
        # Browsers leave out the default port.
        self._hosts = set(names) if port == 80 else {f"{name}:{port}" for name in names}
        self._report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        has_started = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", _POLICY)
                headers.update(_HEADERS)
            await send(message)

        token, slash, rest = scope["path"][1:].partition("/")
        if not self._is_ours(scope) or not secrets.compare_digest(token.encode("utf-8", "replace"), self._token):
            await PlainTextResponse("Forbidden", 403)(scope, receive, send_guarded)
            return
        if not slash:  # otherwise the page's relative addresses would start at the root
            await RedirectResponse(f"/{token}/")(scope, receive, send_guarded)
            return
        try:
            await self._app({**scope, "path": f"/{rest}"}, receive, send_guarded)
        except ClientDisconnect:  # the page has a newer request
            pass
        except Exception as error:  # noqa: BLE001 - the server would print it whole
            self._report(f"preview: {type(error).__name__}")
            if not has_started:
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, send_guarded)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return False
        # Browsers send it with every POST of a form or of fetch.
        origins = headers.getlist("origin")
        if not origins and scope["method"] not in ("GET", "HEAD"):
            return False
        return all(origin == f"http://{hosts[0]}" for origin in origins)
