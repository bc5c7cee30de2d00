"""Which responses may take a snippet into their page, and what their headers must say afterwards.

Framework-free: every response middleware asks here, and changes nothing that is not said here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any, Final

from rr_snippet.errors import PageError, Problem
from rr_snippet.integrations._headers import made_private
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit
from rr_snippet.page.splice import inject

Headers = list[tuple[str, str]]

# A larger page goes out as it is rather than into memory.
PAGE_MAX_BYTES: Final = 16 * 1024 * 1024
PAGE_STATUSES: Final = range(200, 300)

# No Content, Reset Content, Partial Content, Not Modified: no page, or not the whole of it.
_NEVER: Final = frozenset({204, 205, 206, 304})
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
# Charsets of the header that give ASCII bytes another meaning; UTF-16 is sound where the page has its byte order mark.
_NOT_ASCII: Final = re.compile(r"(?i)(?:x-)?(?:utf-?(?:7|16|32)|ucs-?[24]|iso-?2022|csiso2022|hz-gb|unicode)")
_CHARSET: Final = re.compile(r"(?i);\s*charset\s*=\s*[\"']?([^\"';\s]+)")
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
# All speak of the bytes as they were. An entity tag that is kept, or only weakened, makes the next answer a 304, and
# the browser shows the page of the customer before.
_STALE: Final = frozenset(
    {
        "accept-ranges",
        "content-digest",
        "content-length",
        "content-md5",
        "digest",
        "etag",
        "last-modified",
        "repr-digest",
    }
)
_SCRIPT_DIRECTIVES: Final = ("script-src-elem", "script-src", "default-src")
_NONCE_SOURCE: Final = re.compile(r"(?i)'nonce-([A-Za-z0-9+/_-]+={0,2})'")

_logger: Final = logging.getLogger("rr_snippet")


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return all values of `name` (in lower case), joined by commas, or `None` if it is absent."""
    values = [value for key, value in headers if key.lower() == name]
    return ", ".join(values) if values else None


