"""What the subcommands share in speaking: exit codes, lines on standard error, the language."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final, NoReturn, TypeVar, cast

import click

from rr_snippet.errors import Language, OptionError, Problem, SnippetError

EXIT_REJECTED: Final = 1
EXIT_USAGE: Final = 2
EXIT_FILES: Final = 3
EXIT_INTERRUPTED: Final = 130

_TYPED: Final = {"source_format": "--from", "columns": "--map", "include": "--glob"}

_Command = TypeVar("_Command")


class Exit(Exception):  # noqa: N818 - the end of a run, which may be a good one
    """End the run with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def language_option(command: _Command) -> _Command:
    """Add `--lang`, the language of messages; a subcommand's wins over the one before it."""
    option = click.option(
        "--lang",
        type=click.Choice(["en", "ru"]),
        envvar="RR_SNIPPET_LANG",
        expose_value=False,
        callback=_keep_language,
        help="The language of messages: English or Russian.  [default: en]",
    )
    return cast("_Command", option(cast("Any", command)))


def _keep_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.find_root().meta["rr_snippet.language"] = value


def asked_language() -> Language | None:
    """Return the language asked for, if any was."""
    return cast("Language | None", click.get_current_context().find_root().meta.get("rr_snippet.language"))


def language() -> Language:
    """Return the language to speak."""
    return asked_language() or "en"


def drop_output() -> None:
    """Let go of standard output: what Python would still flush at exit has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def report_error(text: str) -> None:
    """Write one line to standard error."""
    click.echo(f"rr-snippet: {text}", err=True)


def fail(error: SnippetError, place: str | None = None) -> NoReturn:
    """Report what makes the run impossible, and end it as wrong usage."""
    for problem in error.problems:
        if isinstance(error, OptionError):
            place, problem = None, replace(problem, path=_typed(problem.path))
        report_problem(place, problem)
    raise Exit(EXIT_USAGE)


def report_problem(place: str | None, problem: Problem, *, severity: str = "") -> None:
    """Write a problem to standard error, with the file it is about."""
    text = f"{severity}: {problem.text_in(language())}" if severity else problem.text_in(language())
    report_error(f"{place}: {text}" if place else text)


def warn(place: str) -> Callable[[Problem], None]:
    """Return a function that writes a warning about `place` to standard error."""
    return partial(report_problem, place, severity="warning")


def _typed(option: str) -> str:
    """Return an option of the library as it is typed on the command line."""
    # Settings of a project have the place of their file before them.
    return _TYPED.get(option) or (f"--{option.replace('_', '-')}" if option.isidentifier() else option)


@contextmanager
def failing(place: str | None = None) -> Iterator[None]:
    """Let an error of the block end the run as wrong usage, told at `place`."""
    try:
        yield
    except SnippetError as error:
        fail(error, place)
