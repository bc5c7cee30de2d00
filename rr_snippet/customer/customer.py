"""The customer, by the vendor's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self
from uuid import UUID

from pydantic import Field, PlainValidator, ValidationError, WithJsonSchema

from rr_snippet.customer.email import EMAIL_MAX_CHARS, is_email
from rr_snippet.customer.faults import Fault
from rr_snippet.customer.fields import (
    STOCK_ID_MAX_UTF16_UNITS,
    read_consent,
    read_custom_data,
    read_customer_id,
    read_customer_phone,
    read_email,
    read_stock_id,
)
from rr_snippet.customer.model import PrivateModel, UsualReader, customer_error
from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.customer.push import PushSubscription, read_push, read_usual_push
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules, rules_in
from rr_snippet.customer.soft_links import read_soft_links
from rr_snippet.customer.texts import has_control, is_really
from rr_snippet.errors import Problem

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_CONSENT_NAMES: Final = ("is_agreed_to_receive_marketing_mail", "isAgreedToReceiveMarketingMail")

# Seen in hand-written integrations, where the shop has no address but sends one all the same.
_MADE_UP_EMAIL: Final = re.compile(r"no-?reply@.*|.*[@.](?:unknown\.email|example\.(?:com|net|org))", re.IGNORECASE)
# Observed: the tracker of 2020 put the keys of custom data into the query of a URL without encoding them.
_UNSAFE_IN_QUERY: Final = re.compile(r"[&=#?%+]")

_NON_BLANK: Final = r"\S"
_NULL: Final = {"type": "null"}
_ID_SCHEMAS: Final[list[dict[str, Any]]] = [{"type": "string", "pattern": _NON_BLANK}, {"type": "integer"}]
_LINK_VALUE_SCHEMA: Final = {"type": ["string", "integer"], "pattern": _NON_BLANK}


def _link_schema(name: str, value: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "pattern": _NON_BLANK}, value: _LINK_VALUE_SCHEMA},
        "required": [name, value],
        "additionalProperties": False,
    }


if TYPE_CHECKING:
    PushField = PushSubscription | None
else:
    # Of no type of its own: around a union of models, PlainValidator serializes each of them twice and warns of it,
    # with the values (pydantic 2.14). The schema for tools is made in schema.py.
    PushField = Annotated[Any, PlainValidator(read_push), WithJsonSchema({"type": ["object", "null"]})]


class Customer(PrivateModel):
    """A visitor of the shop, as the vendor's customer card takes them. Immutable.

    Fields go by their Python names or by the vendor's (`customer_id` or `customerId`), one spelling per field. `None`
    and absent are the same, except that a consent of `None` is remembered and warned of.

    A consent of `False` does not unsubscribe someone who is already subscribed; that has to be done with the vendor.

    Raises:
        CustomerError: every problem found, with codes and places; no value of the customer is in it.
    Source: parameter list of the customer card method (`setCustomer`).
    """

    TYPE_CODE: ClassVar[str] = "customer.type"
    MISSING_CODE: ClassVar[str] = "customer_id.missing"
    UNKNOWN_CODE: ClassVar[str] = "field.unknown"

    customer_id: Annotated[str, PlainValidator(read_customer_id), WithJsonSchema({"anyOf": _ID_SCHEMAS})] = Field(
        description="The customer's unique id, required. A number may have up to 64 digits; sent as text."
    )
    email: Annotated[
        str | None,
        PlainValidator(read_email),
        WithJsonSchema({"type": ["string", "null"], "maxLength": EMAIL_MAX_CHARS}),
    ] = Field(None, description="The e-mail address, at most 254 characters, sent as written. Blank counts as absent.")
    phone: Annotated[str | None, PlainValidator(read_customer_phone), WithJsonSchema({"type": ["string", "null"]})] = (
        Field(
            None,
            description="The phone number, 7 to 15 digits in one of the documented forms. Blank counts as absent.",
            examples=["+7 (111) 222-33-44", "71112223344"],
        )
    )
    custom_data: Annotated[
        dict[str, str] | None,
        PlainValidator(read_custom_data),
        WithJsonSchema(
            {
                "type": ["object", "null"],
                "propertyNames": {"pattern": _NON_BLANK, "not": {"const": "__proto__"}},
                "additionalProperties": {"type": "string"},
            }
        ),
    ] = Field(None, description="More about the customer: texts by non-blank names. Empty counts as absent.")
    default_stock_id: Annotated[
        str | None,
        PlainValidator(read_stock_id),
        WithJsonSchema(
            {"anyOf": [{"type": "string", "maxLength": STOCK_ID_MAX_UTF16_UNITS}, {"type": "integer"}, _NULL]}
        ),
    ] = Field(
        None,
        description=(
            "The region's id, exactly as in the product feed, at most 50 UTF-16 units. Makes the block the region one."
        ),
        examples=["Москва"],
    )
    soft_links: Annotated[
        dict[str, str] | None,
        PlainValidator(read_soft_links),
        WithJsonSchema(
            {
                "anyOf": [
                    {
                        "type": "object",
                        "propertyNames": {"pattern": _NON_BLANK},
                        "additionalProperties": _LINK_VALUE_SCHEMA,
                    },
                    {
                        "type": "array",
                        "items": {
                            "anyOf": [
                                _link_schema("name", "value"),
                                _link_schema("Name", "Value"),
                                {
                                    "type": "array",
                                    "prefixItems": [{"type": "string", "pattern": _NON_BLANK}, _LINK_VALUE_SCHEMA],
                                    "minItems": 2,
                                    "maxItems": 2,
                                },
                            ]
                        },
                    },
                    _NULL,
                ]
            }
        ),
    ] = Field(
        None,
        description=(
            "Other marks of the same person: names to values, or a list of items with name and value. Each name once, "
            "nothing blank, no e-mail addresses. Empty counts as absent."
        ),
        examples=[{"loyalty card": "7700123456"}],
    )
    mobile_push_subscription: PushField = Field(
        None, description="A mobile push subscription: an object with exactly one of the three kinds in it."
    )
    is_agreed_to_receive_marketing_mail: Annotated[
        bool | None, PlainValidator(read_consent), WithJsonSchema({"type": ["boolean", "null"]})
    ] = Field(
        default=True,
        description=(
            "The consent to marketing mail, true or false without quotes; true where it is left out. False does not "
            "unsubscribe someone who is already subscribed."
        ),
    )

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            customer_id: str | int | UUID,
            email: str | None = None,
            phone: str | PhoneNumber | None = None,
            custom_data: Mapping[str, str] | None = None,
            default_stock_id: str | int | UUID | None = None,
            soft_links: Mapping[str, str | int] | Sequence[Any] | None = None,
            mobile_push_subscription: PushSubscription | Mapping[str, Any] | None = None,
            is_agreed_to_receive_marketing_mail: bool | None = True,
        ) -> None: ...

    @classmethod
    def parse(
        cls,
        data: Mapping[str, Any] | Customer,
        *,
        phone_region: str | None = None,
        phone_check: PhoneCheck = "shape",
        require_consent: bool = False,
    ) -> Self:
        """Build a customer from a mapping, or hold one that exists to the rules given here.

        `phone_region` is a two-letter country code; with it phones are sent as E.164. `require_consent` refuses a
        consent that is absent or `None`.

        Raises:
            CustomerError: every problem found.
            OptionError: `option.value`, a rule that means nothing.
        """
        return cls._parse(data, CustomerRules(phone_region, phone_check, require_consent))

    @classmethod
    def _parse(cls, data: Any, rules: CustomerRules) -> Self:
        # The type first: pydantic's metaclass makes isinstance slow.
        if type(data) is not dict and is_really(data, cls):
            if rules == DEFAULT_RULES:
                return data
            data = data._given()
        # The context of the default rules is none: pydantic is quicker without.
        context = None if rules is DEFAULT_RULES else rules
        try:  # what `validated` does, without another call on the path of every page view
            customer: Self = cls.__pydantic_validator__.validate_python(data, context=context)
        except ValidationError as error:
            raised = customer_error(error)
        else:
            return customer
        raise raised

    @classmethod
    def _rule_faults(cls, data: Any, context: Any) -> list[Fault]:
        if not rules_in(context).require_consent:
            return []
        given = data if type(data) is dict else data._given()
        if any(given.get(name) is not None for name in _CONSENT_NAMES):
            return []
        return [Fault("consent.missing", (_CONSENT_NAMES[1],))]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is allowed and probably not meant, in the order of the fields; nothing here stops a rendering.

        Codes: `email.placeholder`, `custom_data.key_unsafe`, `soft_link.email`, `consent.not_unsubscribe`,
        `consent.assumed`.
        """
        return tuple(_warnings(self))


read_usual_customer: Final = UsualReader(Customer, mobile_push_subscription=read_usual_push).read
"""Reads a dict that is right as it stands: the values of a customer's fields as the model would hold them.

`None` decides nothing. The push subscription is a `UsualPush` where the model has one of its three classes.
"""


def _warnings(customer: Customer) -> Iterator[Problem]:
    if customer.email is not None and _MADE_UP_EMAIL.fullmatch(customer.email):
        yield Problem.of("email.placeholder", "email")
    for position, key in enumerate(customer.custom_data or ()):
        if _UNSAFE_IN_QUERY.search(key) or has_control(key):
            yield Problem.of("custom_data.key_unsafe", f"customData[{position}]")
    for position, value in enumerate((customer.soft_links or {}).values()):
        if is_email(value.strip()):
            yield Problem.of("soft_link.email", f"softLinks[{position}].value")
    if customer.is_agreed_to_receive_marketing_mail is False:
        yield Problem.of("consent.not_unsubscribe", _CONSENT_NAMES[1])
    elif customer.is_agreed_to_receive_marketing_mail is None:
        yield Problem.of("consent.assumed", _CONSENT_NAMES[1])
