"""The setting of every integration, `RR_SNIPPET`: a dict of a few names, read once with every problem reported."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib import import_module
from types import ModuleType
from typing import Any, Final, Literal, NoReturn, get_args

from rr_snippet.block.options import RenderOptions
from rr_snippet.errors import OptionError, Problem
from rr_snippet.options import refuse, unknown_option, wrong_choice, wrong_switch, wrong_value

NAME: Final = "RR_SNIPPET"

OnError = Literal["auto", "raise", "log"]

# `DEBUG` would look like the framework's own.
OPTION_KEYS: Final = {
    "DEBUG_BLOCK" if each.name == "debug" else each.name.upper(): each.name for each in fields(RenderOptions)
}


def ask_for_customer(*_request: object) -> NoReturn:
    """Replace a missing `CUSTOMER`. If no customer is passed either, no visitor could ever get a block.

    Raises:
        OptionError: `option.customer`.
    """
    raise OptionError(Problem.of("option.customer", f"{NAME}.CUSTOMER"))


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of a site, the same in every framework.

    `customer` is called with the request and returns a customer, a mapping, or `None` for an anonymous visitor. If
    `customer` itself is `None`, there is a block only if a customer is passed. `exclude` is called with the request,
    and its result is tested for truth.
    """

    customer: Callable[..., Any] | None = ask_for_customer
    options: RenderOptions = field(default_factory=RenderOptions)
    on_error: OnError = "auto"
    exclude: Callable[..., Any] | None = None
    respect_gpc: bool = False
    respect_dnt: bool = False
    allow_cached: bool = False
    deferred: bool = False
    deferred_prefix: str = "/rr-snippet/"
    deferred_marker: str | None = None

    @classmethod
    def of(cls, raw: object, *, takes_async: bool = False, keys: Sequence[str] | None = None) -> Settings:
        """Read the dict, with names in any letter case, and functions or their dotted paths. `None` is an empty dict.

        With `takes_async`, `CUSTOMER` may be an async function. `keys` are the allowed names, if not all of `KEYS`.

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
                    values[key.lower()] = _read(key, value, keys or KEYS, takes_async=takes_async)
            except OptionError as error:
                problems += (Problem.of(each.code, f"{NAME}.{name}", **dict(each.details)) for each in error.problems)
        if problems:
            raise OptionError(*problems)
        return cls(options=RenderOptions.of(options), **values)


_FUNCTIONS: Final = ("CUSTOMER", "EXCLUDE")
_SWITCHES: Final = ("RESPECT_GPC", "RESPECT_DNT", "ALLOW_CACHED", "DEFERRED")
KEYS: Final = ("CUSTOMER", *OPTION_KEYS, "ON_ERROR", "EXCLUDE", *_SWITCHES, "DEFERRED_PREFIX", "DEFERRED_MARKER")

# Only on this host. A card from another origin could be read by any page that it allows.
_PREFIX: Final = re.compile(r"/(?:[A-Za-z0-9_.~-]+/)+")
# A token of RFC 6265 without the characters that the loader would have to escape.
_COOKIE_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


def _read(key: str, value: object, keys: Sequence[str], *, takes_async: bool) -> object:
    if key not in keys:
        refuse(unknown_option(key, keys, path=""))
    if key in _FUNCTIONS:
        return _read_function(value, takes_async=takes_async and key == "CUSTOMER")
    if key == "ON_ERROR":
        refuse(wrong_choice("", value, get_args(OnError)))
    elif key in _SWITCHES:
        refuse(wrong_switch("", value))
    elif key == "DEFERRED_PREFIX":
        refuse(wrong_prefix("", value))
    elif value is not None and not (type(value) is str and _COOKIE_NAME.fullmatch(value)):
        refuse(wrong_value("", "the name of a cookie, in letters, digits, - and _"))
    return value


def wrong_prefix(path: str, value: object) -> Problem | None:
    """Return the problem of the option `path` if `value` is no prefix for the loader and the card."""
    if type(value) is str and _PREFIX.fullmatch(value):
        return None
    return wrong_value(path, "a path on this host such as /rr-snippet/, which a proxy may lead elsewhere")


def _read_function(value: object, *, takes_async: bool) -> object:
    if isinstance(value, str):
        path = value
        try:
            value = pkgutil.resolve_name(path)
        except Exception as error:
            raise OptionError(Problem.of("option.import", **_missing(path, error), path=path)) from error
    if value is None:
        return None
    if not callable(value):
        raise OptionError(Problem.of("option.callable"))
    if not takes_async and is_async(value):
        raise OptionError(Problem.of("option.async"))
    return value


def _missing(path: str, error: Exception) -> dict[str, str]:
    """Return the part of a dotted path that does not exist, or the type of an error in an existing part."""
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        parent, name = error.obj.__name__, str(error.name)
        if path.endswith((f".{name}", f":{name}")) or not hasattr(error.obj, "__path__"):
            return {"name": name, "module": parent}
        # A module that fails to import looks like a missing one.
        try:
            import_module(f"{parent}.{name}")
        except Exception as inner:
            error = inner
    if isinstance(error, ModuleNotFoundError) and f"{path.replace(':', '.')}.".startswith(f"{error.name}."):
        return {"module": str(error.name)}
    return {"error": type(error).__name__}


def is_async(function: Callable[..., Any]) -> bool:
    """Return whether a call of `function` gives a coroutine. An object with an async `__call__` counts too."""
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)
