"""The settings of a project: `[tool.rr-snippet]` of its `pyproject.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.options import unknown_option, wrong_value

_SETTINGS: Final[dict[str, type]] = {
    "select": list,
    "ignore": list,
    "exclude": list,
    "fail-on": str,
    "force-exclude": bool,
    "rendered": bool,
}
_WORDS: Final[dict[type, str]] = {list: "a list of strings", str: "a string", bool: "true or false"}


def read_settings(start: Path) -> tuple[dict[str, Any], Path]:
    """Return the settings of the nearest `pyproject.toml`, from the folder `start` upwards, and its folder.

    Tables inside it belong to other tools and are left out.

    Raises:
        SourceError: `source.unreadable`.
        OptionError: `option.unknown`, `option.value`.
    """
    folder = next((folder for folder in (start, *start.parents) if (folder / "pyproject.toml").is_file()), None)
    if folder is None:
        return {}, start
    file = folder / "pyproject.toml"
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
    return own, folder


def _setting_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in settings.items():
        expected = _SETTINGS.get(name)
        if expected is None:
            yield unknown_option(name, _SETTINGS)
        elif type(value) is not expected or (isinstance(value, list) and not all(type(item) is str for item in value)):
            yield wrong_value(name, _WORDS[expected])
