"""The base of our pydantic models: frozen, two spellings of each name, and silent about the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import Signature
from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    main,
    model_validator,
)
from pydantic.alias_generators import to_camel

from rr_snippet.customer.faults import Fault, as_validation_error, one_fault, read_faults
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.customer.texts import exact_text, is_really, read_pairs
from rr_snippet.errors import CustomerError, Problem
from rr_snippet.messages import MESSAGES
from rr_snippet.options import suggestion


class _Hidden:
    def __repr__(self) -> str:
        return "…"


_HIDDEN: Final = _Hidden()

# What pydantic says of a name that is no field, or that is no text.
_STRANGE_NAME: Final = {"extra_forbidden", "invalid_key"}


# pydantic before 2.14 lets two threads that use a model for the first time build it in each other's way. Its own lock
# where it has one: with a second one, two threads could each hold what the other waits for.
_BUILDING: Final = getattr(main, "_rebuild_lock", None) or RLock()


class _SignatureToBuild:
    """Stands where pydantic puts the signature of a model when it builds it."""

    def __get__(self, instance: object, owner: type[BaseModel]) -> Signature:
        if instance is not None or owner.model_rebuild(raise_errors=False) is False:
            raise AttributeError("__signature__")
        return owner.__signature__


class PrivateModel(BaseModel):
    """A frozen model whose errors and whose `repr` hold no value.

    Each field goes by its Python name and by the vendor's. However a model is built or assigned to, what is raised is a
    `CustomerError` with every problem found; inside a host's own pydantic model, the host's `ValidationError` gets our
    codes and places and no input.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        loc_by_alias=True,
        hide_input_in_errors=True,
        # Building the models takes longer than loading all of this package, and a page view that renders a dict with no
        # fault in it uses none of them.
        defer_build=True,
    )

    # Codes for what pydantic finds by itself: no mapping at all, a required field absent, a name that is no field.
    TYPE_CODE: ClassVar[str]
    MISSING_CODE: ClassVar[str]
    UNKNOWN_CODE: ClassVar[str]

    if not TYPE_CHECKING:  # pragma: no branch - type checkers see the signature each model declares for itself

        def __init__(self, /, **data: object) -> None:
            validated(self.__pydantic_validator__.validate_python, data, self_instance=self)

        # Marks it as no other than pydantic's own `__init__`: without it, validation would go through `__init__` for a
        # nested model, and a CustomerError raised there would be taken for a validator's ValueError, input and all.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def __pydantic_init_subclass__(cls, **_settings: Any) -> None:
        if not cls.__pydantic_complete__:
            # mypy knows the attribute as what it gives.
            cls.__signature__ = _SignatureToBuild()  # type: ignore[assignment]

    @classmethod
    def model_rebuild(cls, *, _parent_namespace_depth: int = 2, **settings: Any) -> bool | None:
        """Build what validates, if it is not there; as in pydantic, but one thread at a time whatever its version.

        The first use of a model does it. `Customer.model_rebuild()` does it earlier, at the start of a server.
        """
        # Names are looked up in the frame of the caller: one further up from here.
        depth = _parent_namespace_depth and _parent_namespace_depth + 1
        with _BUILDING:
            return super().model_rebuild(_parent_namespace_depth=depth, **settings)

    @classmethod
    def model_validate(cls, obj: Any, **settings: Any) -> Self:
        """Build the model from a mapping; as in pydantic, but raising `CustomerError`."""
        model: Self = validated(cls.__pydantic_validator__.validate_python, obj, **settings)
        return model

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **settings: Any) -> Self:
        """Build the model from JSON read strictly: a key twice, `NaN` or a broken document is a `CustomerError`."""
        return cls.model_validate(decode_json(json_data), **settings)

    @classmethod
    def model_validate_strings(cls, obj: Any, **settings: Any) -> Self:
        """Build the model from a mapping of texts; as in pydantic, but raising `CustomerError`."""
        model: Self = validated(cls.__pydantic_validator__.validate_strings, obj, **settings)
        return model

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; with `update` (either spelling of a name) it is validated like new data."""
        pairs = [] if update is None else read_pairs(update)
        if pairs is None:
            raise CustomerError(Problem.of(self.TYPE_CODE))
        if not pairs:
            return super().model_copy(deep=deep)
        names = {field.alias or "": name for name, field in type(self).model_fields.items()}
        names |= {name: name for name in names.values()}
        changes = {names[name]: value for given, value in pairs if (name := exact_text(given) or "") in names}
        problems = [fault.as_problem() for fault in self._name_faults(name for name, _ in pairs)]
        try:
            copy = self.model_validate({**self._given(), **changes})
        except CustomerError as error:
            problems = [*error.problems, *problems]
        if problems:
            raise CustomerError(*problems)
        return copy

    def _given(self) -> dict[str, Any]:
        """Return the fields that were set, by their Python names, without going into nested models."""
        values = self.__dict__
        set_fields = self.__dict__ and self.model_fields_set
        return {name: values[name] for name in type(self).model_fields if name in set_fields and name in values}

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise CustomerError(Problem.of("customer.frozen"))

    def __delattr__(self, name: str) -> NoReturn:
        raise CustomerError(Problem.of("customer.frozen"))

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Show which fields were set, and none of their values, wherever pydantic shows a model."""
        return ((name, _HIDDEN) for name in self._given())

    @model_validator(mode="wrap")
    @classmethod
    def _speak_our_codes(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """Validate, and turn whatever is found into our codes, with no input beside them."""
        names: Iterable[object] = ()
        repeats = False
        faults: list[Fault] = []
        try:
            if type(data) is dict:
                names = data
            elif not is_really(data, cls):
                pairs = read_pairs(data)
                if pairs is None:
                    raise one_fault(cls.TYPE_CODE)
                names = [name for name, _ in pairs]
                data = dict(pairs)
                repeats = len(data) != len(pairs)
            faults = [] if info.context is None else cls._rule_faults(data, info.context)
            model = handler(data)
        except ValidationError as error:
            found = read_faults(error)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - the code of a key or a value: whatever it raises may speak of them
            found = [Fault(cls.TYPE_CODE)]
        else:
            if not faults and not repeats:
                return model
            found = []
        faults = [*cls._translated(found), *faults]
        if repeats or any(fault.code in _STRANGE_NAME for fault in found):
            faults += cls._name_faults(names)
        # Outside of the except block: pydantic's error holds the input.
        raise as_validation_error(faults)

    @classmethod
    def _rule_faults(cls, _data: Any, _context: Any) -> list[Fault]:
        """Return faults by rules about the whole, which the context brings, for subclasses to say."""
        return []

    @classmethod
    def _translated(cls, found: Iterable[Fault]) -> Iterator[Fault]:
        """Yield `found` with pydantic's own types turned into our codes, strange names left to `_name_faults`."""
        for fault in found:
            if fault.code in _STRANGE_NAME:
                continue
            # pydantic names a field as the data did.
            place = fault.place
            if place and place[0] in cls.model_fields:
                place = (cls.model_fields[str(place[0])].alias or "", *place[1:])
            if fault.code in MESSAGES:
                yield Fault(fault.code, place, fault.details)
            else:
                # Of a field that a shop's subclass adds, what pydantic says further may hold the value, or a key of it.
                yield Fault(cls.MISSING_CODE if fault.code == "missing" else cls.TYPE_CODE, place[:1])

    @classmethod
    def _name_faults(cls, names: Iterable[object]) -> Iterator[Fault]:
        """Yield a fault for each name that is no field, by its position, and for each field named twice."""
        aliases = {name: field.alias or name for name, field in cls.model_fields.items()}
        spellings = {**aliases, **{alias: alias for alias in aliases.values()}}
        seen: set[str] = set()
        for position, given in enumerate(names):
            name = exact_text(given)
            alias = spellings.get(name or "")
            if alias is None and name is not None and f"[{name}" in seen:
                yield Fault("field.twice", (position,))
            elif alias is None:
                yield Fault(cls.UNKNOWN_CODE, (position,), suggestion(name, aliases.values()))
            elif alias in seen:
                yield Fault("field.twice", (alias,))
            # A strange name is kept apart from the fields by its first character.
            seen.add(alias or f"[{name}")


_WITHOUT_CONTEXT: Final = SimpleNamespace(context=None)


class UsualReader:
    """Reads a dict with no fault in it as one of our models would, without making the model.

    The validators are those of the model's fields, in the order of the dict. What is left out is pydantic's own work
    around them, which takes as long as they do. Not for subclasses, which may have validators of a host's.
    """

    def __init__(self, model: type[PrivateModel], **other_readers: Callable[[Any], Any]) -> None:
        """Take the validators from the fields of `model`, but for those named in `other_readers`."""
        fields = model.model_fields
        self._defaults = {name: field.default for name, field in fields.items() if not field.is_required()}
        self._count = len(fields)
        readers = {name: _reader_in(field.metadata) for name, field in fields.items()} | other_readers
        self._readers = {name: (name, read) for name, read in readers.items()}
        self._readers |= {field.alias or "": self._readers[name] for name, field in fields.items()}

    def read(self, data: dict[Any, Any]) -> dict[str, Any] | None:
        """Return the values by Python's names, or `None`, which decides nothing: the model then says what is wrong."""
        values: dict[str, Any] = {}
        readers = self._readers
        try:
            for key, value in data.items():
                if type(key) is not str:  # only an exact one is sure to be what it says it equals
                    return None
                name, read = readers[key]
                values[name] = read(value)
        except Exception:  # noqa: BLE001 - a fault, or the code of a value: the model tells which
            return None
        if len(values) != len(data):
            return None
        if len(values) != self._count:
            values = {**self._defaults, **values}
        return values if len(values) == self._count else None


def _reader_in(metadata: Iterable[object]) -> Callable[[Any], Any]:
    """Return the validator among the annotations of a field, as a function of the value alone."""
    read: Any
    (read,) = (mark.func for mark in metadata if isinstance(mark, PlainValidator))
    if read.__code__.co_argcount == 1:
        return cast("Callable[[Any], Any]", read)
    return lambda value: read(value, _WITHOUT_CONTEXT)


def validated(validate: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
    """Call a validator of pydantic's and return the model it gives.

    Raises:
        CustomerError: every problem found. pydantic's own error, which holds the input, is neither cause nor context.
    """
    try:
        return validate(*arguments, **settings)
    except ValidationError as error:
        raised = customer_error(error)
    raise raised


def customer_error(error: ValidationError) -> CustomerError:
    """Return what is raised instead of `error`, outside of the block that caught it."""
    return CustomerError(*(fault.as_problem() for fault in read_faults(error)))
