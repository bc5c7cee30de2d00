"""The numbers of a run: rows, consents, problems by field and code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from rr_snippet.bulk.rows import RenderedRow
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.warnings import warnings_of
from rr_snippet.errors import Problem

Counts = Counter[tuple[str, str]]
"""Numbers by field and code."""

_CONSENT = "is_agreed_to_receive_marketing_mail"


@dataclass(slots=True)
class Tally:
    """Numbers of all rows, of rejected rows, and of rendered rows by consent and with a cleaned phone.

    `faults` counts the problems of rejected rows, `warnings` those of rendered rows, and `dropped` what was left out of
    rendered rows.
    """

    rows: int = 0
    rejected: int = 0
    consent_true: int = 0
    consent_false: int = 0
    consent_absent: int = 0
    phones_cleaned: int = 0
    faults: Counts = field(default_factory=Counter)
    warnings: Counts = field(default_factory=Counter)
    dropped: Counts = field(default_factory=Counter)

    def add_rows(self, rows: Collection[RenderedRow]) -> None:
        """Count rendered rows."""
        self.rows += len(rows)
        for _, _, _, problems, customer in rows:
            if customer is None:
                self.rejected += 1
                _count(self.faults, problems)
            else:
                self._add_customer(customer)

    def _add_customer(self, customer: Customer) -> None:
        consent = customer.__dict__[_CONSENT]
        if consent is None or _CONSENT not in customer.__pydantic_fields_set__:
            self.consent_absent += 1
        elif consent:
            self.consent_true += 1
        else:
            self.consent_false += 1
        _count(self.warnings, warnings_of(customer))
        if customer.__pydantic_private__ is not None:  # `None` unless `dropped` or `is_phone_cleaned` is set
            self.phones_cleaned += customer.is_phone_cleaned
            _count(self.dropped, customer.dropped)

    def add(self, other: Tally) -> None:
        """Add the numbers of another tally."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def as_json(self) -> dict[str, Any]:
        """Return the numbers in a form that JSON can hold."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: [[*key, number] for key, number in value.items()] if isinstance(value, Counter) else value
            for name, value in values.items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Tally:
        """Return the tally that `as_json` gave."""
        read: dict[str, Any] = {
            name: Counter({(where, code): number for where, code, number in value})
            if isinstance(value, list)
            else value
            for name, value in values.items()
        }
        return cls(**read)


def _count(counts: Counts, problems: Iterable[Problem]) -> None:
    for problem in problems:
        counts[problem.path.partition(".")[0].partition("[")[0], problem.code] += 1
