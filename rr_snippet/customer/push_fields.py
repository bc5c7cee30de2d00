"""The readers of a push subscription's fields, for values that do not have the usual shape."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from rr_snippet.customer.faults import one_fault
from rr_snippet.customer.texts import exact_text, is_really, text_fault

_TIMESTAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,7})?+(.*)", re.DOTALL
)
# Years from 1900 to 2199, and any day but 29 February, which depends on the year.
USUAL_TIMESTAMP: Final = (
    r"\A(?:19|2[01])[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,7})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z"
)
_OFFSET: Final = re.compile(r"Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]")


def read_timestamp(value: object) -> str:
    """Return a point in time as written, or an aware `datetime` in ISO form with up to six fraction digits.

    Raises:
        ValidationError: `push.field_type`, `text.surrogate`, `push.field_blank`,
            `push.timestamp_shape`, `push.timestamp_offset`, `push.timestamp_date`.
    Source: the push subscriptions of the customer card method; RFC 3339, section 5.6.
    """
    if is_really(value, datetime):
        try:
            offset = datetime.utcoffset(value)
            # The base class's method, because a subclass may write nanoseconds, or anything.
            value = None if offset is None else datetime.isoformat(value)
            is_odd = offset is None or bool(offset % timedelta(minutes=1))
        except Exception:  # a tzinfo is foreign code
            is_odd = True
        if is_odd:
            raise one_fault("push.timestamp_offset")
    text = read_text(value)
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise one_fault("push.timestamp_shape")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    if not _OFFSET.fullmatch(match[7]):
        # Anything that is not the start of an offset, such as an eighth digit or a stray letter, breaks the shape.
        shape = match[7] and not re.match(r"[+-][0-9]", match[7])
        raise one_fault("push.timestamp_shape" if shape else "push.timestamp_offset")
    try:
        date(year, month, day)
    except ValueError:
        hour = 24
    if hour > 23 or minute > 59 or second > 59:
        raise one_fault("push.timestamp_date")
    return text


def read_text(value: object) -> str:
    """Return a text that is not blank.

    Raises:
        ValidationError: `push.field_type`, `text.surrogate`, `push.field_blank`.
    """
    text = exact_text(value)
    code = text_fault(text, "push.field_")
    if code is not None:
        raise one_fault(code, **({"expected": "a string"} if code == "push.field_type" else {}))
    return text or ""


def read_flag(value: object) -> bool:
    """Return a boolean.

    Raises:
        ValidationError: `push.field_type`.
    """
    if value is True or value is False:
        return value
    raise one_fault("push.field_type", expected="a boolean")
