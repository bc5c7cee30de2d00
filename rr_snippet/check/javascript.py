"""JavaScript as tree-sitter reads it, and what the rules ask about its nodes.

tree-sitter belongs to the extra `check` and is loaded for the first script.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, get_args

from rr_snippet.check.kinds import Grammar
from rr_snippet.errors import requires

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

FUNCTIONS: Final = frozenset(
    ("function_expression", "arrow_function", "function_declaration", "method_definition", "generator_function",
     "generator_function_declaration")
)  # fmt: skip
# `value as Type`, `value satisfies Type`, `value!`.
_TYPED: Final = frozenset(("as_expression", "satisfies_expression", "non_null_expression"))
STRINGS: Final = frozenset(("string", "template_string"))

# One byte replaces each character, so that offsets in the tree are offsets in the text. White space stays white space,
# any other character becomes a letter, as in a name. The contents of strings are read from the text itself.
_NOT_PLAIN: Final = re.compile(r"[^\t\n\r -~]")

_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,8})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_SINGLE_ESCAPES: Final = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0",
    "\n": "", "\r": "", "\r\n": "", "\u2028": "", "\u2029": "",
}  # fmt: skip


@cache
def _parser(grammar: Grammar) -> Parser:
    """Return the parser of a language.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    with requires("tree-sitter", "check", "tree_sitter"):
        import tree_sitter
    if grammar == "javascript":
        with requires("tree-sitter-javascript", "check", "tree_sitter_javascript"):
            import tree_sitter_javascript
        return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    with requires("tree-sitter-typescript", "check", "tree_sitter_typescript"):
        import tree_sitter_typescript
    language = getattr(tree_sitter_typescript, f"language_{grammar}")
    return tree_sitter.Parser(tree_sitter.Language(language()))


def load_parsers() -> None:
    """Load the parsers, so that a missing package is reported before any page is read.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    for grammar in get_args(Grammar):
        _parser(grammar)


def parse_script(text: str, grammar: Grammar = "javascript") -> Node:
    """Return the root of the tree of `text`. Its offsets count characters."""
    plain = _NOT_PLAIN.sub(lambda match: " " if match[0].isspace() or match[0] == "\ufeff" else "z", text)
    return _parser(grammar).parse(plain.encode("ascii")).root_node


def text_of(node: Node, text: str) -> str:
    """Return the part of the script's `text` that `node` stands for."""
    return text[node.start_byte : node.end_byte]


def unwrap(node: Node | None) -> Node | None:
    """Return `node` without any parentheses around it and without TypeScript's type of it."""
    while node is not None and node.named_child_count:
        if (node.type == "parenthesized_expression" and node.named_child_count == 1) or node.type in _TYPED:
            node = node.named_child(0)
        else:
            break
    return node


def string_value(node: Node, text: str) -> str | None:
    """Return the value of a string or of a template string without substitutions, `None` for any other node."""
    if node.type not in STRINGS or any(child.type == "template_substitution" for child in node.children):
        return None
    body = text[node.start_byte + 1 : node.end_byte - 1]
    return join_surrogates(_ESCAPE.sub(_unescaped, body)) if "\\" in body else body


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return _SINGLE_ESCAPES.get(match[4], match[4])
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def join_surrogates(text: str) -> str:
    """Return `text` with each pair of surrogates as one character, and lone surrogates as they are."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def tail_name(node: Node | None, text: str) -> str | None:
    """Return the last name of `name`, `object.name` or `object["name"]`, `None` for anything else."""
    node = unwrap(node)
    if node is None:
        return None
    if node.type == "identifier":
        return text_of(node, text)
    if node.type == "member_expression":
        name = node.child_by_field_name("property")
        return None if name is None else text_of(name, text)
    if node.type == "subscript_expression":
        index = node.child_by_field_name("index")
        return None if index is None else string_value(index, text)
    return None


def tail_object(node: Node | None) -> Node | None:
    """Return the object of `object.name` or `object["name"]`, `None` for anything else."""
    node = unwrap(node)
    return None if node is None else node.child_by_field_name("object")


def find_error(root: Node) -> int | None:
    """Return the offset of the first syntax error, as deep in the tree as possible, or `None`."""
    if not root.has_error:
        return None
    node = root
    while True:
        broken = next((child for child in node.children if child.is_error or child.is_missing or child.has_error), None)
        if broken is None:
            break
        node = broken
    if node.is_error and node.child_count and node.parent is None:
        # The parser gave up on the whole script, so the error is at its end.
        return last_leaf(node).start_byte
    return node.start_byte


def find_lone_comma(root: Node) -> int | None:
    """Return the offset of a comma in an object with nothing before it, or `None`. The parser accepts such a comma."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "object":
            signs = [child for child in node.children if child.type != "comment"]
            for before, sign in pairwise(signs):
                if sign.type == "," and before.type in ("{", ","):
                    return sign.start_byte
        stack += node.named_children
    return None


def is_lost(node: Node) -> bool:
    """Return whether `node` is in a part that the parser could not read."""
    around = node.parent
    while around is not None and not around.is_error:
        around = around.parent
    return around is not None


def last_leaf(node: Node) -> Node:
    """Return the last token below `node`."""
    while node.child_count:
        node = node.children[-1]
    return node


def ends_in_string(root: Node) -> bool:
    """Return whether a script ends inside a string."""
    leaf = last_leaf(root)
    if leaf.type in ("string_fragment", "escape_sequence"):
        return True
    return leaf.type in ('"', "'", "`") and leaf.parent is not None and leaf.parent.type not in STRINGS
