"""Render customers in Arrow tables into a column of blocks, for any engine with Arrow, from pyarrow to Spark."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.bulk.columns import RESULT_SCHEMA, ROWS_PER_BATCH, ColumnReader, pa, result_batch
from rr_snippet.bulk.rows import RenderedRow, render_each
from rr_snippet.sources.columns import Columns

__all__ = ["RESULT_SCHEMA", "render_batch", "render_batches"]

_log: Final = logging.getLogger("rr_snippet")


def render_batch(
    batch: Any, *, options: RenderOptions | None = None, columns: Mapping[str, str | None] | None = None
) -> Any:
    """Return the results for a `RecordBatch` or a `Table`, row for row, as the same type with `RESULT_SCHEMA`.

    `columns` maps a column to a field (`{"id": "customerId"}`), to an entry of a field (`{"city": "customData.city"}`),
    or to `None`, which leaves it out. Other columns are left out; a column that looks like a field is logged
    (`column.left_out`). All blocks of a `RecordBatch` together have at most 2 GiB, the limit of a column of texts. A
    `Table` has no limit.

    Raises:
        SourceError: a column cannot be a field, or a name in `columns` is missing, before any row is rendered.
        OptionError: `column.target`.
    """
    if isinstance(batch, pa.Table):
        return pa.Table.from_batches(render_batches(batch, options=options, columns=columns), schema=RESULT_SCHEMA)
    results = _results(batch, _reader(batch.schema, Columns.of(columns)), Renderer(options))
    return result_batch([result for part in results for result in part])


def render_batches(
    source: Any, *, options: RenderOptions | None = None, columns: Mapping[str, str | None] | None = None
) -> Any:
    """Return a `RecordBatchReader` over the results for `source`, rendered as it is read, in batches of 8,192 rows.

    `source` is anything with `__arrow_c_stream__` (a table of pyarrow, Polars or pandas, a DuckDB relation, a reader),
    or an iterable of record batches, as Spark passes it. `columns` is as in `render_batch`.

    Raises:
        SourceError: as `render_batch`; at once for a stream, otherwise at the first batch.
        OptionError: `column.target`.
    """
    mapping = Columns.of(columns)
    renderer = Renderer(options)
    reader = None
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if isinstance(source, pa.Table):  # not as a stream: pyarrow 21 crashes when it passes string views to itself
        source = source.to_reader()
    elif hasattr(source, "__arrow_c_stream__"):
        source = pa.RecordBatchReader.from_stream(source)
    if isinstance(source, pa.RecordBatchReader):
        reader = _reader(source.schema, mapping)
    return pa.RecordBatchReader.from_batches(RESULT_SCHEMA, _render(source, reader, renderer, mapping))


def _render(batches: Iterable[Any], reader: ColumnReader | None, renderer: Renderer, columns: Columns) -> Iterator[Any]:
    for batch in batches:
        if reader is None or not reader.schema.equals(batch.schema):
            reader = _reader(batch.schema, columns)
        yield from map(result_batch, _results(batch, reader, renderer))


def _reader(schema: Any, columns: Columns) -> ColumnReader:
    reader = ColumnReader(schema, columns)
    for problem in reader.notes:
        _log.warning("%s", problem)
    return reader


def _results(batch: Any, reader: ColumnReader, renderer: Renderer) -> Iterator[list[RenderedRow]]:
    for start in range(0, len(batch), ROWS_PER_BATCH):
        yield list(render_each(reader.rows(batch.slice(start, ROWS_PER_BATCH)), renderer))
