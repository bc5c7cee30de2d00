"""Report bytes that are no text in the given encoding, and guess the encoding that they are in."""

from __future__ import annotations

from typing import Final

from rr_snippet.errors import Problem

# The encodings in which Russian shops export, and the letters that make up four fifths of any Russian text.
_CANDIDATES: Final = ("cp1251", "koi8-r", "cp866")
_COMMON: Final = frozenset("оеаинтсрвлкмдпуОЕАИНТСРВЛКМДПУ")
_COMMON_SHARE: Final = 0.6
# Fewer letters prove nothing.
_LETTERS_MIN: Final = 3


def encoding_problem(encoding: str, sample: bytes = b"") -> Problem:
    """Return the problem of bytes that are no text in `encoding`, with the one in which `sample` is Russian, if any."""
    guess = guess_encoding(sample)
    details = {"guess": guess} if guess is not None and guess != encoding.lower() else {}
    return Problem.of("customer.encoding", encoding=encoding, **details)


def guess_encoding(sample: bytes) -> str | None:
    """Return the encoding in which `sample` is probably Russian, or `None`."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if looks_like_utf_16(sample):
        return "utf-16-le" if _high_bytes(sample[1::2]) > _high_bytes(sample[::2]) else "utf-16-be"
    shares = {candidate: _common_share(sample.decode(candidate, "replace")) for candidate in _CANDIDATES}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _COMMON_SHARE else None


def looks_like_utf_16(sample: bytes) -> bool:
    """Return whether bytes, which may be text in UTF-8 as well, are full of what other text never has."""
    return _high_bytes(sample) * 4 > len(sample)


def _high_bytes(sample: bytes) -> int:
    """Count the bytes that are one half of a Latin or a Russian letter in UTF-16, and control characters elsewhere."""
    return sample.count(0x00) + sample.count(0x04)


def _common_share(text: str) -> float:
    """Return the share of common letters among the characters beyond ASCII."""
    others = [char for char in text if not char.isascii()]
    return sum(char in _COMMON for char in others) / len(others) if len(others) >= _LETTERS_MIN else 0.0
