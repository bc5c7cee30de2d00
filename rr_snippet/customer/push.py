"""The three kinds of mobile push subscription."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import Field, SerializationInfo, ValidationError
from pydantic_core import CoreSchema, core_schema

from rr_snippet.customer.faults import Fault, as_validation_error, one_fault, read_faults
from rr_snippet.customer.model import PrivateModel, plain_schema, plain_validator
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.texts import exact_text, is_really, text_fault
from rr_snippet.customer.translation import speak
from rr_snippet.customer.usual import NOT_BLANK, Reader, exact_dict, usual_flag, usual_text

_TIMESTAMP: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,7})?+(.*)", re.DOTALL
)
# Of this century and its neighbours, and not the 29th of February, for which one has to ask the calendar.
_USUAL_TIMESTAMP: Final = (
    r"\A(?:19|2[01])[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,7})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z"
)
_OFFSET: Final = re.compile(r"Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]")


def read_timestamp(value: object) -> str:
    """Return the text of a point in time, as written, or an aware `datetime` in ISO form (six fraction digits).

    Raises:
        ValidationError: `push.field_missing`, `push.field_type`, `text.surrogate`, `push.field_blank`,
            `push.timestamp_shape`, `push.timestamp_offset`, `push.timestamp_date`.
    Source: the push subscriptions of the customer card method; RFC 3339, section 5.6.
    """
    if is_really(value, datetime):
        try:
            offset = datetime.utcoffset(value)
            # The method of the base class: a subclass may write nanoseconds, or anything.
            value = None if offset is None else datetime.isoformat(value)
            is_odd = offset is None or bool(offset % timedelta(minutes=1))
        except Exception:  # noqa: BLE001 - a tzinfo is foreign code
            is_odd = True
        if is_odd:
            raise one_fault("push.timestamp_offset")
    text = read_text(value)
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise one_fault("push.timestamp_shape")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    if not _OFFSET.fullmatch(match[7]):
        # What follows the time and is no part of an offset belongs to no time at all: an eighth digit, a stray letter.
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
        ValidationError: `push.field_missing`, `push.field_type`, `text.surrogate`, `push.field_blank`.
    """
    text = exact_text(value)
    code = text_fault(text, "push.field_")
    if code == "push.field_type":
        raise _missing_or_type(value, "string")
    if code is not None:
        raise one_fault(code)
    return text or ""


def read_flag(value: object) -> bool:
    """Return a boolean.

    Raises:
        ValidationError: `push.field_missing`, `push.field_type`.
    """
    if value is True or value is False:
        return value
    raise _missing_or_type(value, "boolean")


def _missing_or_type(value: object, expected: str) -> ValidationError:
    return one_fault("push.field_missing") if value is None else one_fault("push.field_type", expected=expected)


_TEXT_SCHEMA: Final = {"type": "string", "minLength": 1, "pattern": r"\S"}

PushText = Annotated[str, Reader("text", usual_text(NOT_BLANK), read_text, _TEXT_SCHEMA)]
PushFlag = Annotated[bool, Reader("flag", usual_flag(), read_flag, {"type": "boolean"})]
Timestamp = Annotated[
    str,
    Reader(
        "text",
        usual_text(_USUAL_TIMESTAMP),
        read_timestamp,
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})$",
            "examples": ["2025-03-31T11:03:02.3564674+03:00"],
        },
    ),
]


class _Subscription(PrivateModel):
    TYPE_CODE: ClassVar[str] = "push.type"
    MISSING_CODE: ClassVar[str] = "push.field_missing"
    UNKNOWN_CODE: ClassVar[str] = "push.field_unknown"


class FcmSubscription(_Subscription):
    """A subscription through Firebase Cloud Messaging; all fields are required.

    `creation_timestamp` is RFC 3339 with an offset and at most seven fraction digits, sent as written, or an aware
    `datetime`.

    Raises:
        CustomerError: the codes `push.field_*` and `push.timestamp_*`, `text.surrogate`, `field.twice`.
    Source: the push subscriptions of the customer card method.
    """

    creation_timestamp: Timestamp = Field(description="When the subscription was made: RFC 3339 with an offset.")
    application_id: PushText = Field(description="The id of the application.")
    fcm_project_id: PushText = Field(description="The Firebase project.")
    token: PushText = Field(description="The push token.")

    if TYPE_CHECKING:

        def __init__(
            self, *, creation_timestamp: str | datetime, application_id: str, fcm_project_id: str, token: str
        ) -> None: ...


class ApnsSubscription(_Subscription):
    """A subscription through the Apple Push Notification service; all fields are required.

    `creation_timestamp` is as in `FcmSubscription`.

    Raises:
        CustomerError: the codes `push.field_*` and `push.timestamp_*`, `text.surrogate`, `field.twice`.
    Source: the push subscriptions of the customer card method.
    """

    is_dev_environment: PushFlag = Field(description="Whether the token belongs to Apple's development environment.")
    creation_timestamp: Timestamp = Field(description="When the subscription was made: RFC 3339 with an offset.")
    application_id: PushText = Field(description="The id of the application.")
    token: PushText = Field(description="The push token.")

    if TYPE_CHECKING:

        def __init__(
            self, *, is_dev_environment: bool, creation_timestamp: str | datetime, application_id: str, token: str
        ) -> None: ...


