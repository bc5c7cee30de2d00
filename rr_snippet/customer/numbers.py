"""The numbers of an order: finite, and exactly representable in JavaScript."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from rr_snippet.customer.texts import is_really

SAFE_MAX: Final = 2**53 - 1
"""The largest whole number that JavaScript distinguishes from its neighbours.

Source: https://tc39.es/ecma262/#sec-number.max_safe_integer
"""
DIGITS_MAX: Final = 15
"""The decimal digits of any number that a double keeps: https://en.cppreference.com/w/c/types/limits, DBL_DIG."""


def read_number(value: object, *, with_floats: bool = True) -> int | Decimal | None:
    """Return a number in its plain type, a float as the `Decimal` of its `repr`, `None` for anything else.

    A `bool` is no number. Every zero becomes 0, because a zero with a sign would be written with it.
    """
    number: int | Decimal
    if is_really(value, int) and type(value) is not bool:
        number = int.__int__(value)
    elif is_really(value, Decimal):
        number = Decimal(value)
    elif with_floats and is_really(value, float):
        number = Decimal(float.__repr__(value))
    else:
        return None
    return number or 0


def is_finite(number: int | Decimal) -> bool:
    """Return whether a number is neither infinite nor NaN."""
    return type(number) is int or Decimal(number).is_finite()


def is_exact(number: int | Decimal) -> bool:
    """Return whether a double holds a finite number exactly, with at most 15 digits and 15 before the point."""
    if type(number) is int:
        return abs(number) < 10**DIGITS_MAX
    exact = Decimal(number)
    if not exact.is_finite() or exact.adjusted() >= DIGITS_MAX:
        return False
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0")
    # Near the smallest doubles, digits are lost, and below them the number.
    return len(digits) <= DIGITS_MAX and Decimal(repr(float(exact))) == exact
