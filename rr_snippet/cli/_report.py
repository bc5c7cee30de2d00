"""What the subcommands share in reporting: one finding, and the JSON of a whole report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rr_snippet.cli._output import language
from rr_snippet.errors import Problem

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem or a warning, and where: the record and the line count from 1."""

    file: str
    record: int | None
    line: int | None
    severity: Severity
    problem: Problem

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the JSON report has it."""
        return {
            "file": self.file,
            "record": self.record,
            "line": self.line,
            "path": self.problem.path,
            "code": self.problem.code,
            "severity": self.severity,
            "message": self.problem.message_in(language()),
        }

    def as_text(self) -> str:
        """Return the finding as one line for people."""
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
        elif self.record is not None:
            place += f": record {self.record}"
        return f"{place}: {self.severity}: {self.problem.text_in(language())}"


def json_report(findings: Iterable[Finding], counts: Mapping[str, int]) -> str:
    """Return `{"findings": [...], "counts": {...}}`; the counts are read when the findings are through."""
    report = {"findings": [finding.as_json() for finding in findings], "counts": counts}
    return json.dumps(report, ensure_ascii=False, indent=2)
