"""`rr-snippet check`: what is wrong with the setCustomer calls that pages have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

import click

from rr_snippet.check import CheckOptions, Finding, check_page
from rr_snippet.check.files import SCRIPT_SUFFIXES, find_pages, read_settings
from rr_snippet.check.javascript import load_parser
from rr_snippet.check.reports import REPORTS, count_findings
from rr_snippet.cli._inputs import input_name, read_input
from rr_snippet.cli._output import (
    EXIT_FILES,
    EXIT_REJECTED,
    EXIT_USAGE,
    Exit,
    fail,
    language,
    language_option,
    report_error,
)
from rr_snippet.errors import OptionError, SnippetError, SourceError
from rr_snippet.options import wrong_value

FailOn = Literal["error", "warning", "never"]


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "report_format", type=click.Choice(list(REPORTS)), default="text", show_default=True)
@click.option(
    "--fail-on", type=click.Choice(get_args(FailOn)), help="From which severity on to fail.  [default: error]"
)
@click.option("--select", metavar="CODES", help="Report these rules only: codes or subjects, with commas between.")
@click.option("--ignore", metavar="CODES", help="Do not report these.")
@click.option("--rendered", is_flag=True, default=None, help="The pages are as browsers get them, no templates.")
@click.option("--with-values", is_flag=True, help="Let the corrected block show the values of the page.")
@language_option
def check(
    paths: tuple[str, ...],
    report_format: str,
    fail_on: FailOn | None,
    select: str | None,
    ignore: str | None,
    rendered: bool | None,
    with_values: bool,
) -> None:
    """Report what is wrong with the setCustomer calls in PATH (pages, templates, scripts, folders, -).

    Settings are read from [tool.rr-snippet] of the nearest pyproject.toml: select, ignore, exclude, fail-on, rendered.

    Exit codes: 0 nothing to fail on, 1 findings, 2 wrong usage or an input that cannot be read, 3 some of several.
    """
    try:
        settings = read_settings(Path.cwd())
        threshold = _fail_on(fail_on or settings.get("fail-on", "error"))
        options = CheckOptions(
            select=_codes(select, settings.get("select", ())),
            ignore=_codes(ignore, settings.get("ignore", ())),
            is_rendered=bool(settings.get("rendered") if rendered is None else rendered),
            with_values=with_values,
        )
        load_parser()
    except SnippetError as error:
        fail(error)
    files = [file for path in paths for file in find_pages(path, settings.get("exclude", ()))]
    found: list[tuple[str, Finding]] = []
    unreadable = 0
    for file in files:
        try:
            found += ((input_name(file), finding) for finding in _check_file(file, options))
        except SourceError as error:
            unreadable += 1
            for problem in error.problems:
                report_error(f"{input_name(file)}: {problem.text_in(language())}")
    if unreadable < len(files) or not files:
        # Where nothing could be read, a report of no findings would look like a good one.
        report = REPORTS[report_format](found, count_findings(found, files=len(files) - unreadable), language())
        if report:
            print(report)
    if unreadable:
        raise Exit(EXIT_USAGE if unreadable == len(files) else EXIT_FILES)
    if any(finding.severity in threshold for _, finding in found):
        raise Exit(EXIT_REJECTED)


def _check_file(file: str, options: CheckOptions) -> list[Finding]:
    return check_page(read_input(file), options, is_script=Path(file).suffix.lower() in SCRIPT_SUFFIXES)


def _codes(given: str | None, configured: Any) -> frozenset[str]:
    """Return the codes of an option, else those of the project."""
    return frozenset(code.strip() for code in given.split(",")) if given is not None else frozenset(configured)


def _fail_on(threshold: str) -> tuple[str, ...]:
    """Return the severities that a run fails on.

    Raises:
        OptionError: `option.value`.
    """
    known = {"error": ("error",), "warning": ("error", "warning"), "never": ()}
    if threshold not in known:
        raise OptionError(wrong_value("fail-on", ", ".join(get_args(FailOn))))
    return known[threshold]
