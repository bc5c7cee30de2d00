"""Customers out of fields that are all text: CSV cells, form fields, flat metadata of a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.customer.pairs import object_of
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, Problem
from rr_snippet.options import suggestion

_ALIASES: Final = {name: field.alias or name for name, field in Customer.model_fields.items()}

# Either spelling of a field -> the vendor's.
FIELD_SPELLINGS: Final = {**_ALIASES, **{alias: alias for alias in _ALIASES.values()}}

_JSON_FIELDS: Final = frozenset({"customData", "softLinks", "mobilePushSubscription"})
_FLAG_FIELD: Final = "isAgreedToReceiveMarketingMail"
_FLAGS: Final = {"true": True, "false": False}


def read_text_fields(fields: Iterable[tuple[str, str]], *, rules: CustomerRules = DEFAULT_RULES) -> Customer:
    """Build a customer from fields that are all text: CSV cells, form fields, flat metadata of a page.

    Empty is absent, exactly `true` and `false` are booleans, `customData`, `softLinks` and `mobilePushSubscription`
    hold JSON.

    Raises:
        CustomerError: every problem found, `customer.json` at the field for JSON that is none.
    """
    data, problems = decode_text_fields(fields)
    customer, problems = parse_read(data, rules, problems)
    if customer is None:
        raise CustomerError(*problems)
    return customer


def decode_text_fields(
    fields: Iterable[tuple[str, str]], *, beside: Collection[str] = ()
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return what fields that are all text stand for, see `read_text_fields`, and what is wrong with their JSON.

    Texts named in `beside` are no customer's, and are returned as they are.
    """
    problems: list[Problem] = []
    given: list[tuple[str, object]] = []
    for position, (name, text) in enumerate(fields):
        alias = FIELD_SPELLINGS.get(name)
        if text == "":
            continue
        if alias is None and name not in beside:
            problems.append(unknown_field(position, name))
        elif alias in _JSON_FIELDS:
            try:
                given.append((name, decode_json(text)))
            except CustomerError as error:
                problems += (problem.at(alias) for problem in error.problems)
        else:
            given.append((name, _FLAGS.get(text, text) if alias == _FLAG_FIELD else text))
    return object_of(given), tuple(problems)


def parse_read(
    data: object, rules: CustomerRules, problems: tuple[Problem, ...]
) -> tuple[Customer | None, tuple[Problem, ...]]:
    """Return the customer in `data`, or all that speaks against it; `problems` were found in the reading."""
    try:
        customer = read_customer(data, rules)
    except CustomerError as error:
        return None, (*error.problems, *problems)
    return None if problems else customer, problems


def unknown_field(position: int, name: str) -> Problem:
    """Return the problem of a name at `position` that is no field."""
    return Problem.of("field.unknown", f"[{position}]", **suggestion(name, _ALIASES.values()))
