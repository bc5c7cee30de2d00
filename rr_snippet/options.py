"""The problems of wrong options, the same for every function, setting and command, with suggestions."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rr_snippet.errors import OptionError, Problem


def did_you_mean(name: object, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` probably means, whatever its letter case and separators, or `None`.

    The result is always one of `known`, so no customer's data can get into a message.
    """
    # Imported here, because only errors need difflib, and it would slow down the import of the package.
    from difflib import get_close_matches

    if type(name) is not str or len(name) > 64:
        return None
    folded = {_folded(candidate): candidate for candidate in known}
    matches = get_close_matches(_folded(name), folded, n=1, cutoff=0.75)
    return folded[matches[0]] if matches else None


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def suggestion(name: object, known: Iterable[str]) -> dict[str, str]:
    """Return the result of `did_you_mean` as the detail `suggestion` of a problem, or no detail."""
    near = did_you_mean(name, known)
    return {} if near is None else {"suggestion": near}


def unknown_option(name: str, known: Iterable[str], *, path: str | None = None) -> Problem:
    """Return the problem of an option that is none of `known`, at `path` or else at its name."""
    return Problem.of("option.unknown", name if path is None else path, **suggestion(name, known))


def wrong_value(name: str, expected: str, *, near: str | None = None) -> Problem:
    """Return the problem of an option's wrong value; `expected` describes a right one, `near` is a suggestion."""
    return Problem.of("option.value", name, expected=expected, **({"suggestion": near} if near else {}))


def wrong_choice(name: str, value: object, choices: Collection[str]) -> Problem | None:
    """Return the problem of an option that must be one of `choices`, or `None`."""
    return None if value in choices else wrong_value(name, ", ".join(choices))


def wrong_switch(name: str, value: object) -> Problem | None:
    """Return the problem of an option that must be `True` or `False`, or `None`."""
    return None if type(value) is bool else wrong_value(name, "True or False")


def refuse(*problems: Problem | None) -> None:
    """Raise an `OptionError` if any of `problems` is not `None`.

    Raises:
        OptionError: all problems that are not `None`.
    """
    found = [problem for problem in problems if problem is not None]
    if found:
        raise OptionError(*found)
