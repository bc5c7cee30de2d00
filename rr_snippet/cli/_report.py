"""What the subcommands share for reports: their options, and a finding as text, JSON or a GitHub annotation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import click

from rr_snippet.cli._speech import language, severity_word, speech_options
from rr_snippet.errors import Notice
from rr_snippet.site.notice import spell_out

_Command = TypeVar("_Command")


def report_options(*formats: str) -> Callable[[_Command], _Command]:
    """Add the options of every command with a report: `--format` if there are several, `--quiet`, colour, language."""

    def add(command: _Command) -> _Command:
        added: Any = click.option("-q", "--quiet", is_flag=True, help="Report errors only.")(
            cast("Any", speech_options(command))
        )
        if formats:
            choice = click.Choice(formats)
            added = click.option(
                "--format", "report_format", type=choice, default="text", show_default=True, help="How to report."
            )(added)
        return cast("_Command", added)

    return add


def notice_text(notice: Notice) -> str:
    """Return a finding as one line for people, with the colours of standard output."""
    text = f"{severity_word(notice.severity, sys.stdout)}: {spell_out(notice.problem.text_in(language()))}"
    where = spell_out(notice.where_in(language()))
    return f"{where}: {text}" if where else text


def notice_json(notice: Notice) -> dict[str, Any]:
    """Return a finding in the form of the JSON report."""
    return {
        "file": notice.place,
        "record": notice.record,
        "line": notice.line,
        "path": notice.problem.path,
        "code": notice.problem.code,
        "severity": notice.severity,
        "message": notice.problem.message_in(language()),
    }


def json_report(notices: Iterable[Notice], counts: Mapping[str, int]) -> str:
    """Return `{"findings": [...], "counts": {...}}`."""
    report = {"findings": list(map(notice_json, notices)), "counts": counts}
    return json.dumps(report, ensure_ascii=False, indent=2)


def notice_annotation(notice: Notice) -> str:
    """Return a finding as an annotation of GitHub Actions. Without a line, its text names the record."""
    # Imported here, because it imports the whole checker.
    from rr_snippet.check.reports import github_annotation

    places = {"file": notice.place, "line": notice.line, "title": notice.problem.code}
    problem = notice.problem
    message = f"{problem.path}: {problem.message_in(language())}" if problem.path else problem.message_in(language())
    if notice.record is not None and notice.line is None:
        message = f"{notice.where_in(language())}: {message}"
    return github_annotation(notice.severity, message, **places)
