"""`rr-snippet bulk`: files of customers in, files of blocks out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import Any, Final, get_args

import click

from rr_snippet.block.render import RenderOptions, Variant
from rr_snippet.bulk.inputs import RowFormat, RowSource, open_source
from rr_snippet.bulk.job import Job
from rr_snippet.bulk.results import ResultFormat
from rr_snippet.bulk.shards import ShardReport, plan_shards
from rr_snippet.bulk.workers import Workers
from rr_snippet.cli._inputs import rule_options
from rr_snippet.cli._output import (
    EXIT_FILES,
    EXIT_REJECTED,
    Exit,
    drop_output,
    fail,
    language,
    language_option,
    report_error,
)
from rr_snippet.cli._progress import Progress
from rr_snippet.errors import OutputError, SnippetError, SourceError

_FILE_SUFFIXES: Final = {f".{name}": name for name in get_args(ResultFormat)}


@dataclass(frozen=True, slots=True)
class Budget:
    """How many rows may be rejected: a number of rows, or a share of them all."""

    rows: int | None = None
    percent: Fraction | None = None

    def is_exceeded(self, rejected: int, rows: int) -> bool:
        """Tell whether `rejected` of `rows` are too many."""
        if self.percent is not None:
            return rejected * 100 > self.percent * rows
        return self.rows is not None and rejected > self.rows


def _read_budget(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Budget:
    if value is None:
        return Budget()
    try:
        if "e" in value.lower():  # 1e999999999% is a number of a thousand million digits
            raise ValueError
        percent = value.endswith("%")
        budget = Budget(percent=Fraction(value[:-1])) if percent else Budget(rows=int(value))
    except (ValueError, ZeroDivisionError):
        budget = Budget(rows=-1)
    if (budget.rows or 0) < 0 or not 0 <= (budget.percent or 0) <= 100:
        raise click.BadParameter("a number of rows or a percentage such as 0.5% expected")
    return budget


def _read_columns(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, str | None]:
    columns = {}
    for value in values:
        column, sign, field = value.partition("=")
        if not sign or (field and not column):
            raise click.BadParameter("COLUMN=FIELD expected")
        columns[column] = field or None
    return columns


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="SRC...")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="OUT", help="The result.")
@click.option(
    "--to", "target_format", type=click.Choice(get_args(ResultFormat)), help="The format of a folder's parts."
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes to use.  [default: as many as processors]")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    callback=_read_columns,
    help="A field's name in SRC, as in id=customerId; id= leaves the column out. Can be repeated.",
)
@click.option("--variant", type=click.Choice(get_args(Variant)), default="auto", show_default=True)
@rule_options
@click.option(
    "--max-errors",
    "budget",
    metavar="N|P%",
    callback=_read_budget,
    help="Stop when more rows than this are rejected.  [default: never]",
)
@click.option("--resume/--no-resume", default=True, help="Keep the parts an earlier run has finished.  [default: yes]")
@click.option(
    "--from", "source_format", type=click.Choice(get_args(RowFormat)), help="The format of SRC.  [default: by its name]"
)
@click.option("--encoding", default="utf-8", show_default=True, help="The encoding of CSV, such as cp1251.")
@click.option("--delimiter", help="What stands between CSV cells, such as ';' or 'tab'.  [default: by the header]")
@language_option
def bulk(
    files: Sequence[str],
    output: Path,
    target_format: ResultFormat | None,
    jobs: int | None,
    columns: dict[str, str | None],
    budget: Budget,
    resume: bool,
    source_format: RowFormat | None,
    encoding: str,
    delimiter: str | None,
    **options: Any,
) -> None:
    """Render all customers in SRC (JSON Lines, CSV, Parquet), each into a row of OUT.

    OUT is one file if its name ends in .jsonl or .parquet, else a folder of parts. A row has customerId, snippet,
    error (null, or a list of code, path and message) and row, its line or number in SRC. The same command takes up a
    run that was ended by whatever means, and does not repeat what is done.

    Exit codes: 0 all rendered, 1 rejected rows, also when there are more than --max-errors allows (an OUT of one file
    is then not written), 2 wrong usage or an unreadable SRC, 3 a file could not be read or written on the way.
    """
    if output.suffix in _FILE_SUFFIXES and target_format not in {None, _FILE_SUFFIXES[output.suffix]}:
        raise click.UsageError(f"--to {target_format} with an OUT that ends in {output.suffix}")
    settings = {"source_format": source_format, "encoding": encoding, "columns": columns}
    settings["delimiter"] = "\t" if delimiter in {"tab", "\\t"} else delimiter
    place: str | None = None

    def sources() -> Iterator[RowSource]:
        nonlocal place
        for place in files:  # the outer one, so that a message can name the file
            yield open_source(place, **settings)  # type: ignore[arg-type]

    joined = output if output.suffix in _FILE_SUFFIXES else None
    folder = output if joined is None else output.with_name(f".{output.name}.parts")
    target_format = _FILE_SUFFIXES.get(output.suffix) or target_format or "jsonl"
    try:
        render_options = RenderOptions(**options)
        shards = plan_shards(sources(), folder, target_format=target_format, options=render_options)
        job = Job(shards, folder, joined=joined)
        place = str(output)
        run = _Run(job, budget, job.prepare(resume=resume), place)
    except SnippetError as error:
        fail(error, place)
    run.go(jobs or os.cpu_count() or 1)
    try:
        run.print_summary()
        sys.stdout.flush()
    except OSError as error:  # OUT is there, whoever should have read of it: that decides the exit code
        if not isinstance(error, BrokenPipeError):
            report_error(f"standard output: {error.strerror}")
        drop_output()
    if run.failed:
        raise Exit(EXIT_FILES)
    if run.rejected:
        raise Exit(EXIT_REJECTED)


class _Run:
    """A run, and what it has come to so far."""

    def __init__(self, job: Job, budget: Budget, done: Sequence[ShardReport], output: str) -> None:
        self.rejected = 0
        self.failed = False
        self._job = job
        self._output = output
        self._budget = budget
        self._rows = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._kept = len(done)
        finished = {report.shard.target for report in done}
        self._left = {shard.target: shard for shard in job.shards if shard.target not in finished}
        self._row_limit = sum(shard.source.row_limit or 0 for shard in job.shards)
        self._started = monotonic()
        for report in done:
            self._add(report)

    def go(self, jobs: int) -> None:
        """Render what is left, until all is done or there is no sense in going on."""
        left = list(self._left.values())
        workers = Workers(left, jobs, on_break=self._mend)
        rows_left = sum(shard.source.row_limit or 0 for shard in left)
        try:
            if not self._is_budget_exceeded():
                with Progress(workers.rows_done, rows_left), closing(workers.reports()) as reports:
                    self._take(reports)
            if self._is_budget_exceeded():
                report_error(_say(*_TOO_MANY))
            elif not self.failed:
                self._job.finish()
        except OutputError as error:
            self._fail(error, self._output)
        except BrokenExecutor:
            report_error(_say(*_WORKERS_DIE))
            self.failed = True
        except OSError as error:  # processes that cannot be started, for example
            report_error(error.strerror or type(error).__name__)
            self.failed = True

    def print_summary(self) -> None:
        """Print what became of the rows, in numbers by field and code."""
        seconds = monotonic() - self._started
        numbers = {"rows": self._rows, "good": self._rows - self.rejected, "bad": self.rejected}
        print(_say(*_ROWS).format(**numbers))
        for (field, code), count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:>9}  {field or '-'}  {code}")
        made = len(self._job.shards) - len(self._left)
        print(_say(*_PARTS).format(made=made, kept=self._kept, all=len(self._job.shards), seconds=seconds))

    def _mend(self) -> None:
        report_error(_say(*_WORKER_DIED))
        self._job.sweep()

    def _take(self, reports: Iterator[ShardReport]) -> None:
        for report in reports:
            if report.error is not None:
                if isinstance(report.error, OutputError):
                    self._fail(report.error, report.shard.target)
                    return  # a full disk is full for the others too
                self._fail(report.error, report.shard.source.path)
            else:
                try:
                    self._job.keep(report)
                except SourceError as error:
                    self._fail(error, report.shard.source.path)
                    continue
                del self._left[report.shard.target]
                self._add(report)
                if self._is_budget_exceeded():
                    return

    def _add(self, report: ShardReport) -> None:
        self._rows += report.rows
        self.rejected += report.rejected
        self._counts.update(report.counts)

    def _is_budget_exceeded(self) -> bool:
        """Tell whether too many rows are rejected, whatever becomes of those that are left."""
        return self._budget.is_exceeded(self.rejected, self._row_limit if self._left else self._rows)

    def _fail(self, error: SnippetError, place: str) -> None:
        self.failed = True
        for problem in error.problems:
            report_error(f"{place}: {problem.text_in(language())}")


_WORKER_DIED: Final = (
    "a worker process died, what it left is begun anew",
    "рабочий процесс погиб, незаконченное начато заново",
)
_WORKERS_DIE: Final = (
    "worker processes keep dying; run the same command again to go on, with fewer jobs if memory is short",
    "рабочие процессы гибнут; запустите ту же команду снова, при нехватке памяти с меньшим числом процессов",
)
_TOO_MANY: Final = (
    "more rows are rejected than --max-errors allows",
    "отклонено больше строк, чем разрешает --max-errors",
)
_ROWS: Final = (
    "rows: {rows}, rendered: {good}, rejected: {bad}",
    "строк: {rows}, готово: {good}, отклонено: {bad}",
)
_PARTS: Final = (
    "parts: {made} of {all}, from an earlier run: {kept}; seconds: {seconds:.1f}",
    "частей: {made} из {all}, от прежнего запуска: {kept}; секунд: {seconds:.1f}",
)


def _say(english: str, russian: str) -> str:
    return russian if language() == "ru" else english
