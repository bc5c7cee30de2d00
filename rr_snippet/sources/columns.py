"""Map the names in a source to the fields of a customer, and recognise names that look like fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar, cast

from rr_snippet.customer.pairs import object_of, read_pairs
from rr_snippet.customer.texts import exact_text
from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.options import did_you_mean, suggestion
from rr_snippet.sources.names import (
    FIELD_SPELLINGS,
    FIELDS,
    NAME_MAX_CHARS,
    is_header,
    is_spelt_like_field,
    looks_like,
    may_be_value,
)

_Record = TypeVar("_Record")

_FIELDS_OF_ENTRIES: Final = frozenset({"customData", "softLinks"})


class Target(NamedTuple):
    """What a name stands for: a field in the vendor's spelling, or the entry `key` of a field with entries."""

    field: str
    key: str | None = None


def target_of(name: str) -> Target | None:
    """Return what `email`, `default_stock_id`, `customData.city` or `softLinks.card` stand for, `None` for no field."""
    whole = FIELD_SPELLINGS.get(name)
    if whole is not None:
        return Target(whole)
    outer, _, key = name.partition(".")
    whole = FIELD_SPELLINGS.get(outer)
    return Target(whole, key) if whole in _FIELDS_OF_ENTRIES and key else None


@dataclass(frozen=True, slots=True)
class Columns:
    """A mapping of the names in a source to a field, to one entry of a field, or to `None`, which leaves a name out.

    A name that is not in the mapping stands for the field of that name. `ignore_unmapped` leaves out all other names.
    """

    names: tuple[tuple[str, str | None], ...] = ()
    ignore_unmapped: bool = False
    targets: Mapping[str, Target | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", {name: to and target_of(to) for name, to in self.names})

    @classmethod
    def of(cls, columns: Mapping[str, str | None] | None, *, ignore_unmapped: bool = False) -> Columns:
        """Return the mapping for a caller's `columns`.

        Raises:
            OptionError: `column.target`.
        """
        names = tuple((columns or {}).items())
        wrong = [(name, to) for name, to in names if to is not None and target_of(to) is None]
        if wrong:
            raise OptionError(
                *(Problem.of("column.target", column=shown(name), **suggestion(to, FIELDS)) for name, to in wrong)
            )
        return cls(names, ignore_unmapped)

    def missing(self, found: Collection[str], *, suggest: Collection[str] = ()) -> list[Problem]:
        """Return a problem for each name of the mapping that is not among the names `found` in the source.

        A problem may suggest a name from `suggest`, which must hold names, no values.
        """
        return [
            Problem.of("column.missing", column=shown(name), **({"suggestion": shown(near)} if near else {}))
            for name, _ in self.names
            if name not in found
            for near in [did_you_mean(name, suggest)]
        ]


AS_NAMED: Final = Columns()
"""The empty mapping: each name stands for the field of that name."""


class Header:
    """The names of a source's columns, what each stands for, and their problems.

    `problems` are `column.missing`, `field.twice` and `column.unknown`; with `others_allowed` the last only for a name
    that letter case and separators alone distinguish from a field's. `notes` are for columns that look like fields, but
    are left out because the mapping does not name them.
    """

    def __init__(
        self, names: Sequence[str], columns: Columns, *, beside: Collection[str] = (), others_allowed: bool = False
    ) -> None:
        self._names = names
        self._is_header = any(name in columns.targets or name in beside for name in names) or is_header(names)
        self.targets: list[Target | None] = []
        """What each column stands for, `None` for a column that is left out or one of `beside`."""
        self.problems: list[Problem] = []
        places: dict[Target, list[int]] = {}
        unmapped: list[int] = []
        for position, name in enumerate(names):
            target = columns.targets.get(name, _UNMAPPED)
            if target is _UNMAPPED:
                target = None if name in beside else Target(FIELD_SPELLINGS.get(name, ""))
            if target is not None and not target.field:
                unmapped.append(position)
                target = None
            if target is not None:
                places.setdefault(target, []).append(position)
            self.targets.append(target)
        if not columns.ignore_unmapped:
            self.problems += (
                self._unknown(position)
                for position in unmapped
                if not others_allowed or is_spelt_like_field(names[position])
            )
        for target, twice in places.items():
            if len(twice) > 1:
                path = target.field if target.key is None else f"{target.field}.{shown(target.key)}"
                self.problems.append(Problem.of("field.twice", path, columns=", ".join(map(self.column, twice))))
        self.problems += columns.missing(names, suggest=names if self._is_header else ())
        taken = {target.field for target in places}
        self.notes = [
            Problem.of("column.left_out", column=self.column(position), suggestion=near)
            for position in unmapped
            if (near := looks_like(names[position])) and near not in taken
        ]

    def column(self, position: int) -> str:
        """Return a column's letter, as in a spreadsheet, with its name if that is one."""
        letters, rest = "", position + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        name = self._names[position] if self._is_header and position < len(self._names) else ""
        return f"{letters} ({shown(name)})" if name and not may_be_value(name) else letters

    def _unknown(self, position: int) -> Problem:
        name = self._names[position]
        near = looks_like(name) or did_you_mean(name, FIELDS)
        return Problem.of("column.unknown", column=self.column(position), **({"suggestion": near} if near else {}))


# Cached, because all records have much the same names.
_looks_like: Final = lru_cache(1024)(looks_like)


class Renaming:
    """Renames the keys of records to the names of fields, and notes which names of the mapping have appeared.

    `note` gets one problem for each field that a left-out name looks like.
    """

    def __init__(self, columns: Columns, note: Callable[[Problem], object] | None = None) -> None:
        self._columns = columns
        self._left = {name for name, _ in columns.names}
        self._note = note
        self._noted = {target.field for target in columns.targets.values() if target is not None}

    def __call__(self, data: object) -> object:
        """Return a mapping with the names of fields. Anything but a mapping is returned as it is."""
        pairs = read_pairs(data)
        if pairs is None:
            return data
        given: list[tuple[Target, object]] = []
        left_out: list[str] = []
        for name, value in pairs:
            text = exact_text(name)
            target = self._columns.targets.get(text, _UNMAPPED) if text is not None else _UNMAPPED
            self._left.discard(text or "")
            if target is _UNMAPPED:
                known = FIELD_SPELLINGS.get(text or "")
                if known is None and self._columns.ignore_unmapped:
                    left_out.append(text or "")
                    continue
                target = Target(known or name)  # type: ignore[arg-type] # of any type: validation reports it later
            if target is not None:
                given.append((target, value))
        if self._note is not None and left_out:
            self._tell({target.field for target, _ in given}, left_out)
        try:
            return gather(given)
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - a key's own code, whose error may show the key; validation reports it later
            return data

    def _tell(self, given: Collection[str], left_out: Iterable[str]) -> None:
        # The message names the field, because the name itself may be a customer's data.
        near = {_looks_like(name) for name in left_out} - {None} - self._noted
        for meant in sorted(map(str, near - set(given))):
            self._noted.add(meant)
            cast("Callable[[Problem], object]", self._note)(Problem.of("column.left_out", key=meant))

    def hold_back(self, renamed: Iterable[_Record]) -> Iterator[_Record]:
        """Yield renamed records as they are read, but the first only after every name has appeared.

        Raises:
            SourceError: `column.missing`, before any record.
        """
        waiting: list[_Record] = []
        for record in renamed:
            waiting.append(record)
            if not self._left:
                yield from waiting
                waiting.clear()
        if waiting:
            raise SourceError(*self.missing())

    @property
    def is_complete(self) -> bool:
        """Whether every name of the mapping has appeared."""
        return not self._left

    def missing(self) -> list[Problem]:
        """Return a problem for each name of the mapping that no record had."""
        return self._columns.missing({name for name, _ in self._columns.names} - self._left)


_UNMAPPED: Final = Target("")


def gather(given: Sequence[tuple[Target, object]]) -> dict[str, object]:
    """Return the fields of a customer, and join those that are given entry by entry. An entry of `None` is absent."""
    pairs: list[tuple[str, object]] = []
    entries: dict[str, list[tuple[str, object]]] = {}
    for (name, key), value in given:
        if key is None:
            pairs.append((name, value))
        elif value is not None:
            entries.setdefault(name, []).append((key, value))
    for name, added in entries.items():
        place = next((place for place, (other, _) in enumerate(pairs) if other == name), None)
        if place is None:
            pairs.append((name, object_of(added)))
        else:
            pairs[place] = name, _with_entries(pairs[place][1], added)
    return object_of(pairs)


def _with_entries(whole: Any, added: list[tuple[str, object]]) -> object:
    pairs = [] if whole is None else read_pairs(whole)
    if pairs is not None:
        return object_of([*pairs, *added])  # type: ignore[list-item] # keys of any type: validation reports them
    return [*whole, *added] if isinstance(whole, list) else whole  # validation reports any other type


def shown(name: str) -> str:
    """Return a source's name as a message can show it: on one line of limited length."""
    name = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name[: NAME_MAX_CHARS + 1])
    return name if len(name) <= NAME_MAX_CHARS else f"{name[:NAME_MAX_CHARS]}..."
