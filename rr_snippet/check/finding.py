"""A finding: one rule broken at one place of one page."""

from __future__ import annotations

from dataclasses import dataclass

from rr_snippet.check.rulebook import RULES, Severity, rule_text
from rr_snippet.errors import Language


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checker says of one place: a rule names the offset, the checker adds line, column and block.

    Line and column count from 1, offset and column in characters. `field` is the place in the object, in the vendor's
    spelling with entries by position (`softLinks[0].value`), empty when the finding is not about the object. No value
    found in a page, and no name chosen by it, is in any part. `corrected` is the block as this library writes it, the
    same for every finding of one call.
    """

    offset: int
    code: str
    field: str = ""
    details: tuple[tuple[str, str | int], ...] = ()
    line: int = 0
    column: int = 0
    corrected: str | None = None

    @classmethod
    def of(cls, offset: int, code: str, field: str = "", /, **details: str | int) -> Finding:
        """Return a finding whose message mentions `details`."""
        return cls(offset, code, field, tuple(details.items()))

    @property
    def severity(self) -> Severity:
        """`error`, `warning` or `note`."""
        return RULES[self.code].severity

    def message_in(self, language: Language) -> str:
        """Return what is wrong and what is expected, after the field it is about."""
        text = rule_text(self.code, language, dict(self.details))
        return f"{self.field}: {text}" if self.field else text
