"""Parquet and Arrow IPC as sources of rows.

Raises:
    MissingDependencyError: pyarrow is not installed, when rows or parts are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from rr_snippet.bulk.rows import Row
from rr_snippet.bulk.text_files import opened
from rr_snippet.errors import Problem, SourceError
from rr_snippet.sources.columns import AS_NAMED, Columns

if TYPE_CHECKING:
    from rr_snippet.bulk.columns import ColumnReader

# A second or two of work, as in a part of text.
PART_ROWS: Final = 131_072


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """Parquet: some row groups of a file, or all of them."""

    path: str
    columns: Columns = AS_NAMED
    row_groups: tuple[int, ...] | None = None
    first_row: int = 1
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows. Only the columns that are needed are read."""
        from rr_snippet.bulk.columns import ROWS_PER_BATCH

        number = self.first_row
        with _reading_parquet(self.path) as file:
            reader = _reader(file.schema_arrow, self.columns)
            for batch in file.iter_batches(
                ROWS_PER_BATCH, row_groups=self.row_groups, columns=reader.names, use_threads=False
            ):
                yield from reader.within(batch.schema).rows(batch, first_row=number)
                number += len(batch)

    def parts(self) -> Iterator[ParquetFile]:
        """Yield parts of consecutive row groups, with about `PART_ROWS` rows each."""
        groups: list[int] = []
        first_row, rows = 1, 0
        with _reading_parquet(self.path) as file:
            _reader(file.schema_arrow, self.columns)
            for group in range(file.num_row_groups):
                groups.append(group)
                rows += file.metadata.row_group(group).num_rows
                if rows >= PART_ROWS:
                    yield replace(self, row_groups=tuple(groups), first_row=first_row, row_limit=rows)
                    groups, first_row, rows = [], first_row + rows, 0
        if groups or first_row == 1:
            yield replace(self, row_groups=tuple(groups), first_row=first_row, row_limit=rows)

    def notes(self) -> Sequence[Problem]:
        """Return the notes about the schema."""
        with _reading_parquet(self.path) as file:
            return _reader(file.schema_arrow, self.columns).notes


@dataclass(frozen=True, slots=True)
class ArrowFile:
    """Arrow IPC, a file (Feather, version 2) or a stream. It is never cut."""

    path: str
    columns: Columns = AS_NAMED
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        number = 1
        with _reading_arrow(self.path) as (schema, batches):
            reader = _reader(schema, self.columns)
            for batch in batches:
                yield from reader.rows(batch, first_row=number)
                number += len(batch)

    def parts(self) -> Iterator[ArrowFile]:
        """Yield the file itself with the number of its rows."""
        with _reading_arrow(self.path) as (schema, batches):
            _reader(schema, self.columns)
            rows = sum(map(len, batches))
        yield replace(self, row_limit=rows)

    def notes(self) -> Sequence[Problem]:
        """Return the notes about the schema."""
        with _reading_arrow(self.path) as (schema, _):
            return _reader(schema, self.columns).notes


def _reader(schema: Any, columns: Columns) -> ColumnReader:
    from rr_snippet.bulk.columns import ColumnReader

    return ColumnReader(schema, columns)


@contextmanager
def _reading_parquet(path: str) -> Iterator[Any]:
    from rr_snippet.bulk.columns import pq

    with opened(path) as stream, _damage("no Parquet, or damaged"), pq.ParquetFile(stream) as file:
        yield file


@contextmanager
def _reading_arrow(path: str) -> Iterator[tuple[Any, Iterator[Any]]]:
    from rr_snippet.bulk.columns import pa

    with opened(path) as stream, _damage("no Arrow IPC, or damaged"):
        if stream.peek(6)[:6] == b"ARROW1":
            file = pa.ipc.open_file(stream)
            yield file.schema, map(file.get_batch, range(file.num_record_batches))
        else:
            batches = pa.ipc.open_stream(stream)
            yield batches.schema, iter(batches)


@contextmanager
def _damage(reason: str) -> Iterator[None]:
    """Replace an error of pyarrow in the block by ours, because pyarrow's may quote the file."""
    from rr_snippet.bulk.columns import pa

    try:
        yield
        return
    except SourceError:
        raise
    except (pa.ArrowException, OSError) as error:
        reason = getattr(error, "strerror", None) or reason
    raise SourceError(Problem.of("source.unreadable", reason=reason))
