"""Customers out of JSON, JSON Lines and CSV, each with its place in the input.

A record that cannot be read is a rejected record; what follows it is read all the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final, Literal, get_args

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.strict_json import decode_json, iterate_json_array
from rr_snippet.errors import CustomerError, OptionError, Problem, SourceError
from rr_snippet.files import unreadable
from rr_snippet.options import refuse, wrong_choice, wrong_value
from rr_snippet.sources.text_fields import FIELD_SPELLINGS, decode_text_fields, parse_read, unknown_field

SourceFormat = Literal["json", "jsonl", "csv"]

# Far above any customer that the default payload limit lets through, far below what hurts.
RECORD_MAX_CHARS: Final = 4 * 1024 * 1024

_DELIMITERS: Final = (",", ";", "\t")
# A byte that is no text in the encoding, as the error handler "surrogateescape" hands it over.
_STRAY_BYTE: Final = re.compile("[\udc80-\udcff]")


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
    lines = _Lines(stream, encoding)
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
            yield from _read_csv(lines, delimiter, columns or {}, beside)
    finally:
        lines.detach()


class _Lines:
    """The lines of a stream, numbered from 1; one of more than `RECORD_MAX_CHARS` is passed over, as `None`."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._encoding = encoding
        try:
            # A stray byte spoils its own record only, wherever the encoding can go on after one.
            text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
        except (LookupError, ValueError, TypeError):
            text = None
        if text is None:
            raise OptionError(wrong_value("encoding", "the name of a text encoding"))
        self._text = text
        self.number = 1
        self.had_quote = False
        """Whether a quote stood in the line that was passed over last."""
        # The first that is not blank; empty if there is none.
        try:
            self.first = self._read(text.readline).removeprefix("\ufeff")
            while self.first and not self.first.strip():
                self.number += 1
                self.first = self._read(text.readline)
        except SourceError:
            # Nobody else gets to do so, and what is not detached closes the stream on its way out.
            self.detach()
            raise

    def __iter__(self) -> Iterator[str | None]:
        line = self.first
        while line:
            if len(line) > RECORD_MAX_CHARS:
                self.had_quote = '"' in line
                while line and not line.endswith(("\n", "\r")):
                    line = self._read(self._text.readline)
                    self.had_quote = self.had_quote or '"' in line
                yield None
            else:
                yield line
            line = self._read(self._text.readline)
            self.number += 1

    def whole_text(self) -> str:
        """Return all there is, from the first line on."""
        rest = self._read(self._text.read, -1)
        if _STRAY_BYTE.search(self.first) or _STRAY_BYTE.search(rest):
            raise SourceError(self.encoding_problem())
        return self.first + rest

    def encoding_problem(self) -> Problem:
        return Problem.of("customer.encoding", encoding=self._encoding)

    def detach(self) -> None:
        """Leave the stream to its owner, open."""
        self._text.detach()

    def _read(self, read: Callable[[int], str], size: int = RECORD_MAX_CHARS + 1) -> str:
        try:
            return read(size)
        except UnicodeError:  # holds the bytes, so what is raised must not have it for its context
            problem = self.encoding_problem()
        except OSError as error:
            problem = unreadable(error)
        raise SourceError(problem)


def _is_json(line: str) -> bool:
    """Tell whether `line` is JSON by itself, and not the quoted name of the only column of a CSV file."""
    try:
        value = decode_json(line.strip())
    except CustomerError:
        return False
    return not (isinstance(value, str) and value in FIELD_SPELLINGS)


def _read_json(lines: _Lines) -> Iterator[RawRecord]:
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


def _read_json_or_lines(lines: _Lines) -> Iterator[RawRecord]:
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
        again = _Lines(io.BytesIO(("\n" * (first_line - 1) + text).encode()), "utf-8")
        yield from _read_json_lines(again)
    else:
        yield RawRecord(1, None, None, problems)


def _read_json_lines(lines: _Lines) -> Iterator[RawRecord]:
    number = 0
    for line in lines:
        if line is not None and not line.strip():
            continue
        number += 1
        data: object = None
        problems: tuple[Problem, ...] = ()
        if line is None:
            problems = (_too_long(),)
        elif _STRAY_BYTE.search(line):
            problems = (lines.encoding_problem(),)
        else:
            try:
                data = decode_json(line.strip(), first_line=lines.number)
            except CustomerError as error:
                problems = error.problems
        yield RawRecord(number, lines.number, data, problems)


def _read_csv(
    lines: _Lines, delimiter: str | None, columns: Mapping[str, str | None], beside: Collection[str]
) -> Iterator[RawRecord]:
    if len(lines.first) > RECORD_MAX_CHARS:
        raise SourceError(_too_long())
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
                raise SourceError(_too_long())
            passed_over = line is None
            yield line or ""

    rows = csv.reader(rows_of_text(), delimiter=delimiter, strict=True)
    header = _read_header(rows)
    if any(map(_STRAY_BYTE.search, header)):
        raise SourceError(lines.encoding_problem())
    names = [columns.get(name, name) for name in header]
    _check_header([None if name in beside else name for name in names])
    number = 0
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
            problems = (_too_long(),)
        elif any(map(_STRAY_BYTE.search, row)):
            problems = (lines.encoding_problem(),)
        elif not row and not problems:
            continue  # a blank line
        number += 1
        data: object = None
        if not problems:
            # Cells beyond the header have no name; an empty one there is only a trailing delimiter.
            padded = [*names, *([""] * (len(row) - len(names)))]
            data, problems = decode_text_fields(
                ((name, cell) for name, cell in zip(padded, row, strict=False) if name is not None), beside=beside
            )
        yield RawRecord(number, line_number, data, problems)


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


def _too_long() -> Problem:
    return Problem.of("customer.too_long", limit=RECORD_MAX_CHARS)
