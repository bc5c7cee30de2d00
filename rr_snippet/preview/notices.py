"""Problems and warnings in the form of the page: with the names that were typed, beside the input they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rr_snippet.customer.pairs import read_pairs
from rr_snippet.errors import Language, Problem
from rr_snippet.preview.form import CONSENT, PUSH, PUSH_NAMES, TEXT_FIELDS, Form
from rr_snippet.preview.json_places import JsonPlaces
from rr_snippet.sources.columns import shown
from rr_snippet.sources.names import FIELD_SPELLINGS

# For problems, for warnings and for findings. Nobody reads more, and nobody can read a page of megabytes.
SHOWN_MAX: Final = 200

_ROW_PATH: Final = re.compile(r"(customData|softLinks)\[([0-9]+)\](?:\.(name|value))?")
_ENTRY_PATH: Final = re.compile(r"([A-Za-z]*)\[([0-9]+)\](.*)", re.DOTALL)
# A path in custom data names only the entry. The code shows that the problem is about the value.
_VALUE_CODES: Final = frozenset({"custom_data.value_type"})
_CHOICES: Final = ("phone_region", "nonce")


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or a warning at the input `slot`, in the row `row`, on the line `line` of the text."""

    severity: str
    code: str
    path: str
    message: str
    row: str = ""
    slot: str = ""
    line: int = 0


def notices_of(
    problems: Iterable[tuple[str, Problem]], data: object, language: Language, *, form: Form | None, json: str | None
) -> list[Notice]:
    """Return the notices for problems and warnings, each with its severity.

    `form` is the form that shows the customer in `data`, `json` the text of one JSON document that it was read from.
    """
    rows = {name: form.rows_given(name) for name in ("customData", "softLinks")} if form else {}
    places = None if json is None or data is None else JsonPlaces(json)
    shown_now = []
    for severity, problem in problems:
        row, slot = _place(problem, rows) if form else ("", "")
        if problem.path in _CHOICES:
            slot = f"option-{problem.path}"
        line = int(dict(problem.details).get("line", 0))
        if places is not None and problem.path not in _CHOICES:
            line = places.line(problem.path)
        path = path_as_typed(problem.path, data)
        shown_now.append(Notice(severity, problem.code, path, problem.message_in(language), row, slot, line))
    return shown_now


def path_as_typed(path: str, data: object) -> str:
    """Return a path with the name that was typed instead of its position."""
    match = _ENTRY_PATH.fullmatch(path)
    if match is None:
        return path
    field, number, rest = match.groups()
    value = data if field == "" else _field(data, field)
    name = _name_at(value, int(number))
    return f"{field} {name or f'#{int(number) + 1}'}{rest.replace('.', ' ')}".strip()


def _field(data: object, field: str) -> object:
    return next((value for name, value in read_pairs(data) or () if FIELD_SPELLINGS.get(str(name)) == field), None)


def _name_at(value: Any, position: int) -> str:
    """Return the name of an entry in quotes, empty if it has none."""
    entries: Any = value if isinstance(value, list) else read_pairs(value) or ()
    entry = entries[position] if position < len(entries) else None
    if isinstance(entry, tuple):
        name = entry[0]
    else:
        name = next((text for key, text in read_pairs(entry) or () if key in ("name", "Name")), "")
    return f"«{shown(name)}»" if isinstance(name, str) and name.strip() else ""


def _place(problem: Problem, rows: dict[str, list[int]]) -> tuple[str, str]:
    """Return the row and the input of a problem of the form's data, each empty if there is none.

    `rows` are the rows of the form that are not empty, which the positions in a path count.
    """
    path = problem.path
    match = _ROW_PATH.fullmatch(path)
    if match is not None:
        name, position, part = match.groups()
        row = f"{name}-{rows[name][int(position)]}"
        first = "key" if name == "customData" else "name"
        return row, f"{row}-{part or ('value' if problem.code in _VALUE_CODES else first)}"
    if path in (*TEXT_FIELDS, CONSENT):
        return "", path
    if path.startswith(PUSH):
        last = path.rpartition(".")[2]
        return "", f"push-{last if last in PUSH_NAMES else 'kind'}"
    return "", ""
