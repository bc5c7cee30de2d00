"""The pages of `tests/check/pages/`, each with the findings that the checker must report.

A file holds several pages. Each page starts with a line `=== name`. Words after the name set how the page is read: the
name of a file (`cart.js`, `cart.twig`), `rendered`, `cp1251`, `utf-16`, `crlf`. In a page, `«code code»` marks the
findings at the next character, and is removed before the page is checked. A page that starts with `{` is the argument
of the call in the vendor's own block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rr_snippet.check.kinds import kind_of

FOLDER = Path(__file__).parent / "pages"

FRAME = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer(%s);
      } catch (e) {}
  })
</script>
"""

_HEAD = re.compile(r"^=== (.*)\n", re.MULTILINE)
_MARK = re.compile(r"«([^»\n]*)»")


@dataclass(frozen=True)
class Page:
    """One page, and the findings at its marks as (line, column, code)."""

    name: str
    words: frozenset[str]
    text: str
    expected: list[tuple[int, int, str]]

    @property
    def file_name(self) -> str:
        return next((word for word in self.words if "." in word), "page.html")

    @property
    def content(self) -> bytes:
        text = self.text.replace("\n", "\r\n") if "crlf" in self.words else self.text
        encoding = next((word for word in ("cp1251", "utf-16") if word in self.words), "utf-8")
        return text.encode(encoding)


def wrapped(body: str) -> str:
    """Return a page as it is, or an object as the argument of the vendor's block."""
    return FRAME % body.strip() if body.lstrip().startswith(("{", "«")) and "<script" not in body else body


def read_marks(body: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return a page without its marks, and the findings that they mark."""
    text, expected, position = "", [], 0
    for mark in _MARK.finditer(body):
        text += body[position : mark.start()]
        position = mark.end()
        place = (text.count("\n") + 1, len(text) - text.rfind("\n"))
        expected += [(*place, code) for code in mark[1].split()]
    return text + body[position:], sorted(expected)


def read_pages() -> list[Page]:
    """Return every page of every file."""
    pages = []
    for path in sorted(FOLDER.glob("*.txt")):
        _, *parts = _HEAD.split(path.read_text("utf-8"))
        for head, body in zip(parts[::2], parts[1::2], strict=True):
            name, *words = head.split()
            text, expected = read_marks(wrapped(body) if not _is_script(words) else body)
            pages.append(Page(f"{path.stem}-{name}", frozenset(words), text, expected))
    return pages


def _is_script(words: list[str]) -> bool:
    return any((kind := kind_of(word)) is not None and kind.is_script for word in words if "." in word)
