"""A file of pages or patterns, and the customer for each: JSON, JSON Lines, CSV or TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, Literal

from rr_snippet.customer.pairs import object_of, read_pairs
from rr_snippet.errors import Problem, SourceError
from rr_snippet.files import unreadable
from rr_snippet.sources.records import read_raw_records

EntryFormat = Literal["json", "jsonl", "csv", "toml"]

FORMAT_OF_SUFFIX: Final[dict[str, EntryFormat]] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".toml": "toml",
}

# The name under which a record says which page it is for; problems are told there.
PAGE: Final = "page"
# Before Python 3.14 the place is in the text alone, and the text may quote the document.
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a pattern, and the customer for it, `None` for no block at all; nothing is checked yet.

    `number` counts the entries of a source, `line` is where it begins in a format made of lines; both from 1.
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
) -> Iterator[Entry]:
    """Yield the entries of a stream of bytes in their order.

    JSON and TOML hold one object of pages and customers, where JSON has `null` for no block. JSON may also hold an
    array of records, and JSON Lines and CSV do: a customer's fields, and the page beside them as `page`.

    Raises:
        SourceError: `source.empty`, `source.unreadable`, `source.toml`, `customer.encoding`; for the header of a CSV
            file `field.unknown`, `field.twice`, `customer.csv`.
        OptionError: `option.value`.
    """
    if source_format == "toml":
        for number, (page, table) in enumerate(_read_toml(stream).items(), start=1):
            yield Entry(number, None, page, table)
        return
    records = read_raw_records(
        stream, source_format=source_format, encoding=encoding, delimiter=delimiter, beside=frozenset({PAGE})
    )
    for record in records:
        pairs = read_pairs(record.data)
        if pairs is None:
            problems = record.problems or (Problem.of("customer.type"),)
            yield Entry(record.number, record.line, PAGE, None, problems)
        elif source_format == "json" and all(isinstance(value, Mapping | None) for _, value in pairs):
            for number, (pattern, customer) in enumerate(pairs, start=1):
                yield Entry(number, None, pattern, customer)
        else:
            pages = [value for name, value in pairs if name == PAGE]
            rest = object_of([(str(name), value) for name, value in pairs if name != PAGE])
            twice = (Problem.of("field.twice", PAGE),) if len(pages) > 1 else ()
            pattern = pages[0] if pages else None
            yield Entry(record.number, record.line, pattern, rest, (*record.problems, *twice))


def _read_toml(stream: IO[bytes]) -> dict[str, Any]:
    try:
        return tomllib.loads(stream.read().decode("utf-8-sig"))
    except OSError as error:
        problem = unreadable(error)
    except UnicodeDecodeError:
        problem = Problem.of("customer.encoding", encoding="utf-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _TOML_PLACE.search(str(error))
        problem = (
            Problem.of("source.toml", line=int(place[1]), column=int(place[2])) if place else Problem.of("source.toml")
        )
    # Outside of the except blocks: the errors caught there hold the document.
    raise SourceError(problem)
