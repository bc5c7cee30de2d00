"""Every option of a rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict, get_args

from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.customer.rules import CustomerRules, rules_of
from rr_snippet.options import refuse, unknown_option, wrong_choice, wrong_switch, wrong_value

Variant = Literal["auto", "region", "no-region"]


class RenderKeywords(TypedDict, total=False):
    """The options as keyword arguments, for type checkers. See `RenderOptions`."""

    variant: Variant
    pretty: bool
    debug: bool
    payload_max_chars: int
    phone_region: str | None
    phone_check: PhoneCheck
    require_consent: bool
    phone_clean: bool
    drop_faulty: bool


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Every option of a rendering.

    The `variant` `auto` means `region` for customers with a `default_stock_id`, otherwise `no-region`. `pretty` spreads
    the object over lines, `debug` makes the block report its errors to the console. `payload_max_chars` limits the
    characters of the object's compact text. The other options are rules for reading a customer; see `Customer.parse`.

    Raises:
        OptionError: `option.value`, at construction.
    """

    variant: Variant = "auto"
    pretty: bool = False
    debug: bool = False
    payload_max_chars: int = 65_536
    phone_region: str | None = None
    phone_check: PhoneCheck = "shape"
    require_consent: bool = False
    phone_clean: bool = False
    drop_faulty: bool = False

    def __post_init__(self) -> None:
        limit = self.payload_max_chars
        refuse(
            wrong_choice("variant", self.variant, get_args(Variant)),
            wrong_switch("pretty", self.pretty),
            wrong_switch("debug", self.debug),
            None if type(limit) is int and limit > 0 else wrong_value("payload_max_chars", "a whole number from 1"),
            *CustomerRules.problems(self),
        )

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> RenderOptions:
        """Build the options from a mapping of their names.

        Raises:
            OptionError: `option.unknown`, `option.value`.
        """
        known = [field.name for field in fields(cls)]
        refuse(*(unknown_option(str(name), known) for name in options if name not in known))
        return cls(**options)

    def rules(self) -> CustomerRules:
        """Return the options that are rules for reading a customer."""
        return rules_of(**{rule.name: getattr(self, rule.name) for rule in fields(CustomerRules)})
