"""Faults on their way through pydantic: raised by validators with our codes, read back without the input.

pydantic keeps the input beside each error it makes of its own. The errors made here carry `None` there, so that a
host's `ValidationError`, when a customer is one of its fields, has nothing of the customer's to show.
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

# To tell one takes a hundred times as long as to find it, and nobody reads so many.
PROBLEMS_MAX: Final = 100
MORE: Final = "customer.more"


@dataclass(frozen=True, slots=True)
class Fault:
    """A code at a place, the place as pydantic has it: names of ours and positions."""

    code: str
    place: Place = ()
    details: Mapping[str, str | int] = field(default_factory=dict)

    def below(self, *place: int | str) -> Fault:
        """Return the same fault seen from further up."""
        return Fault(self.code, (*place, *self.place), self.details)

    def as_problem(self) -> Problem:
        """Return the fault as it is told to people, `softLinks[0].value` being `("softLinks", 0, "value")`."""
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place)
        return Problem.of(self.code, path.removeprefix("."), **self.details)


class Faults(list[Fault]):
    """The first faults of something; how many more there are is counted."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        super().__init__()
        self.more = 0
        for fault in faults.told() if isinstance(faults, Faults) else faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Add one, or what stands for more of them."""
        if fault.code == MORE:
            self.more += int(fault.details["count"])
        elif len(self) < PROBLEMS_MAX:
            self.append(fault)
        else:
            self.more += 1

    def told(self) -> list[Fault]:
        """Return what there is to tell: the first, and how many more."""
        return [*self, Fault(MORE, (), {"count": self.more})] if self.more else list(self)


def as_validation_error(faults: Iterable[Fault]) -> ValidationError:
    """Return the error a validator raises to report `faults`, without any input in it."""
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
    """Return the error of a validator that found this one fault, in the value as a whole."""
    return as_validation_error([Fault(code, (), details)])


def read_faults(error: ValidationError) -> list[Fault]:
    """Return what an error says, less the input: codes of ours, and pydantic's own types as they are."""
    return [
        Fault(line["type"], line["loc"], line.get("ctx", {}))
        for line in error.errors(include_url=False, include_input=False)
    ]


def count_problems(problems: Iterable[Problem]) -> int:
    """Return how many problems there are, those included that are only counted."""
    return sum(int(dict(each.details)["count"]) if each.code == MORE else 1 for each in problems)


def customer_error(faults: Iterable[Fault]) -> CustomerError:
    """Return the error that tells `faults` to people, to be raised where no other is being handled."""
    return CustomerError(*(fault.as_problem() for fault in Faults(faults).told()))
