"""Put the snippet into finished pages, if no template can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from rr_snippet.integrations._exit import PAGE_MAX_BYTES, Leaving
from rr_snippet.integrations._headers import header
from rr_snippet.integrations._pages import PAGE_STATUSES, Pages
from rr_snippet.integrations.django.middleware import RRSnippetMiddleware
from rr_snippet.integrations.django.visit import DjangoVisit, keep_from_cache


class RRSnippetPages(RRSnippetMiddleware):
    """Middleware that also puts the block into the finished pages of the site, and changes nothing else in them.

    With `DEFERRED` pages get the loader's tag, which is the same for everybody. Streams, pieces of pages, compressed
    pages and pages that already call `setCustomer` are sent as they are, and so are pages for the staff: Django's
    admin, and the browsable API of Django REST framework. The middleware must be below any that compresses or writes a
    Content-Security-Policy, and above a cache of the whole site, which then stores pages without a block. Subclasses
    may set `statuses`, `page_max_bytes` and `takes_staff_pages`.
    """

    statuses = PAGE_STATUSES
    page_max_bytes = PAGE_MAX_BYTES
    takes_staff_pages = False

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        self._pages = Pages(None, nonce=None, statuses=self.statuses)

    def needs_customer(self, request: HttpRequest, response: Any, leaving: Leaving) -> bool:
        """Return whether `finish` has anything to do."""
        return leaving.has_strangers or self._may_take(request, response, leaving)

    def finish(self, request: HttpRequest, response: Any, leaving: Leaving) -> None:
        """Change the page as needed, and put in the block if there is one."""
        visit = DjangoVisit(request)
        leaving.turn_strangers_away(visit)
        if self._may_take(request, response, leaving):
            # A policy that has already been written gets no new nonce.
            asks_request = header(leaving.headers, "content-security-policy") is None
            self._pages.put_block(leaving, visit, asks_request=asks_request)
            if leaving.answer.is_private:
                # A cache below has already stored the page without this block. A cache above must not store it.
                keep_from_cache(request, visit.settings())

    def _may_take(self, request: HttpRequest, response: Any, leaving: Leaving) -> bool:
        if response.streaming or len(leaving.body) > self.page_max_bytes:
            return False
        if not self.takes_staff_pages and _is_for_staff(request, response):
            return False
        return self._pages.may_take(response.status_code, leaving.headers)


def _is_for_staff(request: HttpRequest, response: Any) -> bool:
    match = request.resolver_match
    if match is not None and "admin" in match.app_names:
        return True
    return getattr(getattr(response, "accepted_renderer", None), "format", None) == "api"
