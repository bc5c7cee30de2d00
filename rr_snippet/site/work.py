"""Does the pages of a plan, one by one or by several processes, in any order.

Every page is whole at any moment, old or new, so that a run that was ended is taken up by another.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from rr_snippet.errors import PageError, Problem
from rr_snippet.files import replaced, unreadable, unwritable
from rr_snippet.page.splice import IfPresent, inject
from rr_snippet.processes import process_pool
from rr_snippet.site.diff import diff_page
from rr_snippet.site.listing import stale_copies
from rr_snippet.site.notice import Notice, OnRefuse, refusal_severity
from rr_snippet.site.plan import Task

Diff = Literal["none", "masked", "plain"]
State = Literal["changed", "unchanged", "refused", "failed"]

# With fewer pages, starting processes takes longer than they save: for 1,500 pages of 41 KB two take as long as one,
# 1.4 s with Python 3.11 on two processors.
_PAGES_WORTH_PROCESSES: Final = 3_000
_PAGES_AT_A_TIME: Final = 16


@dataclass(frozen=True, slots=True)
class PageReport:
    """What has become of a page."""

    page: str
    state: State
    """`changed` is also what would change, if nothing is written."""
    problems: tuple[Problem, ...] = ()
    """Why it was refused, or could not be read or written."""
    warnings: tuple[Problem, ...] = ()
    diff: str = ""

    def notices(self, on_refuse: OnRefuse, *, is_check: bool = False) -> Iterator[Notice]:
        """Yield what there is to tell of the page; with `is_check`, that it would change is an error."""
        for problem in self.problems:
            severity = "error" if self.state == "failed" else refusal_severity(problem, on_refuse)
            if severity is not None:
                yield Notice(severity, self.page, problem)
        if is_check and self.state == "changed":
            yield Notice("error", self.page, Problem.of("page.outdated"))
        for problem in self.warnings:
            yield Notice("warning", self.page, problem)


@dataclass(frozen=True, slots=True)
class PageWork:
    """Does a task in the folder `root`; may be sent to another process."""

    root: Path
    if_present: IfPresent = "skip"
    write: bool = True
    diff: Diff = "none"

    def __call__(self, task: Task) -> PageReport:
        """Put the block of `task` into its page, which stays untouched if that changes nothing."""
        path = self.root / task.page
        try:
            before = path.read_bytes()
        except OSError as error:
            return PageReport(task.page, "failed", (unreadable(error),))
        try:
            after = inject(before, task.block, if_present=self.if_present)
        except PageError as error:
            return PageReport(task.page, "refused", error.problems)
        if after == before:
            return PageReport(task.page, "unchanged")
        diff = ""
        if self.diff != "none":
            diff = diff_page(task.page, before, after, task.block, with_values=self.diff == "plain")
        if self.write:
            try:
                with replaced(path) as temporary:
                    temporary.write_bytes(after)
            except OSError as error:
                return PageReport(task.page, "failed", (unwritable(error),))
        return PageReport(task.page, "changed", (), stale_copies(path), diff)


def do_tasks(work: PageWork, tasks: Sequence[Task], jobs: int | None = None) -> Iterator[PageReport]:
    """Do all tasks, and yield the report of each in their order; `jobs` is by their number if `None`."""
    if jobs is None:
        jobs = (os.cpu_count() or 1) if len(tasks) >= _PAGES_WORTH_PROCESSES else 1
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
