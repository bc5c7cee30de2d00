"""The customer by the vendor's rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar, overload
from uuid import UUID

from pydantic import Field

from rr_snippet.customer.declarations import (
    ConsentField,
    CustomDataField,
    EmailField,
    IdField,
    LinksField,
    PhoneField,
    StockIdField,
)
from rr_snippet.customer.lenient import read_leniently
from rr_snippet.customer.model import PrivateModel, build, plain_validator
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.phone import PhoneCheck, PhoneFaultError, read_phone
from rr_snippet.customer.push import PushField, PushSubscription
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules, rules_of
from rr_snippet.customer.texts import exact_text, is_really
from rr_snippet.customer.usual import (
    fields_of,
)
from rr_snippet.customer.warnings import warnings_of
from rr_snippet.errors import CustomerError, Problem

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_CONSENT: Final = "is_agreed_to_receive_marketing_mail"
_CONSENT_ALIAS: Final = "isAgreedToReceiveMarketingMail"


class Customer(PrivateModel):
    """A visitor of the shop, as the vendor's customer card accepts them. Immutable.

    Each field may have its Python name or the vendor's (`customer_id` or `customerId`), but not both. `None` is the
    same as absent, except for a consent of `None`, which is kept and gives a warning.

    A consent of `False` does not unsubscribe someone who is already subscribed. Do that with the vendor.

    Raises:
        CustomerError: every problem found, with codes and places and no value of the customer.
    Source: parameter list of the customer card method (`setCustomer`).
    """

    TYPE_CODE: ClassVar[str] = "customer.type"
    UNKNOWN_CODE: ClassVar[str] = "field.unknown"

    customer_id: IdField = Field(
        description="The customer's unique id, required. A number may have up to 64 digits; sent as text."
    )
    email: EmailField = Field(
        default=None,
        description="The e-mail address, at most 254 characters, sent as written. Blank counts as absent.",
    )
    phone: PhoneField = Field(
        default=None,
        description="The phone number, 7 to 15 digits in one of the documented forms. Blank counts as absent.",
        examples=["+7 (111) 222-33-44", "71112223344"],
    )
    custom_data: CustomDataField = Field(
        default=None, description="More about the customer: texts by non-blank names. Empty counts as absent."
    )
    default_stock_id: StockIdField = Field(
        default=None,
        description=(
            "The region's id, exactly as in the product feed, at most 50 UTF-16 units. Makes the block the region one."
        ),
        examples=["Москва"],
    )
    soft_links: LinksField = Field(
        default=None,
        description=(
            "Other marks of the same person: names to values, or a list of items with name and value. Each name once, "
            "nothing blank, no e-mail addresses. Empty counts as absent."
        ),
        examples=[{"loyalty card": "7700123456"}],
    )
    mobile_push_subscription: PushField = Field(
        default=None, description="A mobile push subscription: an object with exactly one of the three kinds in it."
    )
    is_agreed_to_receive_marketing_mail: ConsentField = Field(
        default=True,
        description=(
            "The consent to marketing mail, true or false without quotes; true where it is left out. False does not "
            "unsubscribe someone who is already subscribed."
        ),
    )

    if TYPE_CHECKING:

        @overload
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
        @overload
        def __init__(
            self,
            *,
            customerId: str | int | UUID,
            email: str | None = None,
            phone: str | PhoneNumber | None = None,
            customData: Mapping[str, str] | None = None,
            defaultStockId: str | int | UUID | None = None,
            softLinks: Mapping[str, str | int] | Sequence[Any] | None = None,
            mobilePushSubscription: PushSubscription | Mapping[str, Any] | None = None,
            isAgreedToReceiveMarketingMail: bool | None = True,
        ) -> None: ...
        def __init__(self, **data: Any) -> None: ...

    @classmethod
    def parse(
        cls,
        data: Mapping[str, Any] | Customer,
        *,
        phone_region: str | None = None,
        phone_check: PhoneCheck = "shape",
        require_consent: bool = False,
        phone_clean: bool = False,
        drop_faulty: bool = False,
    ) -> Self:
        """Build a customer from a mapping, or apply the rules given here to an existing one.

        `phone_region` is a two-letter country code; with it phones are sent as E.164. `require_consent` refuses a
        consent that is absent or `None`. `phone_clean` removes the characters that spreadsheets and telephones add to a
        phone. `drop_faulty` leaves out a faulty `email`, `phone` or push subscription, and faulty entries of
        `custom_data` and `soft_links`, instead of losing the customer; `dropped` has their problems.

        Raises:
            CustomerError: every problem found.
            OptionError: `option.value`, for a wrong value of a rule.
        """
        rules = rules_of(
            phone_region=phone_region,
            phone_check=phone_check,
            require_consent=require_consent,
            phone_clean=phone_clean,
            drop_faulty=drop_faulty,
        )
        return read_customer(data, rules, cls)

    @property
    def dropped(self) -> tuple[Problem, ...]:
        """The problems of the fields and entries that `drop_faulty` has left out."""
        return tuple(_notes_of(self).get("dropped", ()))

    @property
    def is_phone_cleaned(self) -> bool:
        """Whether `phone_clean` has changed the phone."""
        return "is_phone_cleaned" in _notes_of(self)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is allowed, but probably a mistake, in the order of the fields. No warning stops a rendering.

        Codes: `customer_id.placeholder`, `customer_id.space`, `email.placeholder`, `email.mixed_scripts`,
        `phone.placeholder`, `custom_data.key_unsafe`, `stock_id.space`, `soft_link.email`, `consent.not_unsubscribe`,
        `consent.assumed`.
        """
        return tuple(warnings_of(self))


