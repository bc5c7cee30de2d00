"""What the plugins of site generators share: their settings, the blocks of a site, and their reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, get_args

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.errors import OptionError, PageError, Problem, SnippetError, SourceError
from rr_snippet.files import reading
from rr_snippet.options import refuse, unknown_option, wrong_value
from rr_snippet.site.blocks import PageBlocks
from rr_snippet.site.entries import FORMAT_OF_SUFFIX, read_entries
from rr_snippet.site.listing import remove_files
from rr_snippet.site.loader_tag import SiteLoader
from rr_snippet.site.notice import Notice, OnRefuse
from rr_snippet.site.patterns import PathFilter
from rr_snippet.site.plan import plan_site
from rr_snippet.site.work import PageWork, do_tasks, put_file

_OPTIONS: Final = tuple(option.name for option in fields(RenderOptions))
_OWN: Final = (
    "customers",
    "customer",
    "include",
    "exclude",
    "on_refuse",
    "allow_personal",
    "nonce",
    "deferred",
    "deferred_prefix",
)


class SiteBuild:
    """The blocks for the pages of one build, and the notices about them.

    The names in `settings` may have any letter case. `customers` is a file of pages or patterns with their customers,
    relative to `folder`; `customer` is a mapping for all other pages; `include` and `exclude` are lists of patterns of
    pages. The others are `on_refuse`, `allow_personal`, `nonce` and the options of `RenderOptions`. With `deferred`
    pages get no customer, but the loader that `make_loader` makes of `deferred_prefix` and the nonce. Everything is
    validated here.

    Raises:
        SnippetError: every problem found, `option.unknown` and `option.value` included.
    """

    def __init__(
        self, settings: Mapping[str, Any], folder: Path, make_loader: Callable[[str, str | None], SiteLoader]
    ) -> None:
        if not isinstance(settings, Mapping):
            raise OptionError(Problem.of("option.type", "rr_snippet"))
        given = {str(name).lower(): value for name, value in settings.items() if value is not None}
        _check(given)
        options = RenderOptions.of({name: given[name] for name in _OPTIONS if name in given})
        self._on_refuse: OnRefuse = given.get("on_refuse", "warn")
        self._filter = PathFilter(given.get("include", ()), given.get("exclude", ()))
        self._allow_personal = given.get("allow_personal", False)
        self._blocks = PageBlocks(Renderer(options), nonce=given.get("nonce"))
        self._source = ""
        self._loader: SiteLoader | None = None
        if given.get("deferred", False):
            self._loader = make_loader(given.get("deferred_prefix", "/rr-snippet/"), given.get("nonce"))
            self._blocks.default = self._loader.tag
        problems: list[Problem] = []
        if "customer" in given:
            try:
                self._blocks.default = self._blocks.render(given["customer"])
            except SnippetError as error:
                problems += _at("customer", error.problems)
        if "customers" in given:
            file = folder / given["customers"]
            self._source = file.name
            problems += self._read(file)
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
        """Return the block that the metadata of the page made from `source` asks for; see `PageBlocks.read_metadata`.

        Raises:
            PageError: every problem found, at the path `source`.
        """
        try:
            return self._blocks.read_metadata(metadata)
        except SnippetError as error:
            problems = _at(source, error.problems)
        raise PageError(*problems)

    def finish(self, root: Path, own: Mapping[str, str | None], *, others: Iterable[str] = ()) -> list[Notice]:
        """Put the blocks into all pages that a generator has made in the folder `root`, and return the notices.

        `own` has the blocks that pages ask for themselves. `others` are pages that another build makes of the same
        source: an entry that decides about one of them is not unused. A block whose customer is gone is removed.
        Sidecars are read and removed from the folder, because they must not be published.
        """
        root = root.resolve()
        plan = plan_site(root, self._blocks, own=own, pages=self._filter, is_deferred=self._loader is not None)
        notices = [*plan.rejected, *plan.unreadable, *plan.warnings]
        if plan.rejected:
            return notices
        remove_files(root, [*plan.temporaries, *plan.sidecars])
        work = PageWork(root, "replace", loader=None if self._loader is None else self._loader.tag)
        for report in do_tasks(work, plan.tasks, jobs=1):
            notices += report.notices(self._on_refuse)
        if self._loader is not None:
            notices += put_file(root, self._loader.name, self._loader.content).notices(self._on_refuse)
        notices += self._blocks.unused_entries((*plan.pages, *others), self._source)
        if plan.has_blocks and not self._allow_personal:
            notices.append(Notice("warning", str(root), Problem.of("site.personal", option="allow_personal")))
        return notices


def _at(place: str, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with `place`, which is no field of a customer, before their paths."""
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
        elif name in ("customer", "customers") and given.get("deferred") is True:
            problems.append(wrong_value(name, "no customer beside deferred"))
    refuse(*problems)


def _expected(name: str, value: object) -> str | None:
    """Return what is expected instead of `value`, `None` if the value is fine."""
    if name == "customers" and not (isinstance(value, str | Path) and Path(value).suffix.lower() in FORMAT_OF_SUFFIX):
        return f"the path of a file that ends in {', '.join(FORMAT_OF_SUFFIX)}"
    if name in ("include", "exclude") and not (
        isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    ):
        return "a list of patterns"
    if name == "on_refuse" and value not in get_args(OnRefuse):
        return ", ".join(get_args(OnRefuse))
    return "True or False" if name in ("allow_personal", "deferred") and type(value) is not bool else None
