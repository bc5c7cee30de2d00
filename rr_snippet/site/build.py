"""What the plugins of static site generators share: their settings, the blocks of a site, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, get_args

from rr_snippet.block.render import Renderer, RenderOptions
from rr_snippet.errors import OptionError, PageError, Problem, SnippetError, SourceError
from rr_snippet.files import reading
from rr_snippet.options import refuse, unknown_option, wrong_value
from rr_snippet.page.splice import inject
from rr_snippet.site.blocks import NO_BLOCK, PageBlocks
from rr_snippet.site.entries import FORMAT_OF_SUFFIX, read_entries
from rr_snippet.site.listing import remove_temporaries
from rr_snippet.site.notice import Notice, OnRefuse
from rr_snippet.site.patterns import PathFilter
from rr_snippet.site.plan import Task, plan_site
from rr_snippet.site.work import PageReport, PageWork, do_tasks

_OPTIONS: Final = tuple(option.name for option in fields(RenderOptions))
_OWN: Final = ("customers", "customer", "include", "exclude", "on_refuse", "allow_personal", "nonce")


class SiteBuild:
    """The blocks of the pages of one build, and what there is to tell about them.

    `settings` has, in any letter case: `customers`, a file of pages or patterns and customers; `customer`, a mapping,
    for all other pages; `include` and `exclude`, lists of patterns of pages; `on_refuse`, `allow_personal`, `nonce`;
    and the options of `RenderOptions`. Paths are relative to `folder`. Everything is validated here.

    Raises:
        SnippetError: every problem found, `option.unknown` and `option.value` among them.
    """

    def __init__(self, settings: Mapping[str, Any], folder: Path) -> None:
        if not isinstance(settings, Mapping):
            raise OptionError(Problem.of("option.type", "rr_snippet"))
        given = {str(name).lower(): value for name, value in settings.items() if value is not None}
        _check(given)
        options = RenderOptions.of({name: given[name] for name in _OPTIONS if name in given})
        self.on_refuse: OnRefuse = given.get("on_refuse", "warn")
        self._filter = PathFilter(given.get("include", ()), given.get("exclude", ()))
        self._allow_personal = given.get("allow_personal", False)
        self._blocks = PageBlocks(Renderer(options), nonce=given.get("nonce"))
        self._pages: set[str] = set()
        self._has_blocks = False
        problems: list[Problem] = []
        if "customer" in given:
            try:
                self._blocks.default = self._blocks.render(given["customer"])
            except SnippetError as error:
                problems += _at("customer", error.problems)
        if "customers" in given:
            problems += self._read(folder / given["customers"])
        if problems:
            raise OptionError(*problems)

    def _read(self, file: Path) -> Iterator[Problem]:
        try:
            with reading(), file.open("rb") as stream:
                entries = read_entries(stream, source_format=FORMAT_OF_SUFFIX[file.suffix.lower()])
                for notice in self._blocks.add_all(entries, file.name):
                    yield from _at(notice.where, [notice.problem])
        except SourceError as error:
            yield from _at(file.name, error.problems)

    def own_block(self, source: str, metadata: Mapping[str, object]) -> str | None:
        """Return the block that the page made of `source` asks for in its metadata, see `PageBlocks.read_metadata`.

        Raises:
            PageError: what speaks against it, told at `source`.
        """
        try:
            return self._blocks.read_metadata(metadata)
        except SnippetError as error:
            problems = _at(source, error.problems)
        raise PageError(*problems)

    def inject(self, page: str, text: str, own: str | None = None) -> tuple[str, list[Notice]]:
        """Return the text of a page that is yet to be written, with its block, and what there is to tell.

        `page` is the path it will have within the site, `own` the block it asks for itself.
        """
        task = self._task(page, own)
        if task is None:
            return text, []
        try:
            return (inject(text, task.block, if_present="replace") if task.block else text), []
        except PageError as error:
            return text, list(PageReport(page, "refused", error.problems).notices(self.on_refuse))

    def inject_file(self, root: Path, page: str, own: str | None = None) -> Iterator[Notice]:
        """Put its block into a page that is written, and yield what there is to tell."""
        task = self._task(page, own)
        if task is not None:
            yield from PageWork(root, "replace")(task).notices(self.on_refuse)

    def inject_site(self, root: Path, own: Mapping[str, str | None]) -> Iterator[Notice]:
        """Put the blocks into all pages of the folder `root`, and yield what there is to tell."""
        plan = plan_site(root, self._blocks, own=own, pages=self._filter)
        yield from (*plan.rejected, *plan.unreadable, *plan.warnings)
        if plan.rejected:
            return
        remove_temporaries(root, plan.temporaries)
        self._pages.update(plan.pages)
        self._has_blocks |= plan.has_blocks
        for report in do_tasks(PageWork(root, "replace"), plan.tasks, jobs=1):
            yield from report.notices(self.on_refuse)

    def last_notices(self, place: str) -> Iterator[Notice]:
        """Yield what there is to tell of the build as a whole, at `place`, the folder it has made."""
        for entry in self._blocks.unused(self._pages):
            yield Notice("warning", str(entry.pattern), Problem.of("pattern.unused"))
        if self._has_blocks and not self._allow_personal:
            yield Notice("warning", place, Problem.of("site.personal", option="allow_personal"))

    def _task(self, page: str, own: str | None) -> Task | None:
        if not self._filter.takes(page):
            return None
        self._pages.add(page)
        block = self._blocks.find(page, own) or NO_BLOCK
        self._has_blocks |= block != NO_BLOCK
        return Task(page, block)


def _at(place: str, problems: Iterable[Problem]) -> list[Problem]:
    """Return problems told at a place that is no path of a customer's field."""
    return [
        Problem(each.code, f"{place}: {each.path}" if each.path else place, each.message, each.details)
        for each in problems
    ]


def _check(given: Mapping[str, Any]) -> None:
    """Check the names of all settings, and the values of those that are not options of the rendering.

    Raises:
        OptionError: `option.unknown`, `option.value`.
    """
    known = (*_OWN, *_OPTIONS)
    problems = []
    for name, value in given.items():
        if name not in known:
            problems.append(unknown_option(name, known))
        elif (expected := _expected(name, value)) is not None:
            problems.append(wrong_value(name, expected))
    refuse(*problems)


def _expected(name: str, value: object) -> str | None:
    """Return what is expected in the place of `value`, `None` if it will do."""
    if name == "customers" and not (isinstance(value, str | Path) and Path(value).suffix.lower() in FORMAT_OF_SUFFIX):
        return f"the path of a file that ends in {', '.join(FORMAT_OF_SUFFIX)}"
    if name in ("include", "exclude") and not (
        isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    ):
        return "a list of patterns"
    if name == "on_refuse" and value not in get_args(OnRefuse):
        return ", ".join(get_args(OnRefuse))
    return "True or False" if name == "allow_personal" and type(value) is not bool else None
