r"""Turn strings and numbers into the text of JavaScript literals: the only place where data becomes text.

The alphabet is an allow-list. `A-Z a-z 0-9`, space and `, . _ : @ + - ( )` stay as they are; every other UTF-16 unit,
and a `-` whose previous character is a `-`, becomes `\uXXXX` with lower-case digits. That leaves nothing by which a
string could end, whoever reads the page first:

* JavaScript: no quote, no line end, no backslash but the one that starts an escape; the text is JSON and ES3 at once.
* HTML: no `<`, the one character every way out of a script element begins with
  (https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements).
* XML, XHTML and SVG: no `<`, `&` or `>`, no `--`, no character that XML forbids.
* Charsets: printable ASCII only, the same bytes in every ASCII-compatible one. The quote is written `\u0022` because in
  ISO-2022-JP the byte of a backslash may stand for a yen sign, which escapes nothing.
* A second template pass: no `{ } $ %` and no backtick.
"""

from __future__ import annotations

import re
from codecs import charmap_encode
from collections.abc import Sequence
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Final, NamedTuple

from rr_snippet.customer.numbers import SAFE_MAX, is_exact

PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,._:@+-()"

# What UTF-8 begins a character with that Python's codec for ASCII does not write as \uXXXX: those up to U+00FF, and
# those beyond the BMP.
_LEADS: Final = frozenset((0xC2, 0xC3, 0xF0, 0xF1, 0xF2, 0xF3, 0xF4))
_NOT_DIRTY: Final = PLAIN + bytes(byte for byte in range(0x80, 0x100) if byte not in _LEADS)
_ALPHABET: Final = PLAIN + b"\\"
# In the whole object they could not be told from ours, or from what begins an escape.
_APART: Final = frozenset(b'{}[]"\\') | _LEADS


# Stands for a dash that follows a dash while a text is written. Half of a surrogate pair: no text holds one.
_NEXT_DASH: Final = "\udc2d"


# All that shops write, emoji and the more frequent ideographs too; about a megabyte.
_ESCAPES_KEPT: Final = 8_192


class _Escapes(dict[int, bytes]):
    """How each character is written. Fills itself, up to a bound: single characters of alphabets, nobody's data."""

    def __missing__(self, code: int) -> bytes:
        if code >= 0x80:
            written = encode_basestring_ascii(chr(code))[1:-1].encode()
        else:
            written = bytes([code]) if code in PLAIN else b"\\u%04x" % code
        if len(self) < _ESCAPES_KEPT:
            self[code] = written
        return written


_ESCAPES: Final = _Escapes({ord(_NEXT_DASH): b"\\u%04x" % ord("-")})

# The JSON encoder's own spelling of each ASCII character outside the alphabet, and ours.
_RESPELLED: Final = {
    byte: (encode_basestring_ascii(chr(byte))[1:-1], _ESCAPES[byte].decode())
    for byte in range(0x80)
    if byte not in PLAIN
}
_BACKSLASH: Final = ord("\\")
_SPELLED_SHORT: Final = frozenset(b'\\"\n\r\t\b\f')

# Up to so many different characters, one replace for each beats one table look-up for each character of the text.
_FEW: Final = 4
# What has to be escaped mostly shows early.
_LOOKED_AT: Final = 64


_CLEAN: Final[frozenset[int]] = frozenset()


def escape_text(text: str) -> str:
    """Return the body of the literal for `text`, without the quotes around it.

    The work is linear in the length. A subclass of `str` counts as its characters.

    Raises:
        TypeError: not a string.
        ValueError: a lone surrogate, or a result that leaves the alphabet.
    """
    if type(text) is not str:
        text = str.__str__(text)
    dirty = _dirty(text) - _LEADS
    body = _escape(text, dirty)
    _prove(body, b"", dirty)
    return body


def script_literal(text: str) -> str:
    """Return `text` as a JavaScript string literal, quotes included, that is safe in any page.

    Raises:
        TypeError: not a string.
        ValueError: as in `escape_text`.
    """
    return f'"{escape_text(text)}"'


# What JSON and JavaScript both read as this number, without an exponent; JSON allows no other zeros in front.
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+")


def number_literal(number: int | Decimal) -> str:
    """Return a number as it is written in plain notation, every digit of it.

    Raises:
        TypeError: neither a whole number nor a `Decimal`; a `bool` is none.
        ValueError: not finite, or of more digits than JavaScript tells apart.
    """
    if type(number) not in (int, Decimal):
        raise TypeError("no number")
    is_safe = abs(number) <= SAFE_MAX if type(number) is int else is_exact(number)
    text = format(number, "d" if type(number) is int else "f") if is_safe else ""
    if not _NUMBER.fullmatch(text):
        raise ValueError("a number that cannot be written")
    return text


class Gaps(NamedTuple):
    """Text of our own, with gaps in it for literals."""

    pieces: tuple[str, ...]
    """The fixed text with the quotes around each gap, and an empty piece for each gap."""
    structure: bytes
    """What is left of the whole without the alphabet: brackets and quotes, those around the gaps too."""

    @classmethod
    def between(cls, fixed: Sequence[str]) -> Gaps:
        """Leave a gap between each two pieces of `fixed`.

        `fixed` holds names in quotes, `{ } [ ] : ,` and words: no character outside the alphabet but these, no dash.
        """
        pieces = [""] * (2 * len(fixed) - 1)
        same: dict[str, str] = {}  # most are alike: of each one is kept
        pieces[::2] = (same.setdefault(piece, piece) for piece in '"\0"'.join(fixed).split("\0"))
        return cls(tuple(pieces), "".join(pieces).encode().translate(None, _ALPHABET))


