"""What a wrong option is told, the same for every function, setting and command; and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rr_snippet.errors import OptionError, Problem


def did_you_mean(name: object, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` probably stands for, letter case and separators aside, or `None`.

    Only members of `known` are ever returned, so that nothing of a customer's can slip into a message.
    """
    # Imported here: difflib is needed on the error path alone and costs the import of the package otherwise.
    from difflib import get_close_matches

    if type(name) is not str or len(name) > 64:
        return None
    folded = {candidate.replace("_", "").lower(): candidate for candidate in known}
    matches = get_close_matches(name.replace("_", "").replace("-", "").lower(), folded, n=1, cutoff=0.75)
    return folded[matches[0]] if matches else None


def suggestion(name: object, known: Iterable[str]) -> dict[str, str]:
    """Return `did_you_mean` as the details of a problem: `suggestion`, or nothing."""
    near = did_you_mean(name, known)
    return {} if near is None else {"suggestion": near}


def unknown_option(name: str, known: Iterable[str], *, path: str | None = None) -> Problem:
    """Return the problem of an option that is none of `known`, told at `path`, or by its name."""
    return Problem.of("option.unknown", name if path is None else path, **suggestion(name, known))


def wrong_value(name: str, expected: str, *, near: str | None = None) -> Problem:
    """Return the problem of an option whose value means nothing; `expected` says what would, `near` what was meant."""
    return Problem.of("option.value", name, expected=expected, **({"suggestion": near} if near else {}))


def wrong_choice(name: str, value: object, choices: Collection[str]) -> Problem | None:
    """Return the problem of an option that has to be one of `choices`, or `None`."""
    return None if value in choices else wrong_value(name, ", ".join(choices))


def wrong_switch(name: str, value: object) -> Problem | None:
    """Return the problem of an option that has to be `True` or `False`, or `None`."""
    return None if type(value) is bool else wrong_value(name, "True or False")


def refuse(*problems: Problem | None) -> None:
    """Raise an `OptionError` of all `problems` that are some.

    Raises:
        OptionError: at least one of them is.
    """
    found = [problem for problem in problems if problem is not None]
    if found:
        raise OptionError(*found)
