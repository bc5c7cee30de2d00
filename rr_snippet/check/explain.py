"""What `docs/reference/check-rules.md` says about each rule, for long reports."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_SECTION: Final = re.compile(r"^### `([a-z_.]+)` \(\w+\)\n\n", re.MULTILINE)
_NEXT_PART: Final = re.compile(r"^#{1,3} ", re.MULTILINE)


@cache
def rule_sections() -> dict[str, str]:
    """Return the text of each rule by its code, as Markdown without its heading.

    A wheel has the file inside the package in `_docs`. In a checkout it is in `docs` beside the package.
    """
    package = files("rr_snippet")
    folder = package / "_docs"
    if not folder.is_dir():
        folder = package / ".." / "docs" / "reference"
    text = (folder / "check-rules.md").read_text(encoding="utf-8")
    sections = {}
    for heading in _SECTION.finditer(text):
        following = _NEXT_PART.search(text, heading.end())
        sections[heading[1]] = text[heading.end() : following.start() if following else len(text)].strip()
    return sections


def rule_anchor(code: str, severity: str) -> str:
    """Return the name of a rule's heading in the file, as GitHub makes it."""
    return f"{code.replace('.', '')}-{severity}"
