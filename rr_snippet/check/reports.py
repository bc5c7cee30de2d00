"""Findings as reports: text for people, JSON, and the annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from rr_snippet.check.finding import Finding
from rr_snippet.check.rule import SEVERITIES, Severity
from rr_snippet.errors import Language
from rr_snippet.messages import phrase

Found = Sequence[tuple[str, Finding]]

_GITHUB_LEVEL: Final = {"error": "error", "warning": "warning", "note": "notice"}
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "block": "the block as it should be:",
        "counts": "files: {files}; errors: {errors}, warnings: {warnings}, notes: {notes}",
        "more": "more about a rule: rr-snippet check --explain {code}",
    },
    "ru": {
        "block": "блок, каким он должен быть:",
        "counts": "файлов: {files}; ошибок: {errors}, предупреждений: {warnings}, заметок: {notes}",
        "more": "подробнее о правиле: rr-snippet check --explain {code}",
    },
}
# https://en.wikipedia.org/wiki/ANSI_escape_code#SGR: red, yellow, blue; bold.
_COLOURS: Final[dict[Severity, str]] = {"error": "31", "warning": "33", "note": "34"}
_BOLD: Final = "1"


def count_findings(found: Found, *, files: int) -> dict[str, int]:
    """Return the number of files read, and of findings by severity."""
    counted = Counter(finding.severity for _, finding in found)
    return {"files": files, **{f"{severity}s": counted[severity] for severity in SEVERITIES}}


def without_blocks(found: Found) -> Found:
    """Return the findings without the corrected blocks."""
    return [(path, replace(finding, corrected=None)) for path, finding in found]


def text_report(
    found: Found, counts: Mapping[str, int] | None, language: Language, *, is_coloured: bool = False
) -> str:
    """Return each finding with its line, the corrected block after the findings of its call, and any counts."""

    def paint(text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if is_coloured else text

    words = _WORDS[language]
    lines: list[str] = []
    last = {(path, finding.corrected): index for index, (path, finding) in enumerate(found)}
    for index, (path, finding) in enumerate(found):
        severity = paint(phrase(finding.severity, language), _COLOURS[finding.severity])
        place = paint(f"{path}:{finding.line}:{finding.column}:", _BOLD)
        lines.append(f"{place} {severity}: {finding.message_in(language)} [{finding.code}]")
        if finding.excerpt is not None:
            shown, column = finding.excerpt
            lines += [f"    {shown}", f"    {' ' * (column - 1)}{paint('^', _COLOURS[finding.severity])}"]
        if finding.corrected and last[path, finding.corrected] == index:
            corrected = finding.corrected_in(language)
            lines += [f"    {words['block']}", *(f"    {line}" for line in corrected.split("\n"))]
    if found and counts is not None:
        lines.append(words["more"].format(code=found[0][1].code))
    if counts is not None:
        lines.append(words["counts"].format_map(counts))
    return "\n".join(lines)


def json_report(found: Found, counts: Mapping[str, int], language: Language) -> str:
    """Return `{"findings": [...], "counts": {...}}`."""
    findings = [
        {
            "path": path,
            "line": finding.line,
            "column": finding.column,
            "end_column": finding.end_column,
            "code": finding.code,
            "severity": finding.severity,
            "message": finding.message_in(language),
        }
        for path, finding in found
    ]
    return json.dumps({"findings": findings, "counts": counts}, ensure_ascii=False, indent=2)


def github_report(found: Found, _counts: Mapping[str, int], language: Language) -> str:
    """Return one annotation for each finding.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions; for the escapes, the source
    of GitHub's own toolkit (`escapeData`, `escapeProperty`).
    """
    return "\n".join(
        github_annotation(
            finding.severity,
            finding.message_in(language),
            file=path,
            line=finding.line,
            col=finding.column,
            endColumn=finding.end_column,
            title=finding.code,
        )
        for path, finding in found
    )


def github_annotation(severity: Severity, message: str, **properties: str | int | None) -> str:
    """Return one annotation, with the properties that are not `None`."""
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{_GITHUB_LEVEL[severity]} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
