"""A finding: one broken rule at one place of one page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rr_snippet.check.rule import Severity
from rr_snippet.check.rulebook import RULES, rule_text
from rr_snippet.errors import Language
from rr_snippet.messages import phrase

_GAP: Final = re.compile(r"/\* ([^*/ ]++(?: [^*/ ]++)*+) \*/")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checker says about one place. A rule sets the offset, the checker adds the line and its text.

    Line and column count from 1, offset and column count characters. `end_column` is behind the word or text that the
    finding is about, on the same line. `field` is the path in the object, in the vendor's spelling and with positions
    of entries (`softLinks[0].value`), empty if the finding is not about the object. `excerpt` is the line with its
    values hidden, and the column in it. `corrected` is the block as this library writes it, the same for all findings
    of one call. No part holds a value found in a page.
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

    def corrected_in(self, language: Language) -> str:
        """Return `corrected` with its gaps in English or Russian, an empty text if there is none."""
        # No value can hold such a comment, because a value's `/` is escaped.
        return _GAP.sub(lambda gap: f"/* {phrase(gap[1], language)} */", self.corrected or "")

    def message_in(self, language: Language) -> str:
        """Return the message, after the field that it is about."""
        text = rule_text(self.code, language, dict(self.details))
        return f"{self.field}: {text}" if self.field else text
