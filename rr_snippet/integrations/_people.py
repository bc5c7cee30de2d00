"""Who is meant: the one that was given, or whoever visits; and what a lazy object stands for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.guest import Guest
from rr_snippet.customer.order import Order
from rr_snippet.errors import CustomerError, Problem

_MODELS: Final = (Customer, Guest, Order)


class Unset(Enum):
    """The type of `UNSET`, which is no customer at all: `None` is the anonymous visitor."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET


def checked(person: object, *, takes_guests: bool) -> object:
    """Return what stands for a person, if it can be one at all; a guest is none but where something is bought.

    Raises:
        CustomerError: `customer.type`, with the name of the type.
    """
    # Not `is None`: the lazy objects of Django and Werkzeug say of themselves what they stand for.
    if isinstance(person, type(None)):
        return None
    if isinstance(person, Mapping | Customer) or (takes_guests and isinstance(person, Guest)):
        return unwrapped(person)
    raise CustomerError(Problem.of("customer.type", error=type(person).__name__))


def unwrapped(given: Any) -> Any:
    """Return what a lazy object stands for: it has attributes of its own, too."""
    if isinstance(given, _MODELS) and not issubclass(type(given), _MODELS):
        return given.model_copy()
    return given
