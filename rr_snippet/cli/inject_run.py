"""The work of `rr-snippet inject` and what it says: pages done one by one or by several processes, findings, counts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import nullcontext
from typing import Final

from rr_snippet.cli._output import EXIT_FILES, EXIT_REJECTED, language
from rr_snippet.cli._progress import progress
from rr_snippet.cli._report import Finding, json_report
from rr_snippet.errors import Problem
from rr_snippet.processes import process_pool
from rr_snippet.site.diff import spell_out
from rr_snippet.site.plan import OnRefuse, PageReport, PageWork, Plan, State, Task, refusal_severity

# With fewer pages, starting processes takes longer than they save: for 1,500 pages of 41 KB two take as long as one,
# 1.4 s with Python 3.11 on two processors.
_PAGES_WORTH_PROCESSES: Final = 3_000
_PAGES_AT_A_TIME: Final = 16

_STATES: Final[dict[State, tuple[str, str]]] = {
    "changed": ("changed", "изменена"),
    "unchanged": ("unchanged", "без изменений"),
    "refused": ("refused", "отклонена"),
    "failed": ("failed", "не удалось"),
}
_STATES_TO_BE: Final = {**_STATES, "changed": ("to change", "изменится")}


class Run:
    """One run over a site: does the pages, tells what there is to tell, and counts."""

    def __init__(
        self,
        work: PageWork,
        *,
        on_refuse: OnRefuse,
        is_check: bool,
        report_format: str,
        quiet: bool,
        verbose: bool,
    ) -> None:
        self.counts: Counter[str] = Counter(
            pages=0, changed=0, unchanged=0, refused=0, failed=0, without_customer=0, errors=0, warnings=0
        )
        self._work = work
        self._on_refuse = on_refuse
        self._is_check = is_check
        self._is_json = report_format == "json"
        self._quiet = quiet
        self._verbose = verbose
        self._findings: list[Finding] = []
        self._lines: list[str] = []

    @property
    def exit_code(self) -> int:
        """What the run ends with; files that failed weigh more than findings."""
        if self.counts["failed"]:
            return EXIT_FILES
        return EXIT_REJECTED if self.counts["errors"] else 0

    def tell_all(self, findings: Iterable[Finding]) -> None:
        """Take down findings for the report."""
        for finding in findings:
            self.counts[f"{finding.severity}s"] += 1
            self._findings.append(finding)
            if finding.severity == "error" or not self._quiet:
                self._lines.append(spell_out(finding.as_text()))

    def take_plan(self, plan: Plan) -> None:
        """Count the pages of a plan, and tell what was found in making it."""
        self.counts["pages"] = len(plan.pages)
        self.counts["without_customer"] = plan.without_customer
        self.counts["failed"] = len(plan.unreadable)
        self.tell_all(Finding(file, None, None, "error", problem) for file, problem in plan.unreadable)
        self.tell_all(Finding(file, None, None, "warning", problem) for file, problem in plan.warnings)

    def go(self, tasks: Sequence[Task], jobs: int | None) -> None:
        """Do all pages, and show on a terminal how far it is."""
        if jobs is None:
            jobs = (os.cpu_count() or 1) if len(tasks) >= _PAGES_WORTH_PROCESSES else 1
        done = 0
        with nullcontext() if self._quiet else progress(lambda: done, len(tasks), unit="pages"):
            for report in _reports(self._work, tasks, jobs):
                done += 1
                self._take(report)

    def _take(self, report: PageReport) -> None:
        self.counts[report.state] += 1
        for problem in report.problems:
            severity = "error" if report.state == "failed" else refusal_severity(problem, self._on_refuse)
            if severity is not None:
                self.tell_all([Finding(report.page, None, None, severity, problem)])
        if self._is_check and report.state == "changed":
            self.tell_all([Finding(report.page, None, None, "error", Problem.of("page.outdated"))])
        self.tell_all(Finding(report.page, None, None, "warning", problem) for problem in report.warnings)
        if report.diff:
            self._lines.append(report.diff.removesuffix("\n"))
        elif self._verbose:
            words = _STATES[report.state] if self._work.write else _STATES_TO_BE[report.state]
            self._lines.append(spell_out(f"{report.page}: {words[language() == 'ru']}"))

    def print_report(self) -> None:
        """Print what was taken down: the result of the run, all of it on standard output."""
        if self._is_json:
            print(json_report(self._findings, self.counts))
            return
        for line in self._lines:
            print(line)
        if not self._quiet:
            print(self._summary())

    def _summary(self) -> str:
        counts = self.counts
        if language() == "ru":
            changed = "изменено" if self._work.write else "изменится"
            return (
                f"страниц: {counts['pages']}, {changed}: {counts['changed']}, без изменений: {counts['unchanged']}, "
                f"отклонено: {counts['refused']}, не удалось: {counts['failed']}, "
                f"без покупателя: {counts['without_customer']}; "
                f"ошибок: {counts['errors']}, предупреждений: {counts['warnings']}"
            )
        changed = "changed" if self._work.write else "to change"
        return (
            f"pages: {counts['pages']}, {changed}: {counts['changed']}, unchanged: {counts['unchanged']}, "
            f"refused: {counts['refused']}, failed: {counts['failed']}, "
            f"without a customer: {counts['without_customer']}; "
            f"errors: {counts['errors']}, warnings: {counts['warnings']}"
        )


def _reports(work: PageWork, tasks: Sequence[Task], jobs: int) -> Iterator[PageReport]:
    """Yield the report of each task, in their order."""
    done = 0
    if jobs > 1 and len(tasks) > 1:
        try:
            for report in _reports_of_processes(work, tasks, jobs):
                done += 1
                yield report
        except BrokenExecutor:
            # A process was killed. What it may have done already is found unchanged.
            pass
    yield from map(work, tasks[done:])


def _reports_of_processes(work: PageWork, tasks: Sequence[Task], jobs: int) -> Iterator[PageReport]:
    jobs = min(jobs, -(-len(tasks) // _PAGES_AT_A_TIME))
    with process_pool(jobs) as pool:
        yield from pool.map(work, tasks, chunksize=_PAGES_AT_A_TIME)
