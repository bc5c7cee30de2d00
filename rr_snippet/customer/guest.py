"""The guest, who buys without a login."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, overload
from uuid import UUID

from pydantic import Field

from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.customer.declarations import GivenConsentField, GivenEmailField, StockIdField
from rr_snippet.customer.model import PrivateModel, build
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.texts import is_really
from rr_snippet.customer.usual import fields_of


class Guest(PrivateModel):
    """Somebody who buys without a login, as the vendor's `setProfile` accepts them. Immutable.

    Each field may have its Python name or the vendor's. The consent is required: it is never assumed for a guest.

    Raises:
        CustomerError: `guest.type`, `guest.email_missing`, `guest.consent_missing`, and the codes of these fields in a
            `Customer`. It holds no value.
    Source: the tracking code of the order page (`setProfile`).
    """

    TYPE_CODE: ClassVar[str] = "guest.type"
    UNKNOWN_CODE: ClassVar[str] = "field.unknown"

    email: GivenEmailField = Field(description="The e-mail address, required, at most 254 characters, sent as written.")
    default_stock_id: StockIdField = Field(
        default=None, description="The region's id, exactly as in the product feed, at most 50 UTF-16 units."
    )
    is_agreed_to_receive_marketing_mail: GivenConsentField = Field(
        description="The consent to marketing mail, true or false without quotes; required."
    )

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            *,
            email: str,
            default_stock_id: str | int | UUID | None = None,
            is_agreed_to_receive_marketing_mail: bool,
        ) -> None: ...
        @overload
        def __init__(
            self,
            *,
            email: str,
            defaultStockId: str | int | UUID | None = None,
            isAgreedToReceiveMarketingMail: bool,
        ) -> None: ...
        def __init__(self, **data: Any) -> None: ...


GUEST_FIELDS: Final = fields_of(Guest)

Person = Customer | Guest

_ID_SPELLINGS: Final = ("customerId", "customer_id")


def read_person(data: Person | Mapping[str, Any], rules: CustomerRules = DEFAULT_RULES) -> Person:
    """Return the buyer: a `Customer` by `rules` if the mapping has a customer's id, otherwise a `Guest`.

    Raises:
        CustomerError: the problems found.
    """
    if is_really(data, Guest):
        return data
    pairs = read_pairs(data)
    is_guest = pairs is not None and not any(type(name) is str and name in _ID_SPELLINGS for name, _ in pairs)
    return build(Guest, data) if is_guest else read_customer(data, rules)
