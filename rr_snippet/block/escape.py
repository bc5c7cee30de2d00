r"""Turn strings and numbers into the text of JavaScript literals. Nowhere else does data become text.

The alphabet is an allow-list. `A-Z a-z 0-9`, space and `, . _ : @ + - ( )` stay as they are. Every other UTF-16 unit,
and a `-` after another `-`, becomes `\uXXXX` with lower-case digits. So no string can end early, whatever reads the
page first:

* JavaScript: no quote, no line end, no backslash except at the start of an escape. The text is both JSON and ES3.
* HTML: no `<`, with which every way out of a script element begins
  (https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements).
* XML, XHTML and SVG: no `<`, `&` or `>`, no `--`, no character that XML forbids.
* Charsets: printable ASCII only, the same bytes in every ASCII-compatible one. The quote is written `\u0022` because in
  ISO-2022-JP the byte of a backslash may stand for a yen sign, which escapes nothing.
* A second template pass: no `{ } $ %` and no backtick.
"""

from __future__ import annotations

from codecs import charmap_encode
from collections.abc import Sequence
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Final, NamedTuple

from rr_snippet.customer.numbers import SAFE_MAX, is_exact

PLAIN: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,._:@+-()"

# The first bytes in UTF-8 of the characters that Python's codec for ASCII does not write as \uXXXX: those up to U+00FF,
# and those beyond the BMP.
_LEADS: Final = frozenset((0xC2, 0xC3, 0xF0, 0xF1, 0xF2, 0xF3, 0xF4))
_NOT_DIRTY: Final = PLAIN + bytes(byte for byte in range(0x80, 0x100) if byte not in _LEADS)
_ALPHABET: Final = PLAIN + b"\\"
# In the whole object these could not be distinguished from our own, or from the start of an escape.
_APART: Final = frozenset(b'{}[]"\\') | _LEADS


# Replaces a dash after a dash while a text is escaped. No text holds it, because it is a lone surrogate.
_NEXT_DASH: Final = "\udc2d"


# Enough for the characters that shops use, emoji and the more frequent ideographs included: about a megabyte.
_ESCAPES_KEPT: Final = 8_192


class _Escapes(dict[int, bytes]):
    """The escape of each character. It fills itself up to a limit, with single characters, so with nobody's data."""

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

# Up to this many different characters, a replace for each is faster than a look-up for each character of the text.
_FEW: Final = 4
# The first characters to escape mostly show whether there are few kinds of them.
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


def number_literal(number: int | Decimal) -> str:
    """Return a number in plain notation with every digit.

    Raises:
        TypeError: neither an `int` nor a `Decimal`; a `bool` is no number.
        ValueError: not finite, or with more digits than JavaScript can hold.
    """
    if type(number) not in (int, Decimal):
        raise TypeError("no number")
    is_safe = abs(number) <= SAFE_MAX if type(number) is int else is_exact(number)
    text = format(number, "d" if type(number) is int else "f") if is_safe else ""
    # Digits and at most one point: JSON and JavaScript read them alike.
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a number that cannot be written")
    return text


class Gaps(NamedTuple):
    """Text of our own, with gaps in it for literals."""

    pieces: tuple[str, ...]
    """The fixed text with the quotes around each gap, and an empty piece for each gap."""
    structure: bytes
    """The whole without the characters of the alphabet: brackets and quotes, those around the gaps included."""

    @classmethod
    def between(cls, fixed: Sequence[str]) -> Gaps:
        """Put a gap between each two pieces of `fixed`.

        The pieces hold names in quotes, `{ } [ ] : ,`, words and numbers: no other character outside the alphabet, and
        no two dashes.
        """
        pieces = [""] * (2 * len(fixed) - 1)
        same: dict[str, str] = {}  # most pieces are equal, so one of each is kept
        pieces[::2] = (same.setdefault(piece, piece) for piece in '"\0"'.join(fixed).split("\0"))
        return cls(tuple(pieces), "".join(pieces).encode().translate(None, _ALPHABET))


class TooLong(Exception):
    """The texts are too long even before they are escaped; `chars` is their length."""

    def __init__(self, chars: int) -> None:
        super().__init__(chars)
        self.chars = chars


