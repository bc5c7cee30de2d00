"""What has to happen to a response that holds a block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest

from rr_snippet.errors import Problem, RenderError
from rr_snippet.integrations._headers import private_headers
from rr_snippet.integrations.django.visit import DjangoVisit, state_of


class RRSnippetMiddleware:
    """Keeps responses with a block out of shared caches: `Cache-Control: private` and `Vary: Cookie`.

    Responses without a block are not touched. Best placed first, so that it has the last word. It also tells of pages
    with a block that Django's cache would have stored, had they not been kept from it: in debug by raising
    `cache.stored`, else by a log record.
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
        state.is_sent = True
        if state.is_kept_from_cache and _would_be_stored(response):
            DjangoVisit(request).report(RenderError(Problem.of("cache.stored")), "not cached")
        if state.is_private:
            make_private(response)
        return response


def _would_be_stored(response: Any) -> bool:
    """Tell whether UpdateCacheMiddleware stores such a response, which nobody has kept from it but we."""
    if response.streaming or response.status_code not in {200, 304}:
        return False
    # As it looks for it itself. `never_cache` says this too.
    return "private" not in response.get("Cache-Control", "")


def make_private(response: Any) -> None:
    """Change the headers of `response` so that no shared cache stores it."""
    for name, value in private_headers(response.items()).items():
        if value is None:
            del response[name]
        else:
            response[name] = value
