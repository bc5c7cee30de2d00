"""Findings as reports: text for people, JSON, SARIF 2.1.0 and the annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from rr_snippet.check.finding import Finding
from rr_snippet.check.rulebook import RULES, SEVERITIES
from rr_snippet.errors import Language

Found = Sequence[tuple[str, Finding]]

_GITHUB_LEVEL: Final = {"error": "error", "warning": "warning", "note": "notice"}
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def count_findings(found: Found, *, files: int) -> dict[str, int]:
    """Return how many files were read, and how many findings there are of each severity."""
    counted = Counter(finding.severity for _, finding in found)
    return {"files": files, **{f"{severity}s": counted[severity] for severity in SEVERITIES}}


def text_report(found: Found, counts: Mapping[str, int], language: Language) -> str:
    """Return one line for each finding, after those of a call its block as it should be, and the counts."""
    lines: list[str] = []
    last = {(path, finding.corrected): index for index, (path, finding) in enumerate(found)}
    for index, (path, finding) in enumerate(found):
        message = finding.message_in(language)
        lines.append(f"{path}:{finding.line}:{finding.column}: {finding.severity}: {message} [{finding.code}]")
        if finding.corrected and last[path, finding.corrected] == index:
            title = "the block as it should be:" if language == "en" else "блок, каким он должен быть:"
            lines += [f"    {title}", *(f"    {line}" for line in finding.corrected.split("\n"))]
    if language == "en":
        lines.append("files: {files}; errors: {errors}, warnings: {warnings}, notes: {notes}".format_map(counts))
    else:
        lines.append(
            "файлов: {files}; ошибок: {errors}, предупреждений: {warnings}, заметок: {notes}".format_map(counts)
        )
    return "\n".join(lines)


def json_report(found: Found, counts: Mapping[str, int], language: Language) -> str:
    """Return `{"findings": [...], "counts": {...}}`."""
    findings = [
        {
            "path": path,
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "severity": finding.severity,
            "message": finding.message_in(language),
        }
        for path, finding in found
    ]
    return json.dumps({"findings": findings, "counts": counts}, ensure_ascii=False, indent=2)


def github_report(found: Found, _counts: Mapping[str, int], language: Language) -> str:
    """Return one annotation for each finding.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and for the escapes the
    function that GitHub's own toolkit writes them with.
    """
    return "\n".join(
        f"::{_GITHUB_LEVEL[finding.severity]} file={_property(path)},line={finding.line},col={finding.column},"
        f"title={_property(finding.code)}::{_data(finding.message_in(language))}"
        for path, finding in found
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif_report(found: Found, _counts: Mapping[str, int], language: Language) -> str:
    """Return a log of SARIF 2.1.0 with one run; columns count characters.

    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
    """
    codes = sorted({finding.code for _, finding in found})
    run = {
        "tool": {"driver": {"name": "rr-snippet", "rules": [_sarif_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [
            {
                "ruleId": finding.code,
                "ruleIndex": codes.index(finding.code),
                "level": finding.severity,
                "message": {"text": finding.message_in(language)},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": _uri(path)},
                            "region": {"startLine": finding.line, "startColumn": finding.column},
                        }
                    }
                ],
            }
            for path, finding in found
        ],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _sarif_rule(code: str) -> dict[str, Any]:
    return {"id": code, "defaultConfiguration": {"level": RULES[code].severity}}


def _uri(path: str) -> str:
    """Return a path as SARIF wants it: relative to where the command was run, or with its scheme."""
    if Path(path).is_absolute():
        return Path(path).as_uri()
    return quote(Path(path).as_posix())


REPORTS: Final = {"text": text_report, "json": json_report, "sarif": sarif_report, "github": github_report}
