"""The report of `rr-snippet inject` at the end of a run over a site: findings, pages, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rr_snippet.cli._output import report_problem
from rr_snippet.cli._report import json_report, notice_annotation, notice_text
from rr_snippet.cli._speech import language
from rr_snippet.site.notice import Notice, spell_out
from rr_snippet.site.work import PageReport, State

_STATES: Final[dict[State, tuple[str, str]]] = {
    "changed": ("changed", "изменена"),
    "removed": ("its block taken out", "блок убран"),
    "unchanged": ("unchanged", "без изменений"),
    "refused": ("refused", "отклонена"),
    "failed": ("failed", "не удалось"),
    "without_customer": ("without a customer", "без покупателя"),
    "excluded": ("left out", "исключена"),
}
_STATES_TO_BE: Final = {
    **_STATES,
    "changed": ("to change", "изменится"),
    "removed": ("its block to be taken out", "блок будет убран"),
}


class SiteReport:
    """Collects the report, in the past tense for a run that `writes`, otherwise in the future."""

    def __init__(self, report_format: str, *, writes: bool, quiet: bool, verbose: bool) -> None:
        # The order of the counts in a JSON report.
        self.counts: Counter[str] = Counter(
            pages=0, changed=0, removed=0, unchanged=0, refused=0, failed=0, without_customer=0, errors=0, warnings=0
        )
        self._format = report_format
        self._writes = writes
        self._quiet = quiet
        self._verbose = verbose
        self._notices: list[Notice] = []
        self._lines: list[str] = []

    def add(self, notices: Iterable[Notice]) -> None:
        """Keep notices, and count them."""
        for notice in notices:
            self.counts[f"{notice.severity}s"] += 1
            self._notices.append(notice)
            if notice.severity == "error" or not self._quiet:
                self._lines.append(notice_annotation(notice) if self._format == "github" else notice_text(notice))

    def add_page(self, report: PageReport) -> None:
        """Keep the outcome of a page, and count it."""
        self.counts[report.state] += 1
        if report.diff:
            self._lines.append(report.diff.removesuffix("\n"))
        elif self._verbose and self._format == "text":
            words = _STATES[report.state] if self._writes else _STATES_TO_BE[report.state]
            self._lines.append(spell_out(f"{report.page}: {words[language() == 'ru']}"))

    def print_errors(self) -> None:
        """Print the errors of a run that ends before it begins, to standard error."""
        for notice in self._notices:
            if notice.severity == "error" or not self._quiet:
                report_problem(notice.where_in(language()), notice.problem, severity=notice.severity)

    def print_out(self) -> None:
        """Print the whole report, which is the result of the run, to standard output."""
        if self._format == "json":
            print(json_report(self._notices, self.counts))
            return
        for line in self._lines:
            print(line)
        if self._format == "text" and not self._quiet:
            print(self._summary())

    def _summary(self) -> str:
        counts = self.counts
        if language() == "ru":
            changed = "изменено" if self._writes else "изменится"
            removed = f"блок убран: {counts['removed']}, " if counts["removed"] else ""
            return (
                f"страниц: {counts['pages']}, {changed}: {counts['changed']}, {removed}"
                f"без изменений: {counts['unchanged']}, "
                f"отклонено: {counts['refused']}, не удалось: {counts['failed']}, "
                f"без покупателя: {counts['without_customer']}; "
                f"ошибок: {counts['errors']}, предупреждений: {counts['warnings']}"
            )
        changed = "changed" if self._writes else "to change"
        removed = f"block taken out: {counts['removed']}, " if counts["removed"] else ""
        return (
            f"pages: {counts['pages']}, {changed}: {counts['changed']}, {removed}unchanged: {counts['unchanged']}, "
            f"refused: {counts['refused']}, failed: {counts['failed']}, "
            f"without a customer: {counts['without_customer']}; "
            f"errors: {counts['errors']}, warnings: {counts['warnings']}"
        )
