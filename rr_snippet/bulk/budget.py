"""The limit of rejected rows in a run."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rr_snippet.errors import OptionError
from rr_snippet.options import wrong_value


@dataclass(frozen=True, slots=True)
class Budget:
    """A number of rows, or a percentage of all rows. With neither there is no limit."""

    rows: int | None = None
    percent: Fraction | None = None

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Return the budget that `12` or `0.5%` stands for.

        Raises:
            OptionError: `option.value`.
        """
        try:
            if "e" in text.lower():  # 1e999999999% is a number of a thousand million digits
                raise ValueError
            budget = cls(percent=Fraction(text[:-1])) if text.endswith("%") else cls(rows=int(text))
        except (ValueError, ZeroDivisionError):
            budget = cls(rows=-1)
        if (budget.rows or 0) < 0 or not 0 <= (budget.percent or 0) <= 100:
            raise OptionError(wrong_value("max_errors", "a number of rows or a percentage such as 0.5%"))
        return budget

    def is_exceeded(self, rejected: int, rows: int) -> bool:
        """Return whether `rejected` of `rows` are too many."""
        if self.percent is not None:
            return rejected * 100 > self.percent * rows
        return self.rows is not None and rejected > self.rows
