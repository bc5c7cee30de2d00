"""The watched exit: no HTML body leaves with a block that this request did not make, whatever store it came from.

Streams, and bodies with another compression than gzip, cannot be examined.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, Final

from rr_snippet.block.frame import NOBODY, VARIANTS, Frame, prepare_frame
from rr_snippet.block.read_back import read_block
from rr_snippet.block.render import Renderer
from rr_snippet.errors import PageError, Problem, RenderError
from rr_snippet.integrations._answer import Answer
from rr_snippet.integrations._headers import Changes, Headers, departing, header, resized, with_changes
from rr_snippet.integrations._records import Where, log
from rr_snippet.integrations._settings import Settings, ask_for_customer
from rr_snippet.integrations._visit import Visit
from rr_snippet.site.loader_tag import take_loader

# A larger page is sent as it is, instead of being held in memory.
PAGE_MAX_BYTES: Final = 16 * 1024 * 1024

_UTF_8: Final = "utf-8"
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
# The opening tag of a block may begin at most this far before the line by which the block is found.
_OPENING_MAX_BYTES: Final = 512
# In a page with more of these signs the search for the whole line is faster.
_BARS_MAX: Final = 30
_STRING_OR_SPACE: Final = re.compile(rb'("[^"]*+")|\s++')


def is_html(content_type: str | None) -> bool:
    """Return whether a body of this type is read as HTML."""
    return (content_type or "").partition(";")[0].strip().lower() in _HTML


@dataclass(frozen=True, slots=True)
class Stranger:
    """A block in a page that this request did not make, and its customer's id, `None` for a guest or an order."""

    start: int
    stop: int
    customer_id: str | None


class Leaving:
    """A leaving response: its headers, and its body if the whole body is known.

    `is_changed` means that the headers must fit a new body. A response to HEAD has no body to measure.
    """

    def __init__(self, answer: Answer, headers: Headers, body: bytes = b"", *, is_head: bool = False) -> None:
        self.answer = answer
        self.headers = headers
        self.body = body
        self.is_head = is_head
        self.is_changed = False
        page = _page_in(headers, body)
        self._codec = _codec_of(page)
        self._page = _recoded(page, self._codec, _UTF_8)
        if answer.has_order and b" data-customer=" in self._page:
            # The order's block has the person, so the loader need not ask.
            self._replace(take_loader(self._page))
        self._strangers = strangers_in(self._page, answer.blocks)

    @property
    def has_strangers(self) -> bool:
        """Whether the page has blocks that were not made for this response."""
        return bool(self._strangers)

    def change(self, body: bytes) -> None:
        """Replace the body."""
        self.body = body
        self.is_changed = True

    def turn_strangers_away(self, visit: Visit) -> None:
        """Make a response with strangers private, and remove those that are not this visitor's.

        Raises:
            RenderError: `cache.served`, for a removed block, if errors are raised. Otherwise it is logged.
        """
        if not self._strangers:
            return
        self.answer.is_evaluated = self.answer.is_private = True
        settings = visit.settings()
        can_ask = settings.customer is not None and settings.customer is not ask_for_customer
        # If nobody can be asked, a site is trusted that declares its stores to be per visitor.
        if settings.allow_cached and not can_ask:
            return
        own_id = visit.ask(_write_id) if can_ask else None
        kept, end = [], 0
        for stranger in self._strangers:
            if stranger.customer_id != own_id:
                kept.append(self._page[end : stranger.start])
                end = stranger.stop
        if kept:
            self._replace(b"".join([*kept, self._page[end:]]))
            visit.report(RenderError(Problem.of("cache.served")), "block taken out")

    def _replace(self, page: bytes) -> None:
        self._page = page
        self.change(_recoded(page, _UTF_8, self._codec))
        self.headers = with_changes(self.headers, {"Content-Encoding": None})

    def changes(self) -> Changes:
        """Return the changes to the response's headers: none if this library had no part in the response."""
        length_bytes = None if self.is_head else len(self.body)
        if not (self.answer.is_evaluated or self.answer.is_private):
            return resized(self.headers, length_bytes) if self.is_changed else {}
        changes = departing(
            self.headers, is_private=self.answer.is_private, is_changed=self.is_changed, length_bytes=length_bytes
        )
        if self.is_changed and header(self.headers, "content-encoding") is None:
            changes["Content-Encoding"] = None
        return changes


def _write_id(renderer: Renderer, customer: Any, _settings: Settings) -> str:
    customer_id: str = renderer.to_payload(customer)["customerId"]
    return customer_id


