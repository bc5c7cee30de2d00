"""The language of the command, and whether it uses colour, known before the arguments are parsed.

Help and wrong usage are shown while the options are still being parsed, so both come from the raw arguments.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Any, Final, Literal, TypeVar, cast, get_args

import click

from rr_snippet.errors import Language, Severity
from rr_snippet.messages import phrase

Colour = Literal["auto", "always", "never"]

_LANGUAGE_VARIABLE: Final = "RR_SNIPPET_LANG"
# In the order of POSIX: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_COLOURS: Final[dict[Severity, str]] = {"error": "red", "warning": "yellow"}

_Command = TypeVar("_Command")


@dataclass(frozen=True, slots=True)
class Speech:
    """The language of the command, and its use of colour. `is_asked` means chosen by more than the locale."""

    language: Language = "en"
    colour: Colour = "auto"
    is_asked: bool = False

    @classmethod
    def of(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> Speech:
        """Return the choice of the arguments, or else of the environment."""
        asked = _last_of("--lang", arguments, get_args(Language)) or environment.get(_LANGUAGE_VARIABLE)
        is_asked = asked in get_args(Language)
        language = asked if is_asked else _language_of_locale(environment)
        colour = _last_of("--color", arguments, get_args(Colour)) or "auto"
        return cls(cast("Language", language), cast("Colour", colour), is_asked)


_SPEECH: Final[ContextVar[Speech]] = ContextVar("_SPEECH")
_PLAIN: Final = Speech()


@contextmanager
def speaking(arguments: Sequence[str]) -> Iterator[None]:
    """Use the language and the colour that `arguments` and the environment choose for all output in the block."""
    token = _SPEECH.set(Speech.of(arguments, os.environ))
    try:
        yield
    finally:
        _SPEECH.reset(token)


def asked_language() -> Language | None:
    """Return the language that an option or our own variable names, if any does."""
    speech = _SPEECH.get(_PLAIN)
    return speech.language if speech.is_asked else None


def language() -> Language:
    """Return the chosen language."""
    return _SPEECH.get(_PLAIN).language


def is_coloured(stream: IO[Any] | None) -> bool:
    """Return whether the output to `stream` is coloured.

    Source: https://no-color.org
    """
    colour = _SPEECH.get(_PLAIN).colour
    if colour != "auto":
        return colour == "always"
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def severity_word(severity: Severity, stream: IO[Any] | None) -> str:
    """Return the word for a severity, in its colour if `stream` is coloured."""
    word = phrase(severity, language())
    return click.style(word, fg=_COLOURS[severity], bold=True) if is_coloured(stream) else word


def speech_options(command: _Command) -> _Command:
    """Add `--lang` and `--color`, the same before and after the name of a subcommand."""
    added: list[Callable[[Any], Any]] = [
        click.option(
            "--color",
            type=click.Choice(get_args(Colour)),
            expose_value=False,
            help="Colour by severity.  [default: on a terminal, unless NO_COLOR is set]",
        ),
        click.option(
            "--lang",
            type=click.Choice(get_args(Language)),
            envvar=_LANGUAGE_VARIABLE,
            expose_value=False,
            help="English or Russian.  [default: RR_SNIPPET_LANG, else LC_ALL, LC_MESSAGES, LANG]",
        ),
    ]
    for option in added:
        command = option(command)
    return command


def _language_of_locale(environment: Mapping[str, str]) -> Language:
    locale = next((value for name in _LOCALE_VARIABLES if (value := environment.get(name))), "")
    return "ru" if locale[:2].lower() == "ru" and not locale[2:3].isalpha() else "en"


def _last_of(option: str, arguments: Sequence[str], choices: Collection[str]) -> str | None:
    """Return the value of an option in raw arguments: the last one that is one of `choices`."""
    found = None
    ends = [*arguments[1:], ""]
    for argument, following in zip(arguments, ends, strict=False):
        if argument == "--":
            break
        name, sign, value = argument.partition("=")
        if name == option and (value := value if sign else following) in choices:
            found = value
    return found
