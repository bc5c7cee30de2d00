"""The files that a check reads, and the settings of a project."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.options import unknown_option, wrong_value

SCRIPT_SUFFIXES: Final = frozenset((".js", ".mjs", ".cjs"))
# Pages, and templates of whatever makes them.
PAGE_SUFFIXES: Final = SCRIPT_SUFFIXES | frozenset(
    (
        *(".html", ".htm", ".xhtml", ".shtml", ".php", ".phtml", ".inc", ".tpl", ".tmpl", ".twig", ".j2", ".jinja"),
        *(".jinja2", ".erb", ".ejs", ".asp", ".aspx", ".ascx", ".cshtml", ".jsp", ".njk", ".liquid"),
    )
)
# Other people's code, and folders with a dot in front.
_SKIPPED: Final = frozenset(("node_modules", "bower_components", "vendor", "__pycache__", "venv"))

_SETTINGS: Final[dict[str, type]] = {
    "select": list,
    "ignore": list,
    "exclude": list,
    "fail-on": str,
    "rendered": bool,
}
_WORDS: Final[dict[type, str]] = {list: "a list of texts", str: "a text", bool: "true or false"}


def find_pages(path: str, exclude: Sequence[str]) -> Iterator[str]:
    """Yield the files to read for `path`: itself, or the pages, templates and scripts in a folder, in order.

    `exclude` holds patterns for the paths of files found in folders, with `/` on every system.
    """
    if not Path(path).is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(names):
            found = Path(folder, name)
            if found.suffix.lower() in PAGE_SUFFIXES and not _is_excluded(found, exclude):
                yield str(found)


def _is_excluded(path: Path, exclude: Sequence[str]) -> bool:
    return any(fnmatch(path.as_posix(), pattern) for pattern in exclude)


def read_settings(start: Path) -> dict[str, Any]:
    """Return `[tool.rr-snippet]` of the nearest `pyproject.toml`, from the folder `start` upwards.

    Tables in it belong to others and are left out.

    Raises:
        SourceError: `source.unreadable`.
        OptionError: `option.unknown`, `option.value`.
    """
    file = next(
        (folder / "pyproject.toml" for folder in (start, *start.parents) if (folder / "pyproject.toml").is_file()), None
    )
    if file is None:
        return {}
    reason = None
    settings: Any = {}
    try:
        settings = tomllib.loads(file.read_text("utf-8")).get("tool", {})
    except (OSError, ValueError) as error:
        reason = type(error).__name__
    if isinstance(settings, dict):
        settings = settings.get("rr-snippet", {})
    if not isinstance(settings, dict):
        reason = "no table [tool.rr-snippet]"
    if reason is not None:
        raise SourceError(Problem.of("source.unreadable", str(file), reason=reason))
    own = {name: value for name, value in settings.items() if not isinstance(value, dict)}
    problems = list(_setting_problems(own))
    if problems:
        raise OptionError(*(problem.at(str(file)) for problem in problems))
    return own


def _setting_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in settings.items():
        expected = _SETTINGS.get(name)
        if expected is None:
            yield unknown_option(name, _SETTINGS)
        elif type(value) is not expected or (isinstance(value, list) and not all(type(item) is str for item in value)):
            yield wrong_value(name, _WORDS[expected])
