"""What the subcommands share in reporting: one finding as text or JSON, and the JSON of a whole report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rr_snippet.cli._output import language
from rr_snippet.errors import Notice


def notice_text(notice: Notice) -> str:
    """Return a finding as one line for people."""
    text = f"{notice.severity}: {notice.problem.text_in(language())}"
    return f"{notice.where}: {text}" if notice.where else text


def notice_json(notice: Notice) -> dict[str, Any]:
    """Return a finding as the JSON report has it."""
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
