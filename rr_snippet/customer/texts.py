"""Questions that several fields ask about texts, and about values that stand for texts."""

from __future__ import annotations

import re
from typing import Final, TypeGuard, TypeVar
from uuid import UUID

INT_MAX_DIGITS: Final = 64

_Kind = TypeVar("_Kind")

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


def is_ordinary(value: object) -> TypeGuard[str]:
    """Return whether `value` is a printable text that is not blank, so that no rule about characters can refuse it.

    `False` only means that a closer look is needed. A printable text has no control characters and no surrogates
    (`str.isprintable`), so this cheap question is enough for nearly every real value.
    """
    return type(value) is str and value.isprintable() and not value.isspace() and value != ""


def is_really(value: object, kind: type[_Kind]) -> TypeGuard[_Kind]:
    """Return whether the type of `value` is `kind`. `isinstance` would believe a proxy that only claims so."""
    return issubclass(type(value), kind)


def exact_text(value: object) -> str | None:
    """Return the characters of a `str` or of any subclass of it, or `None` for another type.

    The methods of a subclass (`__str__`, `__html__`, `__eq__`) are never called.
    """
    return str.__str__(value) if is_really(value, str) else None


def number_text(value: object, *, max_digits: int = INT_MAX_DIGITS) -> str | None:
    """Return a whole number of at most `max_digits` digits as text, or `None` for anything else, `bool` included.

    `max_digits` is at most 640, which any Python can turn into text (`sys.int_info.str_digits_check_threshold`).
    """
    if not is_really(value, int) or type(value) is bool:
        return None
    number = int.__int__(value)
    return int.__repr__(number) if abs(number) < 10**max_digits else None


def uuid_text(value: object) -> str | None:
    """Return a UUID as text, or `None` for anything else."""
    if not is_really(value, UUID):
        return None
    try:
        return UUID.__str__(value)
    except Exception:  # a database driver's subclass may compute its number, and fail
        return None


def text_fault(value: object, prefix: str) -> str | None:
    """Return the code of the first fault of a text that must not be blank, or `None`.

    The codes are `text.surrogate`, and `type` or `blank` with `prefix` before it (`soft_link.name_`).
    """
    if is_ordinary(value):
        return None
    text = exact_text(value)
    if text is None:
        return f"{prefix}type"
    if has_surrogate(text):
        return "text.surrogate"
    return f"{prefix}blank" if is_blank(text) else None


def has_surrogate(text: str) -> bool:
    """Return whether `text` contains a lone surrogate."""
    # Encoding is several times as fast as a search.
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def has_control(text: str) -> bool:
    """Return whether `text` contains a control character (Unicode category Cc: C0, DEL, C1)."""
    return _CONTROL.search(text) is not None


def is_blank(text: str) -> bool:
    """Return whether `text` is empty or nothing but white space."""
    return not text or text.isspace()


def count_utf16_units(text: str) -> int:
    """Return the length of `text` as JavaScript and .NET count it: a character outside the BMP counts twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
