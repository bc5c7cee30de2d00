"""Rules about calls: how each is reached, and how those of one page go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rr_snippet.check.events import API, IDENTITY, METHODS, QUEUE, Arms, Event
from rr_snippet.check.finding import Finding
from rr_snippet.check.javascript import FUNCTIONS, text_of, unwrap
from rr_snippet.options import did_you_mean

# What is told of a call itself, at its start, and mended by the block as it should be.
REACH_CODES: Final = ("queue.outside", "try.missing", "try.in_catch")

_PRINTING: Final = frozenset(("log", "info", "debug", "warn", "error", "dir", "table", "trace"))
_PERSONAL_NAME: Final = re.compile(r"(?i)e_?mail|phone|customer|(?:user|client)_?(?:data|info|name)")
_ADDRESS: Final = re.compile(r"[^\s@'\"]@[^\s@'\"]+\.\w")
# So many ways through the branches of a page are told apart.
_WAYS_MAX: Final = 64
# So many tokens of a printed expression are looked at.
_TOKENS_MAX: Final = 200


def method_of(event: Event) -> str:
    """Return the method that a call means, a misspelled one included."""
    if event.name in METHODS:
        return event.name
    return did_you_mean(event.name, METHODS) or event.name


def is_customer_call(event: Event) -> bool:
    """Tell whether an event is a call of setCustomer, however it is spelled."""
    return event.kind == "call" and method_of(event) == "setCustomer"


def page_findings(events: Sequence[Event], pushed: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the calls of one page, given in the order of the page.

    `pushed` are the names under which functions are pushed to the queue anywhere in it.
    """
    has_identity = any(event.kind == "call" and method_of(event) in IDENTITY for event in events)
    has_queue = False
    mains: list[Event] = []
    for event in events:
        if event.kind == "queue":
            has_queue = True
        elif event.kind == "main":
            if any(not event.context.excludes(other.context) for other in mains):
                yield Finding.of(event.position, "tracking.twice")
            if len(mains) < _WAYS_MAX:
                mains.append(event)
        elif event.kind == "push":
            yield from _push_findings(event, has_queue=has_queue)
        elif event.kind == "console" and has_identity:
            yield from _console_findings(event)
        elif event.kind == "call":
            yield from _spelling_findings(event)
            if is_customer_call(event):
                yield from _reach_findings(event, pushed)
    yield from _order_findings([event for event in events if event.kind == "call" and event.is_direct])


def _push_findings(event: Event, *, has_queue: bool) -> Iterator[Finding]:
    if event.name != QUEUE:
        yield Finding.of(event.position, "queue.misspelled", suggestion=QUEUE)
    elif not event.is_guarded and not has_queue:
        yield Finding.of(event.position, "queue.bare")
    functions = [node for node in map(unwrap, event.arguments) if node is not None and node.type in FUNCTIONS]
    if len(functions) > 1:
        yield Finding.of(event.program.position(functions[1]), "queue.two_functions")


def _spelling_findings(event: Event) -> Iterator[Finding]:
    method = method_of(event)
    if event.name != method and method in IDENTITY:
        yield Finding.of(event.position, "method.misspelled", suggestion=method)
    if event.object_name not in (API, None) and (event.object_name or "").replace("_", "").lower() == API.lower():
        yield Finding.of(event.position, "api.misspelled", suggestion=API)


def _reach_findings(event: Event, pushed: frozenset[str]) -> Iterator[Finding]:
    context = event.context
    if not context.in_queue and pushed.isdisjoint(name for name in context.functions if name):
        # Who calls a function with a name is not known; one without is given to somebody else than the queue.
        is_unclear = any(context.functions)
        yield Finding.of(event.position, "queue.unclear" if is_unclear else "queue.outside")
    if context.in_catch:
        yield Finding.of(event.position, "try.in_catch")
    elif not context.in_try:
        yield Finding.of(event.position, "try.missing")


def _order_findings(calls: Sequence[Event]) -> Iterator[Finding]:
    """Yield what is wrong with the order and the number of the calls that happen by themselves."""
    # One of each method for each way through the branches: more are not needed, and would take long to compare.
    people: dict[tuple[str, Arms], Event] = {}
    orders: list[Event] = []
    for event in calls:
        method = method_of(event)
        if method == "order":
            orders.append(event)
        if method not in IDENTITY:
            continue
        others = [name for (name, _), other in people.items() if not event.context.excludes(other.context)]
        if others:
            is_second = method == "setCustomer" and method in others
            yield Finding.of(event.position, "call.twice" if is_second else "identity.repeated")
        else:
            reached = [order for order in orders if not event.context.excludes(order.context)]
            yield from (Finding.of(order.position, "order.before_identity") for order in reached)
            orders = [order for order in orders if order not in reached] if len(orders) <= _WAYS_MAX else []
        if len(people) < _WAYS_MAX:
            people.setdefault((method, event.context.arms), event)


def _console_findings(event: Event) -> Iterator[Finding]:
    if event.name not in _PRINTING:
        return
    stack = [*event.arguments]
    text = event.program.text
    seen = 0
    while stack and seen < _TOKENS_MAX:
        seen += 1
        node = stack.pop()
        if node.type in ("identifier", "property_identifier", "shorthand_property_identifier"):
            is_personal = _PERSONAL_NAME.search(text, node.start_byte, node.end_byte) is not None
        else:
            is_personal = node.type == "string_fragment" and bool(_ADDRESS.search(text_of(node, text)))
        if is_personal:
            yield Finding.of(event.position, "console.personal_data")
            return
        stack += node.named_children
