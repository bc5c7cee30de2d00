"""Paths of pages within a site, and patterns for them. `/` separates the parts on every system."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Final

from rr_snippet.errors import OptionError, Problem, SourceError

_BELOW: Final = "**"


def pattern_problem(pattern: str) -> Problem | None:
    """Return the problem of a path or pattern (`pattern.shape`), or `None`.

    No part of it may be empty, `.` or `..`. `**` must be a whole part. There may be no backslash. Brackets stand for
    themselves, because generators write pages called `[slug].html`.
    """
    parts = pattern.split("/")
    if "\\" in pattern or not {"", ".", ".."}.isdisjoint(parts) or any(_BELOW in part != _BELOW for part in parts):
        return Problem.of("pattern.shape")
    return None


def is_pattern(text: str) -> bool:
    """Return whether `text` may match other paths than the one it spells."""
    return "*" in text or "?" in text


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return the regular expression that a whole path has to match.

    `*` matches any characters within a part, `?` one of them. `**` matches any number of whole parts, and as the last
    part everything below. Letter case counts on every system.
    """
    pieces: list[str] = [""]  # the parts between one `**` and the next
    for part in pattern.split("/"):
        if part == _BELOW:
            pieces.append("")
        else:
            pieces[-1] += f"{_part_expression(part)}/"
    first, *others = pieces
    if not others:
        return re.compile(first.removesuffix("/"), re.DOTALL)
    *middle, last = others
    # The first place where a piece fits is as good as any later one. The atomic group never tries another, so the work
    # is linear in the length of the path. A second `**` in a row adds nothing.
    between = "".join(f"(?>(?:[^/]+/)*?{piece})" for piece in middle if piece)
    end = f"(?:[^/]+/)*{last.removesuffix('/')}" if last else ".+"
    return re.compile(f"{first}{between}{end}", re.DOTALL)


def _part_expression(part: str) -> str:
    first, *others = (re.escape(text).replace(r"\?", "[^/]") for text in part.split("*"))
    between = "".join(f"(?>[^/]*?{text})" for text in others[:-1] if text)
    return f"{first}{between}[^/]*{others[-1]}" if others else first


def read_paths(listed: bytes) -> set[str]:
    """Return the paths in a list of pages, one per line, or separated by NUL as `find -print0` writes them.

    Paths are within the site. A leading `./`, which `find .` writes, is removed.

    Raises:
        SourceError: `pattern.shape`, at the position of each path that is not within the site.
    """
    text = os.fsdecode(listed.removeprefix(b"\xef\xbb\xbf"))
    names = text.split("\0") if "\0" in text else text.replace("\r\n", "\n").split("\n")
    paths = [name.removeprefix("./") for name in names if name]
    problems = [
        problem.at(f"[{number}]") for number, path in enumerate(paths) if (problem := pattern_problem(path)) is not None
    ]
    if problems:
        raise SourceError(*problems)
    return set(paths)


class PathFilter:
    """The choice of a site's pages: those that `include` matches, by default `.html` and `.htm`, without `exclude`."""

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> None:
        """Compile the patterns.

        Raises:
            OptionError: `pattern.shape`.
        """
        include = list(include)
        self._include = _compile("include", include)
        self.named = frozenset(part for pattern in include for part in pattern.split("/"))
        """All parts of the patterns in `include`, among them the names of folders."""
        self._exclude = _compile("exclude", exclude)

    def takes(self, page: str) -> bool:
        """Return whether `page` is chosen."""
        return self._is_included(page) and not self._is_excluded(page)

    def leaves_out(self, page: str) -> bool:
        """Return whether `page` would be chosen if it were not excluded."""
        return self._is_included(page) and self._is_excluded(page)

    def _is_included(self, page: str) -> bool:
        if not self._include:
            return page.lower().endswith((".html", ".htm"))
        return any(pattern.fullmatch(page) for pattern in self._include)

    def _is_excluded(self, page: str) -> bool:
        return any(pattern.fullmatch(page) for pattern in self._exclude)


def _compile(option: str, patterns: Iterable[str]) -> list[re.Pattern[str]]:
    patterns = list(patterns)
    problems = [problem.at(option) for pattern in patterns if (problem := pattern_problem(pattern)) is not None]
    if problems:
        raise OptionError(*problems)
    return [compile_pattern(pattern) for pattern in patterns]
