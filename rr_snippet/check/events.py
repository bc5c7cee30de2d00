"""What a script does with the tracker, in order, and how it gets there.

Only the parts of the tree with a word of the tracker's are walked, so a large script costs little more than its
parsing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from rr_snippet.check.javascript import FUNCTIONS, tail_name, tail_object, text_of, unwrap
from rr_snippet.check.methods import API, QUEUE, method_named
from rr_snippet.check.program import Program
from rr_snippet.options import did_you_mean

if TYPE_CHECKING:
    from tree_sitter import Node

# The words of the tracker's: parts of the tree without them are not walked.
_MARK: Final = re.compile(r"(?i)(?<![a-z])rr_?api|rr_?on_?ready|setcustomer|console")

# A variable of the script's own. `declare const rrApi` and `const rrApi = window.rrApi` mean the tracker.
_OWN_API: Final = re.compile(
    r"(?<!declare )\b(?:const|let|import)\s+rrApi\b(?!\s*+(?:=|:))|\bimport\s*\{[^{}]*\brrApi\b"
    r"|(?<!declare )\b(?:const|let)\s+rrApi\s*+=\s*+(?!\(?(?:window|globalThis|self)\b)"
)
_ASSIGNMENTS: Final = frozenset(("assignment_expression", "augmented_assignment_expression"))
_ARMS_MAX: Final = 16
# The depth to which a queue such as `a = b = c || []` is followed.
_QUEUE_DEPTH_MAX: Final = 8

Arms = tuple[tuple[int, int], ...]
EventKind = Literal["push", "call", "console", "main", "queue"]


@dataclass(frozen=True, slots=True)
class Context:
    """How a place in a script is reached.

    `functions` names the functions around the place that are neither run in place nor pushed directly; one without a
    name is `None`. `scope` is where the innermost of them starts in the page, `callback` where the pushed function
    starts; places with the same scope and callback run one after the other. `arms` are the branches of `if` around the
    place. `is_guarded` means that one of their conditions asks whether the queue exists.
    """

    in_queue: bool = False
    in_try: bool = False
    in_catch: bool = False
    is_guarded: bool = False
    functions: tuple[str | None, ...] = ()
    scope: int = -1
    callback: int = -1
    arms: Arms = ()

    def excludes(self, other: Context) -> bool:
        """Return whether the two places are in different branches of one `if`, so that only one of them is reached."""
        mine = dict(self.arms)
        return any(mine.get(choice, arm) != arm for choice, arm in other.arms)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a script does.

    `name` is the called method, or the queue of a push, as the script spells it; `object_name` is its object.
    `makes_queue` is true for a push that creates the queue if there is none.
    """

    kind: EventKind
    program: Program
    node: Node
    context: Context
    name: str = ""
    object_name: str | None = None
    arguments: tuple[Node, ...] = ()
    makes_queue: bool = False

    @property
    def method(self) -> str:
        """The method that a call means, even if it is misspelled; empty if the event is no call."""
        return method_named(self.name) if self.kind == "call" else ""

    @property
    def position(self) -> int:
        """The offset in the page."""
        return self.program.position(self.node)


