"""Checks many files: what is found in each, and which could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rr_snippet.check.checker import CheckOptions, check_page
from rr_snippet.check.containers import is_container
from rr_snippet.check.files import Found
from rr_snippet.check.finding import Finding
from rr_snippet.check.kinds import kind_of
from rr_snippet.errors import Problem, SourceError


@dataclass(slots=True)
class Run:
    """What came of a run: the findings by file, how many files were read, and what is told of the others."""

    findings: list[tuple[str, Finding]] = field(default_factory=list)
    files: int = 0
    problems: list[tuple[str, Problem]] = field(default_factory=list)

    @property
    def has_unread(self) -> bool:
        """Tell whether a file was named that is of no kind that is read, or nothing was there at all."""
        return any(problem.code in ("source.kind", "source.nothing") for _, problem in self.problems)

    @property
    def has_unreadable(self) -> bool:
        """Tell whether the system could not read a file."""
        return any(problem.code == "source.unreadable" for _, problem in self.problems)


def check_files(
    files: Iterable[Found],
    options: CheckOptions,
    *,
    read: Callable[[str], bytes],
    name_of: Callable[[str], str],
    stdin_name: str | None = None,
) -> Run:
    """Check each of `files`; `read` returns the content of one, `name_of` how it is called in reports.

    `-` is called `stdin_name` if that is given, and read as its suffix says.
    """
    run = Run()
    for file in files:
        is_stdin = file.path == "-"
        name = stdin_name or "page.html" if is_stdin else file.path
        shown = stdin_name or name_of(file.path) if is_stdin else name_of(file.path)
        kind = kind_of(name)
        if kind is None:
            run.problems.append((shown, Problem.of("source.kind")))
            continue
        try:
            content = read(file.path)
        except SourceError as error:
            run.problems += ((shown, problem) for problem in error.problems)
            continue
        if kind.engine == "gtm" and not is_container(content):
            if file.is_named:
                run.problems.append((shown, Problem.of("source.kind")))
            continue
        run.files += 1
        run.findings += ((shown, finding) for finding in check_page(content, options, name=name))
    return run
