"""Render rows, plan shards of files, and run them here or in any `concurrent.futures.Executor`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from markupsafe import Markup

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.bulk.inputs import RowSource
from rr_snippet.bulk.results import ResultFormat, open_results, result_format
from rr_snippet.bulk.rows import Row, RowResult, render_each
from rr_snippet.bulk.tally import Tally
from rr_snippet.errors import SnippetError, SourceError
from rr_snippet.files import replaced, sweep_temporaries, writing
from rr_snippet.sources.columns import AS_NAMED, Columns, Renaming

# With more rows in memory the garbage collector has more to search, and runs more often.
_ROWS_PER_WRITE: Final = 128


def render_rows(
    rows: Iterable[object],
    *,
    options: RenderOptions | None = None,
    columns: Mapping[str, str | None] | None = None,
    ignore_unmapped: bool = False,
) -> Iterator[RowResult]:
    """Yield the block of each row, or its problems, in the order of the rows and as they come.

    A row is a mapping of the fields' names, or a `Customer`. Anything else is rejected. `columns` and
    `ignore_unmapped` are as in `open_source`.

    Raises:
        OptionError: `column.target`.
        SourceError: `column.missing`, after the last row, for a name in `columns` that no row had.
    """
    mapping = Columns.of(columns, ignore_unmapped=ignore_unmapped)
    return (
        # Safe: a block of ours.
        RowResult(number, customer_id, None if block is None else Markup(block), problems)  # noqa: S704
        for number, customer_id, block, problems, _ in render_each(_numbered(rows, mapping), Renderer(options))
    )


def _numbered(rows: Iterable[object], columns: Columns) -> Iterator[Row]:
    rename = Renaming(columns) if columns != AS_NAMED else None
    number = 0
    for number, data in enumerate(rows, start=1):
        yield number, data if rename is None else rename(data), ()
    if rename is not None and number and not rename.is_complete:
        raise SourceError(*rename.missing())


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of work that any process can do alone: render the customers of `source` into the file `target`.

    `target` ends in `.jsonl` or `.parquet`, and its folder exists. A shard can be pickled.
    """

    source: RowSource
    target: str
    options: RenderOptions = field(default_factory=RenderOptions)

    def __post_init__(self) -> None:
        result_format(self.target)


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The result of a shard: its numbers in `tally`, or an `error` that says why there is no file."""

    shard: Shard
    tally: Tally = field(default_factory=Tally)
    error: SnippetError | None = None

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.tally.rows

    @property
    def rejected(self) -> int:
        """The number of rejected rows."""
        return self.tally.rejected


def plan_shards(
    sources: Iterable[RowSource],
    folder: str | Path,
    *,
    target_format: ResultFormat = "jsonl",
    options: RenderOptions | None = None,
) -> Iterator[Shard]:
    """Yield the shards that turn `sources` into files `part-00000.jsonl` and so on in `folder`.

    The plan depends on the files alone, so the parts are the same for any number of workers.

    Raises:
        SourceError: a source cannot be read, or its columns cannot be fields.
    """
    parts = (part for source in sources for part in source.parts())
    for number, part in enumerate(parts):
        target = Path(folder, f"part-{number:05d}.{target_format}")
        yield Shard(part, str(target), options or RenderOptions())


def render_shard(shard: Shard, *, tick: Callable[[int], object] | None = None) -> ShardReport:
    """Render the customers of a shard into its file. If this fails, there is no file.

    `tick` is called now and then with the number of rows done. An exception in it stops the work.

    Raises:
        SourceError: the source cannot be read.
        OutputError: `output.unwritable`.
    """
    target = Path(shard.target)
    tally = Tally()
    results = render_each(shard.source.rows(), Renderer(shard.options))
    with writing():
        # A worker may have been killed on this shard before: its scheduler then gives the shard to another one.
        sweep_temporaries(target.parent, of=target.name)
        with (
            replaced(target) as temporary,
            open_results(temporary, result_format(target), source=shard.source.path) as write,
        ):
            while batch := list(islice(results, _ROWS_PER_WRITE)):
                write(batch)
                tally.add_rows(batch)
                if tick is not None:
                    tick(tally.rows)
    return ShardReport(shard, tally)


def run(
    shards: Iterable[Shard],
    executor: Executor | None = None,
    *,
    render: Callable[[Shard], ShardReport] = render_shard,
) -> Iterator[ShardReport]:
    """Yield the report of each shard as it is done: one after another here, or by the workers of any executor.

    Workers of a process pool (`spawn`, `forkserver`) import the main module, so its own work must stand under
    `if __name__ == "__main__":`. Dask's `Client.get_executor(pure=False)` is an executor; with `pure=True` it would
    return reports of an earlier run. `render` may do more than `render_shard`, such as report progress. A file that
    cannot be read or written is reported and does not stop the others. If the caller stops early, shards that have not
    begun are cancelled.

    Raises:
        BrokenExecutor: the workers died.
    """
    if executor is None:
        for shard in shards:
            yield _report(shard, lambda shard=shard: render(shard))  # type: ignore[misc] # bound at once
        return
    waiting: dict[Future[ShardReport], Shard] = {}
    try:
        for shard in shards:
            waiting[executor.submit(render, shard)] = shard
        for future in as_completed(list(waiting)):
            yield _report(waiting.pop(future), future.result)
    finally:
        for future in waiting:
            future.cancel()


def _report(shard: Shard, outcome: Callable[[], ShardReport]) -> ShardReport:
    try:
        return outcome()
    except SnippetError as error:
        return ShardReport(shard, error=error)
    except Exception:
        # A scheduler reports a killed worker. This process may not have the workers' file system.
        target = Path(shard.target)
        with suppress(OSError):
            sweep_temporaries(target.parent, of=target.name)
        raise
