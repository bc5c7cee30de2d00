"""One rule of the checker, and its severity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its severity, and its words if it has its own."""

    severity: Severity
    english: str | None = None
    russian: str | None = None
