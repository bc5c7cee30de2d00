"""Find the line of a JSON text for the path of a problem."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from rr_snippet.sources.names import FIELD_SPELLINGS

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++')
_STEP: Final = re.compile(r"\[([0-9]+)\]|([A-Za-z]+)")


@dataclass(slots=True)
class _Place:
    start: int
    entries: list[tuple[str, _Place]] = field(default_factory=list)


class JsonPlaces:
    """The places of a valid JSON text."""

    def __init__(self, text: str) -> None:
        tokens = _TOKEN.finditer(text)
        self._root = _read(next(tokens), tokens)
        self._ends = list(accumulate(len(line) + 1 for line in text.split("\n")))

    def line(self, path: str) -> int:
        """Return the line, from 1, of `path`, or of the deepest part of it that exists."""
        place = self._root
        for number, name in _STEP.findall(path):
            named = [inner for key, inner in place.entries if name and FIELD_SPELLINGS.get(key, key) == name]
            inner = place.entries[int(number)][1] if number and int(number) < len(place.entries) else None
            inner = named[-1] if named else inner
            if inner is None:
                break
            place = inner
        return bisect_right(self._ends, place.start) + 1


def _read(token: re.Match[str], tokens: Iterator[re.Match[str]]) -> _Place:
    """Return the value that begins with `token`. An entry of an object starts at its key."""
    place = _Place(token.start())
    if token[0] not in ("{", "["):
        return place
    while (entry := next(tokens))[0] not in ("}", "]"):
        if token[0] == "[" and entry[0] != ",":
            place.entries.append(("", _read(entry, tokens)))
        elif entry[0] != ",":
            next(tokens)  # the colon
            inner = _read(next(tokens), tokens)
            place.entries.append((entry[0][1:-1], _Place(entry.start(), inner.entries)))
    return place
