"""Paths of pages within a site, and patterns for them; `/` stands between the parts on every system."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Final

from rr_snippet.errors import OptionError, Problem, SourceError

_BELOW: Final = "**"


def pattern_problem(pattern: str) -> Problem | None:
    """Return what is wrong with a path or pattern, or `None`: `pattern.shape`.

    It begins within the site, has neither `.` nor `..` nor an empty part nor a backslash, and `**` only as a whole
    part. Brackets stand for themselves: generators do write pages called `[slug].html`.
    """
    parts = pattern.split("/")
    if "\\" in pattern or not {"", ".", ".."}.isdisjoint(parts) or any(_BELOW in part != _BELOW for part in parts):
        return Problem.of("pattern.shape")
    return None


def is_pattern(text: str) -> bool:
    """Tell whether `text` stands for more than the one path it spells."""
    return "*" in text or "?" in text


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return the regular expression that a path has to match as a whole.

    `*` is any run of characters within a part, `?` one of them, `**` any number of whole parts; as the last part it
    means all that lies below. Letter case counts on every system.
    """
    pieces: list[str] = [""]  # what stands between two `**`
    for part in pattern.split("/"):
        if part == _BELOW:
            pieces.append("")
        else:
            pieces[-1] += f"{_part_expression(part)}/"
    first, *others = pieces
    if not others:
        return re.compile(first.removesuffix("/"), re.DOTALL)
    *middle, last = others
    # The first place where a piece fits is as good as any later one: it is never tried again (an atomic group), so that
    # the work is linear in the length of a path. A second `**` in a row says nothing new.
    between = "".join(f"(?>(?:[^/]+/)*?{piece})" for piece in middle if piece)
    end = f"(?:[^/]+/)*{last.removesuffix('/')}" if last else ".+"
    return re.compile(f"{first}{between}{end}", re.DOTALL)


def _part_expression(part: str) -> str:
    first, *others = (re.escape(text).replace(r"\?", "[^/]") for text in part.split("*"))
    between = "".join(f"(?>[^/]*?{text})" for text in others[:-1] if text)
    return f"{first}{between}[^/]*{others[-1]}" if others else first


def read_paths(listed: bytes) -> set[str]:
    """Return the paths of pages in a list, one a line, or with NUL between them as `find -print0` writes.

    They are within the site; `./` before them, which `find .` writes, is taken off.

    Raises:
        SourceError: `pattern.shape`, at the positions of those that lead out of the site.
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
    """Says which pages of a site are meant: those with a page's ending or those of `include`, less `exclude`."""

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> None:
        """Take patterns.

        Raises:
            OptionError: `pattern.shape`.
        """
        include = list(include)
        self._include = _compile("include", include)
        self.named = frozenset(part for pattern in include for part in pattern.split("/"))
        """All parts of the patterns of `include`: folders, where they are spelled out."""
        self._exclude = _compile("exclude", exclude)

    def takes(self, page: str) -> bool:
        """Tell whether `page` is meant."""
        if any(pattern.fullmatch(page) for pattern in self._exclude):
            return False
        if not self._include:
            return page.lower().endswith((".html", ".htm"))
        return any(pattern.fullmatch(page) for pattern in self._include)


def _compile(option: str, patterns: Iterable[str]) -> list[re.Pattern[str]]:
    patterns = list(patterns)
    problems = [problem.at(option) for pattern in patterns if (problem := pattern_problem(pattern)) is not None]
    if problems:
        raise OptionError(*problems)
    return [compile_pattern(pattern) for pattern in patterns]
