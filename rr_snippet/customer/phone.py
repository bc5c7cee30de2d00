"""Read phone numbers: by the shape that the vendor documents, or as E.164 if a shop wants it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final, Literal

from rr_snippet.customer.shapes import phone_fault
from rr_snippet.customer.texts import exact_text, has_surrogate, is_really
from rr_snippet.errors import Problem
from rr_snippet.options import wrong_value

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

PhoneCheck = Literal["shape", "possible", "valid"]

PHONE_MIN_DIGITS: Final = 7
PHONE_MAX_DIGITS: Final = 15

# ASCII digits. A "+" only at the start, before a digit or a bracket. A digit at the end. Between digits at most two of
# space - ( ). At most one pair of brackets, with digits in it. Possessive: no input is read more than twice.
_DIGITS: Final = r"[0-9]++(?:[ -]{1,2}+[0-9]++)*+"
_OPENING: Final = r"(?:[ -]?\(|\([ -])"
_CLOSING: Final = r"(?:[ -]?\)|\)[ -])"
_SHAPE: Final = re.compile(rf"\+?+(?:{_DIGITS}|(?:\(|{_DIGITS}{_OPENING}){_DIGITS}{_CLOSING}{_DIGITS})")
# The usual groups of ten digits and a country code, with at most one separator between two groups, except beside a
# bracket. Every match has the shape above and neither too many nor too few digits.
_USUAL_GROUPS: Final = r"(?: ?\([0-9]{3}\) ?|[ -]?[0-9]{3}[ -]?)[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}"
USUAL_PHONE: Final = rf"\A\+?[0-9]{{1,2}}{_USUAL_GROUPS}\z"
# Russian numbers as people write them, with the country code or the trunk prefix. phonenumbers gives the same result.
# 8 and 10 start an international call, so the number after them is another country's.
_RUSSIAN: Final = re.compile(rf"(?:\+7|7|8(?![ (-]*10)){_USUAL_GROUPS}")
_SEPARATORS: Final = b"+ ()-"
_RUSSIAN_DIGITS: Final = 10
_E164: Final = re.compile(r"\+[1-9][0-9]*+")

# With this many digits or more, a number without "+" counts as international even if phonenumbers does not know it: one
# of the vendor's own examples is 123456789012345.
_INTERNATIONAL_MIN_DIGITS: Final = 11


class PhoneFaultError(ValueError):
    """A fault of a number: its code, and the details that its message mentions."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def read_phone(value: object, *, region: str | None = None, check: PhoneCheck = "shape") -> str | None:
    """Return the number as it will be sent, or `None` for a blank text.

    Without `region` a text is sent as written, without white space around it. With `region` (a two-letter code such as
    `RU`) it is turned into E.164. A `phonenumbers.PhoneNumber` is always sent as E.164. `check` asks phonenumbers
    whether the number is `possible` or `valid`. Only `check`, `region` and `PhoneNumber` need its metadata.

    Raises:
        PhoneFaultError: `phone.type`, `phone.shape`, `phone.too_short`, `phone.too_long`, `phone.region_needed`,
            `phone.impossible`, `phone.not_valid`; `text.surrogate`.
    Source: the list of phone examples in the customer card method; ITU-T E.164 for the limit of 15 digits.
    """
    text = exact_text(value)
    if text is None:
        text = _format_e164(value)
        if text is None:
            raise PhoneFaultError("phone.type")
    elif has_surrogate(text):
        raise PhoneFaultError("text.surrogate")
    else:
        text = text.strip()
        if not text:
            return None
    if region == "RU" and check == "shape" and _RUSSIAN.fullmatch(text):
        return f"+7{_digits_of(text)[-_RUSSIAN_DIGITS:]}"
    digits = _check_shape(text)
    if region is None and check == "shape":
        return text
    if region is not None:
        text = digits = _to_e164(digits, region)
    elif not text.startswith("+"):
        raise PhoneFaultError("phone.region_needed")
    if check != "shape":
        _check_number(digits, check)
    return text


def region_problem(region: object) -> Problem | None:
    """Return the problem of a value for `phone_region` that phonenumbers does not know, or `None`."""
    from phonenumbers import SUPPORTED_REGIONS

    if isinstance(region, str) and region in SUPPORTED_REGIONS:
        return None
    return wrong_value("phone_region", "a two-letter country code such as RU")


def _check_shape(text: str) -> str:
    """Return the digits of `text`, after a `+` if it has one."""
    if not _SHAPE.fullmatch(text):
        raise PhoneFaultError("phone.shape", **phone_fault(text))
    digits = _digits_of(text)
    if len(digits) < PHONE_MIN_DIGITS:
        raise PhoneFaultError("phone.too_short", count=len(digits), limit=PHONE_MIN_DIGITS)
    if len(digits) > PHONE_MAX_DIGITS:
        raise PhoneFaultError("phone.too_long", count=len(digits), limit=PHONE_MAX_DIGITS)
    return f"+{digits}" if text.startswith("+") else digits


def _digits_of(text: str) -> str:
    return text.encode().translate(None, _SEPARATORS).decode()


def _format_e164(value: object) -> str | None:
    """Return a `PhoneNumber` as E.164, or `None` for another type."""
    phonenumbers = sys.modules.get("phonenumbers")  # if it is not loaded, nobody can have made a PhoneNumber
    if phonenumbers is None or not is_really(value, phonenumbers.PhoneNumber):
        return None
    try:
        formatted = exact_text(phonenumbers.format_number(value, phonenumbers.PhoneNumberFormat.E164)) or ""
        # A number made by hand may be negative, and its minus would look like a separator.
        return formatted if _E164.fullmatch(formatted) else ""
    except Exception:  # a PhoneNumber made by hand may lack attributes that formatting needs
        return ""


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _to_e164(digits: str, region: str) -> str:
    """Return E.164: by the `+` if there is one, else of the region's number, else of an international one."""
    from phonenumbers import PhoneNumberFormat, ValidationResult, format_number, is_possible_number_with_reason

    def possible(number: PhoneNumber | None) -> bool:
        # Only this: a number that IS_POSSIBLE_LOCAL_ONLY cannot be dialled from elsewhere.
        return number is not None and is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE

    if digits.startswith("+"):
        number = _parse(digits, None)
        result = digits if number is None else format_number(number, PhoneNumberFormat.E164)
    elif possible(number := _parse(digits, region)) or possible(number := _parse(f"+{digits}", None)):
        assert number is not None
        result = format_number(number, PhoneNumberFormat.E164)
    elif len(digits) >= _INTERNATIONAL_MIN_DIGITS:
        result = f"+{digits}"
    else:
        raise PhoneFaultError("phone.impossible")
    if result.startswith("+0"):
        raise PhoneFaultError("phone.shape")
    if len(result) < 1 + PHONE_MIN_DIGITS:  # phonenumbers may remove a prefix from a short number
        raise PhoneFaultError("phone.too_short", count=len(result) - 1, limit=PHONE_MIN_DIGITS)
    if len(result) > 1 + PHONE_MAX_DIGITS:  # the country code may make a long national number too long
        raise PhoneFaultError("phone.too_long", count=len(result) - 1, limit=PHONE_MAX_DIGITS)
    return result


def _check_number(e164: str, check: PhoneCheck) -> None:
    from phonenumbers import is_possible_number, is_valid_number

    number = _parse(e164, None)
    if number is None or not is_possible_number(number):
        raise PhoneFaultError("phone.impossible")
    if check == "valid" and not is_valid_number(number):
        raise PhoneFaultError("phone.not_valid")
