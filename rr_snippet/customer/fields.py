"""The readers of a customer's fields, for values that do not have the usual shape: every rule, one fault per value."""

from __future__ import annotations

from typing import Final

from rr_snippet.customer.email import EMAIL_MAX_CHARS, is_email
from rr_snippet.customer.faults import Fault, Faults, as_validation_error, one_fault
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.phone import PhoneFaultError, read_phone
from rr_snippet.customer.shapes import email_fault
from rr_snippet.customer.texts import (
    INT_MAX_DIGITS,
    count_utf16_units,
    exact_text,
    has_control,
    has_surrogate,
    is_blank,
    is_really,
    number_text,
    text_fault,
    uuid_text,
)

STOCK_ID_MAX_UTF16_UNITS: Final = 50

# Longer numbers exceed every limit, and Python may refuse to turn them into text.
_NUMBER_MAX_DIGITS: Final = 640


def read_customer_id(value: object) -> str:
    """Return the id as text, neither trimmed nor folded.

    Raises:
        ValidationError: `customer_id.type`, `text.surrogate`, `customer_id.blank`, `customer_id.control`.
    """
    return read_line(uuid_text(value) or value, "customer_id.")


def read_line(value: object, prefix: str) -> str:
    """Return a text of one line, or a whole number as text, neither trimmed nor folded.

    Raises:
        ValidationError: `text.surrogate`, and `type`, `blank` or `control` with `prefix` before it.
    """
    text = exact_text(value)
    if text is None:
        text = number_text(value)
    if text is None:
        raise one_fault(f"{prefix}type", limit=INT_MAX_DIGITS)
    code = text_fault(text, prefix)
    if code is not None or has_control(text):
        raise one_fault(code or f"{prefix}control")
    return text


def read_email(value: object) -> str | None:
    """Return the address as written, without white space around it, or `None` for a blank text.

    Raises:
        ValidationError: `email.type`, `text.surrogate`, `email.too_long`, `email.shape`.
    """
    if value is None:
        return None
    text = exact_text(value)
    if text is None:
        raise one_fault("email.type")
    if has_surrogate(text):
        raise one_fault("text.surrogate")
    text = text.strip()
    if not text:
        return None
    if len(text) > EMAIL_MAX_CHARS:
        raise one_fault("email.too_long", count=len(text), limit=EMAIL_MAX_CHARS)
    if not is_email(text):
        raise one_fault("email.shape", **email_fault(text))
    return text


def read_customer_phone(value: object) -> str | None:
    """Return the number as it will be sent without any rules. See `read_phone`."""
    if value is None:
        return None
    try:
        return read_phone(value)
    except PhoneFaultError as error:
        fault = Fault(error.code, (), error.details)
    raise as_validation_error([fault])


def read_custom_data(value: object) -> dict[str, str] | None:
    """Return a copy of a mapping of texts to texts, or `None` for an empty one.

    JavaScript moves integer-like keys (`"10"`) to the front; otherwise the order is kept.

    Raises:
        ValidationError: `custom_data.*`, `text.surrogate` and `field.twice`, each at the position of its entry.
    """
    if value is None:
        return None
    pairs = read_pairs(value)
    if pairs is None:
        raise one_fault("custom_data.type")
    faults = Faults()
    entries: dict[str, str] = {}
    for position, (given_key, given_value) in enumerate(pairs):
        key = exact_text(given_key) or ""
        code = text_fault(given_key, "custom_data.key_")
        if code is None and key == "__proto__":
            code = "custom_data.key_proto"
        if code is None and key in entries:
            code = "field.twice"
        text = exact_text(given_value)
        if text is None:
            value_code: str | None = "custom_data.value_type"
        else:
            value_code = "text.surrogate" if has_surrogate(text) else None
        for found in filter(None, (code, value_code)):
            faults.add(Fault(found, (position,)))
        entries[key] = text or ""
    if faults:
        raise as_validation_error(faults)
    return entries or None


def read_stock_id(value: object) -> str | None:
    """Return the region's id as text, unchanged, or `None` for a blank text.

    Whether the feed knows the region is not checked. The limit is in UTF-16 units, as JavaScript and .NET count.

    Raises:
        ValidationError: `stock_id.type`, `text.surrogate`, `stock_id.control`, `stock_id.too_long`.
    Source: parameter list of the customer card method, defaultStockId.
    """
    if value is None:
        return None
    text = exact_text(value)
    if text is None:
        text = number_text(value, max_digits=_NUMBER_MAX_DIGITS) or uuid_text(value)
    if text is None and is_really(value, int) and type(value) is not bool:
        raise one_fault("stock_id.too_long", count=f">{_NUMBER_MAX_DIGITS}", limit=STOCK_ID_MAX_UTF16_UNITS)
    if text is None:
        raise one_fault("stock_id.type")
    if has_surrogate(text):
        raise one_fault("text.surrogate")
    if is_blank(text):
        return None
    if has_control(text):
        raise one_fault("stock_id.control")
    count = count_utf16_units(text)
    if count > STOCK_ID_MAX_UTF16_UNITS:
        raise one_fault("stock_id.too_long", count=count, limit=STOCK_ID_MAX_UTF16_UNITS)
    return text


def read_consent(value: object) -> bool | None:
    """Return a boolean or `None` as it is. `None` is kept apart, because it will be sent as `true`.

    Raises:
        ValidationError: `consent.type` for anything else, because `"false"` in quotes would count as true.
    """
    if value is True or value is False or value is None:
        return value
    raise one_fault("consent.type")
