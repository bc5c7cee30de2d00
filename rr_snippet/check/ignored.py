"""The comments in a page that tell the checker what to ignore."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rr_snippet.check.finding import Finding
from rr_snippet.check.positions import Lines
from rr_snippet.check.rulebook import CODES, is_chosen
from rr_snippet.html.scan import Script

# The comment may be one of HTML, JavaScript, a template or a server's code.
_COMMENT: Final = re.compile(
    r"(?P<html><!--)?(?:(?<=<!--)|//|/\*|\{#|\{\*|\{\{--|<%#|<%--|\{%\s*comment\s*%\}|#|\*)\s*rr-snippet:\s*ignore\b"
    r"(?P<codes>[ \t]++[a-z_]+(?:\.[a-z_]+)?(?:[ \t]*,[ \t]*[a-z_]+(?:\.[a-z_]+)?)*+)?"
)
# What may precede a comment on a line of its own: blanks, and the start of PHP.
_NOTHING: Final = re.compile(r"[ \t]*(?:<\?(?:php)?[ \t]*)?")
_SUBJECTS: Final = frozenset(code.partition(".")[0] for code in CODES)
_BLANK: Final = re.compile(r"\s*+")


@dataclass(slots=True)
class _Comment:
    """One comment: its offset, the lines it covers, and which of its codes have matched something."""

    start: int
    first: int
    last: int
    codes: frozenset[str]
    used: set[str] = field(default_factory=set)


class Ignored:
    """What comments in a page tell the checker to ignore.

    A comment covers its own line. On a line of its own it covers the next line too. An HTML comment right before a
    script covers the whole script.
    """

    def __init__(self, text: str, lines: Lines, scripts: Sequence[Script]) -> None:
        self._by_line: dict[int, list[_Comment]] = {}
        self._comments: list[_Comment] = []
        if "rr-snippet:" in text:
            self._read(text, lines, {script.start: script for script in scripts})

    def _read(self, text: str, lines: Lines, scripts: Mapping[int, Script]) -> None:
        for match in _COMMENT.finditer(text):
            codes = frozenset(code.strip() for code in (match["codes"] or "").split(",")) - {""}
            first = last = lines.locate(match.start())[0]
            if _NOTHING.fullmatch(text, lines.span_of(first)[0], match.start()):
                last += 1
            if match["html"] and (closed := text.find("-->", match.end())) != -1:
                blank = _BLANK.match(text, closed + 3)
                script = scripts.get(blank.end() if blank else closed)
                if script is not None:
                    last = lines.locate(script.stop)[0]
            comment = _Comment(match.start(), first, last, codes)
            self._comments.append(comment)
            for line in range(first, last + 1):
                self._by_line.setdefault(line, []).append(comment)

    def covers(self, line: int, code: str) -> bool:
        """Return whether a finding with `code` on `line` is ignored."""
        is_covered = False
        for comment in self._by_line.get(line, ()):
            chosen = {known for known in comment.codes if is_chosen(code, (known,))}
            comment.used |= chosen
            is_covered = is_covered or bool(chosen)
        return is_covered

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the comments themselves. `covers` must have been asked about all other findings."""
        for comment in self._comments:
            if not comment.codes or not comment.codes <= CODES | _SUBJECTS:
                yield Finding.of(comment.start, "ignore.unknown")
            elif comment.used != comment.codes:
                yield Finding.of(comment.start, "ignore.unused")