def fill_gaps(gaps: Gaps, texts: Sequence[str], *, max_chars: int | None = None) -> str:
    """Return the fixed text with each of `texts` as a literal in its gap.

    Texts that are longer than `max_chars` together are not escaped, which would make them even longer.

    If few different characters need escaping, and none of them is in the fixed text, they are escaped in the filled
    text. Otherwise they are escaped in the texts before these fill the gaps. Both ways give the same result.

    Raises:
        TypeError: one of `texts` is not a string.
        ValueError: as in `escape_text`, or there is not one gap for each text.
        TooLong: the texts are longer than `max_chars`.
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
        # The two dashes may belong to two texts. Then this changes nothing.
        if together.rfind("--") >= 0:
            filled = _part_dashes(filled)
    _prove(filled, gaps.structure, dirty)
    return filled


def _escape(text: str, dirty: frozenset[int]) -> str:
    """Return `text` escaped, but not proven yet. `dirty` has its characters to respell, and maybe others."""
    if len(dirty) > _FEW:
        if "--" in text:
            text = text.replace("--", f"-{_NEXT_DASH}").replace(f"{_NEXT_DASH}-", _NEXT_DASH * 2)
        # Python's own single-byte encodings use this function, but it can write more than one byte per character.
        return charmap_encode(text, "strict", _ESCAPES)[0].decode()
    body = _respell(encode_basestring_ascii(text)[1:-1], dirty)
    return _part_dashes(body) if "--" in text else body


def _escape_each(texts: Sequence[str], dirty: frozenset[int]) -> list[str]:
    """Return `texts` escaped, but not proven yet. If they have no NUL, NULs between them allow a single call."""
    if any("\0" in text for text in texts):
        return [_escape(text, dirty) for text in texts]
    # Only a NUL is written so, because a backslash in the texts is itself escaped.
    return _escape("\0".join(texts), dirty | {0}).split(_RESPELLED[0][1])


def _dirty(text: str) -> frozenset[int]:
    """Return the bytes of `text` in UTF-8 that are not in `_NOT_DIRTY`: all of them, or else more than a few."""
    try:
        dirty = text.encode().translate(None, _NOT_DIRTY)
        if not dirty:
            return _CLEAN
        if len(dirty) > _LOOKED_AT and len(first := frozenset(dirty[:_LOOKED_AT])) > _FEW:
            return first
        return frozenset(dirty)
    except UnicodeEncodeError:  # it holds the text, so it must not become the context of what is raised below
        pass
    raise ValueError("half of a surrogate pair, which has no UTF-8 form")


def _respell(encoded: str, dirty: frozenset[int]) -> str:
    """Return JSON text with the `dirty` characters in our spelling, which the encoder has not escaped or spelled so."""
    if _BACKSLASH in dirty:
        # This comes first. After it no two backslashes are adjacent, so every other spelling is unambiguous.
        encoded = encoded.replace(*_RESPELLED[_BACKSLASH])
    for byte in dirty:
        encoded = encoded.replace(*_RESPELLED[byte])
    return encoded


def _part_dashes(escaped: str) -> str:
    """Return escaped text with each dash after a dash escaped too."""
    # The first replace leaves a dash after a pair of dashes. Only a dash is ever written as \u002d.
    return escaped.replace("--", r"-\u002d").replace(r"\u002d-", r"\u002d\u002d")


def _prove(escaped: str, structure: bytes, dirty: frozenset[int]) -> None:
    r"""Prove the result, without trusting any earlier step: the alphabet, and that each backslash begins a \u.

    The characters outside the alphabet must be exactly `structure`, so there is no bracket and no quote but ours. The
    backslashes are checked only if the JSON encoder has its own spelling, such as \n, for one of the characters.
    """
    if escaped.encode().translate(None, _ALPHABET) != structure:
        raise ValueError("the escaped text leaves the alphabet")
    if (len(dirty) > _FEW or not dirty.isdisjoint(_SPELLED_SHORT)) and escaped.count("\\") != escaped.count("\\u"):
        raise ValueError("the escaped text leaves the alphabet")
