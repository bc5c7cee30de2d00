"""The places of a string in a block, and what the tracker must receive, written without the code under test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rr_snippet import (
    ApnsSubscription,
    Customer,
    CustomerError,
    FcmSubscription,
    Guest,
    HuaweiSubscription,
    Order,
    OrderItem,
    Renderer,
    RenderError,
    RenderOptions,
    SnippetError,
    render_order,
    render_snippet,
)
from tests.hostile.corpus import Hostile
from tests.support.outcome import Odd

TIME: Final = "2025-03-31T11:03:02.3564674+03:00"
# The longest strings of the corpus exceed the default limit.
MAX_CHARS: Final = 50_000_000
# https://www.w3.org/TR/CSP3/#grammardef-base64-value
NONCE_SHAPE: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}", re.ASCII)


@dataclass(frozen=True)
class Subject:
    """The model that holds a string: how it is read, built without validation, rendered and sent."""

    method: str
    read: Callable[[dict[str, Any]], Any]
    build: Callable[[dict[str, Any]], Any]
    render: Callable[..., str]
    payload: Callable[[dict[str, Any]], dict[str, Any]]


# Lambdas, because a test may patch the functions that they call.
CUSTOMER: Final = Subject(
    "setCustomer",
    lambda fields: Customer.parse({"customer_id": "1", **fields}),
    lambda fields: Customer.model_construct(**{"customer_id": "1", **fields}),
    lambda customer, **options: render_snippet(customer, **options),
    lambda own: {"customerId": "1", **own, "isAgreedToReceiveMarketingMail": True},
)
_GUEST: Final[dict[str, Any]] = {"email": "anna@shop.ru", "is_agreed_to_receive_marketing_mail": True}
GUEST: Final = Subject(
    "setProfile",
    lambda fields: Guest.model_validate({**_GUEST, **fields}),
    lambda fields: Guest.model_construct(**{**_GUEST, **fields}),
    lambda guest, nonce, **options: Renderer(RenderOptions(**options)).render_person(guest, nonce=nonce),
    lambda own: {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True, **own},
)
_ITEM: Final[dict[str, Any]] = {"id": 7, "quantity": 1, "price": 990}
ORDER: Final = Subject(
    "order",
    lambda fields: Order.model_validate({"transaction": "1", "items": [_ITEM], **fields}),
    lambda fields: Order.model_construct(
        transaction=fields.get("transaction", "1"),
        items=tuple(OrderItem.model_construct(**item) for item in fields.get("items", [_ITEM])),
    ),
    lambda order, **options: render_order(order, None, **options),
    lambda own: {"transaction": "1", "items": [_sent_item(Odd("number", "7"))], **own},
)


def _sent_item(product_id: object) -> dict[str, object]:
    return {"id": product_id, "qnt": Odd("number", "1"), "price": Odd("number", "990")}


@dataclass(frozen=True)
class Place:
    """A place for a string: in the model's input, in the model itself, and in what the tracker receives."""

    fields: Callable[[str], dict[str, Any]]
    built: Callable[[str], dict[str, Any]]
    payload: Callable[[str], dict[str, Any]]
    is_trimmed: bool = False
    """White space around the string is removed, and a blank string counts as absent."""
    is_optional: bool = False
    """An empty string counts as absent, even without validation."""
    subject: Subject = CUSTOMER


def _field(name: str, key: str, **kind: Any) -> Place:
    def fields(text: str) -> dict[str, Any]:
        return {name: text}

    return Place(fields, fields, lambda text: {key: text}, **kind)


def _entry(name: str, entry: Callable[[str], dict[str, str]], sent: Callable[[str], dict[str, Any]]) -> Place:
    def fields(text: str) -> dict[str, Any]:
        return {name: entry(text)}

    return Place(fields, fields, sent)


def _push(model: type, kind: str, spelled: dict[str, str], mine: str) -> Place:
    """A place in a subscription; `spelled` has the vendor's names of its texts, in the vendor's order."""

    def values(text: str) -> dict[str, Any]:
        texts = {field: text if field == mine else "x" for field in spelled}
        flags = {"is_dev_environment": True} if model is ApnsSubscription else {}
        return {**flags, "creation_timestamp": TIME, **texts}

    def sent(text: str) -> dict[str, Any]:
        texts = {spelled[field]: text if field == mine else "x" for field in spelled}
        flags = {"isDevEnvironment": True} if model is ApnsSubscription else {}
        return {"mobilePushSubscription": {kind: {**flags, "creationTimestamp": TIME, **texts}}}

    return Place(
        lambda text: {"mobile_push_subscription": {kind: values(text)}},
        lambda text: {"mobile_push_subscription": model.model_construct(**values(text))},  # type: ignore[attr-defined]
        sent,
    )


_SHORT: Final = {"application_id": "applicationId", "token": "token"}
_FCM: Final = {"application_id": "applicationId", "fcm_project_id": "fcmProjectId", "token": "token"}

