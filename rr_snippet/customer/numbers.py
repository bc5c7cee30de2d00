"""Numbers of an order: exact, finite, and such that JavaScript holds each as it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from rr_snippet.customer.texts import is_really

SAFE_MAX: Final = 2**53 - 1
"""The largest whole number that JavaScript tells from its neighbours: https://tc39.es/ecma262/#sec-number.max_safe_integer"""
DIGITS_MAX: Final = 15
"""So many decimal digits of any number survive a double: https://en.cppreference.com/w/c/types/limits, DBL_DIG."""


def read_number(value: object, *, with_floats: bool = True) -> int | Decimal | None:
    """Return a number as it is, of the plain type, a float as the `Decimal` of its `repr`; `None` for anything else.

    A `bool` is none. Every zero is 0: one with a sign of its own would be written with it.
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
    """Tell whether a number is neither infinite nor none at all."""
    return type(number) is int or Decimal(number).is_finite()


def is_exact(number: int | Decimal) -> bool:
    """Tell whether a number is finite, of at most 15 digits and 15 before the point, and no smaller than doubles go."""
    if type(number) is int:
        return abs(number) < 10**DIGITS_MAX
    exact = Decimal(number)
    if not exact.is_finite() or exact.adjusted() >= DIGITS_MAX:
        return False
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0")
    # Below the smallest doubles digits are lost, and then the number.
    return len(digits) <= DIGITS_MAX and Decimal(repr(float(exact))) == exact
