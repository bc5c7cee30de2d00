"""A notice about a site, and its severity."""

from __future__ import annotations

import re
from typing import Final, Literal

from rr_snippet import errors
from rr_snippet.errors import Problem, Severity

OnRefuse = Literal["warn", "fail", "ignore"]

# The characters that a terminal obeys, reads as the end of a line, or reorders text by; tabs may stay.
_ACTIVE: Final = re.compile(
    r"[\x00-\x08\n-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def spell_out(line: str) -> str:
    r"""Return a line with such characters spelled out, as `\x1b` or `\u202e`, so that a terminal obeys none."""
    return _ACTIVE.sub(lambda found: ascii(found[0])[1:-1] if ord(found[0]) > 0xFF else f"\\x{ord(found[0]):02x}", line)


class Notice(errors.Notice):
    """A notice about a site. The names of files may hold any character, so it is spelled out."""

    __slots__ = ()

    def __str__(self) -> str:
        return spell_out(f"{self.where}: {self.problem}")


def refusal_severity(problem: Problem, on_refuse: OnRefuse) -> Severity | None:
    """Return the severity of a refusal, `None` for no notice. A block that `if_present="error"` finds is an error."""
    if problem.code in ("page.already", "page.leftover") or on_refuse == "fail":
        return "error"
    return "warning" if on_refuse == "warn" else None
