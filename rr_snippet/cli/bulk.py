"""`rr-snippet bulk`: files of customers in, files of blocks out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final, get_args

import click

from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.bulk.budget import Budget
from rr_snippet.bulk.inputs import RowFormat, RowSource
from rr_snippet.bulk.job import Job
from rr_snippet.bulk.results import ResultFormat
from rr_snippet.bulk.runner import Runner
from rr_snippet.bulk.shards import plan_shards
from rr_snippet.bulk.tally import Counts
from rr_snippet.cli._inputs import Reading, input_name, input_options, rule_options
from rr_snippet.cli._output import (
    EXIT_FILES,
    EXIT_REJECTED,
    Exit,
    drop_output,
    fail,
    language,
    language_option,
    report_error,
    report_problem,
)
from rr_snippet.cli._progress import progress
from rr_snippet.errors import Language, OptionError, Problem, SnippetError
from rr_snippet.options import wrong_value

_FILE_SUFFIXES: Final = {f".{name}": name for name in get_args(ResultFormat)}


def _read_budget(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Budget:
    try:
        return Budget() if value is None else Budget.parse(value)
    except OptionError as error:
        fail(error)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="SRC...")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="OUT", help="The result.")
@click.option(
    "--to", "target_format", type=click.Choice(get_args(ResultFormat)), help="The format of a folder's parts."
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes to use.  [default: as many as processors]")
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
@input_options(get_args(RowFormat))
@language_option
def bulk(
    files: Sequence[str],
    output: Path,
    target_format: ResultFormat | None,
    jobs: int | None,
    budget: Budget,
    resume: bool,
    reading: Reading,
    **options: Any,
) -> None:
    """Render all customers in SRC (JSON Lines, CSV, Parquet, Arrow IPC), each into a row of OUT.

    OUT is one file if its name ends in .jsonl or .parquet, else a folder of parts. A row has customerId, snippet,
    error (null, or a list of code, path and message) and row, its line or number in SRC. The same command takes up a
    run that was ended by whatever means, and does not repeat what is done.

    Exit codes: 0 all rendered, 1 rejected rows, also when there are more than --max-errors allows (an OUT of one file
    is then not written), 2 wrong usage or an unreadable SRC, 3 a file could not be read or written on the way.
    """
    if output.suffix in _FILE_SUFFIXES and target_format not in {None, _FILE_SUFFIXES[output.suffix]}:
        raise click.UsageError(f"--to {target_format} with an OUT that ends in {output.suffix}")
    if output.suffix and output.suffix not in _FILE_SUFFIXES and target_format is None and not output.is_dir():
        fail(OptionError(wrong_value("output", "a name ending in .jsonl or .parquet, that of a folder, or --to")))
    place: str | None = None

    def sources() -> Iterator[RowSource]:
        nonlocal place
        for place in files:  # the outer one, so that a message can name the file
            source = reading.source(place)
            for problem in source.notes():
                report_problem(place, problem, severity="warning")
            yield source

    joined = output if output.suffix in _FILE_SUFFIXES else None
    folder = output if joined is None else output.with_name(f".{output.name}.parts")
    target_format = _FILE_SUFFIXES.get(output.suffix) or target_format or "jsonl"
    try:
        render_options = RenderOptions(**options)
        shards = plan_shards(sources(), folder, target_format=target_format, options=render_options)
        job = Job(shards, folder, joined=joined)
        place = str(output)
        done = job.prepare(resume=resume)
    except SnippetError as error:
        fail(error, place)
    started = monotonic()
    run = Runner(job, done, jobs=jobs or os.cpu_count() or 1, budget=budget, report=report_problem)
    try:
        with progress(run.rows_done, run.rows_to_do):
            run.go()
    except KeyboardInterrupt:
        report_problem(None, Problem.of("bulk.interrupted", folder=input_name(str(folder))))
        raise
    try:
        print(_summary(run, monotonic() - started))
        sys.stdout.flush()
    except OSError as error:  # OUT is there, whoever should have read of it: that decides the exit code
        if not isinstance(error, BrokenPipeError):
            report_error(f"standard output: {error.strerror}")
        drop_output()
    if run.failed:
        raise Exit(EXIT_FILES)
    if run.tally.rejected:
        raise Exit(EXIT_REJECTED)


def _summary(run: Runner, seconds: float) -> str:
    """Return what became of the rows, in numbers by field and code."""
    tally = run.tally
    numbers = {
        **{name: value for name, value in tally.as_json().items() if isinstance(value, int)},
        "rendered": tally.rows - tally.rejected,
        "made": run.parts_made,
        "kept": run.parts_kept,
        "all": run.parts,
        "seconds": seconds,
    }
    words = _WORDS[language()]
    lines = [words["rows"], *_table(tally.faults), words["consent"]]
    if tally.phones_cleaned:
        lines.append(words["phones_cleaned"])
    for name, counts in (("dropped", tally.dropped), ("warnings", tally.warnings)):
        if counts:
            lines += (words[name], *_table(counts))
    return "\n".join([*lines, words["parts"]]).format_map(numbers)


def _table(counts: Counts) -> list[str]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"{count:>9}  {field or '-'}  {code}" for (field, code), count in ordered]


_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "rows": "rows: {rows}, rendered: {rendered}, rejected: {rejected}",
        "consent": "consent: true {consent_true}, false {consent_false}, absent {consent_absent}",
        "phones_cleaned": "phones cleaned: {phones_cleaned}",
        "dropped": "left out:",
        "warnings": "warnings:",
        "parts": "parts: {made} of {all}, from an earlier run: {kept}; seconds: {seconds:.1f}",
    },
    "ru": {
        "rows": "строк: {rows}, готово: {rendered}, отклонено: {rejected}",
        "consent": "согласие: true {consent_true}, false {consent_false}, не указано {consent_absent}",
        "phones_cleaned": "очищено телефонов: {phones_cleaned}",
        "dropped": "пропущено:",
        "warnings": "предупреждения:",
        "parts": "частей: {made} из {all}, от прежнего запуска: {kept}; секунд: {seconds:.1f}",
    },
}
