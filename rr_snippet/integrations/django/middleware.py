"""What has to happen to a response that holds a block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest

from rr_snippet.integrations.django.visit import state_of
from rr_snippet.integrations.headers import private_headers


class RRSnippetMiddleware:
    """Keeps responses with a block out of shared caches: `Cache-Control: private` and `Vary: Cookie`.

    Responses without a block are not touched. Best placed first, so that it has the last word.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Return the response, or in an async stack the promise of it."""
        if iscoroutinefunction(self):
            return self._acall(request)
        return self._finish(request, self.get_response(request))

    async def _acall(self, request: HttpRequest) -> Any:
        return self._finish(request, await self.get_response(request))

    def _finish(self, request: HttpRequest, response: Any) -> Any:
        state = state_of(request)
        if state.is_private:
            make_private(response)
        state.is_sent = True
        return response


def make_private(response: Any) -> None:
    """Change the headers of `response` so that no shared cache stores it."""
    for name, value in private_headers(response.items()).items():
        if value is None:
            del response[name]
        else:
            response[name] = value
