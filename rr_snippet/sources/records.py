"""Read customers from JSON, JSON Lines and CSV, each with its place in the input.

A record that cannot be read is rejected, and reading goes on after it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any, Literal, get_args

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.strict_json import decode_json, iterate_json_array
from rr_snippet.errors import CustomerError, OptionError, Problem, SourceError
from rr_snippet.options import refuse, wrong_choice, wrong_value
from rr_snippet.sources.columns import AS_NAMED, Columns, Renaming
from rr_snippet.sources.csv_rows import delimiter_line, read_csv_rows
from rr_snippet.sources.lines import Lines, has_stray_byte, too_long
from rr_snippet.sources.names import FIELD_SPELLINGS, looks_like
from rr_snippet.sources.text_fields import ConsentWords, all_consent_words, parse_read

SourceFormat = Literal["json", "jsonl", "csv"]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an input: a customer, or the problems of one.

    `number` counts records. `line` is where the record begins, in a format made of lines. Both are counted from 1.
    """

    number: int
    line: int | None
    customer: Customer | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it was read, before it is validated. `data` is `None` if it cannot be read."""

    number: int
    line: int | None
    data: object
    problems: tuple[Problem, ...] = ()


def read_records(stream: IO[bytes], *, rules: CustomerRules = DEFAULT_RULES, **settings: Any) -> Iterator[Record]:
    """Yield the customers in a stream of bytes; `settings` are those of `read_raw_records`.

    Raises:
        SourceError, OptionError: as `read_raw_records`.
    """
    for raw in read_raw_records(stream, **settings):
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
    columns: Columns | None = None,
    consent_words: ConsentWords | None = None,
    beside: Collection[str] = (),
    note: Callable[[Problem], object] | None = None,
) -> Iterator[RawRecord]:
    """Yield the records of a stream of bytes in their order, as they are read.

    Without `source_format` the first line decides. `[` begins a JSON array. A line that is JSON by itself begins JSON
    Lines. Any other `{` begins a JSON object, unless later lines are objects by themselves. Everything else is CSV with
    a header. Without `delimiter` the header decides: comma, semicolon, tab or bar. A byte order mark is accepted. A
    JSON document is held in memory as a whole. A line may have 4,194,304 characters.

    `columns` maps the names in the source. `consent_words` are for CSV. `beside` names the columns of CSV that may
    stand beside a customer's own. `note` gets notes about input that is no fault: from a header before any record, from
    JSON as it is read.

    Raises:
        SourceError: `source.empty`, `source.unreadable`, `source.foreign`, `customer.too_long`; `customer.encoding`,
            if the whole is no text; for the header of a CSV file `column.unknown`, `column.missing`, `field.twice` and
            `customer.csv`; for JSON `column.missing`, before any record: records wait until each name has been met.
        OptionError: `option.value` for `encoding`, `source_format`, `delimiter` or `consent_words`.
    """
    if source_format is not None:
        refuse(wrong_choice("source_format", source_format, get_args(SourceFormat)))
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise OptionError(wrong_value("delimiter", "one character"))
    words = all_consent_words(consent_words)
    columns = columns or AS_NAMED
    lines = Lines(stream, encoding)
    try:
        if not lines.first:
            raise SourceError(Problem.of("source.empty"))
        if source_format == "json" or (source_format is None and lines.first.lstrip().startswith("[")):
            records = _read_json(lines)
        elif source_format == "jsonl" or (source_format is None and _is_json(lines.first, columns)):
            records = _read_json_lines(lines)
        elif source_format is None and lines.first.lstrip().startswith("{"):
            records = _read_json_or_lines(lines, columns)
        else:
            rows = read_csv_rows(lines, delimiter=delimiter, columns=columns, beside=beside, words=words, note=note)
            for number, (line, data, problems) in enumerate(rows, start=1):
                yield RawRecord(number, line, data, problems)
            return
        if columns != AS_NAMED:
            rename = Renaming(columns, note)
            records = rename.hold_back(replace(record, data=rename(record.data)) for record in records)
        yield from records
    finally:
        lines.detach()


def _is_json(line: str, columns: Columns) -> bool:
    """Return whether `line` is JSON by itself, and not the first line of CSV: one quoted name or delimiter."""
    try:
        value = decode_json(line.strip())
    except CustomerError:
        return False
    is_name = isinstance(value, str) and (value in FIELD_SPELLINGS or value in columns.targets or looks_like(value))
    return not (is_name or delimiter_line(line))


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


def _read_json_or_lines(lines: Lines, columns: Columns) -> Iterator[RawRecord]:
    """Read an object of several lines, or JSON Lines with a broken first line."""
    first_line = lines.number
    text = lines.whole_text()
    try:
        value = decode_json(text, first_line=first_line)
    except CustomerError as error:
        problems = error.problems
    else:
        yield RawRecord(1, None, value)
        return
    if any(line.startswith("{") and _is_json(line, columns) for line in text.splitlines()[1:]):
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
            problems = (lines.encoding_problem(line),)
        else:
            try:
                data = decode_json(line.strip(), first_line=lines.number)
            except CustomerError as error:
                problems = error.problems
        yield RawRecord(number, lines.number, data, problems)
