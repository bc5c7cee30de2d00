"""Read the rows of CSV with a header, every cell a text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from typing import Final

from rr_snippet.customer.pairs import object_of
from rr_snippet.errors import Problem, SourceError
from rr_snippet.sources.columns import Columns, Header
from rr_snippet.sources.lines import RECORD_MAX_CHARS, Lines, has_stray_byte, too_long
from rr_snippet.sources.names import FIELD_SPELLINGS, looks_like
from rr_snippet.sources.text_fields import ConsentWords, decode_cells

# If several divide the header equally well, the first of them wins.
_DELIMITERS: Final = (",", ";", "\t", "|")

CsvRow = tuple[int, object, tuple[Problem, ...]]
"""The line on which a row begins, its fields, and its problems."""


def read_csv_rows(
    lines: Lines,
    *,
    delimiter: str | None,
    columns: Columns,
    beside: Collection[str],
    words: ConsentWords,
    note: Callable[[Problem], object] | None,
) -> Iterator[CsvRow]:
    """Yield the rows.

    Raises:
        SourceError: as `read_raw_records`.
    """
    if len(lines.first) > RECORD_MAX_CHARS:
        raise SourceError(too_long())
    # The limit is that of the whole process, so it is only ever raised. A reader that exceeds it would go on in the
    # middle of a cell.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_MAX_CHARS))
    text = _RowLines(lines)
    said = delimiter_line(lines.first)
    delimiter = delimiter or said or _guess_delimiter(lines.first, {*columns.targets, *beside})
    if said is not None:
        next(text)
        text.begin_row()
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    names = _read_names(rows, text)
    header = Header(names, columns, beside=beside)
    if header.problems:
        raise SourceError(*header.problems)
    for problem in header.notes if note is not None else ():
        note(problem)  # type: ignore[misc] # not None
    asides = [(place, name) for place, name in enumerate(names) if name in beside and name not in columns.targets]
    while True:
        text.begin_row()
        first_line = lines.number + 1
        try:
            row = next(rows, None)
            problems = text.problems(row or ())
        except csv.Error:
            row = []
            problems = text.problems(row) or (_unreadable(text.taken),)
        if row is None:
            return
        data: object = None
        if not problems:
            if not row:
                continue  # a blank line
            cells = [(target, cell) for target, cell in zip(header.targets, row, strict=False) if target is not None]
            fields, problems = decode_cells(cells, words)
            # An empty cell beyond the header is only a trailing delimiter.
            extra = [place for place in range(len(names), len(row)) if row[place]]
            problems = (*(Problem.of("column.extra", column=header.column(place)) for place in extra), *problems)
            beside_it = [(name, row[place]) for place, name in asides if row[place : place + 1] not in ([], [""])]
            data = object_of([*fields.items(), *beside_it]) if beside_it else fields
        yield first_line, data, problems


class _RowLines:
    """The lines for a CSV reader, up to a limit for each row. A line that alone exceeds the limit is skipped."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._text = iter(lines)
        self.taken = 0
        """The number of lines that the row has taken so far."""
        self._chars = 0
        self._was_too_long = False

    def begin_row(self) -> None:
        """Start counting a new row."""
        self.taken = self._chars = 0
        self._was_too_long = False

    def problems(self, row: Collection[str]) -> tuple[Problem, ...]:
        """Return why the last row cannot be accepted as it is."""
        if self._was_too_long:
            return (too_long(),)
        stray = next(filter(has_stray_byte, row), None)
        return () if stray is None else (self._lines.encoding_problem(stray),)

    def __iter__(self) -> _RowLines:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        # A row of one line can be skipped. But if a cell may continue on the next line, or began on the last one,
        # nobody knows where the next record begins: the rest of the cell would be taken for one.
        is_alone = self._chars == 0 and not (line is None and self._lines.had_quote)
        self._chars += RECORD_MAX_CHARS + 1 if line is None else len(line)
        if self._chars > RECORD_MAX_CHARS and not is_alone:
            raise SourceError(too_long())
        self._was_too_long = line is None
        self.taken += 1
        return line or ""


def delimiter_line(line: str) -> str | None:
    """Return the delimiter from a first line such as `sep=;`, which Excel writes and reads, or `None`."""
    text = line.rstrip("\r\n").strip('"')
    return text[-1] if len(text) == len("sep=;") and text.lower().startswith("sep=") else None


def _guess_delimiter(header: str, mapped: Collection[str]) -> str:
    """Return the delimiter that divides a header into the most names with a meaning, or else into the most names."""

    def score(delimiter: str) -> tuple[int, int]:
        names = [name.strip().strip('"') for name in header.split(delimiter)]
        known = sum(name in FIELD_SPELLINGS or name in mapped or looks_like(name) is not None for name in names)
        return known, len(names)

    return max(_DELIMITERS, key=score)


def _read_names(rows: Iterator[list[str]], text: _RowLines) -> list[str]:
    try:
        names = [name.strip() for name in next(rows, [])]
        problems = text.problems(names)
    except csv.Error:
        names, problems = [], (_unreadable(text.taken),)
    if not problems and not any(names):
        problems = (Problem.of("source.empty"),)
    if problems:
        raise SourceError(*problems)
    return names


def _unreadable(lines: int) -> Problem:
    """Return the problem of a row that breaks off after `lines` lines, all of which are lost."""
    return Problem.of("customer.csv", **({"lines": lines} if lines > 1 else {}))
