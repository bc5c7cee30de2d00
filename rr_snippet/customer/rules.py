"""What a shop may choose about the reading of a customer, beyond the vendor's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

from rr_snippet.customer.phone import PhoneCheck, region_problem
from rr_snippet.errors import Problem
from rr_snippet.options import refuse, wrong_choice, wrong_switch


@dataclass(frozen=True, slots=True)
class CustomerRules:
    """How phones are read, whether consent must be given, and what becomes of faulty fields.

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
        """Return what is wrong with the attributes of `given` that are named like the rules."""
        return [
            None if given.phone_region is None else region_problem(given.phone_region),
            wrong_choice("phone_check", given.phone_check, get_args(PhoneCheck)),
            *(wrong_switch(name, getattr(given, name)) for name in ("require_consent", "phone_clean", "drop_faulty")),
        ]


DEFAULT_RULES: Final = CustomerRules()


def rules_of(**given: Any) -> CustomerRules:
    """Return the rules given by name, `DEFAULT_RULES` itself where they are those.

    Raises:
        OptionError: `option.value`.
    """
    rules = CustomerRules(**given)
    return DEFAULT_RULES if rules == DEFAULT_RULES else rules