class HuaweiSubscription(_Subscription):
    """A subscription through Huawei Push Kit; all fields are required.

    `creation_timestamp` is as in `FcmSubscription`.

    Raises:
        CustomerError: the codes `push.field_*` and `push.timestamp_*`, `text.surrogate`, `field.twice`.
    Source: the push subscriptions of the customer card method.
    """

    creation_timestamp: Timestamp = Field(description="When the subscription was made: RFC 3339 with an offset.")
    application_id: PushText = Field(description="The id of the application.")
    token: PushText = Field(description="The push token.")

    if TYPE_CHECKING:

        def __init__(self, *, creation_timestamp: str | datetime, application_id: str, token: str) -> None: ...


PushSubscription = FcmSubscription | ApnsSubscription | HuaweiSubscription

# By the vendor's names, and by Python's.
KINDS: Final[dict[str, type[PushSubscription]]] = {
    "fcmSubscription": FcmSubscription,
    "apnsSubscription": ApnsSubscription,
    "huaweiSubscription": HuaweiSubscription,
}
_KIND_OF_MODEL: Final[dict[type, str]] = {model: kind for kind, model in KINDS.items()}
KIND_SPELLINGS: Final = {
    **{kind: kind for kind in KINDS},
    **{f"{kind.removesuffix('Subscription')}_subscription": kind for kind in KINDS},
}


def kind_of(push: object) -> str | None:
    """Return the vendor's name for the kind of a subscription, or `None` for what is none."""
    # Not isinstance: pydantic's metaclass makes it many times slower.
    kind = _KIND_OF_MODEL.get(type(push))
    return kind or next((_KIND_OF_MODEL[model] for model in type(push).__mro__ if model in _KIND_OF_MODEL), None)


def read_push(value: object) -> PushSubscription | None:
    """Return the one subscription in `value`: a model, or the vendor's object that wraps one under its kind.

    A kind that is `None` counts as absent.

    Raises:
        ValidationError: the codes `push.*`, `text.surrogate`, `field.twice`.
    """
    if value is None:
        return None
    pairs = read_pairs(value)
    if pairs is None:
        if (
            is_really(value, FcmSubscription)
            or is_really(value, ApnsSubscription)
            or is_really(value, HuaweiSubscription)
        ):
            return value
        raise one_fault("push.type")
    faults: list[Fault] = []
    given: dict[str, object] = {}
    for position, (name, body) in enumerate(pairs):
        kind = KIND_SPELLINGS.get(name) if type(name) is str else None
        if kind is None:
            faults.append(Fault("push.kind_unknown", (position,)))
        elif kind in given:
            faults.append(Fault("field.twice", (kind,)))
        else:
            given[kind] = body
    subscription = None
    given = {kind: body for kind, body in given.items() if body is not None}
    for kind, body in given.items():
        try:
            subscription = speak(KINDS[kind], body, plain_validator(KINDS[kind]).validate_python)
        except ValidationError as error:
            faults += (fault.below(kind) for fault in read_faults(error))
    if not given and not faults:
        faults.append(Fault("push.none"))
    elif len(given) > 1:
        faults.append(Fault("push.many", (), {"count": len(given)}))
    if faults:
        raise as_validation_error(faults)
    return subscription


def usual_push() -> CoreSchema:
    """Return the schema of the vendor's object with one subscription in it, which gives the subscription."""
    kinds: list[CoreSchema | tuple[CoreSchema, str]] = []
    for kind, model in KINDS.items():
        body = exact_dict(plain_schema(model))
        wrapped = core_schema.typed_dict_schema({kind: core_schema.typed_dict_field(body)}, extra_behavior="forbid")
        kinds.append(core_schema.no_info_after_validator_function(itemgetter(kind), exact_dict(wrapped)))
    return core_schema.union_schema(kinds, mode="left_to_right")


def dump_push(push: PushSubscription, info: SerializationInfo) -> dict[str, Any] | None:
    """Return a subscription as the vendor wraps it, so that what was dumped can be read again."""
    kind = kind_of(push)
    return None if kind is None else {kind: push.model_dump(mode=info.mode, by_alias=bool(info.by_alias))}


if TYPE_CHECKING:
    PushField = PushSubscription | None
else:
    # Of no type of its own: around a union of models pydantic would serialize each of them, and warn of it with values.
    # The schema for tools is made in schema.py.
    PushField = Annotated[
        Any,
        Reader(
            "object",
            core_schema.nullable_schema(usual_push()),
            read_push,
            {"type": ["object", "null"]},
            core_schema.plain_serializer_function_ser_schema(dump_push, info_arg=True),
        ),
    ]
