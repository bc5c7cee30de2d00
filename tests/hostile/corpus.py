"""Read the hostile strings beside this file, one file for each technique.

A line is a string as JSON, an optional ` * N` (the string N times), ` — ` and its reason. In JSON a line can hold any
character, lone surrogates included. A line that begins with `#` describes the file.
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
    """One string, its technique (the file's name) and its reason."""

    text: str
    technique: str
    why: str

    @property
    def has_surrogate(self) -> bool:
        """Whether the string has a lone surrogate, which is refused everywhere."""
        return any("\ud800" <= character <= "\udfff" for character in self.text)


def read_line(line: str, technique: str) -> Hostile:
    """Return the string of one line.

    Raises:
        ValueError: no JSON string, or no reason after it.
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
