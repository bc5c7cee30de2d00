"""What a script does with the tracker, in its order, and under what circumstances.

Only those parts of the tree are walked in which a word of the tracker's stands, so that a large script costs little
more than its parsing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from rr_snippet.check.javascript import FUNCTIONS, tail_name, tail_object, text_of, unwrap
from rr_snippet.check.program import Program
from rr_snippet.options import did_you_mean

if TYPE_CHECKING:
    from tree_sitter import Node

QUEUE: Final = "rrApiOnReady"
API: Final = "rrApi"
IDENTITY: Final = frozenset(("setCustomer", "setEmail", "setProfile"))
# The methods of the public tracker source of 2020, and those that the vendor's pages document since.
METHODS: Final = (
    "addToBasket", "categoryView", "groupView", "order", "pageView", "recomAddToBasket", "recomAddToCart",
    "recomMouseDown", "recomTrack", "removeFromBasket", "search", "setCustomer", "setEmail", "setProfile",
    "subscribeOnItemBackInStock", "subscribeOnPriceDrop", "view", "welcomeSequence",
)  # fmt: skip

# Where one of these stands, the tree is walked.
_MARK: Final = re.compile(r"(?i)(?<![a-z])rr_?api|rr_?on_?ready|setcustomer|console")

_ASSIGNMENTS: Final = frozenset(("assignment_expression", "augmented_assignment_expression"))
_ARMS_MAX: Final = 16
# `a = b = c || []` in the place of a queue is looked into so far.
_QUEUE_DEPTH_MAX: Final = 8

Arms = tuple[tuple[int, int], ...]
EventKind = Literal["push", "call", "console", "main", "queue"]


@dataclass(frozen=True, slots=True)
class Context:
    """How a place in a script is reached.

    `functions` are the names of the functions around it that are neither run in place nor pushed as they stand; a
    function without a name is `None`. `arms` are the branches of `if` around it.
    """

    in_queue: bool = False
    in_try: bool = False
    in_catch: bool = False
    functions: tuple[str | None, ...] = ()
    arms: Arms = ()

    def excludes(self, other: Context) -> bool:
        """Tell whether never both places are reached: they are in two branches of one `if`."""
        mine = dict(self.arms)
        return any(mine.get(choice, arm) != arm for choice, arm in other.arms)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a script does.

    `name` is the method called, or the queue pushed to, as the script spells it; `object_name` what it is called on.
    `is_guarded` is true for a push that makes the queue where there is none.
    """

    kind: EventKind
    program: Program
    node: Node
    context: Context
    name: str = ""
    object_name: str | None = None
    arguments: tuple[Node, ...] = ()
    is_guarded: bool = False

    @property
    def position(self) -> int:
        """Where it stands in the page."""
        return self.program.position(self.node)

    @property
    def is_direct(self) -> bool:
        """Tell whether it happens as soon as its script, or the queue, is run."""
        return not self.context.functions


class Walk:
    """One way through a script, and the names under which it pushes functions."""

    def __init__(self, program: Program) -> None:
        self.pushed: set[str] = set()
        self._program = program
        self._text = program.text
        self._marks = [match.start() for match in _MARK.finditer(program.text)]
        self._queues = {QUEUE}
        # What a function is, by the id of its node: the callback of a push, run in place, or something with a name.
        self._callbacks: set[int] = set()
        self._in_place: set[int] = set()
        self._names: dict[int, str] = {}

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
            return replace(context, arms=(*context.arms, arm)[-_ARMS_MAX:])
        return context

    def _inside_function(self, node: Node, context: Context) -> Context:
        if node.id in self._in_place:
            return context
        if node.id in self._callbacks:
            return Context(in_queue=True, arms=context.arms)
        name = node.child_by_field_name("name")
        known = self._names.get(node.id) if name is None else text_of(name, self._text)
        return replace(context, in_try=False, in_catch=False, functions=(*context.functions, known)[-_ARMS_MAX:])

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
            return Event("main", self._program, node, context)
        if name is not None and self._queue_name(right) == QUEUE:
            self._queues.add(name)
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
        if name in ("call", "apply") and target is not None:
            if target.type in FUNCTIONS:
                self._in_place.add(target.id)
            return None
        # What stands there may also be the text of a tagged template.
        given = node.child_by_field_name("arguments")
        children = given.named_children if given is not None and given.type == "arguments" else ()
        arguments = tuple(child for child in children if child.type != "comment" and not child.is_error)
        object_name = tail_name(target, self._text)
        if name == "push" and (queue := self._queue_name(target)) is not None:
            for argument in map(unwrap, arguments):
                if argument is not None and argument.type in FUNCTIONS:
                    self._callbacks.add(argument.id)
                elif argument is not None and argument.type == "identifier":
                    self.pushed.add(text_of(argument, self._text))
            is_guarded = (target is not None and target.type in _ASSIGNMENTS) or object_name in self._queues - {QUEUE}
            return Event("push", self._program, node, context, queue, object_name, arguments, is_guarded)
        if object_name == "console":
            return Event("console", self._program, node, context, name, object_name, arguments)
        if name == "setCustomer" or (object_name or "").replace("_", "").lower() == "rrapi":
            return Event("call", self._program, node, context, name, object_name, arguments)
        return None

    def _queue_name(self, node: Node | None, depth: int = 0) -> str | None:
        """Return the name of the queue that `node` is: the right one, one that is near to it, or `None`."""
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