FIELDS: Final = fields_of(Customer)
"""The one table of a customer's fields."""

SPELLINGS: Final = {spelling: field for field in FIELDS for spelling in (field.name, field.alias)}
"""The fields by either spelling."""

_ALIASES: Final = {spelling: field.alias for spelling, field in SPELLINGS.items()}

AnyCustomer = TypeVar("AnyCustomer", bound=Customer)


@overload
def read_customer(data: object, rules: CustomerRules = ...) -> Customer: ...
@overload
def read_customer(data: object, rules: CustomerRules, model: type[AnyCustomer]) -> AnyCustomer: ...
def read_customer(data: Any, rules: CustomerRules = DEFAULT_RULES, model: type[Customer] = Customer) -> Customer:
    """Build a customer from a mapping, or apply `rules` to an existing one: the only entry point.

    Raises:
        CustomerError: the problems found.
    """
    is_lenient = rules.phone_clean or rules.drop_faulty
    if type(data) is dict and model is Customer and not is_lenient:
        try:
            read = _USUAL(data)
        except Exception:  # noqa: S110 - the code below reports the problems, without this error's values
            pass
        else:
            return read if rules is DEFAULT_RULES else _hold_to(rules, read)
    if not is_lenient:
        return _read(data, rules, model)
    strict = replace(rules, phone_clean=False, drop_faulty=False)
    customer, notes = read_leniently(
        data.given() if is_really(data, model) else data,
        lambda given: _read(given, strict, model),
        _ALIASES,
        clean=rules.phone_clean,
        drop=rules.drop_faulty,
    )
    # It is new, so it may be changed: `read_leniently` never returns what it was given.
    object.__setattr__(customer, "__pydantic_private__", {**(customer.__pydantic_private__ or {}), _NOTES: notes})
    return customer


# pydantic copies and pickles private attributes, but does not dump them.
_NOTES: Final = "_rr_snippet_notes"


def _notes_of(customer: Customer) -> Mapping[str, Any]:
    notes: Mapping[str, Any] = (getattr(customer, "__pydantic_private__", None) or {}).get(_NOTES, {})
    return notes


# Nearly every customer is read by this alone.
_USUAL: Final[Callable[[Any], Customer]] = plain_validator(Customer).validate_python


def _read(data: Any, rules: CustomerRules, model: type[Customer]) -> Customer:
    if is_really(data, model):
        if rules is DEFAULT_RULES:
            return data
        # Read again, because it may have been built without validation. A subclass's own fields are left out.
        data = {name: value for name, value in data.given().items() if name in model.model_fields}
    try:
        built = build(model, data)
    except CustomerError as error:
        problems = error.problems
    else:
        return built if rules is DEFAULT_RULES else _hold_to(rules, built)
    beside = () if rules is DEFAULT_RULES else _problems_beside(problems, rules, data)
    raise CustomerError(*sorted((*problems, *beside), key=_position) if beside else problems)


def _hold_to(rules: CustomerRules, customer: Customer) -> Customer:
    """Apply `rules` to `customer`, which nobody else has seen, and return it.

    Raises:
        CustomerError: the problems by these rules.
    """
    values, problems = customer.__dict__, []
    if (phone := values["phone"]) is not None:
        try:
            values["phone"] = read_phone(phone, region=rules.phone_region, check=rules.phone_check)
        except PhoneFaultError as error:
            problems.append(Problem.of(error.code, "phone", **error.details))
    if rules.require_consent and (values[_CONSENT] is None or _CONSENT not in customer.model_fields_set):
        problems.append(Problem.of("consent.missing", _CONSENT_ALIAS))
    if problems:
        raise CustomerError(*problems)
    return customer


def _problems_beside(problems: Sequence[Problem], rules: CustomerRules, data: object) -> list[Problem]:
    """Return the problems by `rules` of data that is no valid customer, for the fields without a problem so far."""
    told = {problem.path for problem in problems}
    if "" in told:  # the data as a whole is wrong
        return []
    given = {
        SPELLINGS[text].name: value
        for name, value in read_pairs(data) or ()
        if (text := exact_text(name) or "") in SPELLINGS
    }
    found = []
    if given.get("phone") is not None and "phone" not in told:
        try:
            read_phone(given["phone"], region=rules.phone_region, check=rules.phone_check)
        except PhoneFaultError as error:
            found.append(Problem.of(error.code, "phone", **error.details))
    if rules.require_consent and given.get(_CONSENT) is None and _CONSENT_ALIAS not in told:
        found.append(Problem.of("consent.missing", _CONSENT_ALIAS))
    return found


def _position(problem: Problem) -> int:
    """Return the position of a problem's field. A problem that is about no field comes last."""
    return _POSITIONS.get(problem.path.partition(".")[0].partition("[")[0], len(_POSITIONS))


_POSITIONS: Final = {field.alias: position for position, field in enumerate(FIELDS)}
