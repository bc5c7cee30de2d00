"""Put the snippet into finished pages, where no template can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from rr_snippet.integrations._pages import PAGE_MAX_BYTES, PAGE_STATUSES, Pages, PageVisit, header, personal_headers
from rr_snippet.integrations.django.middleware import RRSnippetMiddleware
from rr_snippet.integrations.django.visit import DjangoVisit, keep_private


class RRSnippetPages(RRSnippetMiddleware):
    """Middleware that also puts the block into the finished pages of the site, and changes nothing else in them.

    Streams, pieces of pages, compressed pages and those that call `setCustomer` already go out as they are. It belongs
    below whatever compresses or writes a Content-Security-Policy, and above a cache of the whole site: what is cached
    then has no block yet. Subclasses may set `statuses` and `page_max_bytes`.
    """

    statuses = PAGE_STATUSES
    page_max_bytes = PAGE_MAX_BYTES

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        self._pages = Pages({}, nonce=None, statuses=self.statuses, page_max_bytes=self.page_max_bytes)

    async def _acall(self, request: HttpRequest) -> Any:
        response = await self.get_response(request)
        if self._may_take(response):
            # In a thread: CUSTOMER may use the database.
            await sync_to_async(self._put_block)(request, response)
        return super()._finish(request, response)

    def _finish(self, request: HttpRequest, response: Any) -> Any:
        if self._may_take(response):
            self._put_block(request, response)
        return super()._finish(request, response)

    def _may_take(self, response: Any) -> bool:
        if response.streaming or len(response.content) > self.page_max_bytes:
            return False
        return self._pages.may_take(response.status_code, list(response.items()), has_whole_body=True)

    def _put_block(self, request: HttpRequest, response: Any) -> None:
        old = list(response.items())
        visit = DjangoVisit(request)
        # A policy that is written already gets no further nonce.
        asks_request = header(old, "content-security-policy") is None
        snippet = PageVisit(self._pages, visit, old, asks_request=asks_request).render()
        if not snippet:
            return
        if request.method == "HEAD":
            page, headers = response.content, personal_headers(old, None)
        else:
            page, headers = self._pages.put_into(response.content, snippet, old)
        if headers is not old:
            response.content = page
            for name, _ in old:
                del response[name]
            for name, value in headers:
                response[name] = value
            # A cache below has stored the page already, without this block; one above must not.
            keep_private(request, visit.settings())
