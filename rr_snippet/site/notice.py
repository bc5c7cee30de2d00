"""Something to tell of a site, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rr_snippet.errors import Problem

OnRefuse = Literal["warn", "fail", "ignore"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or a warning, and the file it is about; the record and the line in it count from 1."""

    severity: Severity
    place: str
    problem: Problem
    record: int | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """The place, to the line or the record."""
        if self.line is not None:
            return f"{self.place}:{self.line}"
        return self.place if self.record is None else f"{self.place}: record {self.record}"

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def refusal_severity(problem: Problem, on_refuse: OnRefuse) -> Severity | None:
    """Return how a refusal is told, `None` for not at all. With `if_present="error"`, what is present is an error."""
    if problem.code == "page.already" or on_refuse == "fail":
        return "error"
    return "warning" if on_refuse == "warn" else None
