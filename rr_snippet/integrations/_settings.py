"""The one setting of every door, `RR_SNIPPET`: a dict of a few names, read once and read whole."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, NoReturn, get_args

from rr_snippet.block.options import RenderOptions
from rr_snippet.errors import OptionError, Problem
from rr_snippet.options import refuse, unknown_option, wrong_choice, wrong_switch

NAME: Final = "RR_SNIPPET"

OnError = Literal["auto", "raise", "log"]

# `DEBUG` would be read as the framework's own.
OPTION_KEYS: Final = {
    "DEBUG_BLOCK" if each.name == "debug" else each.name.upper(): each.name for each in fields(RenderOptions)
}


def ask_for_customer(*_request: object) -> NoReturn:
    """Stand where no `CUSTOMER` is set: with none passed either, nobody could ever get a block.

    Raises:
        OptionError: `option.customer`.
    """
    raise OptionError(Problem.of("option.customer", f"{NAME}.CUSTOMER"))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site has chosen, the same in every framework.

    `customer` is called with the request and returns a customer, a mapping, or `None` for an anonymous visitor; `None`
    in its place switches all blocks off for which no customer is passed. `exclude` is called with the request; what it
    returns is tested for truth.
    """

    customer: Callable[..., Any] | None = ask_for_customer
    options: RenderOptions = field(default_factory=RenderOptions)
    on_error: OnError = "auto"
    exclude: Callable[..., Any] | None = None
    respect_gpc: bool = False
    respect_dnt: bool = False
    allow_cached: bool = False

    @classmethod
    def of(cls, raw: object, *, takes_async: bool = False) -> Settings:
        """Read the dict; names in any letter case, functions also as dotted paths, `None` being an empty one.

        `takes_async` says that `CUSTOMER` may be an async function.

        Raises:
            OptionError: every problem found. `option.type`, `.unknown`, `.twice`, `.value`, `.import`, `.callable`,
                `.async`.
        """
        if raw is None:
            return cls()
        if not isinstance(raw, Mapping):
            raise OptionError(Problem.of("option.type", NAME))
        problems: list[Problem] = []
        seen: set[str] = set()
        options: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for name, value in raw.items():
            key = str(name).upper()
            try:
                if key in seen:
                    raise OptionError(Problem.of("option.twice"))
                seen.add(key)
                if key in OPTION_KEYS:
                    RenderOptions.of({OPTION_KEYS[key]: value})
                    options[OPTION_KEYS[key]] = value
                else:
                    values[key.lower()] = _read(key, value, takes_async=takes_async)
            except OptionError as error:
                problems += (Problem.of(each.code, f"{NAME}.{name}", **dict(each.details)) for each in error.problems)
        if problems:
            raise OptionError(*problems)
        return cls(options=RenderOptions.of(options), **values)


_FUNCTIONS: Final = ("CUSTOMER", "EXCLUDE")
_SWITCHES: Final = ("RESPECT_GPC", "RESPECT_DNT", "ALLOW_CACHED")
KEYS: Final = ("CUSTOMER", *OPTION_KEYS, "ON_ERROR", "EXCLUDE", *_SWITCHES)


def _read(key: str, value: object, *, takes_async: bool) -> object:
    if key in _FUNCTIONS:
        return _read_function(value, takes_async=takes_async and key == "CUSTOMER")
    if key == "ON_ERROR":
        refuse(wrong_choice("", value, get_args(OnError)))
    elif key in _SWITCHES:
        refuse(wrong_switch("", value))
    else:
        refuse(unknown_option(key, KEYS, path=""))
    return value


def _read_function(value: object, *, takes_async: bool) -> object:
    if isinstance(value, str):
        try:
            value = pkgutil.resolve_name(value)
        except Exception as error:
            raise OptionError(Problem.of("option.import", error=type(error).__name__)) from error
    if value is None:
        return None
    if not callable(value):
        raise OptionError(Problem.of("option.callable"))
    if not takes_async and is_async(value):
        raise OptionError(Problem.of("option.async"))
    return value


def is_async(function: Callable[..., Any]) -> bool:
    """Tell whether calling `function` gives a coroutine; objects with an async `__call__` count."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)
