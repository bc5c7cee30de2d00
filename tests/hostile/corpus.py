"""Reads the hostile strings beside this file, one technique a file.

A line is a string as JSON, an optional ` * N` (the string N times over), ` — ` and the reason why it is there. JSON lets
a line hold any character, half a surrogate pair too. A line that begins with `#` says what the file is about.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_REST: Final = re.compile(r"(?: \* ([1-9][0-9]*))? — (\S.*)")
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True)
class Hostile:
    """One string, the technique it belongs to (the file's name) and why it is there."""

    text: str
    technique: str
    why: str

    @property
    def has_surrogate(self) -> bool:
        """Tell whether half of a surrogate pair is in it, which is refused wherever it stands."""
        return any("\ud800" <= character <= "\udfff" for character in self.text)


def read_line(line: str, technique: str) -> Hostile:
    """Return the string of one line.

    Raises:
        ValueError: no JSON string, or no reason behind it.
    """
    text, end = _DECODER.raw_decode(line)
    match = _REST.fullmatch(line, end)
    if not isinstance(text, str) or match is None:
        raise ValueError(f"{technique}: a string as JSON and its reason expected")
    return Hostile(text * int(match[1] or 1), technique, match[2])


def read_corpus() -> list[Hostile]:
    """Return the strings of all files."""
    return [
        read_line(line, path.stem)
        for path in sorted(Path(__file__).parent.glob("*.txt"))
        # Not splitlines(): it would also break a line at characters that JSON leaves raw.
        for line in path.read_text("utf-8").removesuffix("\n").split("\n")
        if not line.startswith("#")
    ]
