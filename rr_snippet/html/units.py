"""Turn a page in any charset into one byte per unit, and offsets in that form back into the page's own.

All markup is ASCII, so the scanner needs no other characters: every ASCII character is its own byte, and every other
unit is some byte above 0x7F. Each form has exactly one byte for each unit of the page. So an offset is mapped back by
arithmetic, and cannot drift however broken the page is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rr_snippet.errors import PageError, Problem

# A browser looks for a declaration in the first 1,024 bytes, Chromium in the whole head if that is longer:
# https://html.spec.whatwg.org/#determining-the-character-encoding
_PRESCAN_BYTES: Final = 8192

# No legacy charset has `<`, `>`, quotes, `=`, `/` or `-` as a second byte (https://encoding.spec.whatwg.org/), so a
# scan by bytes is exact in them. These labels are the exceptions: charsets where escape sequences give ASCII bytes
# another meaning, and labels of the "replacement" decoder, which discards the page.
_SWITCHED: Final = re.compile(rb"(?i)(?:iso-?2022|csiso2022|hz-gb|replacement\b)")
_SWITCHED_WORDS: Final = (b"2022", b"hz-gb", b"replacement")
_META: Final = re.compile(rb"(?i)<meta[\t\n\f\r /]([^>]*+)")
_CHARSET: Final = re.compile(rb"(?i)charset[\t\n\f\r ]*+=[\t\n\f\r ]*+[\"']?+[\t\n\f\r ]*+([^\"';\s]++)")
_XML_DECLARATION: Final = re.compile(rb"<\?xml[^>]*?encoding[\t\n\f\r ]*+=[\t\n\f\r ]*+[\"']([^\"'>]*+)")
# A comment that is never closed hides the rest.
_COMMENT: Final = re.compile(rb"<!--(?:-?>|.*?--!?>|.*+)", re.DOTALL)
# ESC $ B and its kin select Japanese or Korean sets. ESC ( B is left out: terminals print it too, and it is harmless.
_DESIGNATION: Final = re.compile(rb"\x1b(?:\$[@A-D()\-,]|\([IJ])")

# In UTF-16 every second byte of ASCII text is NUL, in UTF-32 three of four. A mere run of NULs in an ASCII page is
# neither.
_WIDE_TAG: Final = re.compile(rb"[^<]*+<(?:\0[!?/A-Za-z]\0[\t-~]\0|\0\0\0[!?/A-Za-z]\0\0\0)")
_WIDE_TEXT: Final = re.compile(rb"\0?(?:[\t-~]\0){16}|\0{0,3}(?:[\t-~]\0\0\0){8}")

# The mark of UTF-32LE may also be that of UTF-16LE and a NUL. Only if no character after it would be above U+10FFFF is
# the page UTF-32.
_UTF_32: Final = re.compile(
    rb"(?:\xff\xfe\0\0(?:[\x00-\xff]{2}[\x00-\x10]\0)*+|\0\0\xfe\xff(?:\0[\x00-\x10][\x00-\xff]{2})*+)"
    rb"[\x00-\xff]{0,3}\Z"
)

_FOLD_HIGH: Final = bytes([0] + [0x80] * 255)


@dataclass(frozen=True, slots=True)
class Units:
    """A page in the scanner's form: `data` has one byte per unit, ASCII as it is, anything else above 0x7F.

    `first` is the index of the first unit after a byte order mark. `charset` is `None` for `str`, `"ascii"` for any
    ASCII-compatible charset, otherwise Python's name of the page's UTF-16.
    """

    source: bytes | str
    data: bytes
    first: int
    charset: str | None

    def offset(self, index: int) -> int:
        """Return where unit `index` starts in the page: bytes for `bytes`, characters for `str`."""
        return 2 + 2 * index if self.charset and self.charset.startswith("utf-16") else index

    def text(self, start: int, stop: int) -> str:
        """Return the characters of the page from `start` up to `stop`, offsets in the page's own units.

        Bytes that cannot be decoded become U+FFFD.
        """
        part = self.source[start:stop]
        if isinstance(part, str):
            return part
        # UTF-8 will do for a legacy charset too: the rules for pages look at ASCII characters alone.
        return part.decode("utf-8" if self.charset == "ascii" else str(self.charset), "replace")


def read_units(page: bytes | str) -> Units:
    """Return `page` in the scanner's form; an ASCII-compatible page is not copied.

    Raises:
        PageError: `page.encoding`, for UTF-16 without a byte order mark, UTF-32, ISO-2022 or another charset that gives
            ASCII bytes a second meaning, never for `str`; `page.type`, for neither `bytes` nor `str`.
    """
    if isinstance(page, str):
        return Units(page, _narrow_text(page), int(page.startswith("\ufeff")), None)
    if not isinstance(page, bytes | bytearray | memoryview):
        raise PageError(Problem.of("page.type"))
    if _UTF_32.match(page[:_PRESCAN_BYTES]):
        raise PageError(Problem.of("page.encoding"))
    # A stray last byte is no unit. It stays last, even if a block is put at the end.
    whole = len(page) & ~1
    if page.startswith(b"\xff\xfe"):
        return Units(page, _merge(page[2:whole:2], page[3:whole:2]), 0, "utf-16-le")
    if page.startswith(b"\xfe\xff"):
        return Units(page, _merge(page[3:whole:2], page[2:whole:2]), 0, "utf-16-be")
    if page.startswith(b"\xef\xbb\xbf"):
        return Units(page, page, 3, "ascii")
    head = page[:_PRESCAN_BYTES]
    if _WIDE_TAG.match(head) or _WIDE_TEXT.match(head) or _is_switched(page, head):
        raise PageError(Problem.of("page.encoding"))
    return Units(page, page, 0, "ascii")


def _is_switched(page: bytes, head: bytes) -> bool:
    # Nearly every page returns here. Only a few hold an escape character or one of those words.
    folded = head.lower()
    if b"\x1b" not in page and not any(word in folded for word in _SWITCHED_WORDS):
        return False
    plain = _COMMENT.sub(b"", head)
    in_meta = next(filter(None, (_CHARSET.search(meta[1]) for meta in _META.finditer(plain))), None)
    declared = in_meta or _XML_DECLARATION.match(plain)
    # A declaration decides. Escape sequences count only where there is none.
    return bool(_SWITCHED.match(declared[1]) if declared else _DESIGNATION.search(page))


def _narrow_text(page: str) -> bytes:
    try:
        return page.encode("latin-1")
    except UnicodeEncodeError:
        pass
    wide = page.encode("utf-32-le", "surrogatepass")
    return _merge(wide[0::4], wide[1::4], wide[2::4])


def _merge(low: bytes, *high: bytes) -> bytes:
    """Return `low` with the top bit set wherever one of `high` is not zero."""
    # As whole integers: OR and both conversions are linear and run in C, and Python has no other bytewise OR.
    merged = int.from_bytes(low, "little")
    for part in high:
        merged |= int.from_bytes(part.translate(_FOLD_HIGH), "little")
    return merged.to_bytes(len(low), "little")
