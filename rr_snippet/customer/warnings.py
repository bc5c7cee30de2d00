"""Warnings about a customer: what is allowed, but probably a mistake. No warning stops a rendering."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rr_snippet.customer.email import is_email
from rr_snippet.customer.phone import PHONE_MIN_DIGITS
from rr_snippet.errors import Problem

if TYPE_CHECKING:
    from rr_snippet.customer.customer import Customer

_CONSENT: Final = "isAgreedToReceiveMarketingMail"

# Seen in hand-written integrations of shops that have no address, but send one all the same.
_MADE_UP_BEGINNINGS: Final = ("noreply@", "no-reply@")
_MADE_UP_ENDINGS: Final = tuple(
    f"{sign}{domain}" for sign in "@." for domain in ("unknown.email", "example.com", "example.net", "example.org")
)
# Observed: the tracker of 2020 put the keys of custom data into the query of a URL without encoding them.
_UNSAFE_IN_QUERY: Final = re.compile(r"[&=#?%+\x00-\x1f\x7f-\x9f]")

# What programs write if there is no id. All visitors with such an id would be one person.
_NO_IDS: Final = frozenset({"null", "none", "nan", "undefined", "0", "-1", "guest", "anonymous", "[object object]"})
# A template expression that was not rendered; a number as a spreadsheet shows it; the apostrophe by which a
# spreadsheet marks a text.
_NO_ID: Final = re.compile(
    r"\{\{|\{%|\$\{|<%|<\?|^%[A-Za-z_]+%$|^#[A-Za-z_]+#$|^\{[A-Za-z_][A-Za-z_.]*\}$"
    r"|^[+-]?[0-9](?:[.,][0-9]+)?[eE][+-][0-9]+$|^'"
)
_WORDS: Final = re.compile(r"[^\W\d_]+")


# The problem is the same for every customer, and a run may have many thousands. It holds only our codes and names.
_note: Final = lru_cache(maxsize=64)(Problem.of)


def warnings_of(customer: Customer) -> Iterator[Problem]:
    """Yield each warning, in the order of the fields."""
    # From the dict, because an attribute of a pydantic model takes twice as long.
    values = customer.__dict__
    customer_id, email, phone = values["customer_id"], values["email"], values["phone"]
    if customer_id.casefold() in _NO_IDS or (not customer_id.isalnum() and _NO_ID.search(customer_id)):
        yield _note("customer_id.placeholder", "customerId")
    if has_strange_space(customer_id):
        yield _note("customer_id.space", "customerId")
    if email is not None:
        lower = email.lower()
        if lower.startswith(_MADE_UP_BEGINNINGS) or lower.endswith(_MADE_UP_ENDINGS):
            yield _note("email.placeholder", "email")
        if not email.isascii() and has_mixed_scripts(email):
            yield _note("email.mixed_scripts", "email")
    if phone is not None and is_made_up_phone(phone):
        yield _note("phone.placeholder", "phone")
    # Nearly always there is none, so all keys are first examined together.
    if (custom_data := values["custom_data"]) and _UNSAFE_IN_QUERY.search("".join(custom_data)):
        for position, key in enumerate(custom_data):
            if _UNSAFE_IN_QUERY.search(key):
                yield Problem.of("custom_data.key_unsafe", f"customData[{position}]")
    if (stock_id := values["default_stock_id"]) is not None and has_strange_space(stock_id):
        yield _note("stock_id.space", "defaultStockId")
    if (links := values["soft_links"]) and "@" in "".join(links.values()):
        for position, value in enumerate(links.values()):
            if "@" in value and is_email(value.strip()):
                yield Problem.of("soft_link.email", f"softLinks[{position}].value")
    if (consent := values["is_agreed_to_receive_marketing_mail"]) is False:
        yield _note("consent.not_unsubscribe", _CONSENT)
    elif consent is None:
        yield _note("consent.assumed", _CONSENT)


def has_strange_space(text: str) -> bool:
    """Return whether `text` has white space around it, or contains a character that looks like nothing or a space."""
    if text != text.strip():
        return True
    # The plain space is the only printable white space.
    return not text.isascii() and not text.isprintable()


def has_mixed_scripts(email: str) -> bool:
    """Return whether Latin and Cyrillic letters are mixed in a label of the domain, or in a word before the `@`."""
    local, _, domain = email.rpartition("@")
    return any(map(_is_mixed, (*_WORDS.findall(local), *domain.split("."))))


def _is_mixed(word: str) -> bool:
    return any("a" <= char <= "z" for char in word.lower()) and any("\u0400" <= char <= "\u052f" for char in word)


def is_made_up_phone(phone: str) -> bool:
    """Return whether the digits of a number are all the same, or all those after a leading 7 or 8."""
    # Nearly every number returns here: in a made-up one nearly all digits are like the last.
    if phone[-1:].isdigit() and phone.count(phone[-1]) < PHONE_MIN_DIGITS - 1:
        return False
    digits = "".join(filter(str.isdigit, phone))
    return len(set(digits)) == 1 or (digits[:1] in "78" and len(set(digits[1:])) == 1)
