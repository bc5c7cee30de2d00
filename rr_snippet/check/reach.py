"""Rules about how a call is reached: the queue, the try, and the spelling of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rr_snippet.check.events import Event
from rr_snippet.check.finding import Finding
from rr_snippet.check.javascript import FUNCTIONS, unwrap
from rr_snippet.check.methods import API, PERSON, QUEUE

# Findings at the start of a call, which the corrected block fixes.
REACH_CODES: Final = ("queue.outside", "try.missing", "try.in_catch")


def reach_findings(events: Sequence[Event], pushed: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with how the calls of one page are reached. `events` are in the order of the page.

    `pushed` are the names of the functions that the page pushes to the queue anywhere.
    """
    made_in = {event.program.start for event in events if event.kind == "queue"}
    has_queue = False
    for event in events:
        if event.kind == "queue":
            has_queue = True
        elif event.kind == "push":
            # A function may push after the rest of its script has run.
            is_later = event.context.scope != -1 and event.program.start in made_in
            yield from _push_findings(event, has_queue=has_queue or is_later)
        elif event.kind == "call":
            yield from _spelling_findings(event)
            if event.method in PERSON:
                yield from _call_findings(event, pushed)


def _push_findings(event: Event, *, has_queue: bool) -> Iterator[Finding]:
    if event.name != QUEUE:
        yield Finding.of(event.position, "queue.misspelled", suggestion=QUEUE)
    elif not event.makes_queue and not has_queue:
        yield Finding.of(event.position, "queue.guarded" if event.context.is_guarded else "queue.bare")
    functions = [node for node in map(unwrap, event.arguments) if node is not None and node.type in FUNCTIONS]
    if len(functions) > 1:
        yield Finding.of(event.program.position(functions[1]), "queue.two_functions")


def _spelling_findings(event: Event) -> Iterator[Finding]:
    if event.name != event.method and event.method in PERSON:
        yield Finding.of(event.position, "method.misspelled", suggestion=event.method)
    if event.object_name != API and (event.object_name or "").replace("_", "").lower() == API.lower():
        yield Finding.of(event.position, "api.misspelled", suggestion=API)


def _call_findings(event: Event, pushed: frozenset[str]) -> Iterator[Finding]:
    context = event.context
    if not context.in_queue and pushed.isdisjoint(name for name in context.functions if name):
        # Nobody knows who calls a function with a name. A function without one is passed to something else.
        is_unclear = any(context.functions)
        yield Finding.of(event.position, "queue.unclear" if is_unclear else "queue.outside")
    if context.in_catch:
        yield Finding.of(event.position, "try.in_catch")
    elif not context.in_try:
        yield Finding.of(event.position, "try.missing")
