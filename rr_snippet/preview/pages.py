"""The HTML of the preview: our templates in a private environment, with everything escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, Final, TypeVar

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from rr_snippet import __version__
from rr_snippet.check import Finding
from rr_snippet.customer.faults import count_problems
from rr_snippet.errors import Language, Problem
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.explanations import explanation
from rr_snippet.preview.form import PUSH_FIELDS
from rr_snippet.preview.knowledge import known_of
from rr_snippet.preview.notices import SHOWN_MAX, Notice, notices_of
from rr_snippet.preview.records import LISTED_MAX, Entry
from rr_snippet.preview.result import Input, Result, text_of
from rr_snippet.preview.sent import Sent
from rr_snippet.preview.words import Words
from rr_snippet.testing import TRACKER_JS

_TEMPLATES: Final = ("findings", "form", "frame", "notes", "page", "records", "result", "static", "why")


_Coded = TypeVar("_Coded", Finding, Notice)


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the page shows: what was sent, and the other ways of giving a customer after it.

    `is_mirror` means that the form shows the current customer, `is_text_behind` that the text shows another or several.
    """

    sent: Sent
    given: Input
    result: Result
    is_mirror: bool
    is_text_behind: bool = False
    entries: tuple[Entry, ...] = ()

    @property
    def given_text(self) -> str:
        """The whole current customer as text, for printing and for sending to others."""
        sent = self.sent
        if sent.mode == "form":
            return sent.form.json_text()
        if sent.mode == "block":
            return sent.block
        return text_of(self.given, sent.json)


