"""The base of our pydantic models: frozen, with two spellings of each name, and without values in errors and `repr`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from inspect import Parameter, Signature
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import CoreConfig, CoreSchema, SchemaValidator, core_schema

from rr_snippet.customer.faults import Faults, customer_error, read_faults
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.customer.texts import exact_text
from rr_snippet.customer.translation import add_name_faults, is_ours, speak
from rr_snippet.customer.usual import reader_of
from rr_snippet.errors import CustomerError, Problem


class _Hidden:
    def __repr__(self) -> str:
        return "…"


_HIDDEN: Final = _Hidden()

# Before 2.14 pydantic has a race if two threads use a model for the first time.
_BUILDING: Final = RLock()


_CONFIG: Final = CoreConfig(
    extra_fields_behavior="forbid", validate_by_name=True, validate_by_alias=True, loc_by_alias=True
)


class PrivateModel(BaseModel):
    """A frozen model whose errors and `repr` hold no value.

    Each field has its Python name and the vendor's. However a model is built or assigned to, the error is a
    `CustomerError` with every problem found. In a host's own pydantic model, the host's `ValidationError` has our codes
    and places and no input.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        loc_by_alias=True,
        hide_input_in_errors=True,
        # pydantic would take longer to build its own validator than the whole package takes to load, and only a
        # subclass needs it: see `plain_schema`.
        defer_build=True,
    )

    # Whether numbers in JSON are read to the last digit.
    EXACT_NUMBERS: ClassVar[bool] = False

    # The codes for what pydantic finds itself: data that is no mapping, and a name that is no field.
    TYPE_CODE: ClassVar[str]
    UNKNOWN_CODE: ClassVar[str]

    if not TYPE_CHECKING:  # pragma: no branch - type checkers see the signature that each model declares

        def __init__(self, /, **data: object) -> None:
            build(type(self), data, self_instance=self)

        # This makes pydantic treat it as its own `__init__`. Otherwise a nested model would be validated by calling
        # `__init__`, and pydantic would take its CustomerError for a validator's ValueError and add the input.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the whole model, a subclass's validators included, so that `speak` translates whatever they raise."""
        # A host may use a model twice, and pydantic then looks up the first schema by its reference. So the wrapper
        # takes the reference over: without it the second place would be the bare model, whose errors hold values.
        inner: dict[str, Any] = {**handler(source)}
        if _speaks_for(cls, inner.get("function")):
            return cast("CoreSchema", inner)  # of a model that pydantic has built before
        reference = inner.pop("ref", None)
        speaker = partial(speak, cls)
        speaker.__name__ = cls.__name__  # type: ignore[attr-defined]  # for the places of errors in a host's union
        return core_schema.no_info_wrap_validator_function(speaker, cast("CoreSchema", inner), ref=reference)

    @classmethod
    def __pydantic_init_subclass__(cls, **_settings: Any) -> None:
        if is_ours(cls) and cls.model_fields:
            # Only our own models are deferred. A shop's subclass, or an adapter of a framework, is built at once, where
            # the framework expects it.
            cls.model_config["defer_build"] = False
        cls._sign()

    @classmethod
    def model_rebuild(cls, *, _parent_namespace_depth: int = 2, **settings: Any) -> bool | None:
        """Build what pydantic needs for hosts, dumps and schemas, if it is missing; as in pydantic.

        The first such use does this. Call `Customer.model_rebuild()` to do it earlier, when a server starts.
        """
        # Names are looked up in the caller's frame, which is one further up from here.
        depth = _parent_namespace_depth and _parent_namespace_depth + 1
        with _BUILDING:
            built = super().model_rebuild(_parent_namespace_depth=depth, **settings)
            cls._sign()
        return built

    @classmethod
    def _sign(cls) -> None:
        """Make `inspect.signature` show the fields with Python's names and types. pydantic would show the readers."""
        parameters = [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                annotation=field.annotation,
                default=Parameter.empty if field.is_required() else field.get_default(call_default_factory=False),
            )
            for name, field in cls.model_fields.items()
        ]
        cls.__signature__ = Signature(parameters)

    @classmethod
    def model_validate(cls, obj: Any, **settings: Any) -> Self:
        """Build the model from a mapping, as in pydantic, but raise `CustomerError`."""
        return build(cls, obj, **settings)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **settings: Any) -> Self:
        """Build the model from strict JSON: a repeated key, `NaN` or a broken document is a `CustomerError`."""
        return build(cls, decode_json(json_data, exact_numbers=cls.EXACT_NUMBERS), **settings)

    @classmethod
    def model_validate_strings(cls, obj: Any, **settings: Any) -> Self:
        """Build the model from a mapping of texts, as in pydantic, but raise `CustomerError`.

        A text is neither a consent nor a flag of a subscription.
        """
        return build(cls, obj, method="validate_strings", **settings)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy. With `update` (in either spelling) it is validated like new data."""
        pairs = [] if update is None else read_pairs(update)
        if pairs is None:
            raise CustomerError(Problem.of(self.TYPE_CODE))
        if not pairs:
            return super().model_copy(deep=deep)
        names = {field.alias or "": name for name, field in type(self).model_fields.items()}
        names |= {name: name for name in names.values()}
        changes = {names[name]: value for given, value in pairs if (name := exact_text(given) or "") in names}
        given = [exact_text(name) for name, _ in pairs]
        faults = Faults()
        add_name_faults(faults, type(self), given, {name for name in given if name not in names})
        problems = [fault.as_problem() for fault in faults.told()]
        try:
            copy = build(type(self), {**self.given(), **changes})
        except CustomerError as error:
            problems = [*error.problems, *problems]
        if problems:
            raise CustomerError(*problems)
        return copy

    def given(self) -> dict[str, Any]:
        """Return the fields that were set, by their Python names. Nested models stay models."""
        values = self.__dict__
        set_fields = self.__dict__ and self.model_fields_set
        return {name: values[name] for name in type(self).model_fields if name in set_fields and name in values}

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise CustomerError(Problem.of("customer.frozen"))

    def __delattr__(self, name: str) -> NoReturn:
        raise CustomerError(Problem.of("customer.frozen"))

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Name the fields that were set, without their values, wherever pydantic shows a model."""
        return ((name, _HIDDEN) for name in self.given())


