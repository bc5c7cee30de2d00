"""Customers out of JSON, JSON Lines and CSV, each with its place in the input.

A record that cannot be read is a rejected record; what follows it is read all the same.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Literal, get_args

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.strict_json import decode_json, iterate_json_array
from rr_snippet.errors import CustomerError, OptionError, Problem, SourceError
from rr_snippet.options import refuse, wrong_choice, wrong_value
from rr_snippet.sources.csv_rows import read_csv_rows
from rr_snippet.sources.lines import Lines, has_stray_byte, too_long
from rr_snippet.sources.text_fields import FIELD_SPELLINGS, parse_read

SourceFormat = Literal["json", "jsonl", "csv"]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an input: a customer, or the problems that speak against it.

    `number` counts records, `line` is the line on which the record begins in a format made of lines; both from 1.
    """

    number: int
    line: int | None
    customer: Customer | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it was read, before anyone asks whether it is a customer; without `data` where it is unreadable."""

    number: int
    line: int | None
    data: object
    problems: tuple[Problem, ...] = ()


def read_records(
    stream: IO[bytes],
    *,
    source_format: SourceFormat | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    rules: CustomerRules = DEFAULT_RULES,
) -> Iterator[Record]:
    """Yield the customers in a stream of bytes, as `read_raw_records` finds them.

    Raises:
        SourceError, OptionError: as `read_raw_records`.
    """
    for raw in read_raw_records(stream, source_format=source_format, encoding=encoding, delimiter=delimiter):
        customer, problems = None, raw.problems
        if raw.data is not None or not problems:
            customer, problems = parse_read(raw.data, rules, problems)
        yield Record(raw.number, raw.line, customer, problems)


def read_raw_records(
    stream: IO[bytes],
    *,
    source_format: SourceFormat | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    beside: Collection[str] = (),
) -> Iterator[RawRecord]:
    """Yield the records of a stream of bytes in their order, as they are read.

    Without `source_format` the first line tells: `[` begins a JSON array; a line that is JSON by itself JSON Lines;
    any other `{` a JSON object, unless lines after it are objects by themselves; all else is CSV with a header. Without
    `delimiter` the header tells: comma, semicolon or tab. A byte order mark is accepted. A JSON document is held in
    memory as a whole. A line may have 4,194,304 characters.
    `columns` renames the columns of CSV, or leaves out those it turns into `None`; `beside` names those that may stand
    beside a customer's own.

    Raises:
        SourceError: `source.empty`, `source.unreadable`, `customer.too_long`; `customer.encoding` where the bytes
            are no text at all; `field.unknown`, `field.twice` and `customer.csv` for the header of a CSV file.
        OptionError: `option.value` for `encoding`, `source_format` or `delimiter`.
    """
    if source_format is not None:
        refuse(wrong_choice("source_format", source_format, get_args(SourceFormat)))
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise OptionError(wrong_value("delimiter", "one character"))
    lines = Lines(stream, encoding)
    try:
        if not lines.first:
            raise SourceError(Problem.of("source.empty"))
        if source_format == "json" or (source_format is None and lines.first.lstrip().startswith("[")):
            yield from _read_json(lines)
        elif source_format is None and _is_json(lines.first):
            yield from _read_json_lines(lines)
        elif source_format is None and lines.first.lstrip().startswith("{"):
            yield from _read_json_or_lines(lines)
        elif source_format == "jsonl":
            yield from _read_json_lines(lines)
        else:
            rows = read_csv_rows(lines, delimiter, columns or {}, beside)
            for number, (line, data, problems) in enumerate(rows, start=1):
                yield RawRecord(number, line, data, problems)
    finally:
        lines.detach()


def _is_json(line: str) -> bool:
    """Tell whether `line` is JSON by itself, and not the quoted name of the only column of a CSV file."""
    try:
        value = decode_json(line.strip())
    except CustomerError:
        return False
    return not (isinstance(value, str) and value in FIELD_SPELLINGS)


def _read_json(lines: Lines) -> Iterator[RawRecord]:
    number, first_line = 0, lines.number
    text = lines.whole_text()
    try:
        if text.lstrip().startswith("["):
            elements = iterate_json_array(text, first_line=first_line)
        else:
            elements = iter([decode_json(text, first_line=first_line)])
        for number, element in enumerate(elements, start=1):
            yield RawRecord(number, None, element)
    except CustomerError as error:
        yield RawRecord(number + 1, None, None, error.problems)


def _read_json_or_lines(lines: Lines) -> Iterator[RawRecord]:
    """Read an object over several lines, or else JSON Lines of which the first is broken."""
    first_line = lines.number
    text = lines.whole_text()
    try:
        value = decode_json(text, first_line=first_line)
    except CustomerError as error:
        problems = error.problems
    else:
        yield RawRecord(1, None, value)
        return
    if any(line.startswith("{") and _is_json(line) for line in text.splitlines()[1:]):
        again = Lines(io.BytesIO(("\n" * (first_line - 1) + text).encode()), "utf-8")
        yield from _read_json_lines(again)
    else:
        yield RawRecord(1, None, None, problems)


def _read_json_lines(lines: Lines) -> Iterator[RawRecord]:
    number = 0
    for line in lines:
        if line is not None and not line.strip():
            continue
        number += 1
        data: object = None
        problems: tuple[Problem, ...] = ()
        if line is None:
            problems = (too_long(),)
        elif has_stray_byte(line):
            problems = (lines.encoding_problem(),)
        else:
            try:
                data = decode_json(line.strip(), first_line=lines.number)
            except CustomerError as error:
                problems = error.problems
        yield RawRecord(number, lines.number, data, problems)
