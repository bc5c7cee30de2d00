"""Read a customer leniently: clean the phone first, and leave out faulty fields instead of losing the customer."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, TypeVar

from rr_snippet.customer.faults import MORE
from rr_snippet.customer.pairs import object_of, read_pairs
from rr_snippet.customer.texts import exact_text
from rr_snippet.errors import CustomerError, Problem

_PHONE: Final = "phone"
# The fields that can be left out as a whole, and those entry by entry. No other field is ever left out.
_WHOLE: Final = frozenset({"email", _PHONE, "mobilePushSubscription"})
_BY_ENTRY: Final = frozenset({"customData", "softLinks"})

_OUTER: Final = " '\"=,;."
_SCHEME: Final = "tel:"
_ENTRY: Final = re.compile(r"([A-Za-z]+)(?:\[([0-9]+)\])?.*", re.DOTALL)


Read = TypeVar("Read")


def read_leniently(
    data: object, read: Callable[[object], Read], aliases: Mapping[str, str], *, clean: bool, drop: bool
) -> tuple[Read, dict[str, Any]]:
    """Return the result of `read`, and notes of what was changed for it: `dropped`, `is_phone_cleaned`.

    Raises:
        CustomerError: as `read`; with every problem, if one of them cannot be left out.
    """
    notes: dict[str, Any] = {}
    if clean:
        data, is_changed = with_clean_phone(data)
        notes = {"is_phone_cleaned": True} if is_changed else {}
    while True:
        try:
            return read(data), notes
        except CustomerError as error:
            problems = error.problems
        less = without_faulty(data, problems, aliases) if drop else None
        if less is None:
            raise CustomerError(*problems)
        data = less
        notes["dropped"] = (*notes.get("dropped", ()), *problems)


def clean_phone(text: str) -> str:
    """Return a number without the characters that spreadsheets, links and telephones add to it; nothing is guessed.

    `tel:`, invisible characters, and quotes, `=`, `,`, `;` and `.` at the ends are removed. Other spaces, dashes and
    digits become those of ASCII.
    """
    text = "".join(map(_as_ascii, text)).strip(_OUTER)
    return text[len(_SCHEME) :].strip(_OUTER) if text.casefold().startswith(_SCHEME) else text


def _as_ascii(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if char.isspace():
        return " "
    if kind == "Pd" or char == "\N{MINUS SIGN}":
        return "-"
    return "" if kind in {"Cc", "Cf"} else char


def with_clean_phone(data: object) -> tuple[object, bool]:
    """Return data with its phone cleaned, and whether that changed it. Data that is no mapping stays as it is."""
    pairs = read_pairs(data) or []
    cleaned = [
        (name, clean_phone(text) if name == _PHONE and (text := exact_text(value)) is not None else value)
        for name, value in pairs
    ]
    is_changed = any(new is not old and new != old for (_, new), (_, old) in zip(cleaned, pairs, strict=True))
    return (object_of(cleaned), True) if is_changed else (data, False)  # type: ignore[arg-type] # keys of any type


def without_faulty(data: object, problems: Sequence[Problem], aliases: Mapping[str, str]) -> object:
    """Return data without the fields and entries that `problems` are about, `None` if one of them must stay.

    `aliases` has the vendor's name for each spelling of a field.
    """
    fields: set[str] = set()
    entries: defaultdict[str, set[int]] = defaultdict(set)
    for problem in problems:
        found = _ENTRY.fullmatch(problem.path)
        field, position = found.groups() if found else ("", None)
        if field in _WHOLE and problem.code != "field.twice":
            fields.add(field)
        elif field in _BY_ENTRY and position is not None and problem.code != "field.twice":
            entries[field].add(int(position))
        elif problem.code != MORE:
            return None
    kept: list[tuple[object, object]] = []
    for name, value in read_pairs(data) or ():
        field = aliases.get(exact_text(name) or "", "")
        if field not in fields:
            kept.append((name, _without_entries(value, entries[field]) if field in entries else value))
    return object_of(kept) if fields or entries else None  # type: ignore[arg-type] # keys of any type, reported later


def _without_entries(value: Any, positions: Collection[int]) -> object:
    pairs = None if isinstance(value, list) else read_pairs(value)
    if pairs is None:
        return [item for position, item in enumerate(value) if position not in positions]
    return object_of([pair for position, pair in enumerate(pairs) if position not in positions])  # type: ignore[misc]
