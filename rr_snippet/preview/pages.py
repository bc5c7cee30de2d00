"""The HTML of the preview: our templates in a private environment, everything in them escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from rr_snippet import __version__
from rr_snippet.customer.faults import count_problems
from rr_snippet.errors import Language, Problem
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import CONSENT, PUSH, PUSH_FIELDS, PUSH_NAMES, TEXT_FIELDS, Form
from rr_snippet.preview.result import Input, Result
from rr_snippet.preview.words import Words
from rr_snippet.testing import TRACKER_JS

_TEMPLATES: Final = ("form.html", "frame.html", "page.html", "result.html", "static.html")
_ROW_PATH: Final = re.compile(r"(customData|softLinks)\[([0-9]+)\](?:\.(name|value))?")
# Of problems, of warnings and of findings: nobody reads more, and a page of megabytes nobody can.
_SHOWN_MAX: Final = 200
# Of custom data a path names the entry; that it is about the value is in the code.
_VALUE_CODES: Final = frozenset({"custom_data.value_type"})


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or a warning as it is shown: at a place of the page, `slot`, where the form has one for it."""

    severity: str
    code: str
    path: str
    message: str
    row: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the page shows. `is_mirror`: the form shows the customer that was looked at."""

    form: Form
    json: str
    block: str
    mode: str
    given: Input
    result: Result
    is_mirror: bool
    is_pretty: bool


@cache
def asset(name: str) -> str:
    """Return one of our files beside this module, also out of a zip."""
    return (files("rr_snippet") / "preview" / "assets" / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=DictLoader({name: asset(name) for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def render_page(state: State, language: Language, *, nonce: str, frame_url: str) -> str:
    """Return the whole live page."""
    notices = _notices(state, language)
    findings = state.given.findings or ()
    slots: dict[str, list[Notice]] = {}
    for notice in notices:
        slots.setdefault(notice.row or notice.slot, []).append(notice)
    return (
        _environment()
        .get_template("page.html")
        .render(
            _outcome(state.result, notices, language),
            form=state.form,
            json=state.json,
            block=state.block,
            mode=state.mode,
            given=state.given,
            findings=findings[:_SHOWN_MAX],
            more_findings=len(findings[_SHOWN_MAX:]),
            is_mirror=state.is_mirror,
            is_pretty=state.is_pretty,
            slots=slots,
            invalid={notice.slot for notice in notices if notice.severity == "error"},
            links=True,
            frame_url=frame_url,
            nonce=nonce,
            push_fields=PUSH_FIELDS,
            examples=EXAMPLES,
            other_language="ru" if language == "en" else "en",
        )
    )


def render_static(result: Result, language: Language, *, policy: str, frame_html: str, script: str, style: str) -> str:
    """Return the file that shows one result by itself."""
    notices = [*_plain(result.problems, "error", language), *_plain(result.warnings, "warning", language)]
    return (
        _environment()
        .get_template("static.html")
        .render(
            _outcome(result, notices, language),
            links=False,
            frame_url=None,
            frame_html=frame_html,
            policy=policy,
            # Ours, and the policy of the page knows them by their hashes.
            script=Markup(script),
            style=Markup(style),
        )
    )


def render_frame(block: str, *, nonce: str | None = None) -> str:
    """Return the page of the sandbox: the block, the stand-in for the tracker, and what tells of it."""
    return (
        _environment()
        .get_template("frame.html")
        .render(
            block=Markup(block),
            nonce=nonce,
            tracker=Markup(TRACKER_JS),
            report=Markup(asset("report.js")),
        )
    )


def _outcome(result: Result, notices: list[Notice], language: Language) -> dict[str, Any]:
    say = Words(language)
    if result.sizes is None:
        summary = say("summary.bad", problems=count_problems(result.problems))
    elif result.warnings:
        size = say.number(result.sizes.block)
        summary = say("summary.warned", bytes=size, warnings=len(result.warnings))
    else:
        summary = say("summary.good", bytes=say.number(result.sizes.block))
    return {
        "say": say,
        "result": result,
        "notices": notices,
        "more": len(result.problems[_SHOWN_MAX:]) + len(result.warnings[_SHOWN_MAX:]),
        "is_bad": result.sizes is None,
        "summary": summary,
        "version": __version__,
    }


def _notices(state: State, language: Language) -> list[Notice]:
    shown = []
    rows = {name: state.form.rows_given(name) for name in ("customData", "softLinks")}
    for severity, problems in (("error", state.result.problems), ("warning", state.result.warnings)):
        for problem, notice in zip(problems, _plain(problems, severity, language), strict=False):
            row, slot = _place(problem, rows) if state.is_mirror else ("", "")
            shown.append(Notice(severity, notice.code, notice.path, notice.message, row, slot))
    return shown


def _plain(problems: tuple[Problem, ...], severity: str, language: Language) -> list[Notice]:
    shown = problems[:_SHOWN_MAX]
    return [Notice(severity, problem.code, problem.path, problem.message_in(language)) for problem in shown]


def _place(problem: Problem, rows: dict[str, list[int]]) -> tuple[str, str]:
    """Return the row and the input that a problem of what the form says is about, each empty where there is none.

    `rows` are the rows of the form in which something stands: those that the positions in a path count.
    """
    path = problem.path
    match = _ROW_PATH.fullmatch(path)
    if match is not None:
        name, position, part = match.groups()
        row = f"{name}-{rows[name][int(position)]}"
        first = "key" if name == "customData" else "name"
        return row, f"{row}-{part or ('value' if problem.code in _VALUE_CODES else first)}"
    if path in (*TEXT_FIELDS, CONSENT):
        return "", path
    if path.startswith(PUSH):
        last = path.rpartition(".")[2]
        return "", f"push-{last if last in PUSH_NAMES else 'kind'}"
    return "", ""
