"""What a page's scripts did, as Python data, the same for a bare engine and a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OBSERVER_JS = (Path(__file__).parent / "observer.js").read_text("utf-8")
TRACKER_JS = (Path(__file__).parents[2] / "rr_snippet" / "tracker.js").read_text("utf-8")

# The globals that a started tracker, the stand-in and the block itself leave behind.
EXPECTED_GLOBALS = frozenset({"rrApi", "rrApiOnReady", "rrStandIn", "rrStandInManual"})


@dataclass(frozen=True)
class Odd:
    """A JavaScript value that is no text, boolean, null, plain array or plain object: a number, undefined, a date…

    Numbers are included because in Python `1 == True`, and a customer never has a number.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Call:
    """One call of `rrApi.<method>`. Objects are dicts with own properties in JavaScript's order."""

    method: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Violation:
    """What a Content-Security-Policy blocked (`inline`, or a URL), and by which directive."""

    directive: str
    blocked: str


@dataclass(frozen=True)
class Outcome:
    """Everything worth knowing after the scripts ran.

    `lost` are calls made between loading and starting the tracker. `errors` are what entries of the queue threw,
    `thrown` what whole scripts threw, `printed` the output to the console (`log: text`). `queued` is the length of a
    queue that still waits, `None` if there is none. `strays` are globals and parts of the language
    (`Object.prototype.x`) that came, went or changed unexpectedly. `violations` are what a Content-Security-Policy
    blocked, only in a browser.
    """

    calls: tuple[Call, ...]
    lost: tuple[Call, ...]
    errors: tuple[str, ...]
    thrown: tuple[str, ...]
    printed: tuple[str, ...]
    queued: int | None
    strays: tuple[str, ...]
    violations: tuple[Violation, ...] = ()

    @classmethod
    def from_text(cls, text: str) -> Outcome:
        """Read what `rrObserver.collect()` wrote."""
        data = json.loads(text)
        return cls(
            calls=_calls(data["calls"]),
            lost=_calls(data["lost"]),
            errors=tuple(data["errors"]),
            thrown=tuple(data["thrown"]),
            printed=tuple(data["printed"]),
            queued=data["queued"],
            strays=tuple(name for name in data["globals"] if name not in EXPECTED_GLOBALS) + tuple(data["changed"]),
            violations=tuple(Violation(*pair) for pair in data["violations"]),
        )

    def customer(self) -> Any:
        """Return the only argument of the only `setCustomer` call, and assert that nothing else happened."""
        ((method, argument),) = self.said()
        assert method == "setCustomer", self
        return argument

    def said(self) -> list[tuple[str, Any]]:
        """Return each call and its only argument, and assert that nothing else happened."""
        assert not self._side_effects(), self
        assert [len(call.arguments) for call in self.calls] == [1] * len(self.calls), self
        return [(call.method, call.arguments[0]) for call in self.calls]

    @property
    def is_empty(self) -> bool:
        """Return whether no script left any trace: no call, no waiting entry, no error, no stray."""
        return not (self.calls or self.queued or self._side_effects())

    def _side_effects(self) -> tuple[Any, ...]:
        return self.lost + self.errors + self.thrown + self.printed + self.strays + self.violations


def _calls(records: list[Any]) -> tuple[Call, ...]:
    return tuple(Call(method, tuple(map(value_of, values))) for method, values in records)


def value_of(data: Any) -> Any:
    """Read one value as `rrObserver.transfer()` wrote it."""
    if not isinstance(data, list):
        return data
    match data:
        case ["a", items]:
            return [value_of(item) for item in items]
        case ["o", pairs]:
            return {name: value_of(value) for name, value in pairs}
        case ["x", kind, text]:
            return Odd(kind, text)
    raise AssertionError(data)


def with_numbers(value: Any) -> Any:
    """Return what JavaScript has given with its numbers as Python's."""
    if isinstance(value, Odd) and value.kind == "number":
        return float(value.text)
    if isinstance(value, dict):
        return {key: with_numbers(item) for key, item in value.items()}
    return type(value)(with_numbers(item) for item in value) if isinstance(value, (list, tuple)) else value
