"""One rule of the checker, and how much it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its severity, and its words if they are its own."""

    severity: Severity
    english: str | None = None
    russian: str | None = None
