"""The three kinds of mobile push subscription."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, overload

from pydantic import Field, SerializationInfo, ValidationError
from pydantic_core import CoreSchema, core_schema

from rr_snippet.customer.faults import Fault, as_validation_error, one_fault, read_faults
from rr_snippet.customer.model import PrivateModel, plain_schema, plain_validator
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.push_fields import USUAL_TIMESTAMP, read_flag, read_text, read_timestamp
from rr_snippet.customer.texts import is_really
from rr_snippet.customer.translation import speak
from rr_snippet.customer.usual import NOT_BLANK, Reader, exact_dict, usual_flag, usual_text

_TEXT_SCHEMA: Final = {"type": "string", "minLength": 1, "pattern": r"\S"}

_MISSING: Final = "push.field_missing"

PushText = Annotated[str, Reader("text", usual_text(NOT_BLANK), read_text, _TEXT_SCHEMA, _MISSING)]
PushFlag = Annotated[bool, Reader("flag", usual_flag(), read_flag, {"type": "boolean"}, _MISSING)]
Timestamp = Annotated[
    str,
    Reader(
        "text",
        usual_text(USUAL_TIMESTAMP),
        read_timestamp,
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})$",
            "examples": ["2025-03-31T11:03:02.3564674+03:00"],
        },
        _MISSING,
    ),
]


class _Subscription(PrivateModel):
    TYPE_CODE: ClassVar[str] = "push.type"
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

        @overload
        def __init__(
            self, *, creation_timestamp: str | datetime, application_id: str, fcm_project_id: str, token: str
        ) -> None: ...
        @overload
        def __init__(
            self, *, creationTimestamp: str | datetime, applicationId: str, fcmProjectId: str, token: str
        ) -> None: ...
        def __init__(self, **data: Any) -> None: ...


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

        @overload
        def __init__(
            self, *, is_dev_environment: bool, creation_timestamp: str | datetime, application_id: str, token: str
        ) -> None: ...
        @overload
        def __init__(
            self, *, isDevEnvironment: bool, creationTimestamp: str | datetime, applicationId: str, token: str
        ) -> None: ...
        def __init__(self, **data: Any) -> None: ...


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

        @overload
        def __init__(
            self,
            *,
            creation_timestamp: str | datetime,
            application_id: str,
            token: str,
        ) -> None: ...
        @overload
        def __init__(
            self,
            *,
            creationTimestamp: str | datetime,
            applicationId: str,
            token: str,
        ) -> None: ...
        def __init__(self, **data: Any) -> None: ...


PushSubscription = FcmSubscription | ApnsSubscription | HuaweiSubscription

# By the vendor's names; the spellings below have Python's names too.
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
    """Return the vendor's name for the kind of a subscription, `None` for anything else."""
    # Not isinstance, which pydantic's metaclass makes many times slower.
    kind = _KIND_OF_MODEL.get(type(push))
    return kind or next((_KIND_OF_MODEL[model] for model in type(push).__mro__ if model in _KIND_OF_MODEL), None)


def read_push(value: object) -> PushSubscription | None:
    """Return the subscription in `value`, which is a model, or the vendor's object with one subscription by its kind.

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
    """Return the schema that reads the vendor's object with one subscription, and gives the subscription."""
    kinds: list[CoreSchema | tuple[CoreSchema, str]] = []
    for kind, model in KINDS.items():
        body = exact_dict(plain_schema(model))
        wrapped = core_schema.typed_dict_schema({kind: core_schema.typed_dict_field(body)}, extra_behavior="forbid")
        kinds.append(core_schema.no_info_after_validator_function(itemgetter(kind), exact_dict(wrapped)))
    return core_schema.union_schema(kinds, mode="left_to_right")


def dump_push(push: PushSubscription, info: SerializationInfo) -> dict[str, Any] | None:
    """Return a subscription in the vendor's object, so that a dump can be read again."""
    kind = kind_of(push)
    return None if kind is None else {kind: push.model_dump(mode=info.mode, by_alias=bool(info.by_alias))}


if TYPE_CHECKING:
    PushField = PushSubscription | None
else:
    # `Any`, because for a union of models pydantic would try to serialize each of them, and warn with their values.
    # schema.py makes the JSON Schema.
    PushField = Annotated[
        Any,
        Reader(
            "object",
            core_schema.nullable_schema(usual_push()),
            read_push,
            {"type": ["object", "null"]},
            serialization=core_schema.plain_serializer_function_ser_schema(dump_push, info_arg=True),
        ),
    ]
