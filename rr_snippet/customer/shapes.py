"""Describe what is wrong with the shape of a phone or an address by kind and place, without showing the value.

A place is the position, from 1, of a character that is neither a letter nor a digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Details = Mapping[str, str | int]

# Two pieces with at least this many digits are two numbers.
_NUMBER_MIN_DIGITS: Final = 5

_SCIENTIFIC: Final = re.compile(r"[+-]?[0-9](?:[.,][0-9]++)?[eE][+-]?[0-9]++")
_DECIMAL: Final = re.compile(r"[0-9]++[.,]0++")
_BETWEEN_NUMBERS: Final = re.compile(r"[,;/|\n]|\bили\b|\bor\b", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"(?:ext|доб|вн)", re.IGNORECASE)
_BETWEEN_ADDRESSES: Final = re.compile(r"[,;\s]")


def phone_fault(text: str) -> Details:
    """Return the kind and the place of what keeps `text` from being a number, as far as they can be named."""
    if text.casefold().startswith("tel:"):
        return {"scheme": "tel:"}
    if _SCIENTIFIC.fullmatch(text):
        return {"scientific": 1}
    if _DECIMAL.fullmatch(text):
        return {"decimal": 1}
    pieces = _BETWEEN_NUMBERS.split(text)
    if sum(sum(map(str.isdigit, piece)) >= _NUMBER_MIN_DIGITS for piece in pieces) > 1:
        return {"two": 1}
    if any(map(str.isalpha, text)):
        return {"extension" if _EXTENSION.search(text) else "letters": 1}
    return _strange_character(text, "0123456789+-() ")


def email_fault(text: str) -> Details:
    """Return the kind and the place of what keeps `text` from being an address, as far as they can be named."""
    if text.casefold().startswith("mailto:"):
        return {"scheme": "mailto:"}
    if "@" not in text:
        return {"no_at": 1}
    if "<" in text and text.endswith(">"):
        return {"display_name": 1}
    if sum("@" in piece for piece in _BETWEEN_ADDRESSES.split(text)) > 1:
        return {"two": 1}
    if "," in text.rpartition("@")[2]:
        return {"comma": 1}
    return _strange_character(text, "!#$%&'*+-/=?^_`{|}~.@")


def _strange_character(text: str, allowed: str) -> Details:
    if any(char.isnumeric() and not char.isascii() for char in text):
        return {"digits": 1}
    for place, char in enumerate(text, start=1):
        if char not in allowed:
            import unicodedata

            # Only a space, a control character, a dash or another mark is named: no letter, number or symbol.
            if unicodedata.category(char)[0] in "ZCP" or char == "=":
                return {"char": f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip(), "place": place}
    return {}