@cache
def asset(name: str) -> str:
    """Return one of our files beside this module, even from a zip file."""
    return (files("rr_snippet") / "preview" / "assets" / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=DictLoader({f"{name}.html": asset(f"{name}.html") for name in _TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _render(name: str, context: dict[str, Any], **more: Any) -> str:
    return _environment().get_template(name).render(context, **more)


def render_page(state: State, language: Language, *, nonce: str, frame_url: str, key: str) -> str:
    """Return the whole live page. Its state is kept under the name `key`."""
    context, notes = _context(state, language, frame_url=frame_url)
    return _render("page.html", context, notes=notes, nonce=nonce, key=key)


def render_parts(state: State, language: Language, *, frame_url: str, has_new_form: bool) -> dict[str, Any]:
    """Return the parts that change a shown page to another state: HTML by the id of its element.

    The form is included only if it is new, the text only if nobody is typing in it.
    """
    context, notes = _context(state, language, frame_url=frame_url)
    parts: dict[str, str] = {f"n-{slot}": html for slot, html in notes.items()}
    parts |= {"records": _render("records.html", context), "outcome": _render("result.html", context)}
    sent = state.sent
    if has_new_form:
        parts["panel-form"] = _render("form.html", context, notes=notes)
    return {
        "kind": context["kind"],
        "summary": context["summary"],
        "parts": parts,
        "invalid": [f"f-{slot}" for slot in context["invalid"]],
        "marks": context["marks"],
        **({} if sent.mode == "json" else {"json": sent.json}),
    }


def render_static(
    given: Input,
    result: Result,
    language: Language,
    *,
    policy: str,
    frame_html: str,
    script: str,
    style: str,
    text: str,
) -> str:
    """Return the file that shows a single result; `text` is the given text."""
    notices = notices_of(_shown(result), given.data, language, form=None, json=None)
    return _render(
        "static.html",
        _outcome(given, result, notices, language),
        links=False,
        frame_url=None,
        frame_html=frame_html,
        policy=policy,
        # These are ours, and the page's policy has their hashes.
        script=Markup(script),
        style=Markup(style),
        given_text=text,
        date=date.today().isoformat(),
    )


def render_frame(block: str, *, nonce: str | None = None) -> str:
    """Return the page of the sandbox: the block, the stand-in for the tracker, and the script that reports."""
    return _render(
        "frame.html",
        {"block": Markup(block), "nonce": nonce, "tracker": Markup(TRACKER_JS), "report": Markup(asset("report.js"))},
    )


def _context(state: State, language: Language, *, frame_url: str) -> tuple[dict[str, Any], dict[str, Markup]]:
    """Return the context for the templates of the live page, with the notes by their place."""
    sent, given = state.sent, state.given
    is_json = sent.mode == "json"
    notices = notices_of(
        _shown(state.result),
        given.data,
        language,
        form=sent.form if state.is_mirror else None,
        json=sent.json if is_json and len(given.records) == 1 else None,
    )
    lines = {notice.line for notice in notices}
    if len(given.records) > 1 and notices:
        lines = {given.records[given.record - 1].line or 0}
    errors = [notice for notice in notices if notice.severity == "error"]
    invalid = {notice.slot for notice in errors if notice.slot}
    if sent.mode != "form" and errors:
        invalid.add(sent.mode)
    context = _outcome(given, state.result, notices, language)
    context |= {
        "sent": sent,
        "form": sent.form,
        "tab": sent.tab or sent.mode,
        "entries": state.entries,
        "more_entries": len(given.records[LISTED_MAX:]),
        "is_mirror": state.is_mirror,
        "invalid": sorted(invalid),
        "marks": sorted(lines - {0}) if is_json else [],
        "links": True,
        "frame_url": frame_url,
        "usual": Choices(),
        "push_fields": PUSH_FIELDS,
        "examples": EXAMPLES,
        "other_language": "ru" if language == "en" else "en",
        "given_text": state.given_text,
    }
    return context, _notes(state, notices, context)


def _notes(state: State, notices: list[Notice], context: dict[str, Any]) -> dict[str, Markup]:
    """Return the notes beside the inputs, by slot."""
    mode, say = state.sent.mode, context["say"]
    slots: dict[str, list[Notice]] = {}
    for notice in notices:
        slots.setdefault(notice.row or notice.slot, []).append(notice)
    slots.pop("", None)
    if mode != "form" and notices:
        slots[mode] = notices
    if not state.is_mirror:
        slots["behind"] = [Notice("notice", "", "", say("form.behind"))]
    if any("call" in dict(problem.details) for problem in state.given.problems):
        slots[mode] = [*notices, Notice("notice", "", "", say("json.call"))]
    if state.is_text_behind:
        slots["json-behind"] = [Notice("notice", "", "", say("json.behind"))]
    # Markup, because our template has escaped its contents.
    return {
        slot: Markup(_render("notes.html", context, found=found, is_all=slot == mode)) for slot, found in slots.items()
    }


def _shown(result: Result) -> Iterable[tuple[str, Problem]]:
    return chain(
        (("error", problem) for problem in result.problems[:SHOWN_MAX]),
        (("warning", warning) for warning in result.warnings[:SHOWN_MAX]),
    )


def _explained(items: Iterable[_Coded], told: set[str], language: Language) -> list[tuple[_Coded, Markup | None]]:
    """Return items with the explanation of their code, each once; `told` has those that the page already shows."""
    explained: list[tuple[_Coded, Markup | None]] = []
    for item in items:
        explained.append((item, None if item.code in told else explanation(item.code, language)))
        told.add(item.code)
    return explained


def _outcome(given: Input, result: Result, notices: list[Notice], language: Language) -> dict[str, Any]:
    say = Words(language)
    kind, summary = _verdict(given, result, say)
    told: set[str] = set()
    findings = given.findings or ()
    return {
        "say": say,
        "given": given,
        "result": result,
        "findings": _explained(findings[:SHOWN_MAX], told, language),
        "more_findings": len(findings[SHOWN_MAX:]),
        "notices": _explained(notices, told, language),
        "more": len(result.problems[SHOWN_MAX:]) + len(result.warnings[SHOWN_MAX:]),
        "kind": kind,
        "summary": summary,
        "known": known_of(result.customer, say) if result.customer else (),
        "version": __version__,
    }


def _verdict(given: Input, result: Result, say: Words) -> tuple[str, str]:
    """Return the kind of the verdict and its words."""
    warned = f" {say('summary.warned', warnings=len(result.warnings))}" if result.warnings else ""
    if result.problems:
        return "bad", say("summary.bad", problems=say.number(count_problems(result.problems))) + warned
    if result.customer is not None:
        is_foreign = given.findings is not None and not given.is_ours
        text = say("summary.foreign" if is_foreign else "summary.good", bytes=say.number(len(result.block)))
        return ("warned" if warned else "good"), text + warned
    if given.has_errors:
        errors = sum(finding.severity == "error" for finding in given.findings or ())
        return "bad", say("summary.faulty", problems=say.number(errors))
    return "neutral", say("summary.empty" if given.is_empty else "summary.unknown")
