"""Read a JavaScript expression as a value, as far as its text alone determines it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rr_snippet.check.javascript import FUNCTIONS, STRINGS, string_value, text_of, unwrap
from rr_snippet.check.program import Program
from rr_snippet.check.values import Kind, Member, Value

if TYPE_CHECKING:
    from tree_sitter import Node

# The deepest value in the vendor's object is a field of a push subscription. Each step through a variable, a choice or
# a function also counts.
_DEPTH_MAX: Final = 12
_WORD_MAX_CHARS: Final = 64

_WORDS: Final[dict[str, tuple[Kind, bool | str | None]]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
    "undefined": ("null", "undefined"),
}
_PYTHON_WORDS: Final = {"True": "true", "False": "false", "None": "null"}
# The type that a function or a method returns for any argument.
_RETURNED: Final[dict[str, Kind]] = {
    **dict.fromkeys(("String", "encodeURIComponent", "encodeURI", "btoa", "JSON.stringify"), "string"),
    **dict.fromkeys(("parseInt", "parseFloat", "Number", "Number.parseInt", "Number.parseFloat", "Date.now"), "number"),
    **dict.fromkeys(("Math.round", "Math.floor", "Math.ceil", "Math.trunc", "Math.abs", "Math.random"), "number"),
    **dict.fromkeys(("Boolean", "Array.isArray", "isNaN"), "boolean"),
}
_RETURNED_BY_METHOD: Final[dict[str, Kind]] = {
    **dict.fromkeys(("toString", "toFixed", "toLowerCase", "toUpperCase", "trim", "toISOString", "padStart"), "string"),
}
_OPERATORS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"), "number"),
    **dict.fromkeys(("==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof"), "boolean"),
}


class Reader:
    """Reads the values of one script."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._text = program.text

    def read(self, node: Node, depth: int = 0) -> Value:
        """Return the value that `node` stands for."""
        node = unwrap(node) or node
        start, stop = self._program.position(node), self._program.start + node.end_byte
        unknown = Value("unknown", start, stop)
        touching = [tag for tag in self._program.template.tags_within(start, stop) if tag.does != "comment"]
        tags = tuple(tag for tag in touching if tag.does == "value")
        if depth > _DEPTH_MAX:
            return unknown
        if node.type in STRINGS:
            return Value("string", start, stop, None if touching else string_value(node, self._text), tags)
        if node.type == "object":
            return Value("object", start, stop, members=self._members(node, depth))
        if node.type == "array":
            return Value("array", start, stop, items=tuple(self.read(child, depth + 1) for child in _parts(node)))
        if touching:
            return Value("unknown", start, stop, tags=tags)
        if node.type in FUNCTIONS:
            return Value("function", start, stop)
        if node.type in _READ:
            return _READ[node.type](self, node, unknown, depth)
        return unknown

    def _members(self, node: Node, depth: int) -> tuple[Member, ...]:
        return tuple(self._member(child, depth) for child in _parts(node))

    def _member(self, node: Node, depth: int) -> Member:
        start, stop = self._program.position(node), self._program.start + node.end_byte
        unknown = Value("unknown", start, stop)
        if node.type == "shorthand_property_identifier":
            return Member(self._label(node), self._name(node, unknown, depth + 1))
        if node.type == "spread_element" and (inner := node.named_child(0)) is not None:
            value = self._spread(unwrap(inner) or inner, unknown, depth)
            return Member(unknown, value if value.tags or not value.is_opaque else unknown, is_spread=True)
        key, given = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is None or given is None:
            return Member(unknown, unknown)
        return Member(self._label(key), self.read(given, depth + 1))

    def _spread(self, node: Node, unknown: Value, depth: int) -> Value:
        """Return the value that is spread. For `known && {…}` it is the object or nothing."""
        operator, right = node.child_by_field_name("operator"), node.child_by_field_name("right")
        if node.type != "binary_expression" or operator is None or operator.type != "&&" or right is None:
            return self.read(node, depth + 1)
        nothing = Value("null", unknown.start, unknown.stop)
        return _choice((self.read(right, depth + 1), nothing), unknown)

    def _label(self, node: Node) -> Value:
        start, stop = self._program.position(node), self._program.start + node.end_byte
        inner = unwrap(node.named_child(0)) if node.type == "computed_property_name" else node
        if inner is not None and inner.type in STRINGS:
            label = self.read(inner)
            is_plain = label.plain is not None or label.tags
            return label if is_plain else Value("unknown", start, stop)
        if inner is not node or self._program.template.tags_within(start, stop):
            return Value("unknown", start, stop)
        # As a key, a bare name is no variable.
        return Value("string", start, stop, text_of(node, self._text))

    def _number(self, node: Node, unknown: Value, _depth: int) -> Value:
        word = text_of(node, self._text)
        try:
            plain = float(word.replace("_", ""))
        except ValueError:  # hexadecimal, or one too large
            plain = None
        return Value("number", unknown.start, unknown.stop, plain)

    def _word(self, node: Node, unknown: Value, _depth: int) -> Value:
        kind, plain = _WORDS[node.type]
        return Value(kind, unknown.start, unknown.stop, plain)

    def _name(self, node: Node, unknown: Value, depth: int) -> Value:
        """Return the value of a variable, if it is certain."""
        word = self._text[node.start_byte : min(node.end_byte, node.start_byte + _WORD_MAX_CHARS)]
        if word in _PYTHON_WORDS:
            return Value("python", unknown.start, unknown.stop, _PYTHON_WORDS[word])
        constant = self._program.constant(node)
        if constant is None:
            return unknown
        set_to, changed = constant
        value = self.read(set_to, depth + 1)
        if value.is_opaque or value.kind == "choice":
            return unknown
        if not changed:
            return value
        kept = tuple(member for member in value.members if member.key not in changed)
        return Value(value.kind, value.start, value.stop, members=(*kept, Member(unknown, unknown)))

    def _unary(self, node: Node, unknown: Value, _depth: int) -> Value:
        """Return a number with a sign, or what minified code writes for a boolean or for undefined."""
        start, stop = unknown.start, unknown.stop
        word = "".join(self._text[node.start_byte : min(node.end_byte, node.start_byte + _WORD_MAX_CHARS)].split())
        if word in ("!0", "!1"):
            return Value("boolean", start, stop, word == "!0")
        if word[0] == "!":
            return Value("boolean", start, stop)
        if word == "void0":
            return Value("null", start, stop, "undefined")
        if word[0] in "+-~":
            digits = word[1:].replace(".", "", 1)
            is_plain = word[0] == "-" and digits.isascii() and digits.isdigit()  # `²` is a digit to Python alone
            return Value("number", start, stop, float(word) if is_plain else None)
        return Value("string", start, stop) if word.startswith("typeof") else unknown

    def _binary(self, node: Node, unknown: Value, depth: int) -> Value:
        left, operator, right = (node.child_by_field_name(name) or node for name in ("left", "operator", "right"))
        if operator.type in ("||", "??", "&&"):
            return _choice((self.read(left, depth + 1), self.read(right, depth + 1)), unknown)
        if operator.type == "+":
            # The tree of a long sum is deep on its left side, and the last part may be enough.
            kinds = {self.read(right, depth + 1).kind}
            if "string" not in kinds:
                kinds.add(self.read(left, depth + 1).kind)
            kind: Kind = "string" if "string" in kinds else "number" if kinds == {"number"} else "unknown"
            return Value(kind, unknown.start, unknown.stop)
        return Value(_OPERATORS.get(operator.type, "unknown"), unknown.start, unknown.stop)

    def _ternary(self, node: Node, unknown: Value, depth: int) -> Value:
        arms = (node.child_by_field_name(name) for name in ("consequence", "alternative"))
        return _choice(tuple(self.read(arm, depth + 1) for arm in arms if arm is not None), unknown)

    def _call(self, node: Node, unknown: Value, depth: int) -> Value:
        callee, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is None or given is None or given.type != "arguments":
            return unknown
        word = self._text[callee.start_byte : min(callee.end_byte, callee.start_byte + _WORD_MAX_CHARS)]
        arguments = _parts(given)
        if word == "JSON.parse" and arguments and (text := self.read(arguments[0])).plain is not None:
            return _parsed(text, unknown)
        if word == "Object.assign":
            members = [Member(unknown, self.read(part, depth + 1), is_spread=True) for part in arguments]
            return Value("object", unknown.start, unknown.stop, members=tuple(members))
        if word == "Object.freeze" and arguments:
            return self.read(arguments[0], depth + 1)
        name = callee.child_by_field_name("property")
        method = "" if name is None else text_of(name, self._text)
        if method == "map" and arguments and arguments[0].type == "arrow_function":
            body = arguments[0].child_by_field_name("body")
            item = None if body is None else self.read(body, depth + 1)
            is_shape = item is not None and item.kind == "object"
            return Value("array", unknown.start, unknown.stop, items=(item,) if is_shape and item else ())
        kind = _RETURNED.get(word) or _RETURNED_BY_METHOD.get(method, "unknown")
        return Value(kind, unknown.start, unknown.stop)


