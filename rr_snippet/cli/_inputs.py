"""What the subcommands share for reading: the files, and their names in messages."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

from rr_snippet.bulk.inputs import RowFormat, RowSource, open_source
from rr_snippet.cli._output import say
from rr_snippet.cli._russian import translate
from rr_snippet.cli._speech import language
from rr_snippet.customer.rules import CustomerRules
from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.files import reading
from rr_snippet.messages import phrase
from rr_snippet.options import wrong_value
from rr_snippet.sources.columns import AS_NAMED, Columns
from rr_snippet.sources.kinds import HEAD_BYTES, FileFormat, format_of_name, kind_of, unpacked
from rr_snippet.sources.records import Record, read_records
from rr_snippet.sources.text_fields import parse_read

_TABLES: Final = ("parquet", "arrow")
_END_KEY: Final = "Ctrl-Z Enter" if os.name == "nt" else "Ctrl-D"


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read, by the options of `input_options`."""

    source_format: FileFormat | None
    encoding: str
    delimiter: str | None
    columns: Columns
    consent_words: dict[str, bool]

    def refuse_tables(self) -> None:
        """Refuse options about tables if the input is one JSON object.

        Raises:
            OptionError: `option.value`.
        """
        tables = (self.delimiter, self.columns != AS_NAMED, self.consent_words, self.encoding != "utf-8")
        if any(tables) or self.source_format not in (None, "json"):
            raise OptionError(wrong_value("order", "a JSON object in UTF-8, and no options for tables"))

    def source(self, path: str) -> RowSource:
        """Return a file as a source for a bulk run.

        Raises:
            SourceError, OptionError: as `open_source`.
        """
        return open_source(
            path,
            source_format=cast("RowFormat | None", self.source_format),
            encoding=self.encoding,
            delimiter=self.delimiter,
            columns=dict(self.columns.names),
            ignore_unmapped=self.columns.ignore_unmapped,
            consent_words=self.consent_words,
        )

    def records(self, path: str, *, rules: CustomerRules, note: Callable[[Problem], object]) -> Iterator[Record]:
        """Yield the customers of one input; `-` is standard input.

        Raises:
            SourceError, OptionError: as `open_source` and `read_raw_records`.
        """
        source_format = self.source_format or format_of_name(Path(path))
        with open_input(path) as stream:
            if self.source_format is None and path != "-" and (kind := kind_of(stream.peek(HEAD_BYTES))) in _TABLES:
                source_format = cast("FileFormat", kind)
            if source_format not in _TABLES:
                yield from read_records(
                    stream,
                    rules=rules,
                    source_format=source_format,
                    encoding=self.encoding,
                    delimiter=self.delimiter,
                    columns=self.columns,
                    consent_words=self.consent_words,
                    note=note,
                )
                return
        source = replace(self, source_format=source_format).source(path)
        for problem in source.notes():
            note(problem)
        for number, data, problems in source.rows():
            customer, problems = parse_read(data, rules, problems)
            yield Record(number, None, customer, problems)


@contextmanager
def open_input(path: str) -> Iterator[io.BufferedReader]:
    """Open an input for reading, unpacked if it is packed by gzip; `-` is standard input, which stays open.

    Raises:
        SourceError: `source.unreadable`.
    """
    if path == "-" and sys.stdin is not None:
        if sys.stdin.isatty():
            say(translate("reading standard input, {key} ends it").format(key=_END_KEY))
        with reading():
            stream = unpacked(cast("io.BufferedReader", sys.stdin.buffer))
        yield stream
        return
    if path == "-":
        raise SourceError(Problem.of("source.unreadable", reason="closed"))
    with reading():
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below; only the opening may fail here
    with stream:
        with reading():
            text = unpacked(stream)
        yield text


def read_input(path: str) -> bytes:
    """Return the whole content of an input.

    Raises:
        SourceError: `source.unreadable`.
    """
    with open_input(path) as stream, reading():
        return stream.read()


def input_name(path: str) -> str:
    """Return the name of an input in messages."""
    if path == "-":
        return phrase("standard input", language())
    # A line end in a name would look like the start of another message.
    return path if path.isprintable() else ascii(path)[1:-1]


def record_place(path: str, record: Record) -> str:
    """Return the place of a record: its line in a format of lines, otherwise its number, both from 1."""
    if record.line:
        return f"{input_name(path)}:{record.line}"
    return f"{input_name(path)}: {phrase('record', language())} {record.number}"
