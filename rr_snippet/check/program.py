"""One script of a page as the rules get it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rr_snippet.check.javascript import find_error, parse_script
from rr_snippet.check.template_tags import Template

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(slots=True)
class Program:
    """One script of a page: its text without server-side tags, its tree, and where it starts in the page."""

    text: str
    start: int
    template: Template
    root: Node = field(init=False)
    error: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.root = parse_script(self.text)
        self.error = find_error(self.root)

    def position(self, node: Node) -> int:
        """Return where `node` starts in the page."""
        return self.start + node.start_byte