_READ: Final = {
    "number": Reader._number,
    "true": Reader._word,
    "false": Reader._word,
    "null": Reader._word,
    "undefined": Reader._word,
    "identifier": Reader._name,
    "unary_expression": Reader._unary,
    "binary_expression": Reader._binary,
    "ternary_expression": Reader._ternary,
    "call_expression": Reader._call,
}


def _parts(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment" and not child.is_error]


def _choice(arms: tuple[Value, ...], unknown: Value) -> Value:
    # An undefined value is not sent.
    arms = tuple(
        inner
        for arm in arms
        if not (arm.kind == "null" and arm.plain == "undefined")
        for inner in (arm.items if arm.kind == "choice" else (arm,))
    )
    if all(arm.is_opaque for arm in arms):
        return unknown
    return Value("choice", unknown.start, unknown.stop, items=arms)


def _parsed(text: Value, unknown: Value) -> Value:
    """Return the value of a JSON text in the script. All parts of it have the place of the text."""
    try:
        # In JavaScript every number is a double.
        data = json.loads(str(text.plain), object_pairs_hook=_Pairs, parse_int=float)
    except (ValueError, RecursionError):
        return unknown
    return _of_json(data, text)


class _Pairs(list[tuple[str, Any]]):
    """The members of an object of JSON, repeated keys included."""


def _of_json(data: Any, place: Value) -> Value:
    start, stop = place.start, place.stop
    if isinstance(data, _Pairs):
        members = (Member(Value("string", start, stop, key), _of_json(value, place)) for key, value in data)
        return Value("object", start, stop, members=tuple(members))
    if isinstance(data, list):
        return Value("array", start, stop, items=tuple(_of_json(item, place) for item in data))
    if isinstance(data, (str, bool)):
        return Value("string" if isinstance(data, str) else "boolean", start, stop, data)
    return Value("null" if data is None else "number", start, stop, data)
