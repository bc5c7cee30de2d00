"""The usual shape of a value, checked by pydantic in compiled code, before the reader that knows every rule.

What a shape accepts is exactly what its reader would return unchanged; a property test says so for each field. All
else, right or wrong, goes to the reader, which needs no quick way of its own.

The patterns name ranges of characters and no classes: what a class holds differs with the version of Unicode, and in
one language with that of another. Letters of other scripts than the few named here may be just as right; they cost a
call into Python.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from rr_snippet.customer.faults import one_fault

# What tools are told of a text that is not blank.
NON_BLANK: Final = r"\S"
TEXT_SCHEMA: Final[dict[str, Any]] = {"type": "string", "pattern": NON_BLANK}

# The labels of the two branches, as they stand in the places of pydantic's errors.
USUAL: Final = "usual"
READ: Final = "read"

# Printable ASCII without the space, Latin-1 without its spaces and controls, Cyrillic: none is blank or a surrogate.
_VISIBLE: Final = "!-~\u00a1-\u00ff\u0400-\u052f"
_NO_CONTROL: Final = r"[^\x00-\x1f\x7f-\x9f]*"

LINE: Final = rf"\A[{_VISIBLE}]{_NO_CONTROL}\z"
"""A text that is not blank and holds no control character."""
SHORT_LINE: Final = rf"\A[{_VISIBLE}][^\x00-\x1f\x7f-\x9f\U00010000-\U0010ffff]*\z"
"""The same in which each character is one UTF-16 unit."""
NOT_BLANK: Final = rf"\A[{_VISIBLE}]"
NAME: Final = r"\A[!-^`-~\u00a1-\u00ff\u0400-\u052f]"
"""A text that is not blank and not `__proto__`."""
ANY: Final = ""
"""Any text: to look at it at all makes pydantic refuse a lone surrogate."""


Kind = Literal["text", "id", "flag", "number", "object", "array"]


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """How a field is read: stands in its annotation, for pydantic.

    `kind` tells what is sent. `shape` is the schema of what is usual, `None` where nothing is, `read` the function for
    all else. `json_schema` is what the field is to tools, in which neither shows. `missing` is the code of a required
    field that is absent, or of which `read` says that it is as good as absent.
    """

    kind: Kind
    shape: CoreSchema | None
    read: Callable[[Any], Any]
    json_schema: dict[str, Any]
    missing: str = ""
    serialization: core_schema.SerSchema = field(default_factory=lambda: core_schema.simple_ser_schema("any"))

    def schema(self) -> CoreSchema:
        """Return the schema of both branches."""
        read = self.read_required if self.missing else self.read
        branches: list[CoreSchema | tuple[CoreSchema, str]] = [
            (core_schema.no_info_plain_validator_function(read), READ)
        ]
        if self.shape is not None:
            branches.insert(0, (self.shape, USUAL))
        return core_schema.union_schema(
            branches, mode="left_to_right", auto_collapse=False, serialization=self.serialization
        )

    def read_required(self, value: object) -> Any:
        """Return what `read` makes of `value`, which has to be there.

        Raises:
            ValidationError: `missing`, and what `read` says.
        """
        found = None if value is None else self.read(value)
        if found is None:
            raise one_fault(self.missing)
        return found

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.schema()

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.json_schema)


class FieldName(NamedTuple):
    """A field as everything but the model knows it."""

    name: str
    """By Python."""
    alias: str
    """By the vendor."""
    kind: Kind
    is_required: bool


def fields_of(model: type[BaseModel]) -> tuple[FieldName, ...]:
    """Return the fields of one of our models, in the vendor's order."""
    read = [(name, field.alias or name, reader_of(field)) for name, field in model.model_fields.items()]
    return tuple(
        FieldName(name, alias, reader.kind, bool(reader.missing)) for name, alias, reader in read if reader is not None
    )


def usual_text(pattern: str, *, max_chars: int | None = None) -> CoreSchema:
    """Return the schema of a text that matches `pattern`, to be returned as it is, whatever a subclass configures."""
    return core_schema.str_schema(
        pattern=pattern,
        max_length=max_chars,
        strict=True,
        strip_whitespace=False,
        to_lower=False,
        to_upper=False,
        regex_engine="rust-regex",
    )


def usual_mapping(keys: str, values: str) -> CoreSchema:
    """Return the schema of a dict that is not empty, of texts that match `keys` to texts that match `values`."""
    return exact_dict(core_schema.dict_schema(usual_text(keys), usual_text(values), min_length=1, strict=True))


def exact_dict(schema: CoreSchema) -> CoreSchema:
    """Return `schema` for a dict and for no subclass of it, which may have more to say than pydantic would ask."""
    return core_schema.tagged_union_schema({dict: schema}, discriminator=type)


def usual_flag() -> CoreSchema:
    """Return the schema of `True` and `False`; what stands for them in a text is not asked."""
    return core_schema.tagged_union_schema({bool: core_schema.bool_schema(strict=True)}, discriminator=type)


def reader_of(field: FieldInfo) -> Reader | None:
    """Return how a field is read, `None` for one that a shop's subclass adds."""
    return next((mark for mark in field.metadata if isinstance(mark, Reader)), None)