def _speaks_for(model: type[PrivateModel], function: Any) -> bool:
    """Return whether a schema's `function` is the wrapper around this model."""
    speaker = function and function.get("function")
    return isinstance(speaker, partial) and speaker.func is speak and speaker.args == (model,)


Model = TypeVar("Model", bound=PrivateModel)


def build(model: type[Model], data: Any, *, method: str = "validate_python", **settings: Any) -> Model:
    """Build a model by a method of pydantic's validators, with its settings.

    Raises:
        CustomerError: every problem found. pydantic's own error, which holds the input, is neither cause nor context.
    """
    try:
        if is_ours(model):
            built: Model = speak(model, data, partial(getattr(plain_validator(model), method), **settings))
        else:
            built = getattr(model.__pydantic_validator__, method)(data, **settings)
    except ValidationError as error:
        raised = customer_error(read_faults(error))
    else:
        return built
    raise raised


def plain_schema(model: type[PrivateModel]) -> CoreSchema:
    """Return the schema that pydantic would build for the fields of one of our models, without a wrapper.

    This takes a hundredth of the time, because pydantic examines annotations of all kinds.
    """
    fields = {}
    for name, field in model.model_fields.items():
        reader = reader_of(field)
        assert reader is not None, "every field of our models has a reader"
        schema = reader.schema()
        if not field.is_required():
            schema = core_schema.with_default_schema(schema, default=field.default)
        fields[name] = core_schema.model_field(schema, validation_alias=field.alias)
    return core_schema.model_schema(model, core_schema.model_fields_schema(fields), frozen=True, config=_CONFIG)


@cache
def plain_validator(model: type[PrivateModel]) -> SchemaValidator:
    """Return the validator of `plain_schema`. Only `speak` may see its errors, because they hold values."""
    return SchemaValidator(plain_schema(model))
