"""Rules about the calls of one page together: their order, repeated calls, and output to the console.

Calls are compared if one surely runs after the other: at the top level of a page's scripts, or in one function.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rr_snippet.check.events import Arms, Event
from rr_snippet.check.finding import Finding
from rr_snippet.check.javascript import tail_name, text_of
from rr_snippet.check.methods import PERSON

if TYPE_CHECKING:
    from tree_sitter import Node

_PRINTING: Final = frozenset(("log", "info", "debug", "warn", "error", "dir", "table", "trace"))
_PERSONAL_NAME: Final = re.compile(r"(?i)e_?mail|phone|customer|(?:user|client)_?(?:data|info|name)")
_ADDRESS: Final = re.compile(r"[^\s@'\"]@[^\s@'\"]+\.\w")
# Calls that ask about a value, and so print only yes or no.
_QUESTION: Final = re.compile(r"(?:is|has|check|valid|test|can|should)(?![a-z])|(?:validate|includes|test)")
# At most this many calls in different branches of a page are compared.
_WAYS_MAX: Final = 64
# At most this many tokens of a printed expression are examined.
_TOKENS_MAX: Final = 200


def sequence_findings(events: Sequence[Event]) -> Iterator[Finding]:
    """Yield what is wrong with the order and number of the calls of one page. `events` are in the order of the page."""
    scopes: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        scopes[event.context.scope].append(event)
    for together in scopes.values():
        yield from _main_findings(event for event in together if event.kind == "main")
        yield from _order_findings([event for event in together if event.kind == "call"])
        if any(event.method in PERSON for event in together):
            yield from _console_findings(event for event in together if event.kind == "console")


def _main_findings(events: Iterable[Event]) -> Iterator[Finding]:
    mains: list[Event] = []
    for event in events:
        if any(not event.context.excludes(other.context) for other in mains):
            yield Finding.of(event.position, "tracking.twice")
        if len(mains) < _WAYS_MAX:
            mains.append(event)


def _order_findings(calls: Sequence[Event]) -> Iterator[Finding]:
    # One call of each method for each way through the branches is enough, and more would take long to compare.
    people: dict[tuple[str, Arms], Event] = {}
    orders: list[Event] = []
    for event in calls:
        if event.method == "order":
            orders.append(event)
            before = [other for other in people.values() if not event.context.excludes(other.context)]
            if before and all(other.context.callback != event.context.callback for other in before):
                yield Finding.of(event.position, "order.person_apart")
        if event.method not in PERSON:
            continue
        others = [name for (name, _), other in people.items() if not event.context.excludes(other.context)]
        if others:
            is_second = event.method == "setCustomer" and event.method in others
            yield Finding.of(event.position, "call.twice" if is_second else "identity.repeated")
        else:
            reached = [order for order in orders if not event.context.excludes(order.context)]
            yield from (Finding.of(order.position, "order.before_identity") for order in reached)
            orders = [order for order in orders if order not in reached] if len(orders) <= _WAYS_MAX else []
        if len(people) < _WAYS_MAX:
            people.setdefault((event.method, event.context.arms), event)


def _console_findings(events: Iterable[Event]) -> Iterator[Finding]:
    for event in events:
        if event.name in _PRINTING and _prints_person(event.arguments, event.program.text):
            yield Finding.of(event.position, "console.personal_data")


def _prints_person(nodes: Iterable[Node], text: str) -> bool:
    stack = [*nodes]
    seen = 0
    while stack and seen < _TOKENS_MAX:
        seen += 1
        node = stack.pop()
        if _is_question(node, text):
            continue
        if node.type in ("identifier", "property_identifier", "shorthand_property_identifier"):
            is_personal = _PERSONAL_NAME.search(text, node.start_byte, node.end_byte) is not None
        else:
            is_personal = node.type == "string_fragment" and _ADDRESS.search(text_of(node, text)) is not None
        if is_personal:
            return True
        stack += node.named_children
    return False


def _is_question(node: Node, text: str) -> bool:
    if node.type == "call_expression":
        return _QUESTION.match(tail_name(node.child_by_field_name("function"), text) or "") is not None
    if node.type == "unary_expression":
        return True
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    is_length = node.type == "member_expression" and tail_name(node, text) == "length"
    return is_length or (operator is not None and operator.type.strip("=") in ("", "!", "<", ">"))
