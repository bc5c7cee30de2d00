"""Soft links: pairs of a name and a value that identify the same person elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final

from pydantic_core import CoreSchema, core_schema

from rr_snippet.customer.faults import Fault, Faults, as_validation_error, one_fault
from rr_snippet.customer.pairs import read_list, read_pairs
from rr_snippet.customer.texts import (
    INT_MAX_DIGITS,
    exact_text,
    is_really,
    number_text,
    text_fault,
)
from rr_snippet.customer.usual import NON_BLANK, NOT_BLANK, TEXT_SCHEMA, exact_dict, usual_mapping, usual_text

# The two spellings of an item in the vendor's two variants. An item must use one of them.
_SPELLINGS: Final = (("name", "value"), ("Name", "Value"))

_LINK_VALUE_SCHEMA: Final = {"type": ["string", "integer"], "pattern": NON_BLANK}


def _link_schema(name: str, value: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "pattern": NON_BLANK}, value: _LINK_VALUE_SCHEMA},
        "required": [name, value],
        "additionalProperties": False,
    }


LINKS_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [
        {"type": "object", "propertyNames": {"pattern": NON_BLANK}, "additionalProperties": _LINK_VALUE_SCHEMA},
        {
            "type": "array",
            "items": {
                "anyOf": [
                    _link_schema("name", "value"),
                    _link_schema("Name", "Value"),
                    {
                        "type": "array",
                        "prefixItems": [TEXT_SCHEMA, _LINK_VALUE_SCHEMA],
                        "minItems": 2,
                        "maxItems": 2,
                    },
                ]
            },
        },
        {"type": "null"},
    ]
}


def usual_links() -> CoreSchema:
    """Return the schema of usual values: a dict, or the vendor's list of items in one spelling."""
    forms = [usual_mapping(NOT_BLANK, NOT_BLANK)]
    for name, value in _SPELLINGS:
        texts = {each: core_schema.typed_dict_field(usual_text(NOT_BLANK)) for each in (name, value)}
        item = exact_dict(core_schema.typed_dict_schema(texts, extra_behavior="forbid"))
        items = core_schema.tagged_union_schema({list: core_schema.list_schema(item, min_length=1)}, discriminator=type)
        forms.append(core_schema.no_info_after_validator_function(partial(_pair_up, itemgetter(name, value)), items))
    return core_schema.union_schema(list(forms), mode="left_to_right")


def _pair_up(pair_of: Callable[[Any], tuple[str, str]], items: list[dict[str, str]]) -> dict[str, str]:
    links = dict(map(pair_of, items))
    if len(links) != len(items):
        raise ValueError("a name twice")
    return links


def read_soft_links(value: object) -> dict[str, str] | None:
    """Return the links as names and values, in their order, `None` if there are none.

    The links may be a mapping of names to values, or a sequence of `{name, value}`, `{Name, Value}` or pairs. A value
    may be a whole number of at most 64 digits.

    Raises:
        ValidationError: `soft_links.type`; `soft_link.*`, `text.surrogate` and `field.twice`, at their places.
    Source: parameter list of the customer card method, softLinks.
    """
    if value is None:
        return None
    repeated = "field.twice"
    entries: Sequence[tuple[object, object] | Fault] | None = None if type(value) is list else read_pairs(value)
    if entries is None:
        repeated = "soft_link.duplicate"
        entries = _read_items(value)
    if entries is None:
        raise one_fault("soft_links.type")
    faults = Faults()
    links: dict[str, str] = {}
    for position, entry in enumerate(entries):
        if isinstance(entry, Fault):
            faults.add(entry.below(position))
            continue
        given_name, given_value = entry
        name = exact_text(given_name)
        text = exact_text(given_value)
        if text is None:
            text = number_text(given_value)
        code = text_fault(name, "soft_link.name_") or (repeated if name in links else None)
        if code is not None:
            faults.add(Fault(code, (position, "name")))
        code = text_fault(text, "soft_link.value_")
        if code is not None:
            details = {"limit": INT_MAX_DIGITS} if code == "soft_link.value_type" else {}
            faults.add(Fault(code, (position, "value"), details))
        links[name or ""] = text or ""
    if faults:
        raise as_validation_error(faults)
    return links or None


def _read_items(value: object) -> list[tuple[object, object] | Fault] | None:
    items = read_list(value)
    return None if items is None else [_read_item(item) for item in items]


def _read_item(item: object) -> tuple[object, object] | Fault:
    if type(item) is dict:
        named = item
    elif is_really(item, tuple):
        return _as_pair([*tuple.__iter__(item)])
    elif is_really(item, list):
        return _as_pair([*list.__iter__(item)])
    else:
        pairs = read_pairs(item)
        if pairs is None:
            return Fault("soft_link.type")
        named = dict(pairs)
        if len(named) != len(pairs):
            return Fault("field.twice")
    for name, value in _SPELLINGS:
        if name in named and value in named and len(named) == 2:
            return named[name], named[value]
    return Fault("soft_link.type")


def _as_pair(items: list[object]) -> tuple[object, object] | Fault:
    return (items[0], items[1]) if len(items) == 2 else Fault("soft_link.type")
