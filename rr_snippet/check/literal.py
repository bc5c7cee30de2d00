"""An object literal as a tree of values that know where they stand.

What is no literal (a variable, a call, a spread) is a value of kind `unknown`, and so is what a template prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from rr_snippet.check.javascript import STRINGS, string_value, text_of, unwrap
from rr_snippet.check.program import Program
from rr_snippet.check.template_tags import Tag

if TYPE_CHECKING:
    from tree_sitter import Node

Kind = Literal["string", "number", "boolean", "null", "object", "array", "python", "unknown"]

# The deepest value of the vendor's object is a field of a push subscription.
_DEPTH_MAX: Final = 8
_WORD_MAX_CHARS: Final = 64

_WORDS: Final[dict[str, tuple[Kind, bool | None]]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
    "undefined": ("null", None),
}
_PYTHON_WORDS: Final = {"True": "true", "False": "false", "None": "null"}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a literal, from `start` up to `stop` in the page.

    `plain` is that of a string or a boolean, and the JavaScript word meant by one of Python's. It is `None` for a
    string that a template prints into: `tags` are the expressions that do.
    """

    kind: Kind
    start: int
    stop: int
    plain: str | bool | None = None
    tags: tuple[Tag, ...] = ()
    members: tuple[Member, ...] = ()
    items: tuple[Value, ...] = ()

    @property
    def is_opaque(self) -> bool:
        """Tell whether nothing is known of what it will be."""
        return self.kind in ("unknown", "python")

    @property
    def is_open(self) -> bool:
        """Tell whether an object may have keys that are not seen."""
        return any(member.key is None for member in self.members)

    def member(self, name: str) -> Member | None:
        """Return the last member of an object with this key."""
        return next((member for member in reversed(self.members) if member.key == name), None)

    def leaves(self) -> Iterator[Value]:
        """Yield the value itself, or those in it that hold no others."""
        children = [member.value for member in self.members] or list(self.items)
        if not children:
            yield self
        for child in children:
            yield from child.leaves()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object; what stands before the colon is a value too, an unknown one where it is computed."""

    label: Value
    value: Value

    @property
    def key(self) -> str | None:
        """The key, `None` where it is computed, printed by a template, or a spread of others."""
        return self.label.plain if isinstance(self.label.plain, str) else None

    @property
    def start(self) -> int:
        """Where the member starts in the page."""
        return self.label.start


def read_value(node: Node, program: Program, depth: int = 0) -> Value:
    """Return the value that `node` stands for."""
    node = unwrap(node) or node
    start, stop = program.position(node), program.start + node.end_byte
    touching = [tag for tag in program.template.tags_within(start, stop) if tag.kind != "comment"]
    tags = tuple(tag for tag in touching if tag.kind == "expression")
    if node.type in STRINGS:
        text = None if touching else string_value(node, program.text)
        is_string = node.type == "string" or text is not None or bool(touching)
        return Value("string" if is_string else "unknown", start, stop, text, tags)
    if node.type in ("object", "array") and depth < _DEPTH_MAX:
        children = [child for child in node.named_children if child.type != "comment" and not child.is_error]
        if node.type == "object":
            members = tuple(_read_member(child, program, depth) for child in children)
            return Value("object", start, stop, members=members)
        return Value("array", start, stop, items=tuple(read_value(child, program, depth + 1) for child in children))
    # Of anything long, a call with calls in it for instance, nothing has to be read.
    word = program.text[node.start_byte : min(node.end_byte, node.start_byte + _WORD_MAX_CHARS)]
    if touching:
        return Value("unknown", start, stop, tags=tags)
    if node.type == "number":
        return Value("number", start, stop)
    if word in _WORDS:
        kind, plain = _WORDS[word]
        return Value(kind, start, stop, plain)
    if word in _PYTHON_WORDS:
        return Value("python", start, stop, _PYTHON_WORDS[word])
    if node.type == "unary_expression":
        return _read_unary("".join(word.split()), start, stop)
    return Value("unknown", start, stop)


def _read_unary(word: str, start: int, stop: int) -> Value:
    """Return what minified code writes for a boolean or for undefined, and numbers with a sign."""
    if word in ("!0", "!1"):
        return Value("boolean", start, stop, word == "!0")
    if word == "void0":
        return Value("null", start, stop)
    is_number = word[1:].replace(".", "").isdigit() and word[0] in "+-"
    return Value("number" if is_number else "unknown", start, stop)


def _read_member(node: Node, program: Program, depth: int) -> Member:
    start, stop = program.position(node), program.start + node.end_byte
    unknown = Value("unknown", start, stop)
    if node.type == "shorthand_property_identifier":
        return Member(_read_label(node, program), unknown)
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None:
        return Member(unknown, unknown)
    return Member(_read_label(key, program), read_value(value, program, depth + 1))


def _read_label(node: Node, program: Program) -> Value:
    start, stop = program.position(node), program.start + node.end_byte
    inner = unwrap(node.named_child(0)) if node.type == "computed_property_name" else node
    if inner is not None and inner.type in STRINGS:
        label = read_value(inner, program)
        return label if label.kind == "string" else Value("unknown", start, stop)
    if inner is not node or program.template.tags_within(start, stop):
        return Value("unknown", start, stop)
    # A name as it stands, which is no variable here.
    return Value("string", start, stop, text_of(node, program.text))
