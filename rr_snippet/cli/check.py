"""`rr-snippet check`: what is wrong with the calls to Retail Rocket in pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final, Literal, get_args

import click

from rr_snippet.check import CheckOptions
from rr_snippet.check.files import Exclusion, find_files
from rr_snippet.check.javascript import load_parsers
from rr_snippet.check.kinds import SUFFIXES
from rr_snippet.check.project import read_settings
from rr_snippet.check.reports import Found, count_findings, github_report, json_report, text_report, without_blocks
from rr_snippet.check.run import Run, check_files
from rr_snippet.check.sarif import sarif_report
from rr_snippet.cli._group import command
from rr_snippet.cli._inputs import input_name, read_input
from rr_snippet.cli._options import FILE
from rr_snippet.cli._output import (
    EXIT_FILES,
    EXIT_REJECTED,
    EXIT_USAGE,
    Exit,
    failing,
    report_problem,
)
from rr_snippet.cli._report import report_options
from rr_snippet.cli._russian import metavars
from rr_snippet.cli._speech import is_coloured, language
from rr_snippet.cli._usage import Misuse
from rr_snippet.errors import Problem
from rr_snippet.messages import sections
from rr_snippet.options import did_you_mean, refuse, wrong_choice, wrong_value

FailOn = Literal["error", "warning", "never"]

REPORTS: Final = {"text": text_report, "json": json_report, "sarif": sarif_report, "github": github_report}
_FAILING: Final[dict[str, tuple[str, ...]]] = {"error": ("error",), "warning": ("error", "warning"), "never": ()}


@command(
    "rr-snippet check site",
    "rr-snippet check index.html --ignore try,queue.outside",
    "rr-snippet check - --stdin-name cart.js < cart.js",
    "rr-snippet check site --format sarif > findings.sarif",
    "rr-snippet check --explain queue.outside",
    epilog=f"Read by default in folders: {' '.join(f'.{suffix}' for suffix in SUFFIXES)}.",
)
@click.argument("paths", nargs=-1, metavar="PATH...", type=FILE)
@click.option(
    "--fail-on", type=click.Choice(get_args(FailOn)), help="From which severity on to fail.  [default: error]"
)
@click.option("--select", multiple=True, metavar="CODES", help="Report these rules only: codes or subjects, by commas.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not report these.")
@click.option("--rendered", is_flag=True, default=None, help="The pages are as browsers get them, no templates.")
@click.option("--with-values", is_flag=True, help="Let the corrected block show the values of the page.")
@click.option("--no-fix-block", is_flag=True, help="Leave out the corrected blocks.")
@click.option("--stdin-name", metavar="NAME", help="What standard input would be called: cart.js, cart.twig.")
@click.option("--force-exclude", is_flag=True, default=None, help="Leave out excluded files even if they are named.")
@click.option("--explain", metavar="CODE", help="Print why there is a code and what to do about it, and check nothing.")
@report_options(*REPORTS)
def check(
    paths: tuple[str, ...],
    report_format: str,
    quiet: bool,
    fail_on: FailOn | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    rendered: bool | None,
    with_values: bool,
    no_fix_block: bool,
    stdin_name: str | None,
    force_exclude: bool | None,
    explain: str | None,
) -> None:
    """Report what is wrong with the calls to Retail Rocket in PATH (pages, templates, scripts, folders, -).

    Settings are read from [tool.rr-snippet] of the nearest pyproject.toml: select, ignore, exclude (relative to that
    file), force-exclude, fail-on, rendered.

    Exit codes: 0 nothing to fail on, 1 findings, 2 wrong usage, a named file of no kind that is read, or nothing to
    read, 3 some of several files cannot be read.
    """
    if explain is not None:
        _explain(explain)
        return
    if not paths:
        raise Misuse(Problem.of("argument.missing", metavars("PATH...")), click.get_current_context())
    with failing():
        settings, folder = read_settings(Path.cwd())
        threshold = fail_on or settings.get("fail-on", "error")
        refuse(wrong_choice("fail-on", threshold, get_args(FailOn)))
        options = CheckOptions(
            select=_codes(select, settings.get("select", ())),
            ignore=_codes(ignore, settings.get("ignore", ())),
            is_rendered=bool(settings.get("rendered") if rendered is None else rendered),
            with_values=with_values,
        )
        load_parsers()
    is_forced = bool(settings.get("force-exclude") if force_exclude is None else force_exclude)
    files = list(find_files(paths, Exclusion(settings.get("exclude", ()), folder), force_exclude=is_forced))
    run = check_files(files, options, read=read_input, name_of=input_name, stdin_name=stdin_name)
    is_empty = not run.files and not run.problems and not (is_forced and not files)
    if is_empty:
        run.problems.append(("", Problem.of("source.nothing")))
    for name, problem in run.problems:
        report_problem(name or None, problem)
    if run.files or not run.problems:
        # If nothing could be read, a report without findings would look like a good one.
        _print(without_blocks(run.findings) if no_fix_block else run.findings, run.files, report_format, quiet=quiet)
    _end(run, _FAILING[threshold])


def _explain(code: str) -> None:
    known = {**sections("codes", language()), **sections("check-rules", language())}
    with failing():
        refuse(
            None if code in known else wrong_value("explain", did_you_mean(code, known) or "a code like email.shape")
        )
    print(known[code])


def _print(found: Found, files: int, report_format: str, *, quiet: bool) -> None:
    counts = count_findings(found, files=files)
    if quiet and report_format in ("text", "github"):  # the other reports are for programs, which want all
        found = [(path, finding) for path, finding in found if finding.severity == "error"]
    if report_format == "text":
        if text := text_report(found, None if quiet else counts, language(), is_coloured=is_coloured(sys.stdout)):
            print(text)
    elif report := REPORTS[report_format](found, counts, language()):
        print(report)


def _end(run: Run, failing_severities: tuple[str, ...]) -> None:
    if run.has_unreadable:
        raise Exit(EXIT_FILES if run.files else EXIT_USAGE)
    if run.has_unread:
        raise Exit(EXIT_USAGE)
    if any(finding.severity in failing_severities for _, finding in run.findings):
        raise Exit(EXIT_REJECTED)


def _codes(given: tuple[str, ...], configured: Any) -> frozenset[str]:
    """Return the codes of an option, which may be given several times, or else those of the project."""
    return frozenset(code.strip() for codes in given for code in codes.split(",")) if given else frozenset(configured)
