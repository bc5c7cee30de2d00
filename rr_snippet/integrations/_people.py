"""The person that a tag is given, instead of the visitor, and the object behind a lazy one."""

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
    """The type of `UNSET`: no customer was given. `None` is an anonymous visitor."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET


def checked(person: object, *, takes_guests: bool) -> object:
    """Return `person` without any lazy wrapper, if it can be a person here. A guest can be one only with an order.

    Raises:
        CustomerError: `customer.type`, with the name of the type.
    """
    if type(person) is dict:  # the usual case, decided without a slow `isinstance`
        return person
    # Not `is None`, because the lazy objects of Django and Werkzeug only claim the type of what they wrap.
    if isinstance(person, type(None)):
        return None
    if isinstance(person, Mapping | Customer) or (takes_guests and isinstance(person, Guest)):
        return unwrapped(person)
    raise CustomerError(Problem.of("customer.type", error=type(person).__name__))


def unwrapped(given: Any) -> Any:
    """Return a copy of the model that a lazy object wraps, because the wrapper has other attributes too."""
    if isinstance(given, _MODELS) and not issubclass(type(given), _MODELS):
        return given.model_copy()
    return given
