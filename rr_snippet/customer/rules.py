"""What a shop may choose about the reading of a customer, beyond the vendor's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from rr_snippet.customer.phone import PhoneCheck, region_problem
from rr_snippet.errors import Problem
from rr_snippet.options import refuse, wrong_choice, wrong_switch


@dataclass(frozen=True, slots=True)
class CustomerRules:
    """How phones are read, and whether consent must be given.

    Raises:
        OptionError: `option.value`.
    """

    phone_region: str | None = None
    phone_check: PhoneCheck = "shape"
    require_consent: bool = False

    def __post_init__(self) -> None:
        refuse(*self.problems(self.phone_region, self.phone_check, self.require_consent))

    @staticmethod
    def problems(phone_region: object, phone_check: object, require_consent: object) -> list[Problem | None]:
        """Return what is wrong with these values for the rules."""
        return [
            None if phone_region is None else region_problem(phone_region),
            wrong_choice("phone_check", phone_check, get_args(PhoneCheck)),
            wrong_switch("require_consent", require_consent),
        ]


DEFAULT_RULES: Final = CustomerRules()


def rules_of(phone_region: str | None, phone_check: PhoneCheck, require_consent: bool) -> CustomerRules:  # noqa: FBT001
    """Return the rules, `DEFAULT_RULES` itself where they are those.

    Raises:
        OptionError: `option.value`.
    """
    rules = CustomerRules(phone_region, phone_check, require_consent)
    return DEFAULT_RULES if rules == DEFAULT_RULES else rules
