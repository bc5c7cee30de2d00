"""Decide whose block each page of a site gets. Every customer is read and validated before any page is changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from errno import ENOENT
from pathlib import Path

from rr_snippet.errors import Problem, SnippetError
from rr_snippet.files import unreadable
from rr_snippet.site.blocks import NO_BLOCK, PageBlocks
from rr_snippet.site.listing import COPY_SUFFIXES, SIDECAR_SUFFIX, is_within, list_site
from rr_snippet.site.loader_tag import is_loader_tag
from rr_snippet.site.notice import Notice
from rr_snippet.site.patterns import PathFilter


@dataclass(frozen=True, slots=True)
class Task:
    """A page, as a path within the site, and its block. With `NO_BLOCK`, a block in the page is removed."""

    page: str
    block: str
    copies: tuple[str, ...] = ()
    """The suffixes of the compressed copies beside the page."""
    is_excluded: bool = False
    """Whether the page is excluded, so that it only loses the loader's tag."""


@dataclass(slots=True)
class Plan:
    """The tasks in a site, and what was found while planning. Files are paths within the site."""

    tasks: list[Task] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """All chosen pages, with or without a customer."""
    has_choice: bool = False
    """Whether anything decides about some page, be it for a block or against one."""
    rejected: list[Notice] = field(default_factory=list)
    """Problems of customers. With any of them, no task should be done."""
    unreadable: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    temporaries: list[str] = field(default_factory=list)
    """Left by a run that was killed."""
    sidecars: list[str] = field(default_factory=list)

    @property
    def has_blocks(self) -> bool:
        """Whether any page gets a customer's block."""
        return any(task.block and not is_loader_tag(task.block) for task in self.tasks)


def plan_site(
    root: Path,
    blocks: PageBlocks,
    *,
    own: Mapping[str, str | None] | None = None,
    pages: PathFilter | None = None,
    only: Collection[str] | None = None,
    is_deferred: bool = False,
) -> Plan:
    """Return what there is to do in the folder `root`, a real path. Nothing is changed.

    `own` has the blocks that pages ask for themselves, which a generator's plugin knows. A file `page.html.rr.json`
    beside a page, with a customer in JSON or `null`, takes precedence. `only` limits the work to the pages it names.
    In a site that `is_deferred`, excluded pages get a task too.
    """
    plan = Plan()
    pages = pages or PathFilter()
    listing = list_site(root, {*pages.named, *(part for page in only or () for part in page.split("/"))})
    plan.temporaries = listing.temporaries
    plan.unreadable = [Notice("error", folder, problem) for folder, problem in listing.unreadable]
    plan.warnings = [Notice("warning", path, Problem.of("site.link")) for path in listing.links_out]
    plan.pages = [page for page in listing.files if pages.takes(page)]
    files = set(listing.files)
    if only is not None:
        wanted = _wanted(root, only, files, plan)
        plan.pages = [page for page in plan.pages if page in wanted]
    plan.sidecars = [path for path in listing.files if path.endswith(SIDECAR_SUFFIX)]
    sidecars = set(plan.sidecars)
    unused = (path for path in plan.sidecars if path.removesuffix(SIDECAR_SUFFIX) not in files)
    plan.warnings += (Notice("warning", path, Problem.of("pattern.unused")) for path in unused)
    for page in plan.pages:
        block = (own or {}).get(page)
        sidecar = f"{page}{SIDECAR_SUFFIX}"
        if sidecar in sidecars:
            try:
                block = blocks.read((root / sidecar).read_bytes())
            except SnippetError as error:
                plan.rejected += (Notice("error", sidecar, problem) for problem in error.problems)
                continue
            except OSError as error:
                # The page must not get another customer's block from a weaker source.
                plan.unreadable.append(Notice("error", sidecar, unreadable(error)))
                continue
        block = blocks.find(page, block)
        plan.has_choice |= block is not None
        plan.tasks.append(Task(page, block or NO_BLOCK, _copies(page, files)))
    if is_deferred:
        excluded = filter(pages.leaves_out, listing.files if only is None else sorted(wanted))
        plan.tasks += (Task(page, NO_BLOCK, _copies(page, files), is_excluded=True) for page in excluded)
    return plan


def _copies(page: str, files: Collection[str]) -> tuple[str, ...]:
    return tuple(suffix for suffix in COPY_SUFFIXES if f"{page}{suffix}" in files)


def _wanted(root: Path, only: Collection[str], files: set[str], plan: Plan) -> set[str]:
    """Return the pages that `only` names, as paths of the listing, and report those that do not exist."""
    wanted = set()
    for page in only:
        if page in files:
            wanted.add(page)
        elif not is_within(root, root / page):
            plan.warnings.append(Notice("warning", page, Problem.of("site.link")))
        elif os.path.isfile(root / page):  # noqa: PTH113 - pathlib raises for a name that is too long; a link within the site
            wanted.add(Path(os.path.realpath(root / page)).relative_to(root).as_posix())
        else:
            gone = FileNotFoundError(ENOENT, os.strerror(ENOENT))
            plan.unreadable.append(Notice("error", page, unreadable(gone)))
    return wanted
