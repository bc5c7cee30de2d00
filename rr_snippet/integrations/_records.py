"""Log records of the logger `rr_snippet`. They say what happened and where, and never hold a value."""

from __future__ import annotations

import logging
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rr_snippet.errors import OptionError, Problem, SnippetError
from rr_snippet.integrations._settings import NAME

_logger: Final = logging.getLogger("rr_snippet")

_OWN_CODE: Final = str(Path(__file__).parents[1])
_INSTALLED_CODE: Final = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


@dataclass(frozen=True, slots=True)
class Where:
    """The place of an event in the site's own code.

    `setting` is the setting whose function was running, `function` its dotted path. `route` is the name of the route or
    the view, `template` that of the template. `file` and `line` are where the site's own code failed.
    """

    setting: str | None = None
    function: str | None = None
    route: str | None = None
    template: str | None = None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        said = [
            " ".join(filter(None, [self.setting, self.function])),
            self.file and f"{self.file}:{self.line}",
            self.route and f"route {self.route}",
            self.template and f"template {self.template}",
        ]
        return "; ".join(filter(None, said))


def problems_of(error: Exception) -> tuple[Problem, ...]:
    """Return the problems of an error; of a foreign one only its type, because its text may show customers' data."""
    if isinstance(error, SnippetError):
        return error.problems
    return (Problem.of("site.failed", error=type(error).__name__),)


def log(level: int, what: str, problems: Iterable[Problem], where: Where) -> None:
    """Log what has happened, the codes and the place, as text and as attributes (`rr_codes`, `rr_route`)."""
    codes = [problem.code for problem in problems]
    said = ", ".join(_said(problem) for problem in problems)
    extra: dict[str, Any] = {f"rr_{name}": getattr(where, name) for name in Where.__slots__}
    _logger.log(level, "%s: %s%s", what, said, f" ({where})" if str(where) else "", extra={"rr_codes": codes, **extra})


def _said(problem: Problem) -> str:
    return " ".join([problem.code, *(str(word) for name, word in problem.details if name == "error")])


def warn_without_customer() -> None:
    """Log once, when a site starts, that nothing can be asked for its customers."""
    log(logging.WARNING, "no block by itself", [Problem.of("option.customer")], Where(f"{NAME}.CUSTOMER"))


def wrong_settings(error: OptionError) -> str:
    """Return the names of the wrong settings, with the dotted path of a function that cannot be imported."""
    return ", ".join(f"{each.path} {dict(each.details).get('path', '')}".rstrip() for each in error.problems)


def dotted_path(function: Callable[..., Any]) -> str:
    """Return the dotted path of a function, or of the type of another callable."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def failing_line(error: BaseException) -> tuple[str | None, int | None]:
    """Return the innermost file and line of the site's own code that `error` went through.

    Installed packages and the standard library are not the site's own code.
    """
    place: tuple[str | None, int | None] = (None, None)
    traceback = error.__traceback__
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not file.startswith((_OWN_CODE, "<", *_INSTALLED_CODE)):
            place = file, traceback.tb_lineno
        traceback = traceback.tb_next
    return place


def log_dropped(person: object, route: str | None, template: str | None) -> None:
    """Log what `drop_faulty` left out of a person."""
    dropped = getattr(person, "dropped", ())
    if dropped:
        log(logging.WARNING, "left out of the block", dropped, Where(None, None, route, template, None, None))
