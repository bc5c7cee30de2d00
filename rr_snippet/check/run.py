"""Check many files: collect the findings, and the files that could not be read."""

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
    """The result of a run: findings by file, the number of files read, and the problems of the others."""

    findings: list[tuple[str, Finding]] = field(default_factory=list)
    files: int = 0
    problems: list[tuple[str, Problem]] = field(default_factory=list)

    @property
    def has_unread(self) -> bool:
        """Whether a named file is of no kind that can be checked, or there was nothing to check."""
        return any(problem.code in ("source.kind", "source.nothing") for _, problem in self.problems)

    @property
    def has_unreadable(self) -> bool:
        """Whether the system could not read a file."""
        return any(problem.code == "source.unreadable" for _, problem in self.problems)


def check_files(
    files: Iterable[Found],
    options: CheckOptions,
    *,
    read: Callable[[str], bytes],
    name_of: Callable[[str], str],
    stdin_name: str | None = None,
) -> Run:
    """Check `files`; `read` returns the content of a file, `name_of` its name in reports.

    The name of `-` is `stdin_name`, if that is given, and its suffix decides how the content is read.
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
