"""One script of a page, parsed for the rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rr_snippet.check.javascript import FUNCTIONS, find_error, parse_script, text_of, unwrap
from rr_snippet.check.kinds import Grammar
from rr_snippet.check.template import Template

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMES: Final = frozenset(
    ("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern", "type_identifier")
)
# A name that occurs more often is not treated as a constant.
_USES_MAX: Final = 50
# Calls that do not change their arguments.
_ONLY_LOOK: Final = re.compile(
    r"(?:console\.\w+|JSON\.stringify|Object\.keys|(?:window\.)?rrApi\.\w+(?:\.call|\.apply)?)"
)


@dataclass(slots=True)
class Program:
    """One script of a page: its text without server-side tags, its tree, and where it starts in the page."""

    text: str
    start: int
    template: Template
    grammar: Grammar = "javascript"
    root: Node = field(init=False)
    error: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.root = parse_script(self.text, self.grammar)
        self.error = find_error(self.root)

    def position(self, node: Node) -> int:
        """Return where `node` starts in the page."""
        return self.start + node.start_byte

    def constant(self, name: Node) -> tuple[Node, frozenset[str]] | None:
        """Return the value of the variable `name`, and which of its keys are set later, `None` if that is not certain.

        It is certain if the script sets the variable once, earlier and in a function around `name`, and passes it to
        nothing that could change it.
        """
        declared: Node | None = None
        changed: set[str] = set()
        for use in self._uses(text_of(name, self.text)):
            parent = use.parent
            if use.type not in _NAMES or parent is None or use.id == name.id:
                continue
            if parent.type == "variable_declarator" and parent.child_by_field_name("name") == use:
                if declared is not None:
                    return None
                declared = parent
            elif (key := self._changed_key(use, parent)) is None:
                return None
            else:
                changed.add(key)
        value = None if declared is None else unwrap(declared.child_by_field_name("value"))
        if declared is None or value is None or declared.end_byte > name.start_byte or not _is_around(declared, name):
            return None
        return value, frozenset(changed - {""})

    def _uses(self, name: str) -> list[Node]:
        uses = []
        start = self.text.find(name)
        while start != -1:
            node = self.root.descendant_for_byte_range(start, start + len(name))
            # In a longer name or a string the node is longer.
            if node is not None and node.end_byte - node.start_byte == len(name):
                uses.append(node)
            if len(uses) > _USES_MAX:
                return []
            start = self.text.find(name, start + len(name))
        return uses

    def _changed_key(self, use: Node, parent: Node) -> str | None:
        """Return the key that a use changes, an empty text if it changes nothing, `None` if it may change anything."""
        if parent.type == "arguments" and parent.parent is not None:
            called = parent.parent.child_by_field_name("function")
            return "" if called is not None and _ONLY_LOOK.fullmatch(text_of(called, self.text)) else None
        if parent.type in ("if_statement", "unary_expression", "parenthesized_expression", "binary_expression"):
            return ""
        if parent.type != "member_expression" or parent.child_by_field_name("object") != use or parent.parent is None:
            return None
        around = parent.parent
        if around.type == "assignment_expression" and around.child_by_field_name("left") == parent:
            key = parent.child_by_field_name("property")
            return None if key is None else text_of(key, self.text)
        is_read = around.type not in ("augmented_assignment_expression", "update_expression", "member_expression")
        is_called = around.type == "call_expression" and around.child_by_field_name("function") == parent
        return "" if is_read and not is_called else None


def _is_around(declared: Node, name: Node) -> bool:
    function = declared.parent
    while function is not None and function.type not in FUNCTIONS and function.parent is not None:
        function = function.parent
    around: Node | None = name
    while around is not None and around != function:
        around = around.parent
    return around is not None
