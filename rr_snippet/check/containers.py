"""The pages in an export of Google Tag Manager: its custom HTML tags, which are strings of JSON."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

# "key": "html", "value": "…". Only custom HTML tags have values under this key.
_KEY: Final = re.compile(r'"key"\s*+:\s*+"html"\s*+,\s*+"value"\s*+:\s*+"')
_MARK: Final = '"containerVersion"'
_ESCAPE: Final = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_STRING: Final = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_SINGLE: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class CustomTag(NamedTuple):
    """One custom HTML tag: its text, and for some offsets in the text their places in the container."""

    text: str
    offsets: list[int]
    places: list[int]

    def place(self, offset: int) -> int:
        """Return the place in the container of the character at `offset` of the text."""
        index = bisect_right(self.offsets, offset) - 1
        return self.places[index] + offset - self.offsets[index]


def is_container(content: bytes) -> bool:
    """Return whether a file of JSON is an export of a container."""
    return _MARK.encode() in content


def read_container(text: str) -> Iterator[CustomTag]:
    """Yield the custom HTML tags of a container. Any other JSON has none."""
    if _MARK not in text:
        return
    for key in _KEY.finditer(text):
        string = _STRING.match(text, key.end())
        yield _decoded(string[0] if string else "", key.end())


def _decoded(raw: str, start: int) -> CustomTag:
    pieces: list[str] = []
    offsets, places = [0], [start]
    length = position = 0
    for escape in _ESCAPE.finditer(raw):
        character = chr(int(escape[1], 16)) if escape[1] else _SINGLE.get(escape[2], escape[2])
        pieces += (raw[position : escape.start()], character)
        length += escape.start() - position
        offsets += (length, length + 1)
        places += (start + escape.start(), start + escape.end())
        length += 1
        position = escape.end()
    pieces.append(raw[position:])
    return CustomTag("".join(pieces), offsets, places)
