"""What the subcommands share for their messages: exit codes, and lines on standard error.

Each line is `place: severity: text`, the form of compilers, which editors can read. The place is `rr-snippet` for a
message about the run itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Final, NoReturn, TextIO

import click

from rr_snippet.cli._speech import language, severity_word
from rr_snippet.errors import OptionError, Problem, RenderError, Severity, SnippetError
from rr_snippet.site.notice import spell_out

EXIT_REJECTED: Final = 1
EXIT_USAGE: Final = 2
EXIT_FILES: Final = 3
EXIT_INTERRUPTED: Final = 130


class Exit(Exception):
    """End the run with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def drop_output() -> None:
    """Close standard output, because Python would try to flush it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_out(text: str, stream: TextIO | None) -> None:
    """Write a line, with its colours, to one of the process's own streams, or nowhere if that was closed."""
    if stream is not None:
        # The stream is named, because click would otherwise write UTF-8 to a stream in ASCII.
        click.echo(text, file=stream, color=True)


def say(text: str) -> None:
    """Write a note about the run itself, neither an error nor a warning, to standard error."""
    print_out(f"rr-snippet: {text}", sys.stderr)


def report_error(text: str, *, place: str | None = None, severity: Severity = "error") -> None:
    """Write one line to standard error."""
    word = severity_word(severity, sys.stderr)
    print_out(f"{spell_out(place or 'rr-snippet')}: {word}: {spell_out(text)}", sys.stderr)


def report_problem(place: str | None, problem: Problem, *, severity: Severity = "error") -> None:
    """Write a problem to standard error, with the file it is about."""
    report_error(problem.text_in(language()), place=place, severity=severity)


def warn(place: str | None, *, quiet: bool = False) -> Callable[[Problem], None]:
    """Return a function that writes a warning about `place` to standard error, or nothing if `quiet`."""
    return (lambda _: None) if quiet else partial(report_problem, place, severity="warning")


def fail(error: SnippetError, place: str | None = None) -> NoReturn:
    """Report why the run is impossible, and end it as wrong usage."""
    for problem in error.problems:
        if isinstance(error, (OptionError, RenderError)):  # a `RenderError` is about a nonce
            place, problem = None, _as_typed(problem)
        report_problem(place, problem)
    raise Exit(EXIT_USAGE)


@contextmanager
def failing(place: str | None = None) -> Iterator[None]:
    """End the run as wrong usage, reported at `place`, if the block raises an error."""
    try:
        yield
    except SnippetError as error:
        fail(error, place)


def typed_value(code: str, path: str, value: object, details: dict[str, str | int]) -> Problem:
    """Return a problem with the typed value in its message, if that is one word.

    This is only for options with our own vocabulary. None of them accepts a customer's data.
    """
    if code != "option.value" or not isinstance(value, str):
        return Problem.of(code, path, **details)
    near = {"typed_near": repr(value)} if "suggestion" in details else {"typed": repr(value)}
    return Problem.of(code, path, **near, **details)


def _as_typed(problem: Problem) -> Problem:
    """Return a problem of a library option with the name of the command line's option."""
    context = click.get_current_context()
    name, colon, rest = problem.path.partition(": ")
    spelt = f"--{name.replace('_', '-')}" if name.isidentifier() else ""
    parameter = next((each for each in context.command.params if each.name == name or spelt in each.opts), None)
    if not isinstance(parameter, click.Option):
        return problem  # a project's setting has its file's name before it
    typed = max(parameter.opts, key=len)
    if colon:
        return replace(problem, path=f"{typed}: {rest}")
    return typed_value(problem.code, typed, context.params.get(name), dict(problem.details))
