"""The middleware for responses that may have a block."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings as django_settings
from django.http import HttpRequest

from rr_snippet.errors import Problem, RenderError
from rr_snippet.integrations._exit import Leaving
from rr_snippet.integrations._records import Where, log
from rr_snippet.integrations.django.deferred import finish_marker
from rr_snippet.integrations.django.visit import DjangoVisit, answer_to, state_of

SITE_CACHE: Final = "django.middleware.cache.UpdateCacheMiddleware"


class RRSnippetMiddleware:
    """Sees each response leave.

    A response with a block becomes private. A response loses its validators if a customer was asked for. A block that
    comes from one of the site's stores is removed unless it is the visitor's own. Other responses stay as they are. The
    middleware must be first. It also reports pages with a block that `cache_page` would have stored: in debug mode it
    raises `cache.stored`, otherwise it logs it.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Return the response, or in an async stack an awaitable."""
        if iscoroutinefunction(self):
            return self._acall(request)
        answer = answer_to(request)
        is_outermost, answer.is_watched = not answer.is_watched, True
        try:
            response = self.get_response(request)
            leaving = _leaving(request, response)
            if self.needs_customer(request, response, leaving):
                self.finish(request, response, leaving)
            _let_go(request, response, leaving, is_outermost=is_outermost)
        finally:
            answer.is_watched = not is_outermost
        return response

    async def _acall(self, request: HttpRequest) -> Any:
        answer = answer_to(request)
        is_outermost, answer.is_watched = not answer.is_watched, True
        try:
            response = await self.get_response(request)
            leaving = _leaving(request, response)
            if self.needs_customer(request, response, leaving):
                # In a thread, because CUSTOMER may use the database.
                await sync_to_async(self.finish)(request, response, leaving)
            _let_go(request, response, leaving, is_outermost=is_outermost)
        finally:
            answer.is_watched = not is_outermost
        return response

    def needs_customer(self, request: HttpRequest, response: Any, leaving: Leaving) -> bool:
        """Return whether `finish` has anything to do."""
        return leaving.has_strangers

    def finish(self, request: HttpRequest, response: Any, leaving: Leaving) -> None:
        """Change the body as needed."""
        leaving.turn_strangers_away(DjangoVisit(request))


def _leaving(request: HttpRequest, response: Any) -> Leaving:
    body = b"" if response.streaming else response.content
    return Leaving(answer_to(request), list(response.items()), body, is_head=request.method == "HEAD")


def _let_go(request: HttpRequest, response: Any, leaving: Leaving, *, is_outermost: bool) -> None:
    leaving.answer.is_sent = is_outermost
    if is_outermost and state_of(request).is_kept_from_cache and _would_be_stored(response):
        if SITE_CACHE in django_settings.MIDDLEWARE:
            tell_of_site_cache()
        else:
            DjangoVisit(request).report(RenderError(Problem.of("cache.stored")), "not cached")
    if is_outermost:
        finish_marker(request, response, is_known=leaving.answer.is_known)
    if leaving.is_changed:
        response.content = leaving.body
    for name, value in leaving.changes().items():
        if value is None:
            del response[name]
        else:
            response[name] = value


@cache
def tell_of_site_cache() -> None:
    """Log once that pages with a block are not in the site's cache, which is right and no fault."""
    log(logging.WARNING, "not cached", [Problem.of("cache.stored")], Where(setting="MIDDLEWARE", function=SITE_CACHE))


def _would_be_stored(response: Any) -> bool:
    """Return whether UpdateCacheMiddleware would store such a response if this library did not prevent it."""
    if response.streaming or response.status_code not in {200, 304}:
        return False
    # The same test as its own. `never_cache` sets this too.
    return "private" not in response.get("Cache-Control", "")
