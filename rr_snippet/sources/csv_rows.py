"""The rows of CSV with a header, every cell a text."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from rr_snippet.errors import Problem, SourceError
from rr_snippet.sources.lines import RECORD_MAX_CHARS, Lines, has_stray_byte, too_long
from rr_snippet.sources.text_fields import FIELD_SPELLINGS, decode_text_fields, unknown_field

_DELIMITERS: Final = (",", ";", "\t")


def read_csv_rows(
    lines: Lines, delimiter: str | None, columns: Mapping[str, str | None], beside: Collection[str]
) -> Iterator[tuple[int, object, tuple[Problem, ...]]]:
    """Yield the first line of each row, its fields, and what is wrong with it.

    Raises:
        SourceError: as `read_raw_records`.
    """
    if len(lines.first) > RECORD_MAX_CHARS:
        raise SourceError(too_long())
    delimiter = delimiter or _guess_delimiter(lines.first, {*FIELD_SPELLINGS, *columns, *beside})
    passed_over = False
    record_chars = 0
    # Of the whole process, and only ever raised: past it the reader would go on in the middle of a cell.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_MAX_CHARS))

    def rows_of_text() -> Iterator[str]:
        nonlocal passed_over, record_chars
        for line in lines:
            # A line by itself can be passed over. Where a cell may go on in the next line, or has come from the last,
            # nobody knows where the next record begins: what stands in the cell would be taken for one.
            is_alone = record_chars == 0 and not (line is None and lines.had_quote)
            record_chars += RECORD_MAX_CHARS + 1 if line is None else len(line)
            if record_chars > RECORD_MAX_CHARS and not is_alone:
                raise SourceError(too_long())
            passed_over = line is None
            yield line or ""

    rows = csv.reader(rows_of_text(), delimiter=delimiter, strict=True)
    header = _read_header(rows)
    if any(map(has_stray_byte, header)):
        raise SourceError(lines.encoding_problem())
    names = [columns.get(name, name) for name in header]
    _check_header([None if name in beside else name for name in names])
    while True:
        line_number = lines.number + 1
        record_chars = 0
        problems: tuple[Problem, ...] = ()
        try:
            row = next(rows, None)
        except csv.Error:
            row = []
            problems = (Problem.of("customer.csv"),)
        if row is None:
            return
        if passed_over:
            passed_over = False
            problems = (too_long(),)
        elif any(map(has_stray_byte, row)):
            problems = (lines.encoding_problem(),)
        elif not row and not problems:
            continue  # a blank line
        data: object = None
        if not problems:
            # Cells beyond the header have no name; an empty one there is only a trailing delimiter.
            padded = [*names, *([""] * (len(row) - len(names)))]
            data, problems = decode_text_fields(
                ((name, cell) for name, cell in zip(padded, row, strict=False) if name is not None), beside=beside
            )
        yield line_number, data, problems


def _guess_delimiter(header: str, known: Collection[str]) -> str:
    def known_names(delimiter: str) -> int:
        return sum(name.strip().strip('"') in known for name in header.split(delimiter))

    return max(_DELIMITERS, key=known_names)


def _read_header(rows: Iterator[list[str]]) -> list[str]:
    try:
        header: list[str] | None = [name.strip() for name in next(rows)]
    except csv.Error:
        header = None
    if header is None:
        raise SourceError(Problem.of("customer.csv"))
    return header


def _check_header(header: Sequence[str | None]) -> None:
    problems = []
    seen: set[str] = set()
    for position, name in enumerate(header):
        if name is None:
            continue
        alias = FIELD_SPELLINGS.get(name)
        if alias is None:
            problems.append(unknown_field(position, name))
        elif alias in seen:
            problems.append(Problem.of("field.twice", alias))
        seen.add(alias or "")
    if problems:
        raise SourceError(*problems)
