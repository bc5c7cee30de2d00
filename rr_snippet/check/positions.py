"""Lines and columns of a page, and the length of the word at an offset."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_STRETCH: Final = re.compile(
    r"\{\{[^\n]*?\}\}|<\?[^\n]*?\?>|<%[^\n]*?%>|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|<?/?[\w$]+(?:\.[\w$]+)*+|[^\n]"
)


class Lines:
    """Finds the line and the column of an offset. Both count from 1, the column in characters."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        self._stops: list[int] = []
        for match in _LINE_END.finditer(text):
            self._stops.append(match.start())
            self._starts.append(match.end())
        self._stops.append(len(text))

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span_of(self, line: int) -> tuple[int, int]:
        """Return where `line` starts and stops, without its line end."""
        return self._starts[line - 1], self._stops[line - 1]

    def stretch(self, offset: int) -> int:
        """Return the length of the word, the quoted text or the tag that starts at `offset`, within its line."""
        found = _STRETCH.match(self._text, offset)
        return 1 if found is None else min(found.end(), self._stops[self.locate(offset)[0] - 1]) - offset or 1
