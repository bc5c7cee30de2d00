"""`rr-snippet validate`: what is wrong with customers, and what is probably not meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import click

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.cli._inputs import input_name, input_options, input_settings, open_input, rule_options
from rr_snippet.cli._output import EXIT_FILES, EXIT_REJECTED, EXIT_USAGE, Exit, fail, language, language_option
from rr_snippet.cli._report import Finding, json_report
from rr_snippet.customer.faults import count_problems
from rr_snippet.errors import OptionError, Problem, RenderError, SourceError
from rr_snippet.sources.records import Record, read_records

# Says the same of every customer it is said of: once is enough.
_ONCE = "consent.not_unsubscribe"


class _Run:
    """The validation of several files, and what it counts."""

    def __init__(self, options: RenderOptions) -> None:
        self.counts: Counter[str] = Counter(customers=0, rejected=0, errors=0, warnings=0)
        self.unreadable = 0
        self._renderer = Renderer(options)
        self._said: set[str] = set()

    def findings(self, file: str, settings: dict[str, Any]) -> Iterator[Finding]:
        """Yield what there is to say of one file."""
        name = input_name(file)
        try:
            with open_input(file) as stream:
                for record in read_records(stream, rules=self._renderer.options.rules(), **settings):
                    yield from self._findings_of(name, record)
        except SourceError as error:
            self.unreadable += 1
            for problem in error.problems:
                self.counts["errors"] += 1
                yield Finding(name, None, None, "error", problem)

    def _findings_of(self, name: str, record: Record) -> Iterator[Finding]:
        problems = record.problems
        warnings: tuple[Problem, ...] = ()
        if record.customer is not None:
            try:
                self._renderer.to_payload(record.customer)
            except RenderError as error:
                problems = error.problems
            warnings = tuple(problem for problem in record.customer.warnings if problem.code not in self._said)
            self._said |= {problem.code for problem in warnings if problem.code == _ONCE}
        self.counts["customers"] += 1
        self.counts["rejected"] += bool(problems)
        self.counts["errors"] += count_problems(problems)
        self.counts["warnings"] += len(warnings)
        for severity, found in (("error", problems), ("warning", warnings)):
            for problem in found:
                yield Finding(name, record.number, record.line, severity, problem)  # type: ignore[arg-type]


@click.command()
@click.argument("files", nargs=-1, required=True)
@rule_options
@click.option("--format", "report_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@input_options
@language_option
def validate(
    files: tuple[str, ...],
    report_format: str,
    source_format: str | None,
    encoding: str,
    delimiter: str | None,
    **rules: Any,
) -> None:
    """Report every problem of every customer in FILES, and the warnings; - is standard input.

    Exit codes: 0 all good (warnings are), 1 rejected customers, 2 an input that cannot be read, 3 some of several.
    """
    try:
        run = _Run(RenderOptions(**rules))
        findings = (
            finding
            for file in files
            for finding in run.findings(
                file, input_settings(file, source_format=source_format, encoding=encoding, delimiter=delimiter)
            )
        )
        report = _report_json if report_format == "json" else _report_text
        report(findings, run)
    except OptionError as error:
        fail(error)
    if run.unreadable:
        raise Exit(EXIT_USAGE if len(files) == 1 else EXIT_FILES)
    if run.counts["rejected"]:
        raise Exit(EXIT_REJECTED)


def _report_json(findings: Iterator[Finding], run: _Run) -> None:
    print(json_report(findings, run.counts))


def _report_text(findings: Iterator[Finding], run: _Run) -> None:
    for finding in findings:
        print(finding.as_text())
    counts = run.counts
    if language() == "ru":
        print(
            f"покупателей: {counts['customers']}, отклонено: {counts['rejected']}; "
            f"ошибок: {counts['errors']}, предупреждений: {counts['warnings']}"
        )
    else:
        print(
            f"customers: {counts['customers']}, rejected: {counts['rejected']}; "
            f"errors: {counts['errors']}, warnings: {counts['warnings']}"
        )
