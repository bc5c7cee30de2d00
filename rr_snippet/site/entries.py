"""Read a file of pages or patterns, each with its customer: JSON, JSON Lines, CSV, TOML or YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import IO, Final, Literal

from rr_snippet.customer.pairs import object_of, read_pairs
from rr_snippet.errors import Problem
from rr_snippet.site.documents import read_toml, read_yaml
from rr_snippet.sources.columns import AS_NAMED, Columns, Renaming
from rr_snippet.sources.records import RawRecord, read_raw_records

EntryFormat = Literal["json", "jsonl", "csv", "toml", "yaml"]

FORMAT_OF_SUFFIX: Final[dict[str, EntryFormat]] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
}

# The name under which a record has its page, and the path of problems with that page.
PAGE: Final = "page"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a pattern and its customer, `None` for no block; nothing is checked yet.

    `number` counts the entries of a source. `line` is where the entry begins, in a format made of lines. Both are
    counted from 1.
    """

    number: int
    line: int | None
    pattern: object
    customer: object
    problems: tuple[Problem, ...] = ()


def read_entries(
    stream: IO[bytes],
    *,
    source_format: EntryFormat,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    columns: Columns | None = None,
) -> Iterator[Entry]:
    """Yield the entries of a stream of bytes in their order.

    JSON, YAML and TOML hold one object of pages and customers; in JSON and YAML `null` means no block. JSON Lines and
    CSV hold records: a customer's fields, and the page beside them as `page`. JSON and YAML may hold an array of
    records too.

    `columns` says what the names of a customer's fields stand for.

    Raises:
        SourceError: `source.empty`, `source.unreadable`, `source.toml`, `source.yaml`, `customer.encoding`; for the
            header of a CSV file `column.unknown`, `field.twice`, `customer.csv`; `column.missing`, before any entry.
        OptionError: `option.value`.
        MissingDependencyError: the format is YAML, and PyYAML is not installed.
    """
    if source_format == "toml":
        entries = _entries_of(list(read_toml(stream).items()))
    elif source_format == "yaml":
        entries = _read_yaml(stream)
    else:
        records = read_raw_records(
            stream,
            source_format=source_format,
            encoding=encoding,
            delimiter=delimiter,
            # In other formats the names may be those of pages, so each customer is renamed separately.
            columns=columns if source_format == "csv" else None,
            beside=frozenset({PAGE}),
        )
        entries = chain.from_iterable(_read_record(each, may_be_pages=source_format == "json") for each in records)
    if source_format != "csv" and columns is not None and columns != AS_NAMED:
        rename = Renaming(columns)
        entries = rename.hold_back(replace(entry, customer=rename(entry.customer)) for entry in entries)
    yield from entries


def _read_yaml(stream: IO[bytes]) -> Iterator[Entry]:
    document = read_yaml(stream)
    # A document that has only comments is an empty mapping.
    for number, data in enumerate(document if isinstance(document, list) else [document or {}], start=1):
        yield from _read_record(RawRecord(number, None, data), may_be_pages=not isinstance(document, list))


def _read_record(record: RawRecord, *, may_be_pages: bool) -> Iterator[Entry]:
    pairs = read_pairs(record.data)
    if pairs is None:
        yield Entry(record.number, record.line, PAGE, None, record.problems or (Problem.of("customer.type"),))
    elif may_be_pages and _are_pages(pairs):
        yield from _entries_of(pairs)
    else:
        pages = [value for name, value in pairs if name == PAGE]
        rest = object_of([(str(name), value) for name, value in pairs if name != PAGE])
        twice = (Problem.of("field.twice", PAGE),) if len(pages) > 1 else ()
        pattern = pages[0] if pages else None
        yield Entry(record.number, record.line, pattern, rest, (*record.problems, *twice))


def _are_pages(pairs: list[tuple[object, object]]) -> bool:
    """Return whether these are pages and customers, not one customer's fields. No field has a name like a path."""
    return all(isinstance(value, Mapping | None) for _, value in pairs) or any(
        not {".", "/", "*"}.isdisjoint(str(name)) for name, _ in pairs
    )


def _entries_of(pairs: Iterable[tuple[object, object]]) -> Iterator[Entry]:
    for number, (pattern, customer) in enumerate(pairs, start=1):
        yield Entry(number, None, pattern, customer)
