"""Faults on their way through pydantic: validators raise them with our codes, and they are read back without the input.

pydantic keeps the input in each error of its own. The errors made here have `None` instead, so a host's
`ValidationError` holds no customer's data when a customer is one of the host's fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from rr_snippet.errors import CustomerError, Problem
from rr_snippet.messages import message_form

Place = tuple[int | str, ...]

# Reporting a fault takes a hundred times as long as finding it, and nobody reads more than these.
PROBLEMS_MAX: Final = 100
MORE: Final = "customer.more"


@dataclass(frozen=True, slots=True)
class Fault:
    """A code at a place. The place is pydantic's: names of fields and positions."""

    code: str
    place: Place = ()
    details: Mapping[str, str | int] = field(default_factory=dict)

    def below(self, *place: int | str) -> Fault:
        """Return the same fault as seen from the levels above, `place`."""
        return Fault(self.code, (*place, *self.place), self.details)

    def as_problem(self) -> Problem:
        """Return the fault as a problem: the place `("softLinks", 0, "value")` becomes `softLinks[0].value`."""
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place)
        return Problem.of(self.code, path.removeprefix("."), **self.details)


class Faults(list[Fault]):
    """The first faults that are found, and the number of all others."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        super().__init__()
        self.more = 0
        for fault in faults.told() if isinstance(faults, Faults) else faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Add a fault, or the number that stands for several."""
        if fault.code == MORE:
            self.more += int(fault.details["count"])
        elif len(self) < PROBLEMS_MAX:
            self.append(fault)
        else:
            self.more += 1

    def told(self) -> list[Fault]:
        """Return the faults to report: the first ones, and the number of the others."""
        return [*self, Fault(MORE, (), {"count": self.more})] if self.more else list(self)


def as_validation_error(faults: Iterable[Fault]) -> ValidationError:
    """Return the error that a validator raises for `faults`, without any input in it."""
    return ValidationError.from_exception_data(
        "Customer",
        [
            InitErrorDetails(
                type=PydanticCustomError(
                    fault.code, message_form(fault.code, fault.details, "en"), dict(fault.details)
                ),
                loc=fault.place,
                input=None,
            )
            for fault in Faults(faults).told()
        ],
        hide_input=True,
    )


def one_fault(code: str, **details: str | int) -> ValidationError:
    """Return the error that a validator raises for one fault, which is about the whole value."""
    return as_validation_error([Fault(code, (), details)])


def read_faults(error: ValidationError) -> list[Fault]:
    """Return the faults in an error without the input: our codes, and pydantic's own types as they are."""
    return [
        Fault(line["type"], line["loc"], line.get("ctx", {}))
        for line in error.errors(include_url=False, include_input=False)
    ]


def count_problems(problems: Iterable[Problem]) -> int:
    """Return how many problems there are, including those that are only counted."""
    return sum(int(dict(each.details)["count"]) if each.code == MORE else 1 for each in problems)


def customer_error(faults: Iterable[Fault]) -> CustomerError:
    """Return the error for `faults`. Raise it outside any `except` block, which would give it a context."""
    return CustomerError(*(fault.as_problem() for fault in Faults(faults).told()))
