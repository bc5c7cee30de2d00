"""Read the corpus of hard pages beside this file.

A case is a line `=== name | reason | flags`, then the page. A caret (U+2038), set by hand, marks the right place for a
block. A last line `--> code` means that the page is refused instead. The line end before the next case belongs to no
page. Flags: `charset=NAME` (the page exists only in that charset), `bom` (with a byte order mark), `escape` (`\\x..`,
`\\u....`, `\\t`, `\\f` and `\\0` stand for characters).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CARET: Final = "\u2038"
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([tf0]))")
_PLAIN: Final = {"t": "\t", "f": "\f", "0": "\0"}


@dataclass(frozen=True)
class Case:
    """One page: its text before and after the place, or the code of the refusal."""

    name: str
    why: str
    before: str
    behind: str = ""
    code: str | None = None
    charset: str | None = None
    has_bom: bool = False

    @property
    def rule(self) -> str:
        """The rule that finds the marked place."""
        tag = self.behind[:6].lower()
        return {"</body": "body", "</html": "html"}.get(tag, "end")

    def encode(self, text: str, charset: str) -> bytes:
        """Return `text` encoded in `charset`, with lone surrogates as they are."""
        return text.encode(charset, "surrogatepass" if charset.startswith("utf") else "strict")


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _PLAIN[m[3]], text)


def _read_case(header: str, page: str) -> Case:
    name, why, *flags = (part.strip() for part in header.split(" | "))
    words = " ".join(flags).split()
    charset = next((word.removeprefix("charset=") for word in words if word.startswith("charset=")), None)
    text, arrow, code = page.rpartition("--> page.")
    if not arrow:
        text, code = page, ""
    text = text.removesuffix("\n") if arrow else text
    if "escape" in words:
        text = _unescape(text)
    before, caret, behind = text.partition(CARET)
    if bool(caret) == bool(code) or CARET in behind:
        raise ValueError(f"{name}: one caret or one code expected")
    return Case(name, why, before, behind, f"page.{code}" if code else None, charset, "bom" in words)


def read_corpus() -> list[Case]:
    """Return all cases of all files."""
    cases = []
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        _, *parts = re.split(r"^=== (.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)
        cases += [
            _read_case(header, page.removesuffix("\n")) for header, page in zip(parts[::2], parts[1::2], strict=True)
        ]
    return cases
