"""Put the snippet into finished pages, where no template can be changed."""

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

    With `DEFERRED` it is the tag of the loader, the same for everybody.
    Streams, pieces of pages, compressed pages and those that call `setCustomer` already go out as they are, and so do
    those of the staff: Django's admin, and the browsable API of Django REST framework. It belongs below whatever
    compresses or writes a Content-Security-Policy, and above a cache of the whole site: what is cached then has no
    block yet. Subclasses may set `statuses`, `page_max_bytes` and `takes_staff_pages`.
    """

    statuses = PAGE_STATUSES
    page_max_bytes = PAGE_MAX_BYTES
    takes_staff_pages = False

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        self._pages = Pages(None, nonce=None, statuses=self.statuses)

    def needs_customer(self, request: HttpRequest, response: Any, leaving: Leaving) -> bool:
        """Tell whether `finish` has anything to do."""
        return leaving.has_strangers or self._may_take(request, response, leaving)

    def finish(self, request: HttpRequest, response: Any, leaving: Leaving) -> None:
        """Do what has to be done to the page, the block put into it if there is one."""
        visit = DjangoVisit(request)
        leaving.turn_strangers_away(visit)
        if self._may_take(request, response, leaving):
            # A policy that is written already gets no further nonce.
            asks_request = header(leaving.headers, "content-security-policy") is None
            self._pages.put_block(leaving, visit, asks_request=asks_request)
            if leaving.answer.is_private:
                # A cache below has stored the page already, without this block; one above must not.
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
