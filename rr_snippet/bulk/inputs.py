"""Files of customers: JSON Lines and CSV, read by the standard library, and Parquet, read by pyarrow.

A source can be pickled and knows how to cut itself into parts, each a source again, that any process can read alone.
Where the cuts are depends on the file, never on who reads it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from errno import EINVAL
from functools import partial
from pathlib import Path
from stat import S_IFDIR, S_IFMT, S_IFREG
from typing import IO, Any, Final, Literal, Protocol, get_args

from rr_snippet.bulk.rows import Columns, Row, check_columns, rename_columns
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, Problem, SourceError
from rr_snippet.files import reading
from rr_snippet.options import refuse, wrong_choice
from rr_snippet.sources.lines import RECORD_MAX_CHARS, too_long
from rr_snippet.sources.records import read_raw_records

RowFormat = Literal["jsonl", "csv", "parquet"]

_FORMAT_OF_SUFFIX: Final[dict[str, RowFormat]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}

# A second or two of work: enough to pay for a process, little enough to lose in a crash.
PART_BYTES: Final = 32 * 1024 * 1024
PART_ROWS: Final = 131_072

_BLOCK_BYTES: Final = 1024 * 1024
# A character is at most four bytes of UTF-8.
_LINE_MAX_BYTES: Final = 4 * RECORD_MAX_CHARS
_NAMED = tuple[tuple[str, str | None], ...]


class RowSource(Protocol):
    """A file of customers, or a part of one."""

    @property
    def path(self) -> str:
        """Where the file is."""

    @property
    def row_limit(self) -> int | None:
        """How many rows there are at most, where that is known."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows, as they are read.

        Raises:
            SourceError: what makes the whole unreadable.
        """

    def parts(self) -> Iterator[RowSource]:
        """Yield the parts, in their order; together they have all rows, each numbered as in the whole.

        Raises:
            SourceError: what makes the whole unreadable, as far as that shows before the rows are read.
        """


def open_source(
    path: str | Path,
    *,
    source_format: RowFormat | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    columns: Columns | None = None,
) -> RowSource:
    """Return the file at `path` as a source; without `source_format` the ending of its name tells.

    `columns` tells which field goes by another name in the file (`{"id": "customerId"}`), `None` to leave one out.
    `encoding` and `delimiter` are for CSV: JSON Lines are UTF-8 always. The file is not opened yet.

    Raises:
        OptionError: `option.value`.
    """
    source_format = source_format or _FORMAT_OF_SUFFIX.get(Path(path).suffix.lower())
    refuse(wrong_choice("source_format", source_format, get_args(RowFormat)))
    named = tuple((columns or {}).items())
    check_columns(dict(named))
    if source_format == "csv":
        return CsvFile(str(path), encoding, delimiter, named)
    if source_format == "jsonl":
        return JsonLinesFile(str(path), named)
    return ParquetFile(str(path), named)


@dataclass(frozen=True, slots=True)
class JsonLinesFile:
    """JSON Lines: bytes `start` to `end` of a file, which begin on line `first_line`."""

    path: str
    columns: _NAMED = ()
    start: int = 0
    end: int | None = None
    first_line: int = 1
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows; a line that cannot be read is a row with problems, a blank one is none."""
        columns = dict(self.columns)
        number = self.first_line - 1
        left = sys.maxsize if self.end is None else self.end - self.start
        with _reading(self.path) as stream:
            stream.seek(self.start)
            while left > 0 and (line := stream.readline(_LINE_MAX_BYTES)):
                number += 1
                left -= len(line)
                # Bytes say whether it may be too long, and characters whether it is.
                is_long = len(line) > RECORD_MAX_CHARS and len(line.decode(errors="replace")) > RECORD_MAX_CHARS
                if is_long or len(line) == _LINE_MAX_BYTES:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(_LINE_MAX_BYTES)
                        left -= len(line)
                    yield number, None, (too_long(),)
                elif line := line.strip():
                    yield _read_line(line, number, columns)

    def parts(self) -> Iterator[JsonLinesFile]:
        """Yield stretches of whole lines, of about `PART_BYTES`; this reads the file once, to count its lines."""
        start = position = lines = 0
        first_line = 1
        with _reading(self.path) as stream:
            while block := stream.read(_BLOCK_BYTES):
                cut = block.rfind(b"\n") + 1
                lines += block.count(b"\n")
                if cut and position + cut - start >= PART_BYTES:
                    end = position + cut
                    yield replace(self, start=start, end=end, first_line=first_line, row_limit=lines)
                    start, first_line, lines = end, first_line + lines, 0
                position += len(block)
        if position > start or position == 0:
            yield replace(self, start=start, end=position, first_line=first_line, row_limit=lines + 1)


