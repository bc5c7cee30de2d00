"""Lines and columns of a page, and the comments in it that tell the checker what to ignore."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final

from rr_snippet.check.finding import Finding
from rr_snippet.check.rulebook import CODES, is_chosen
from rr_snippet.html.scan import Script

# Behind whatever starts a comment in HTML, JavaScript, a template or the code of a server.
_COMMENT: Final = re.compile(
    r"(?P<html><!--)?(?:(?<=<!--)|//|/\*|\{#|<%#|<%--|\{%\s*comment\s*%\}|#|\*)\s*rr-snippet:\s*ignore\s+"
    r"(?P<codes>[a-z_]+(?:\.[a-z_]+)?(?:[ \t]*,[ \t]*[a-z_]+(?:\.[a-z_]+)?)*+)"
)
# What may stand before a comment that has a line of its own: the start of a server's code.
_NOTHING: Final = re.compile(r"[ \t]*(?:<\?(?:php)?[ \t]*)?")
_SUBJECTS: Final = frozenset(code.partition(".")[0] for code in CODES)
_BLANK: Final = re.compile(r"\s*+")
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
        """Return where `line` starts."""
        return self._starts[line - 1]


class Ignored:
    """What comments in a page tell the checker to pass over.

    A comment speaks of its own line. If it stands on a line by itself, it speaks of the next one too; a comment of HTML
    right before a script speaks of the whole script.
    """

    def __init__(self, text: str, lines: Lines, scripts: Sequence[Script]) -> None:
        self.unknown: list[Finding] = []
        self._codes: dict[int, set[str]] = {}
        if "rr-snippet:" in text:
            self._read(text, lines, {script.start: script for script in scripts})

    def _read(self, text: str, lines: Lines, scripts: Mapping[int, Script]) -> None:
        for match in _COMMENT.finditer(text):
            codes = {code.strip() for code in match["codes"].split(",")}
            if not codes <= CODES | _SUBJECTS:
                self.unknown.append(Finding.of(match.start("codes"), "ignore.unknown"))
            first = last = lines.locate(match.start())[0]
            if _NOTHING.fullmatch(text, lines.start_of(first), match.start()):
                last += 1
            if match["html"] and (closed := text.find("-->", match.end())) != -1:
                blank = _BLANK.match(text, closed + 3)
                script = scripts.get(blank.end() if blank else closed)
                if script is not None:
                    last = lines.locate(script.stop)[0]
            for line in range(first, last + 1):
                self._codes.setdefault(line, set()).update(codes)

    def covers(self, line: int, code: str) -> bool:
        """Tell whether what `code` says of `line` is to be passed over."""
        return is_chosen(code, self._codes.get(line, ()))
