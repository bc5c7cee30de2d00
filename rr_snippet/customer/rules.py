"""What a shop may choose about the reading of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rr_snippet.customer.phone import PhoneCheck, check_problem, region_problem
from rr_snippet.errors import OptionError, Problem, option_problem


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
        problems = self.problems(self.phone_region, self.phone_check, self.require_consent)
        if problems:
            raise OptionError(*problems)

    @staticmethod
    def problems(phone_region: object, phone_check: object, require_consent: object) -> list[Problem]:
        """Return what is wrong with these values for the rules."""
        problems = [
            None if phone_region is None else region_problem(phone_region),
            check_problem(phone_check),
            option_problem("require_consent", "True or False", is_right=type(require_consent) is bool),
        ]
        return [problem for problem in problems if problem is not None]


DEFAULT_RULES: Final = CustomerRules()


def rules_in(context: object) -> CustomerRules:
    """Return the rules a validation runs under; with a host's own context, or none, the default ones."""
    return context if type(context) is CustomerRules else DEFAULT_RULES