PLACES: Final[dict[str, Place]] = {
    "customerId": _field("customer_id", "customerId"),
    "email": _field("email", "email", is_trimmed=True, is_optional=True),
    "phone": _field("phone", "phone", is_trimmed=True, is_optional=True),
    "customData key": _entry("custom_data", lambda text: {text: "x"}, lambda text: {"customData": {text: "x"}}),
    "customData value": _entry("custom_data", lambda text: {"x": text}, lambda text: {"customData": {"x": text}}),
    "defaultStockId": _field("default_stock_id", "defaultStockId", is_optional=True),
    "softLinks name": _entry(
        "soft_links", lambda text: {text: "x"}, lambda text: {"softLinks": [{"name": text, "value": "x"}]}
    ),
    "softLinks value": _entry(
        "soft_links", lambda text: {"x": text}, lambda text: {"softLinks": [{"name": "x", "value": text}]}
    ),
    "fcm applicationId": _push(FcmSubscription, "fcmSubscription", _FCM, "application_id"),
    "fcm fcmProjectId": _push(FcmSubscription, "fcmSubscription", _FCM, "fcm_project_id"),
    "fcm token": _push(FcmSubscription, "fcmSubscription", _FCM, "token"),
    "apns token": _push(ApnsSubscription, "apnsSubscription", _SHORT, "token"),
    "huawei token": _push(HuaweiSubscription, "huaweiSubscription", _SHORT, "token"),
    "guest's email": _field("email", "email", is_trimmed=True, subject=GUEST),
    "guest's defaultStockId": _field("default_stock_id", "defaultStockId", is_optional=True, subject=GUEST),
    "transaction": _field("transaction", "transaction", subject=ORDER),
    "item's id": Place(
        lambda text: {"items": [{**_ITEM, "id": text}]},
        lambda text: {"items": [{**_ITEM, "id": text}]},
        lambda text: {"items": [_sent_item(text)]},
        subject=ORDER,
    ),
}


@dataclass(frozen=True)
class Sent:
    """A block, and what the tracker must receive from it."""

    block: str
    payload: dict[str, Any]
    method: str = "setCustomer"


@dataclass(frozen=True)
class Tried:
    """The result of one string in one place."""

    faults: tuple[str, ...]
    code: str | None
    """The code with which the rules refuse the string, `None` if they accept it."""
    sent: Sent | None
    """`None` for a string that is never written: a lone surrogate, or `__proto__` as a key."""


def try_out(name: str, case: Hostile, *, nonce: str | None = None) -> Tried:
    """Put `case` into the place `name`, with validation and without, and return what is wrong with either."""
    place, text = PLACES[name], case.text
    code, faults = None, []
    try:
        read = place.subject.read(place.fields(text))
    except CustomerError as error:
        code = error.code
        faults += _told(error, text)
    if case.has_surrogate:
        if code != "text.surrogate":
            faults.append(f"{code} instead of text.surrogate")
        return Tried((*faults, *_unwritten(place, text)), code, None)
    if name == "customData key" and text == "__proto__":
        return Tried((*faults, *([] if code == "custom_data.key_proto" else ["__proto__ accepted"])), code, None)
    sent = _past_validation(place, text, nonce)
    if code is None:
        kept = text.strip() if place.is_trimmed else text
        if place.is_optional and not text.strip():
            kept = ""
        wanted = sent if kept == text else _past_validation(place, kept, nonce)
        if place.subject.render(read, nonce=nonce, payload_max_chars=MAX_CHARS) != wanted.block:
            faults.append("through the rules another block than past them")
    return Tried(tuple(faults), code, sent)


def _told(error: SnippetError, text: str) -> Iterator[str]:
    """Yield a fault if an error shows the string. Short strings and `__proto__` may be in our own words too."""
    said = f"{error} {error!r} {error.args!r} {error.__cause__!r} {error.__context__!r} {vars(error)!r}"
    if len(text) > 3 and not text.isalnum() and text != "__proto__" and (text in said or repr(text)[1:-1] in said):
        yield "its error tells it"


def _unwritten(place: Place, text: str) -> Iterator[str]:
    try:
        _past_validation(place, text, None)
    except RenderError as error:
        if error.code != "text.surrogate":
            yield f"past the rules {error.code} instead of text.surrogate"
        yield from _told(error, text)
    else:
        yield "written past the rules"


def _past_validation(place: Place, text: str, nonce: str | None) -> Sent:
    subject = place.subject
    built = subject.build(place.built(text))
    own = {} if place.is_optional and text == "" else place.payload(text)
    block = subject.render(built, nonce=nonce, payload_max_chars=MAX_CHARS)
    return Sent(str(block), subject.payload(own), subject.method)


def everywhere(text: str) -> Customer:
    """Return a customer, built without validation, with `text` in every place."""
    fields: dict[str, Any] = {}
    for name in ("customerId", "email", "phone", "customData value", "defaultStockId", "softLinks value", "fcm token"):
        fields |= PLACES[name].built(text)
    fields["custom_data"] = {"x": text, **({} if text == "__proto__" else {text: "y"})}
    fields["soft_links"] = {"x": text, text: "y"}
    return Customer.model_construct(**fields)
