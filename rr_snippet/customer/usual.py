"""The usual shapes of values, which pydantic checks in compiled code before the reader with all the rules.

The reader returns every value unchanged that its shape accepts; a property test shows this for each field. All other
values, right or wrong, go to the reader, which therefore needs no fast path.

The patterns use ranges of characters instead of classes, because a class depends on the version of Unicode, and Rust
and Python may have different ones. Letters of other scripts than these few are just as valid, but cost a call into
Python.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from rr_snippet.customer.faults import one_fault

# The JSON Schema of a text that is not blank.
NON_BLANK: Final = r"\S"
TEXT_SCHEMA: Final[dict[str, Any]] = {"type": "string", "pattern": NON_BLANK}

# The labels of the two branches in the places of pydantic's errors.
USUAL: Final = "usual"
READ: Final = "read"

# Printable ASCII without the space, Latin-1 without its spaces and controls, Cyrillic: no blanks and no surrogates.
_VISIBLE: Final = "!-~\u00a1-\u00ff\u0400-\u052f"
_NO_CONTROL: Final = r"[^\x00-\x1f\x7f-\x9f]*"

LINE: Final = rf"\A[{_VISIBLE}]{_NO_CONTROL}\z"
"""A text that is not blank and has no control character."""
SHORT_LINE: Final = rf"\A[{_VISIBLE}][^\x00-\x1f\x7f-\x9f\U00010000-\U0010ffff]*\z"
"""The same, with only characters of one UTF-16 unit."""
NOT_BLANK: Final = rf"\A[{_VISIBLE}]"
NAME: Final = r"\A[!-^`-~\u00a1-\u00ff\u0400-\u052f]"
"""A text that is not blank and not `__proto__`."""
ANY: Final = ""
"""Any text without lone surrogates: any pattern makes pydantic refuse these."""


Kind = Literal["text", "id", "flag", "number", "object", "array"]


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """How a field is read. It is part of the field's annotation, for pydantic.

    `kind` is what is sent. `shape` is the schema of usual values, `None` if there are none, and `read` reads all other
    values. `json_schema` describes the field for tools, instead of these two. `missing` is the code of a required field
    that is absent, or that `read` treats as absent.
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
        """Return the result of `read` for a value that is required.

        Raises:
            ValidationError: `missing`, and the codes of `read`.
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
    """A field, for everything but the model."""

    name: str
    """Python's name."""
    alias: str
    """The vendor's name."""
    kind: Kind
    is_required: bool


def fields_of(model: type[BaseModel]) -> tuple[FieldName, ...]:
    """Return the fields of one of our models, in the vendor's order."""
    read = [(name, field.alias or name, reader_of(field)) for name, field in model.model_fields.items()]
    return tuple(
        FieldName(name, alias, reader.kind, bool(reader.missing)) for name, alias, reader in read if reader is not None
    )


def usual_text(pattern: str, *, max_chars: int | None = None) -> CoreSchema:
    """Return the schema of a text that matches `pattern`. It stays as it is, whatever a subclass configures."""
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
    """Return the schema of a non-empty dict of texts that match `keys` to texts that match `values`."""
    return exact_dict(core_schema.dict_schema(usual_text(keys), usual_text(values), min_length=1, strict=True))


def exact_dict(schema: CoreSchema) -> CoreSchema:
    """Return `schema` for a plain dict. A subclass may have more entries than pydantic would read."""
    return core_schema.tagged_union_schema({dict: schema}, discriminator=type)


def usual_flag() -> CoreSchema:
    """Return the schema of `True` and `False`, but of no text that means them."""
    return core_schema.tagged_union_schema({bool: core_schema.bool_schema(strict=True)}, discriminator=type)


def reader_of(field: FieldInfo) -> Reader | None:
    """Return the reader of a field, `None` for a field that a shop's subclass adds."""
    return next((mark for mark in field.metadata if isinstance(mark, Reader)), None)