class Walk:
    """One way through a script, and the names under which it pushes functions."""

    def __init__(self, program: Program) -> None:
        self.pushed: set[str] = set()
        self._program = program
        self._text = program.text
        self._marks = [match.start() for match in _MARK.finditer(program.text)]
        self._queues = {QUEUE}
        self._apis = {API}
        # Functions by the id of their node: the callbacks of a push, those run in place, and names for others.
        self._callbacks: set[int] = set()
        self._in_place: set[int] = set()
        self._names: dict[int, str] = {}

    @cached_property
    def _has_own_api(self) -> bool:
        """Whether the script has its own variable of the tracker's name."""
        return _OWN_API.search(self._text) is not None

    def events(self) -> Iterator[Event]:
        """Yield what the script does, in the order of its text."""
        stack = [(self._program.root, Context())]
        while stack:
            node, context = stack.pop()
            found = self._look(node, context)
            if found is not None:
                yield found
            inside = [
                (child, self._below(node, index, child, context))
                for index, child in enumerate(node.children)
                if child.child_count and self._is_marked(child)
            ]
            stack += reversed(inside)

    def _is_marked(self, node: Node) -> bool:
        index = bisect_left(self._marks, node.start_byte)
        return index < len(self._marks) and self._marks[index] < node.end_byte

    def _below(self, node: Node, index: int, child: Node, context: Context) -> Context:
        """Return the context of a child."""
        if node.type in FUNCTIONS:
            return self._inside_function(node, context)
        name = node.field_name_for_child(index)
        if node.type == "try_statement" and name == "body" and node.child_by_field_name("handler") is not None:
            return replace(context, in_try=True)
        if child.type == "catch_clause":
            return replace(context, in_try=False, in_catch=True)
        if node.type in ("if_statement", "ternary_expression") and name in ("consequence", "alternative"):
            arm = (self._program.position(node), int(name == "alternative"))
            is_guarded = context.is_guarded or self._asks_for_queue(node.child_by_field_name("condition"))
            return replace(context, arms=(*context.arms, arm)[-_ARMS_MAX:], is_guarded=is_guarded)
        if node.type == "binary_expression" and name == "right" and not context.is_guarded:
            return replace(context, is_guarded=self._asks_for_queue(node.child_by_field_name("left")))
        return context

    def _asks_for_queue(self, condition: Node | None) -> bool:
        return condition is not None and self._text.find(QUEUE, condition.start_byte, condition.end_byte) != -1

    def _inside_function(self, node: Node, context: Context) -> Context:
        if node.id in self._in_place:
            return context
        position = self._program.position(node)
        if node.id in self._callbacks:
            return Context(in_queue=True, arms=context.arms, scope=context.scope, callback=position)
        name = node.child_by_field_name("name")
        known = self._names.get(node.id) if name is None else text_of(name, self._text)
        functions = (*context.functions, known)[-_ARMS_MAX:]
        return replace(context, in_try=False, in_catch=False, functions=functions, scope=position)

    def _look(self, node: Node, context: Context) -> Event | None:
        if node.type == "call_expression":
            return self._look_at_call(node, context)
        if node.type == "variable_declarator":
            return self._look_at_value(node, "name", "value", context)
        if node.type in _ASSIGNMENTS:
            return self._look_at_value(node, "left", "right", context)
        if node.type == "pair":
            self._name_function(node.child_by_field_name("key"), unwrap(node.child_by_field_name("value")))
        return None

    def _name_function(self, name: Node | None, value: Node | None) -> None:
        if name is not None and value is not None and value.type in FUNCTIONS:
            self._names[value.id] = text_of(name, self._text)

    def _look_at_value(self, node: Node, left_field: str, right_field: str, context: Context) -> Event | None:
        left, right = node.child_by_field_name(left_field), unwrap(node.child_by_field_name(right_field))
        name = tail_name(left, self._text)
        self._name_function(left, right)
        if name == QUEUE:
            return Event("queue", self._program, node, context)
        if name == API and right is not None and right.type == "object":
            is_global = left is not None and (left.type != "identifier" or not self._has_own_api)
            is_global = is_global and not (node.type == "variable_declarator" and context.functions)
            return Event("main", self._program, node, context) if is_global else None
        if name is not None and self._queue_name(right) == QUEUE:
            self._queues.add(name)
        elif name is not None and right is not None and tail_name(right, self._text) == API:
            self._apis.add(name)
        return None

    def _look_at_call(self, node: Node, context: Context) -> Event | None:
        callee = unwrap(node.child_by_field_name("function"))
        if callee is not None and callee.type in FUNCTIONS:
            self._in_place.add(callee.id)
            return None
        name = tail_name(callee, self._text)
        target = unwrap(tail_object(callee))
        if name is None:
            return None
        # The node may also be the text of a tagged template.
        given = node.child_by_field_name("arguments")
        arguments = _children(given) if given is not None and given.type == "arguments" else ()
        if name in ("call", "apply") and target is not None:
            if target.type in FUNCTIONS:
                self._in_place.add(target.id)
                return None
            arguments = arguments[1:] if name == "call" else _children(arguments[1]) if len(arguments) > 1 else ()
            name, target = tail_name(target, self._text), unwrap(tail_object(target))
        object_name = tail_name(target, self._text)
        if name is None:
            return None
        if name == "push" and (queue := self._queue_name(target)) is not None:
            for argument in map(unwrap, arguments):
                if argument is not None and argument.type in FUNCTIONS:
                    self._callbacks.add(argument.id)
                elif argument is not None and argument.type == "identifier":
                    self.pushed.add(text_of(argument, self._text))
            makes_queue = (target is not None and target.type in _ASSIGNMENTS) or object_name in self._queues - {QUEUE}
            return Event("push", self._program, node, context, queue, object_name, arguments, makes_queue)
        if object_name == "console":
            return Event("console", self._program, node, context, name, object_name, arguments)
        if target is not None and target.type == "identifier" and object_name == API and self._has_own_api:
            return None
        is_api = object_name in self._apis or (object_name or "").replace("_", "").lower() == "rrapi"
        if is_api or (name == "setCustomer" and target is None):
            return Event("call", self._program, node, context, name, object_name, arguments)
        return None

    def _queue_name(self, node: Node | None, depth: int = 0) -> str | None:
        """Return the name of the queue that `node` is: the right name, one close to it, or `None`."""
        node = unwrap(node)
        if node is None or depth > _QUEUE_DEPTH_MAX:
            return None
        if node.type in _ASSIGNMENTS:
            names = [self._queue_name(node.child_by_field_name(side), depth + 1) for side in ("left", "right")]
            return next((name for name in names if name not in (None, QUEUE)), names[0])
        if node.type == "binary_expression":
            return self._queue_name(node.child_by_field_name("left"), depth + 1)
        name = tail_name(node, self._text)
        if name in self._queues:
            return QUEUE
        is_near = name is not None and name[:2].lower() == "rr" and did_you_mean(name, [QUEUE]) is not None
        return name if is_near else None


def _children(node: Node) -> tuple[Node, ...]:
    return tuple(child for child in node.named_children if child.type != "comment" and not child.is_error)
