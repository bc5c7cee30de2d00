"""`rr-snippet bulk`: files of customers in, files of blocks out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
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
from rr_snippet.cli._group import command
from rr_snippet.cli._inputs import Reading, input_name
from rr_snippet.cli._options import FILE, VARIANT_HELP, input_options, rule_options
from rr_snippet.cli._output import (
    EXIT_FILES,
    EXIT_REJECTED,
    Exit,
    drop_output,
    fail,
    report_error,
    report_problem,
    warn,
)
from rr_snippet.cli._progress import progress
from rr_snippet.cli._report import report_options
from rr_snippet.cli._speech import language
from rr_snippet.cli._usage import refuse_together
from rr_snippet.errors import Language, OptionError, Problem, SnippetError
from rr_snippet.files import reason_of
from rr_snippet.messages import phrase
from rr_snippet.options import wrong_value

_FILE_SUFFIXES: Final = {f".{name}": name for name in get_args(ResultFormat)}


def _read_budget(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Budget:
    try:
        return Budget() if value is None else Budget.parse(value)
    except OptionError as error:
        fail(error)


@command(
    "rr-snippet bulk customers.jsonl -o blocks.jsonl",
    "rr-snippet bulk customers.csv -o blocks --to jsonl --jobs 4",
    "rr-snippet bulk customers.jsonl -o few.jsonl --max-errors 1% --quiet",
)
@click.argument("files", nargs=-1, required=True, metavar="SRC...", type=FILE)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, readable=False),
    metavar="OUT",
    help="The result.",
)
@click.option(
    "--to", "target_format", type=click.Choice(get_args(ResultFormat)), help="The format of a folder's parts."
)
@click.option(
    "-j", "--jobs", metavar="N", type=click.IntRange(1), help="Processes to use.  [default: as many as processors]"
)
@click.option("--variant", type=click.Choice(get_args(Variant)), default="auto", show_default=True, help=VARIANT_HELP)
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
@report_options("text", "json")
def bulk(
    files: Sequence[str],
    output: Path,
    target_format: ResultFormat | None,
    jobs: int | None,
    budget: Budget,
    resume: bool,
    report_format: str,
    quiet: bool,
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
        refuse_together(f"--to {target_format}", f"OUT *{output.suffix}")
    if output.suffix and output.suffix not in _FILE_SUFFIXES and target_format is None and not output.is_dir():
        fail(OptionError(wrong_value("output", "a name ending in .jsonl or .parquet, that of a folder, or --to")))
    place: str | None = None

    def sources() -> Iterator[RowSource]:
        nonlocal place
        for place in files:  # the outer loop, so that a message can name the file
            source = reading.source(place)
            for problem in source.notes():
                warn(place, quiet=quiet)(problem)
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
        with nullcontext() if quiet else progress(run.rows_done, run.rows_to_do):
            run.go()
    except KeyboardInterrupt:
        warn(None)(Problem.of("bulk.interrupted", folder=input_name(str(folder))))
        raise
    try:
        if report_format == "json":
            print(_json_summary(run, monotonic() - started))
        elif not quiet:
            print(_summary(run, monotonic() - started))
        sys.stdout.flush()
    except OSError as error:  # OUT has been written even if nobody can read the summary, and that decides the exit code
        if not isinstance(error, BrokenPipeError):
            report_error(phrase(reason_of(error), language()), place=phrase("standard output", language()))
        drop_output()
    if run.failed:
        raise Exit(EXIT_FILES)
    if run.tally.rejected:
        raise Exit(EXIT_REJECTED)


def _summary(run: Runner, seconds: float) -> str:
    """Return the results of the rows, as numbers by field and code."""
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


def _json_summary(run: Runner, seconds: float) -> str:
    """Return the same as JSON: findings counted by field and code, and all other counts."""
    tally = run.tally
    found = [
        {"path": field, "code": code, "severity": severity, "count": count}
        for severity, counts in (("error", tally.faults), ("dropped", tally.dropped), ("warning", tally.warnings))
        for (field, code), count in _ordered(counts)
    ]
    numbers = {name: value for name, value in tally.as_json().items() if isinstance(value, int)}
    parts = {"parts_made": run.parts_made, "parts_kept": run.parts_kept, "parts": run.parts}
    counts = {**numbers, "rendered": tally.rows - tally.rejected, **parts, "seconds": round(seconds, 1)}
    return json.dumps({"findings": found, "counts": counts}, ensure_ascii=False, indent=2)


def _table(counts: Counts) -> list[str]:
    return [f"{count:>9}  {field or '-'}  {code}" for (field, code), count in _ordered(counts)]


def _ordered(counts: Counts) -> list[tuple[tuple[str, str], int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


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