def content_length(headers: Iterable[tuple[str, str]]) -> int | None:
    """Return the length the headers announce, in bytes, or `None`: then the body is a stream."""
    text = (header(headers, "content-length") or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def is_encoded(headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether the body is compressed, or otherwise not the page itself."""
    return (header(headers, "content-encoding") or "identity").strip().lower() not in ("identity", "")


def is_page(status: int, headers: Sequence[tuple[str, str]], *, statuses: Container[int] = PAGE_STATUSES) -> bool:
    """Tell whether a response is a whole HTML page, to be shown; its body may still be compressed.

    Source: HTTP Semantics (RFC 9110), sections 14.4 and 15.3; Content-Disposition (RFC 6266), section 4.2.
    """
    if status not in statuses or status < 200 or status in _NEVER:
        return False
    media_type = (header(headers, "content-type") or "").partition(";")[0].strip().lower()
    disposition = (header(headers, "content-disposition") or "").partition(";")[0].strip().lower()
    return media_type in _HTML and disposition in ("", "inline") and header(headers, "content-range") is None


def put_into(page: bytes, snippet: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Return `page` with `snippet` in its place, or `page` itself if it calls `setCustomer` already.

    Raises:
        PageError: as `rr_snippet.inject`; `page.encoding` also for the charset that the headers declare.
    """
    declared = _CHARSET.search(header(headers, "content-type") or "")
    if declared and _NOT_ASCII.match(declared[1]) and not page.startswith(_BYTE_ORDER_MARKS):
        raise PageError(Problem.of("page.encoding"))
    return inject(page, snippet)


def changed_headers(headers: Iterable[tuple[str, str]], length_bytes: int | None) -> Headers:
    """Return the headers of a page whose body was changed; `length_bytes` is `None` where there is no body to count."""
    kept = [(name, value) for name, value in headers if name.lower() not in _STALE]
    if length_bytes is not None:
        kept.append(("Content-Length", str(length_bytes)))
    return [*kept, ("Accept-Ranges", "none")]


def nonce_in_policy(headers: Sequence[tuple[str, str]]) -> str | None:
    """Return the nonce that the response's own Content-Security-Policy allows scripts to carry, or `None`.

    A policy that is only reported is asked when none is enforced.
    """
    for name in ("content-security-policy", "content-security-policy-report-only"):
        for policy in (header(headers, name) or "").split(","):
            sources = dict(reversed([_directive(part) for part in policy.split(";")]))
            governing = next((sources[name] for name in _SCRIPT_DIRECTIVES if name in sources), "")
            if match := _NONCE_SOURCE.search(governing):
                return match[1]
    return None


def _directive(text: str) -> tuple[str, str]:
    name, _, sources = text.strip().partition(" ")
    return name.lower(), sources


class Pages:
    """What a response middleware has been told, and what it does with a page once it has one."""

    def __init__(
        self,
        settings: dict[str, Any],
        *,
        nonce: Callable[..., object] | None,
        statuses: Container[int],
        page_max_bytes: int,
        takes_async: bool = False,
    ) -> None:
        self.settings = Settings.of(settings, takes_async=takes_async)
        self.nonce = nonce
        self.statuses = statuses
        self.page_max_bytes = page_max_bytes
        self._has_told_of_compression = False

    def may_take(self, status: int, headers: Headers, *, has_whole_body: bool) -> bool:
        """Tell whether this response is a page that can be changed; `has_whole_body` that it is no stream."""
        length_bytes = content_length(headers)
        if not (has_whole_body or length_bytes is not None) or not is_page(status, headers, statuses=self.statuses):
            return False
        if is_encoded(headers):
            if not self._has_told_of_compression:
                self._has_told_of_compression = True
                _logger.warning("page left as it is: %s", Problem.of("page.compressed").code)
            return False
        return length_bytes is None or length_bytes <= self.page_max_bytes

    def put_into(self, page: bytes, snippet: str, headers: Headers) -> tuple[bytes, Headers]:
        """Return the page with the snippet and its new headers, or both as they were."""
        try:
            changed = put_into(page, snippet, headers)
        except PageError as error:
            _logger.warning("page left as it is: %s", error.code)
            return page, headers
        return (page, headers) if changed is page else (changed, personal_headers(headers, len(changed)))


def personal_headers(headers: Headers, length_bytes: int | None) -> Headers:
    """Return the headers of a page that has got a snippet; `length_bytes` is `None` where there is no body to count."""
    return made_private(changed_headers(headers, length_bytes))


class PageVisit(Visit):
    """A visit whose page is finished, `headers` being those of its response; `visit` knows its framework.

    Without `asks_request` the nonces of the request are left alone: to ask for one may put it into a header.
    """

    def __init__(self, pages: Pages, visit: Visit, headers: Headers, *, asks_request: bool = True) -> None:
        self.request = visit.request
        self._pages = pages
        self._visit = visit
        self._headers = headers
        self._asks_request = asks_request

    @property
    def is_debug(self) -> bool:
        """Never: nothing but a block is put into a finished page."""
        return False

    @property
    def raises(self) -> bool:
        """As in a template of the framework."""
        return self._visit.raises

    def settings(self) -> Settings:
        """Return the settings of the site."""
        return self._visit.settings()

    def header(self, name: str) -> str | None:
        """Return a header of the request."""
        return self._visit.header(name)

    def nonces(self) -> Iterator[object]:
        """Yield the choice of the site, what the request carries, and the nonce of the response's own policy."""
        if self._pages.nonce is not None:
            yield self._pages.nonce(self.request)
        if self._asks_request:
            yield from self._visit.nonces()
        yield nonce_in_policy(self._headers)

    def find_customer(self, settings: Settings) -> object:
        """Return the visitor's customer, or `None`."""
        return self._visit.find_customer(settings)
