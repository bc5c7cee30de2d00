"""Soft links: pairs of a name and a value that point at the same person elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rr_snippet.customer.faults import Fault, as_validation_error, one_fault
from rr_snippet.customer.texts import (
    INT_MAX_DIGITS,
    exact_text,
    is_ordinary,
    is_really,
    number_text,
    read_pairs,
    text_fault,
)

# The two spellings of an item, as the vendor's two variants have it. An item has to keep to one.
_SPELLINGS: Final = (("name", "value"), ("Name", "Value"))

_NO_LISTS: Final = (str, bytes, bytearray, memoryview)


def read_soft_links(value: object) -> dict[str, str] | None:
    """Return the links as names and values, in their order, or `None` where there are none.

    Taken are a mapping of names to values, and a sequence of `{name, value}`, `{Name, Value}` or pairs. A value may be
    a whole number of at most 64 digits.

    Raises:
        ValidationError: `soft_links.type`; `soft_link.*`, `text.surrogate` and `field.twice`, at their places.
    Source: parameter list of the customer card method, softLinks.
    """
    if value is None:
        return None
    if type(value) is list and (usual := _read_usual_list(value)):
        return usual
    repeated = "field.twice"
    entries: Sequence[tuple[object, object] | Fault] | None = None if type(value) is list else read_pairs(value)
    if entries is None:
        repeated = "soft_link.duplicate"
        entries = _read_items(value)
    if entries is None:
        raise one_fault("soft_links.type")
    faults: list[Fault] = []
    links: dict[str, str] = {}
    for position, entry in enumerate(entries):
        if isinstance(entry, Fault):
            faults.append(entry.below(position))
            continue
        given_name, given_value = entry
        if is_ordinary(given_name) and is_ordinary(given_value) and given_name not in links:
            links[given_name] = given_value
            continue
        name = exact_text(given_name)
        text = exact_text(given_value)
        if text is None:
            text = number_text(given_value)
        code = text_fault(name, "soft_link.name_") or (repeated if name in links else None)
        if code is not None:
            faults.append(Fault(code, (position, "name")))
        code = text_fault(text, "soft_link.value_")
        if code is not None:
            details = {"limit": INT_MAX_DIGITS} if code == "soft_link.value_type" else {}
            faults.append(Fault(code, (position, "value"), details))
        links[name or ""] = text or ""
    if faults:
        raise as_validation_error(faults)
    return links or None


def _read_usual_list(items: list[Any]) -> dict[str, str] | None:
    """Return the links of a list in the vendor's form if no rule can refuse any of them; `None` decides nothing."""
    links: dict[str, str] = {}
    for item in items:
        if type(item) is not dict or len(item) != 2:
            return None
        name, value = item.get("name"), item.get("value")
        if name is None:
            name, value = item.get("Name"), item.get("Value")
        if not (is_ordinary(name) and is_ordinary(value)):
            return None
        links[name] = value
    return links if len(links) == len(items) else None


def _read_items(value: object) -> list[tuple[object, object] | Fault] | None:
    if type(value) is list:
        return [_read_item(item) for item in value]
    try:
        if not isinstance(value, Sequence) or isinstance(value, _NO_LISTS):
            return None
        items = list(value)
    except Exception:  # noqa: BLE001 - foreign code: its error may speak of the values
        return None
    return [_read_item(item) for item in items]


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
