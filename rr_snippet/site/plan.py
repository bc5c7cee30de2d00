"""Puts blocks into the pages of a built site: the engine of the command and of the generators' plugins.

First `plan_site` reads all it needs and validates every customer; then a `PageWork` does each page, in any order and in
any process. Every page is whole at any moment, old or new, so that a run that was ended is taken up by another.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from errno import ENOENT
from pathlib import Path
from typing import Literal

from rr_snippet.errors import PageError, Problem, SnippetError
from rr_snippet.files import replaced, unreadable, unwritable
from rr_snippet.page.splice import IfPresent, inject
from rr_snippet.site.blocks import NO_BLOCK, PageBlocks
from rr_snippet.site.diff import diff_page
from rr_snippet.site.listing import (
    SIDECAR_SUFFIX,
    is_within,
    list_site,
    stale_copies,
)
from rr_snippet.site.patterns import PathFilter

OnRefuse = Literal["warn", "fail", "ignore"]
Severity = Literal["error", "warning"]
Diff = Literal["none", "masked", "plain"]
State = Literal["changed", "unchanged", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Task:
    """A page, as a path within the site, and the block it gets."""

    page: str
    block: str


@dataclass(slots=True)
class Plan:
    """What there is to do in a site, and what was found while planning; files are told as paths within it."""

    tasks: list[Task] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """All pages that are meant, those without a customer too."""
    without_customer: int = 0
    rejected: list[tuple[str, Problem]] = field(default_factory=list)
    """What speaks against customers: with any of it nothing should be done."""
    unreadable: list[tuple[str, Problem]] = field(default_factory=list)
    warnings: list[tuple[str, Problem]] = field(default_factory=list)
    temporaries: list[str] = field(default_factory=list)
    """Left by a run that was killed."""


def plan_site(
    root: Path,
    blocks: PageBlocks,
    *,
    own: Mapping[str, str | None] | None = None,
    pages: PathFilter | None = None,
    only: Collection[str] | None = None,
) -> Plan:
    """Return what there is to do in the folder `root`, a real path; nothing is changed.

    `own` has the blocks that pages ask for themselves, known to a generator's plugin; a file `page.html.rr.json` beside
    a page, which holds a customer in JSON or `null`, goes before it. `only` limits the work to the pages it names.
    """
    plan = Plan()
    listing = list_site(root)
    plan.temporaries = listing.temporaries
    plan.unreadable = listing.unreadable
    plan.warnings = [(path, Problem.of("site.link")) for path in listing.links_out]
    takes = (pages or PathFilter()).takes
    plan.pages = [page for page in listing.files if takes(page)]
    if only is not None:
        wanted = _wanted(root, only, set(listing.files), plan)
        plan.pages = [page for page in plan.pages if page in wanted]
    sidecars = {path for path in listing.files if path.endswith(SIDECAR_SUFFIX)}
    owners = {f"{path}{SIDECAR_SUFFIX}" for path in listing.files}
    plan.warnings += ((path, Problem.of("pattern.unused")) for path in sorted(sidecars - owners))
    for page in plan.pages:
        block = (own or {}).get(page)
        sidecar = f"{page}{SIDECAR_SUFFIX}"
        if sidecar in sidecars:
            try:
                block = blocks.read((root / sidecar).read_bytes())
            except SnippetError as error:
                plan.rejected += ((sidecar, problem) for problem in error.problems)
                continue
            except OSError as error:
                # Whoever the page is for, it is not the customer of the next weaker source.
                plan.unreadable.append((sidecar, unreadable(error)))
                continue
        block = blocks.find(page, block)
        if block == NO_BLOCK:
            plan.without_customer += 1
        else:
            plan.tasks.append(Task(page, block))
    return plan


def _wanted(root: Path, only: Collection[str], files: set[str], plan: Plan) -> set[str]:
    """Return the pages that `only` names, told the way the listing does, and report those that are none."""
    wanted = set()
    for page in only:
        if page in files:
            wanted.add(page)
        elif not is_within(root, root / page):
            plan.warnings.append((page, Problem.of("site.link")))
        elif (root / page).is_file():  # by a link within the site
            wanted.add(Path(os.path.realpath(root / page)).relative_to(root).as_posix())
        else:
            plan.unreadable.append((page, unreadable(FileNotFoundError(ENOENT, os.strerror(ENOENT)))))
    return wanted


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


def refusal_severity(problem: Problem, on_refuse: OnRefuse) -> Severity | None:
    """Return how a refusal is told, `None` for not at all. With `if_present="error"`, what is present is an error."""
    if problem.code == "page.already" or on_refuse == "fail":
        return "error"
    return "warning" if on_refuse == "warn" else None
