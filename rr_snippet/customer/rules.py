"""The rules that a shop may choose for reading a customer, beyond the vendor's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

from rr_snippet.customer.phone import PhoneCheck, region_problem
from rr_snippet.errors import Problem
from rr_snippet.options import refuse, wrong_choice, wrong_switch


@dataclass(frozen=True, slots=True)
class CustomerRules:
    """How phones are read, whether consent must be given, and what happens to faulty fields.

    Raises:
        OptionError: `option.value`.
    """

    phone_region: str | None = None
    phone_check: PhoneCheck = "shape"
    require_consent: bool = False
    phone_clean: bool = False
    drop_faulty: bool = False

    def __post_init__(self) -> None:
        refuse(*self.problems(self))

    @staticmethod
    def problems(given: Any) -> list[Problem | None]:
        """Return the problems of the attributes of `given` that have the names of rules."""
        return [
            None if given.phone_region is None else region_problem(given.phone_region),
            wrong_choice("phone_check", given.phone_check, get_args(PhoneCheck)),
            *(wrong_switch(name, getattr(given, name)) for name in ("require_consent", "phone_clean", "drop_faulty")),
        ]


DEFAULT_RULES: Final = CustomerRules()


def rules_of(**given: Any) -> CustomerRules:
    """Return the rules given by name, `DEFAULT_RULES` itself if they are equal to it.

    Raises:
        OptionError: `option.value`.
    """
    rules = CustomerRules(**given)
    return DEFAULT_RULES if rules == DEFAULT_RULES else rules