def _read_line(line: bytes, number: int, columns: Columns) -> Row:
    try:
        data = decode_json(line, first_line=number)
    except CustomerError as error:
        return number, None, error.problems
    return number, rename_columns(data, columns) if columns else data, ()


@dataclass(frozen=True, slots=True)
class CsvFile:
    """CSV with a header, all cells text. Never cut: what ends a row shows only to a reader who began at the top."""

    path: str
    encoding: str = "utf-8"
    delimiter: str | None = None
    columns: _NAMED = ()
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows, numbered by their first lines."""
        with _reading(self.path) as stream:
            for record in read_raw_records(
                stream,
                source_format="csv",
                encoding=self.encoding,
                delimiter=self.delimiter,
                columns=dict(self.columns),
            ):
                yield record.line or record.number, record.data, record.problems

    def parts(self) -> Iterator[CsvFile]:
        """Yield the file itself; its header is looked at, and its lines are counted."""
        next(self.rows(), None)
        with _reading(self.path) as stream:
            # At least as many as there are: of a line end cut in two both halves count.
            lines = sum(
                block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
                for block in iter(partial(stream.read, _BLOCK_BYTES), b"")
            )
        yield replace(self, row_limit=lines + 1)


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """Parquet: some row groups of a file, or all of them.

    Raises:
        MissingDependencyError: pyarrow is not installed, as soon as rows or parts are asked for.
    """

    path: str
    columns: _NAMED = ()
    row_groups: tuple[int, ...] | None = None
    first_row: int = 1
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows; only the columns that are needed are read."""
        from rr_snippet.bulk.columns import ROWS_PER_BATCH, ColumnReader

        number = self.first_row
        columns = dict(self.columns)
        with _reading_parquet(self.path) as file:
            names = ColumnReader(file.schema_arrow, columns).names
            reader = None
            for batch in file.iter_batches(
                ROWS_PER_BATCH, row_groups=self.row_groups, columns=names, use_threads=False
            ):
                reader = reader or ColumnReader(batch.schema, columns)
                yield from reader.rows(batch, first_row=number)
                number += len(batch)

    def parts(self) -> Iterator[ParquetFile]:
        """Yield runs of row groups with about `PART_ROWS` rows each."""
        from rr_snippet.bulk.columns import ColumnReader

        groups: list[int] = []
        first_row, rows = 1, 0
        with _reading_parquet(self.path) as file:
            ColumnReader(file.schema_arrow, dict(self.columns))
            for group in range(file.num_row_groups):
                groups.append(group)
                rows += file.metadata.row_group(group).num_rows
                if rows >= PART_ROWS:
                    yield replace(self, row_groups=tuple(groups), first_row=first_row, row_limit=rows)
                    groups, first_row, rows = [], first_row + rows, 0
        if groups or first_row == 1:
            yield replace(self, row_groups=tuple(groups), first_row=first_row, row_limit=rows)


@contextmanager
def _reading(path: str) -> Iterator[IO[bytes]]:
    with reading():
        # Parts are read by themselves, and the whole more than once: a pipe gives nothing a second time.
        if S_IFMT(Path(path).stat().st_mode) not in (S_IFREG, S_IFDIR):
            raise OSError(EINVAL, "no regular file")
        with Path(path).open("rb") as stream:
            yield stream


@contextmanager
def _reading_parquet(path: str) -> Iterator[Any]:
    from rr_snippet.bulk.columns import pa, pq

    with _reading(path) as stream:
        try:
            with pq.ParquetFile(stream) as file:
                yield file
                return
        except (pa.ArrowException, OSError) as error:  # may quote the file
            reason = getattr(error, "strerror", None) or "no Parquet, or damaged"
        raise SourceError(Problem.of("source.unreadable", reason=reason))
