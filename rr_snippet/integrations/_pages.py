"""Which responses may get a snippet into their page, and which headers they need then.

This module knows no framework. Every response middleware asks it, and changes nothing else.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any, Final

from rr_snippet.errors import OptionError, PageError, Problem
from rr_snippet.integrations._deferred import tag_of
from rr_snippet.integrations._exit import Leaving, is_html
from rr_snippet.integrations._headers import Headers, header
from rr_snippet.integrations._nonces import nonce_in_policy
from rr_snippet.integrations._records import Where, log, warn_without_customer
from rr_snippet.integrations._settings import Settings, ask_for_customer
from rr_snippet.integrations._visit import Visit
from rr_snippet.page.splice import inject

PAGE_STATUSES: Final = range(200, 300)

# No Content, Reset Content, Partial Content, Not Modified: no page, or not the whole page.
_NEVER: Final = frozenset({204, 205, 206, 304})
# Charsets in the header that give ASCII bytes another meaning. UTF-16 is fine if the page has a byte order mark.
_NOT_ASCII: Final = re.compile(r"(?i)(?:x-)?(?:utf-?(?:7|16|32)|ucs-?[24]|iso-?2022|csiso2022|hz-gb|unicode)")
_CHARSET: Final = re.compile(r"(?i);\s*charset\s*=\s*[\"']?([^\"';\s]+)")
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_LEFT: Final = "page left as it is"


def content_length(headers: Iterable[tuple[str, str]]) -> int | None:
    """Return the length in bytes that the headers announce, `None` if they do not: then the body is a stream."""
    text = (header(headers, "content-length") or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def is_encoded(headers: Iterable[tuple[str, str]]) -> bool:
    """Return whether the body is compressed, or otherwise not the page itself."""
    return (header(headers, "content-encoding") or "identity").strip().lower() not in ("identity", "")


def is_page(status: int, headers: Sequence[tuple[str, str]], *, statuses: Container[int] = PAGE_STATUSES) -> bool:
    """Return whether a response is a whole HTML page that a browser shows. Its body may still be compressed.

    Source: HTTP Semantics (RFC 9110), sections 14.4 and 15.3; Content-Disposition (RFC 6266), section 4.2.
    """
    if status not in statuses or status < 200 or status in _NEVER:
        return False
    disposition = (header(headers, "content-disposition") or "").partition(";")[0].strip().lower()
    is_shown = is_html(header(headers, "content-type")) and disposition in ("", "inline")
    return is_shown and header(headers, "content-range") is None


def put_into(page: bytes, snippet: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Return `page` with `snippet` in its place, or `page` itself if it already calls `setCustomer`.

    Raises:
        PageError: as `rr_snippet.inject`; `page.encoding` also for a charset in the headers.
    """
    declared = _CHARSET.search(header(headers, "content-type") or "")
    if declared and _NOT_ASCII.match(declared[1]) and not page.startswith(_BYTE_ORDER_MARKS):
        raise PageError(Problem.of("page.encoding"))
    return inject(page, snippet)


class Pages:
    """The settings of a response middleware, and what it does with a page."""

    def __init__(
        self,
        settings: dict[str, Any] | None,
        *,
        nonce: Callable[..., object] | None,
        statuses: Container[int],
        takes_async: bool = False,
    ) -> None:
        self.settings = Settings.of(settings, takes_async=takes_async)
        if settings is not None and self.settings.customer is ask_for_customer:
            warn_without_customer()
        self.nonce = nonce
        self.statuses = statuses
        self._has_told_of_compression = False

    def may_take(self, status: int, headers: Headers) -> bool:
        """Return whether this response with a whole body is a page that can be changed."""
        if not is_page(status, headers, statuses=self.statuses):
            return False
        if is_encoded(headers):
            if not self._has_told_of_compression:
                self._has_told_of_compression = True
                log(logging.WARNING, _LEFT, [Problem.of("page.compressed")], Where())
            return False
        return True

    def put_block(self, leaving: Leaving, visit: Visit, *, asks_request: bool = True) -> None:
        """Put the visitor's block, if there is one, into a page that `may_take` it and has no call yet.

        With `DEFERRED` the page gets the loader's tag, and nobody is asked for. On the page of an order, the order's
        block already has the person.
        """
        if leaving.answer.has_order:
            return
        if _is_deferred(visit):
            self._put_tag(leaving, visit)
            return
        leaving.answer.is_evaluated = True
        snippet = PageVisit(self, visit, leaving.headers, asks_request=asks_request).render()
        if not snippet:
            return
        if leaving.is_head:
            leaving.answer.is_private = leaving.is_changed = True
            return
        if self._put(leaving, snippet, visit):
            leaving.answer.hold(snippet, marker=visit.marker_with(visit.settings()))

    def _put_tag(self, leaving: Leaving, visit: Visit) -> None:
        tag = tag_of(visit)
        if leaving.is_head:
            leaving.is_changed = bool(tag)
        elif tag and tag.encode("ascii") not in leaving.body:
            self._put(leaving, tag, visit)

    def _put(self, leaving: Leaving, snippet: str, visit: Visit) -> bool:
        """Put `snippet` into the page, and return whether this changed the page."""
        try:
            page = put_into(leaving.body, snippet, leaving.headers)
        except PageError as error:
            log(logging.WARNING, _LEFT, error.problems[:1], Where(route=visit.route))
            return False
        if page is leaving.body:
            return False
        leaving.change(page)
        return True


def _is_deferred(visit: Visit) -> bool:
    try:
        return visit.settings().deferred
    except OptionError:  # reported when the block is rendered
        return False


class PageVisit(Visit):
    """A visit with a finished page; `headers` are those of its response, and `visit` is the framework's.

    Without `asks_request` the nonces of the request are not read, because reading one may add it to a header.
    """

    def __init__(self, pages: Pages, visit: Visit, headers: Headers, *, asks_request: bool = True) -> None:
        self.request = visit.request
        self._pages = pages
        self._visit = visit
        self._headers = headers
        self._asks_request = asks_request

    @property
    def is_debug(self) -> bool:
        """Always false, because a finished page gets nothing but a block."""
        return False

    @property
    def raises(self) -> bool:
        """Whether the framework's visit raises."""
        return self._visit.raises

    def settings(self) -> Settings:
        """Return the settings of the site."""
        return self._visit.settings()

    @property
    def route(self) -> str | None:
        """The route of the framework's visit."""
        return self._visit.route

    def header(self, name: str) -> str | None:
        """Return a header of the request."""
        return self._visit.header(name)

    def nonces(self) -> Iterator[object]:
        """Yield the site's own choice, the nonces of the request, and the nonce of the response's own policy."""
        if self._pages.nonce is not None:
            yield self._pages.nonce(self.request)
        if self._asks_request:
            yield from self._visit.nonces()
        yield nonce_in_policy(self._headers)

    def find_customer(self, settings: Settings) -> object:
        """Return the visitor's customer, or `None`."""
        return self._visit.find_customer(settings)
