"""A finding: one rule broken at one place of one page."""

from __future__ import annotations

from dataclasses import dataclass

from rr_snippet.check.rule import Severity
from rr_snippet.check.rulebook import RULES, rule_text
from rr_snippet.errors import Language


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checker says of one place: a rule names the offset, the checker adds the line and what stands there.

    Line and column count from 1, offset and column in characters; `end_column` is behind the word or text that the
    finding is about, on the same line. `field` is the place in the object, in the vendor's spelling with entries by
    position (`softLinks[0].value`), empty when the finding is not about the object. No value found in a page is in any
    part. `excerpt` is the line with its values hidden, and the column in it. `corrected` is the block as this library
    writes it, the same for every finding of one call.
    """

    offset: int
    code: str
    field: str = ""
    details: tuple[tuple[str, str | int], ...] = ()
    line: int = 0
    column: int = 0
    end_column: int = 0
    excerpt: tuple[str, int] | None = None
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
