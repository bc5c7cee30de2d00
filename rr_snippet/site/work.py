"""Edit the pages of a plan, one by one or in several processes.

At any moment every page is whole, old or new. So the next run continues where one was interrupted.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from rr_snippet.errors import PageError, Problem
from rr_snippet.files import replaced, unreadable, unwritable
from rr_snippet.page import IfPresent, put_snippet, remove
from rr_snippet.processes import process_pool
from rr_snippet.site.blocks import NO_BLOCK
from rr_snippet.site.diff import diff_page
from rr_snippet.site.loader_tag import is_loader_tag, put_loader, take_loader
from rr_snippet.site.notice import Notice, OnRefuse, refusal_severity
from rr_snippet.site.plan import Task
from rr_snippet.site.template import is_template

Diff = Literal["none", "masked", "plain"]
State = Literal["changed", "removed", "unchanged", "refused", "failed", "without_customer", "excluded"]

# With fewer pages, starting processes costs more time than it saves: two processors break even at about 1,500 pages
# of 41 KB.
_PAGES_WORTH_PROCESSES: Final = 3_000
_PAGES_AT_A_TIME: Final = 16

_CHANGED: Final = "changed in the meantime"


@dataclass(frozen=True, slots=True)
class PageReport:
    """The outcome for a page."""

    page: str
    state: State
    """`removed` is about the block. `changed` and `removed` also stand for what would happen if nothing is written."""
    problems: tuple[Problem, ...] = ()
    """Why the page was refused, or could not be read or written."""
    warnings: tuple[Problem, ...] = ()
    diff: str = ""

    def notices(self, on_refuse: OnRefuse, *, is_check: bool = False) -> Iterator[Notice]:
        """Yield the notices about the page. With `is_check` it is an error if the page would change."""
        for problem in self.problems:
            severity = "error" if self.state == "failed" else refusal_severity(problem, on_refuse)
            if severity is not None:
                yield Notice(severity, self.page, problem)
        if is_check and self.state in ("changed", "removed"):
            code = "page.outdated" if self.state == "changed" else "page.leftover"
            yield Notice("error", self.page, Problem.of(code))
        for problem in self.warnings:
            yield Notice("warning", self.page, problem)


@dataclass(frozen=True, slots=True)
class PageWork:
    """Does a task in the folder `root`. Can be pickled.

    With `is_check` nothing is written, and a block that should be another or none is reported whatever `if_present` is.
    Without `allow_templates` a page with tags of a template language is refused. `loader` is the tag of a site with the
    deferred card: a page that gets something else, or is excluded, loses it. Without it, a loader's tag in a page is
    treated as a block that no longer belongs there.
    """

    root: Path
    if_present: IfPresent = "skip"
    write: bool = True
    diff: Diff = "none"
    is_check: bool = False
    allow_templates: bool = True
    loader: str | None = None

    def __call__(self, task: Task) -> PageReport:
        """Put the block of `task` into its page, or remove one. A page that stays the same is not written."""
        path = f"{self.root}/{task.page}"
        stays: State = "excluded" if task.is_excluded else "unchanged" if task.block else "without_customer"
        try:
            before, status = _read_whole(path)
        except (OSError, MemoryError) as error:
            return PageReport(task.page, "failed", (unreadable(error),))
        try:
            after = take_loader(before, self.loader) if task.is_excluded else self._edit(before, task.block)
        except PageError as error:
            if self._skips and error.code in ("page.foreign_call", "page.leftover"):
                return PageReport(task.page, stays, (), error.problems)
            return PageReport(task.page, "refused", error.problems)
        if after == before:
            return PageReport(task.page, stays, (), _stale_copies(path, task, status) if task.block else ())
        diff = ""
        if self.diff != "none":
            diff = diff_page(task.page, before, after, task.block, with_values=self.diff == "plain")
        if self.write:
            try:
                with replaced(path) as temporary:
                    temporary.write_bytes(after)
                    _refuse_changed(path, status)
            except OSError as error:
                return PageReport(task.page, "failed", (unwritable(error),))
        linked = (Problem.of("file.hard_link"),) if status.st_nlink > 1 else ()
        return PageReport(
            task.page, "changed" if task.block else "removed", (), (*_stale_copies(path, task), *linked), diff
        )

    @property
    def _skips(self) -> bool:
        return self.if_present == "skip" and not self.is_check

    def _edit(self, page: bytes, block: str) -> bytes:
        """Return the edited page.

        Raises:
            PageError: why the page must stay as it is.
        """
        keeps_blocks = self._skips or self.if_present == "error"
        if not is_loader_tag(block):
            bare = take_loader(page)
            if bare != page and self.loader is None and keeps_blocks:
                raise PageError(Problem.of("page.leftover"))
            page = bare
        if block == NO_BLOCK:
            after, is_left = remove(page), keeps_blocks
        elif not self.allow_templates and is_template(page):
            raise PageError(Problem.of("page.template"))
        elif is_loader_tag(block):
            bare = remove(page)
            after, is_left = put_loader(bare, block), keeps_blocks and bare != page
        else:
            if_present: IfPresent = "error" if self.if_present == "error" else "replace"
            after, had_call = put_snippet(page, block, if_present=if_present)
            is_left = self._skips and had_call
        if is_left and after != page:
            raise PageError(Problem.of("page.leftover"))
        return after


def put_file(root: Path, name: str, content: bytes, *, write: bool = True) -> PageReport:
    """Put a file that pages need into the folder `root`; without `write`, only report whether it would change."""
    path = root / name
    try:
        if path.is_file() and path.read_bytes() == content:
            return PageReport(name, "unchanged")
        if write:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replaced(path) as temporary:
                temporary.write_bytes(content)
    except OSError as error:
        return PageReport(name, "failed", (unwritable(error),))
    return PageReport(name, "changed")


def _stale_copies(path: str, task: Task, status: os.stat_result | None = None) -> tuple[Problem, ...]:
    """Return a warning for each compressed copy; with the page's `status`, only for copies older than the page."""
    found = []
    for suffix in task.copies:
        with suppress(OSError):  # gone by now
            if status is None or os.stat(path + suffix).st_mtime_ns < status.st_mtime_ns:
                found.append(Problem.of("file.stale_copy", suffix=suffix))
    return tuple(found)


