"""Lines and columns of a page, and the comments in it that speak to the checker."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from rr_snippet.check.hits import Hit, hit
from rr_snippet.check.rules import CODES, is_chosen
from rr_snippet.html_scan import Script

# Behind whatever starts a comment in HTML, JavaScript, a template or the code of a server.
_COMMENT: Final = re.compile(
    r"(?P<html><!--)?(?:(?<=<!--)|//|/\*|\{#|<%#|<%--|\{%\s*comment\s*%\}|#|\*)\s*rr-snippet:\s*ignore\s+"
    r"(?P<codes>[a-z_]+(?:\.[a-z_]+)?(?:[ \t]*,[ \t]*[a-z_]+(?:\.[a-z_]+)?)*+)"
)
# What may stand before a comment that has a line of its own: the start of a server's code.
_NOTHING: Final = re.compile(r"[ \t]*(?:<\?(?:php)?[ \t]*)?")
_SUBJECTS: Final = frozenset(code.partition(".")[0] for code in CODES)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Lines:
    """Finds the line and the column of an offset; both count from 1, the column in characters."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start_of(self, line: int) -> int:
        """Return where `line` starts; behind the last one, where that starts."""
        return self._starts[min(line, len(self._starts)) - 1]


class Ignored:
    """What comments in a page tell the checker to pass over.

    A comment speaks of its own line. If it stands on a line by itself, it speaks of the next one too; a comment of HTML
    right before a script speaks of the whole script.
    """

    def __init__(self, text: str, lines: Lines, scripts: Sequence[Script]) -> None:
        self.unknown: list[Hit] = []
        self._spans = list(self._read(text, lines, scripts)) if "rr-snippet:" in text else []

    def _read(self, text: str, lines: Lines, scripts: Sequence[Script]) -> Iterator[tuple[int, int, frozenset[str]]]:
        for match in _COMMENT.finditer(text):
            codes = frozenset(code.strip() for code in match["codes"].split(","))
            if not codes <= CODES | _SUBJECTS:
                self.unknown.append(hit(match.start("codes"), "ignore.unknown"))
            line, _ = lines.locate(match.start())
            is_alone = _NOTHING.fullmatch(text, lines.start_of(line), match.start()) is not None
            yield line, line + is_alone, codes
            if match["html"]:
                closed = text.find("-->", match.end())
                after = next((script for script in scripts if script.start > closed > -1), None)
                if after is not None and not text[closed + 3 : after.start].strip():
                    yield lines.locate(after.start)[0], lines.locate(after.stop)[0], codes

    def covers(self, line: int, code: str) -> bool:
        """Tell whether what `code` says of `line` is to be passed over."""
        return any(first <= line <= last and is_chosen(code, codes) for first, last, codes in self._spans)