def _page_in(headers: Headers, body: bytes) -> bytes:
    """Return the HTML page in a body, empty if there is none or it cannot be examined."""
    if not body or len(body) > PAGE_MAX_BYTES or not is_html(header(headers, "content-type")):
        return b""
    encoding = (header(headers, "content-encoding") or "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding in ("gzip", "x-gzip"):
        try:
            return zlib.decompressobj(wbits=31).decompress(body, PAGE_MAX_BYTES)
        except zlib.error:
            pass
    return b""


def _codec_of(page: bytes) -> str:
    """Return the codec of blocks in `page`. In a page in UTF-16 every other byte of a block is NUL."""
    if page[1:2] == b"\0" or page.startswith(b"\xff\xfe"):
        return "utf-16-le"
    return "utf-16-be" if page.startswith((b"\0", b"\xfe\xff")) else _UTF_8


def _recoded(page: bytes, codec: str, other: str) -> bytes:
    if codec == other:
        return page
    if codec != _UTF_8:
        page = page[: len(page) & ~1]  # an odd last byte is no character
    return page.decode(codec, "surrogatepass").encode(other, "surrogatepass")


def strangers_in(page: bytes, blocks: Iterable[str]) -> list[Stranger]:
    """Return the blocks of ours in `page` that are not in `blocks`."""
    shape = _shape()
    position = shape.find_in(page)
    if position < 0:
        return []
    # Our own blocks from the line on. A block that is unchanged need not be parsed.
    own = [block.encode().partition(shape.line)[2] for block in blocks]
    return list(_strangers(page, position, own, shape))


def blank_strangers(body: bytes, blocks: Iterable[str]) -> bytes:
    """Return `body` with spaces instead of each block of ours that is not in `blocks`, and log it.

    This is for a body whose headers have been sent. Its length must stay the same, and it can no longer become private,
    so not even the visitor's own block from a store may stay.
    """
    strangers = strangers_in(body, blocks)
    for stranger in strangers:
        body = body[: stranger.start] + b" " * (stranger.stop - stranger.start) + body[stranger.stop :]
    if strangers:
        log(logging.ERROR, "block taken out", [Problem.of("cache.served")], Where())
    return body


def _strangers(page: bytes, position: int, own: list[bytes], shape: _Shape) -> Iterator[Stranger]:
    while position >= 0:
        after = position + len(shape.line)
        if not any(page.startswith(each, after) for each in own):
            block, calls = shape.block_around(page, position)
            if block is not None and _compact(page[after : block.end()]) not in map(_compact, own):
                yield Stranger(*block.span(), calls.get("setCustomer", {}).get("customerId"))
        position = shape.find_in(page, after)


def _compact(written: bytes) -> bytes:
    return _STRING_OR_SPACE.sub(lambda part: part[1] or b"", written)


class _Shape:
    """The patterns that recognise a block, made from the templates.

    They ignore white space, because a store may have indented a page or changed its line ends.
    """

    def __init__(self) -> None:
        forms: dict[tuple[str, str], list[Frame]] = {}
        for variant, has_order, debug in product(VARIANTS, (False, True), (False, True)):
            if has_order or variant != NOBODY:
                frame = prepare_frame(variant, has_order=has_order, debug=debug)
                forms.setdefault((frame.head, frame.joint), []).append(frame)
        # The longest line is found fastest. Changed white space around it does not matter.
        self.line = max((line.strip() for line in frame.head.splitlines()), key=len).encode()
        self._bar = self.line.index(b"|")
        self._from_bar = self.line[self._bar :]
        self._patterns = [(_pattern_of(frames), frames[0]) for frames in forms.values()]

    def find_in(self, page: bytes, start: int = 0) -> int:
        """Return the position of the line in `page` from `start` on, negative if it is not there.

        The search is for `|` first. A single sign is found ten times as fast as a text, and this one is rare, even in
        scripts.
        """
        bar = page.find(b"|", start)
        for _ in range(_BARS_MAX):
            if bar < 0 or page.startswith(self._from_bar, bar):
                break
            bar = page.find(b"|", bar + 1)
        position = bar - self._bar
        if bar < 0 or (position >= start and page.startswith(self.line, position)):
            return position
        return page.find(self.line, max(start, position))

    def block_around(self, page: bytes, position: int) -> tuple[re.Match[bytes] | None, dict[str, dict[str, Any]]]:
        """Return the match of the block with its line at `position`, if it is ours, and its calls."""
        start = page.rfind(b"<script", max(0, position - _OPENING_MAX_BYTES), position)
        for pattern, frame in self._patterns if start >= 0 else ():
            block = pattern.match(page, start)
            if block is not None:
                objects = frame.joint.join(_compact(each).decode("ascii", "replace") for each in block.groups())
                try:
                    return block, read_block(f"{frame.opening}{frame.head}{objects}{frame.tail}")
                except PageError:
                    pass
        return None, {}


def _pattern_of(frames: list[Frame]) -> re.Pattern[bytes]:
    """Return the pattern of blocks that differ only in their tails."""
    frame = frames[0]
    objects = [rf"(\{{[^;<]*\}})\s*+{_spaced(frame.joint)}\s*+"] if frame.joint else []
    tails = "|".join(_spaced(each.tail) for each in frames)
    form = rf"<script\b[^>]*+{_spaced(frame.head)}\s*+{''.join(objects)}(\{{[^;<]*\}})\s*+(?:{tails})"
    return re.compile(form.encode())


def _spaced(text: str) -> str:
    return r"\s*+".join(re.escape(word) for word in text.split())


@cache
def _shape() -> _Shape:
    return _Shape()