def _read_whole(path: str) -> tuple[bytes, os.stat_result]:
    """Return a file and its status.

    Raises:
        OSError: the file cannot be read, or changed in the meantime.
    """
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        data = file.read(status.st_size + 1)
    if len(data) != status.st_size:
        raise OSError(errno.EBUSY, _CHANGED)
    return data, status


def _refuse_changed(path: str, status: os.stat_result) -> None:
    """Refuse to overwrite what somebody else has written since.

    Raises:
        OSError: the file is not the one that was read, or has changed.
    """
    now = os.stat(path)
    if (now.st_ino, now.st_size, now.st_mtime_ns) != (status.st_ino, status.st_size, status.st_mtime_ns):
        raise OSError(errno.EBUSY, _CHANGED)


def do_tasks(work: PageWork, tasks: Sequence[Task], jobs: int | None = None) -> Iterator[PageReport]:
    """Do all tasks and yield their reports in the same order. With `None` the number of tasks decides about `jobs`."""
    if jobs is None:
        jobs = (os.cpu_count() or 1) if len(tasks) >= _PAGES_WORTH_PROCESSES else 1
    done = 0
    if jobs > 1 and len(tasks) > 1:
        try:
            for report in _reports_of_processes(work, tasks, jobs):
                done += 1
                yield report
        except BrokenExecutor:
            # A process was killed. Pages that it had already done count as unchanged.
            pass
    yield from map(work, tasks[done:])


def _reports_of_processes(work: PageWork, tasks: Sequence[Task], jobs: int) -> Iterator[PageReport]:
    jobs = min(jobs, -(-len(tasks) // _PAGES_AT_A_TIME))
    with process_pool(jobs) as pool:
        yield from pool.map(work, tasks, chunksize=_PAGES_AT_A_TIME)
