"""What a shop may choose about the reading of a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rr_snippet.errors import OptionError, Problem
from rr_snippet.phone import PhoneCheck, check_phone_check, check_region


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
        check_phone_check(self.phone_check)
        if self.phone_region is not None:
            check_region(self.phone_region)
        if type(self.require_consent) is not bool:
            raise OptionError(Problem.of("option.value", "require_consent", expected="True or False"))


DEFAULT_RULES: Final = CustomerRules()


def rules_in(context: object) -> CustomerRules:
    """Return the rules a validation runs under; with a host's own context, or none, the default ones."""
    return context if type(context) is CustomerRules else DEFAULT_RULES
