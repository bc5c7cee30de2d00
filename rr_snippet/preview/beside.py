"""Warnings about a customer with errors: the valid parts are examined without the faulty ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from rr_snippet.customer.customer import read_customer
from rr_snippet.customer.pairs import object_of, read_pairs
from rr_snippet.customer.rules import CustomerRules
from rr_snippet.errors import CustomerError, Problem
from rr_snippet.sources.names import FIELD_SPELLINGS

_STEPS: Final = re.compile(r"([A-Za-z]*)(?:\[([0-9]+)\])?(.*)", re.DOTALL)
_BY_ENTRY: Final = frozenset({"customData", "softLinks"})
_STAND_IN: Final = ("customerId", "1")


def warnings_beside(data: object, problems: Iterable[Problem], rules: CustomerRules) -> tuple[Problem, ...]:
    """Return the warnings about the parts of `data` without problems."""
    pairs = read_pairs(data)
    if pairs is None:
        return ()
    faulty: defaultdict[str, set[int]] = defaultdict(set)
    misnamed: set[int] = set()
    whole: set[str] = set()
    for problem in problems:
        field, number, rest = _steps(problem.path)
        if number is None or field not in (*_BY_ENTRY, ""):
            whole.add(field)
        elif field == "softLinks" and rest == ".name":
            misnamed.add(number)
        else:
            faulty[field].add(number)
    kept: list[Any] = []
    left: dict[str, list[int]] = {}
    for place, (name, value) in enumerate(pairs):
        field = FIELD_SPELLINGS.get(name, "") if isinstance(name, str) else ""
        if field in whole or place in faulty[""]:
            continue
        if field in _BY_ENTRY:
            value, left[field] = _without(value, faulty[field], misnamed if field == "softLinks" else set())
        kept.append((name, value))
    stand_in = [_STAND_IN] if "customerId" in whole else []
    try:
        customer = read_customer(object_of([*stand_in, *kept]), rules)
    except CustomerError:  # of a field as a whole, or more than were told
        return ()
    return tuple(_placed(customer.warnings, left))


def _steps(path: str) -> tuple[str, int | None, str]:
    field, number, rest = _STEPS.fullmatch(path).groups()  # type: ignore[union-attr] # it matches anything
    return field, None if number is None else int(number), rest


def _without(value: Any, places: set[int], misnamed: set[int]) -> tuple[object, list[int]]:
    """Return a field with entries without some of them, and the old positions of the others.

    Entries that are `misnamed` get a name of our own.
    """
    entries = value if isinstance(value, list) else read_pairs(value) or []
    left = [place for place in range(len(entries)) if place not in places]
    kept: list[Any] = [_named(entries[place], place) if place in misnamed else entries[place] for place in left]
    return (kept if isinstance(value, list) else object_of(kept)), left


def _named(entry: Any, place: int) -> object:
    name = f"{_STAND_IN[0]} {place}"
    if isinstance(entry, tuple):
        return name, entry[1]
    pairs: list[Any] = [(key, name if key in ("name", "Name") else value) for key, value in read_pairs(entry) or ()]
    return object_of(pairs)


def _placed(warnings: Iterable[Problem], left: dict[str, list[int]]) -> Iterator[Problem]:
    for warning in warnings:
        field, number, rest = _steps(warning.path)
        path = warning.path if number is None else f"{field}[{left[field][number]}]{rest}"
        yield replace(warning, path=path)