class TooLong(Exception):  # noqa: N818 - to a caller it may be no error
    """The texts are too long, escaped or not; `chars` is how long they are before."""

    def __init__(self, chars: int) -> None:
        super().__init__(chars)
        self.chars = chars


def fill_gaps(gaps: Gaps, texts: Sequence[str], *, max_chars: int | None = None) -> str:
    """Return the fixed text with each of `texts` as a literal in its gap.

    Texts that are longer than `max_chars` together are not escaped: they would be longer still.

    Where few characters need it, and none that stands in the fixed text too, they are escaped in the whole at once;
    else in the texts, before these are put in. Both ways give the same.

    Raises:
        TypeError: not a string among `texts`.
        ValueError: as in `escape_text`, or not one gap for each text.
        TooLong: `max_chars`.
    """
    together = "".join(texts)
    if max_chars is not None and len(together) > max_chars:
        raise TooLong(len(together))
    dirty = _dirty(together)
    in_the_whole = len(dirty) <= _FEW and dirty.isdisjoint(_APART)
    pieces = [*gaps.pieces]
    pieces[1::2] = texts if in_the_whole else _escape_each(texts, dirty - _LEADS)
    filled = "".join(pieces)
    if in_the_whole:
        if not together.isascii():
            filled = filled.encode("ascii", "backslashreplace").decode("ascii")
        for byte in dirty:
            filled = filled.replace(chr(byte), _RESPELLED[byte][1])
        # The two dashes may belong to two texts: that costs a look and changes nothing.
        if together.rfind("--") >= 0:
            filled = _part_dashes(filled)
    _prove(filled, gaps.structure, dirty)
    return filled


def _escape(text: str, dirty: frozenset[int]) -> str:
    """Return `text` escaped and not yet proven; `dirty` are the characters of it, and maybe others, to respell."""
    if len(dirty) > _FEW:
        if "--" in text:
            text = text.replace("--", f"-{_NEXT_DASH}").replace(f"{_NEXT_DASH}-", _NEXT_DASH * 2)
        # What Python's own encodings of one byte a character are made with; a character may as well take more.
        return charmap_encode(text, "strict", _ESCAPES)[0].decode()
    body = _respell(encode_basestring_ascii(text)[1:-1], dirty)
    return _part_dashes(body) if "--" in text else body


def _escape_each(texts: Sequence[str], dirty: frozenset[int]) -> list[str]:
    """Return each of `texts` escaped, not yet proven, by one call where no NUL is in them: it then stands between."""
    if any("\0" in text for text in texts):
        return [_escape(text, dirty) for text in texts]
    # Nothing else is written so: a backslash of the texts becomes an escape itself.
    return _escape("\0".join(texts), dirty | {0}).split(_RESPELLED[0][1])


def _dirty(text: str) -> frozenset[int]:
    """Return what `text` has as UTF-8 that is not in `_NOT_DIRTY`; where a few are not all, maybe not all of it."""
    try:
        dirty = text.encode().translate(None, _NOT_DIRTY)
        if not dirty:
            return _CLEAN
        if len(dirty) > _LOOKED_AT and len(first := frozenset(dirty[:_LOOKED_AT])) > _FEW:
            return first
        return frozenset(dirty)
    except UnicodeEncodeError:  # its attributes hold the text: it must not be the context of what is raised below
        pass
    raise ValueError("half of a surrogate pair, which has no UTF-8 form")


def _respell(encoded: str, dirty: frozenset[int]) -> str:
    """Return JSON text with those of the characters that its encoder left over, or wrote in its own way, escaped."""
    if _BACKSLASH in dirty:
        # First: after this no two backslashes stand side by side, and each other spelling can mean one thing only.
        encoded = encoded.replace(*_RESPELLED[_BACKSLASH])
    for byte in dirty:
        encoded = encoded.replace(*_RESPELLED[byte])
    return encoded


def _part_dashes(escaped: str) -> str:
    """Return escaped text with each dash that follows a dash escaped too."""
    # The first pass leaves those that follow a pair; nothing but a dash is ever written so.
    return escaped.replace("--", r"-\u002d").replace(r"\u002d-", r"\u002d\u002d")


def _prove(escaped: str, structure: bytes, dirty: frozenset[int]) -> None:
    r"""Make sure of the result, trusting no step before: the alphabet, and each backslash begins a \u.

    Outside the alphabet stands `structure` and nothing else, in its order: no bracket and no quote but ours. What
    backslashes begin is asked where the JSON encoder has spellings of its own, such as \n, that had to be respelled.
    """
    if escaped.encode().translate(None, _ALPHABET) != structure:
        raise ValueError("the escaped text leaves the alphabet")
    if (len(dirty) > _FEW or not dirty.isdisjoint(_SPELLED_SHORT)) and escaped.count("\\") != escaped.count("\\u"):
        raise ValueError("the escaped text leaves the alphabet")
