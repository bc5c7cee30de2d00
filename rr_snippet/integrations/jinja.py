"""Jinja2, in any host: the function `rr_customer(...)` and the filter `customer|rr_customer`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import UNSET, Visit, request_nonces

NAME: Final = "rr_customer"

VisitOf = Callable[[Context], Visit]


class ContextVisit(Visit):
    """A rendering of which nothing is known but the template's context. There is no response to mark as private."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self.request = context.get("request")
        self._context = context
        self._settings = settings

    @property
    def raises(self) -> bool:
        """Always: a bare environment has no debug flag to ask."""
        return True

    def settings(self) -> Settings:
        """Return the settings given to `install`."""
        return self._settings

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the context, then what the request carries."""
        yield self._context.get("csp_nonce")
        yield from request_nonces(self.request)


# Frameworks whose environments are made where no door can reach them. Each is asked whether a rendering is its own.
_hosts: Final[list[Callable[[Context], Visit | None]]] = []


def add_host(visit_of: Callable[[Context], Visit | None]) -> None:
    """Let a framework claim renderings in environments that have the extension and nothing else."""
    if visit_of not in _hosts:
        _hosts.append(visit_of)


class RRSnippetExtension(Extension):
    """Brings `rr_customer` into an environment: `rr_snippet.integrations.jinja.RRSnippetExtension`.

    It adds no statement and stores nothing in compiled templates.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        install(environment)


def install(environment: Environment, settings: object = None, *, visit_of: VisitOf | None = None) -> None:
    """Bring `rr_customer` into `environment`, as a function and as a filter.

    `settings` is the dict of the setting `RR_SNIPPET`. Doors give `visit_of` instead, which tells for a template's
    context whose visit it is. Overlays of `environment` share both names; what a door or these settings have installed
    is not changed by the extension, whichever comes first.

    Raises:
        OptionError: a wrong setting; `option.taken`, if either name stands for something else.
    """
    if settings is None and visit_of is None:
        _set(environment, _made_by_extension)
        return
    if visit_of is None:
        visit_of = partial(ContextVisit, settings=Settings.of(settings))
    _set(environment, _function_for(visit_of))


def _function_for(visit_of: VisitOf) -> Callable[..., Markup]:
    @pass_context
    def rr_customer(context: Context, /, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        return visit_of(context).render(customer, nonce=nonce, **options)

    return rr_customer


def _visit_of(context: Context) -> Visit:
    for host in _hosts:
        visit = host(context)
        if visit is not None:
            return visit
    return ContextVisit(context, Settings())


_made_by_extension: Final = _function_for(_visit_of)


def _set(environment: Environment, function: Callable[..., Markup]) -> None:
    by_extension = function is _made_by_extension
    spaces = (environment.globals, environment.filters)
    for names in spaces:
        there = names.get(NAME, _made_by_extension)
        is_ours = getattr(there, "__module__", None) == __name__
        if there is not _made_by_extension and not (by_extension and is_ours):
            raise OptionError(Problem.of("option.taken", NAME))
    for names in spaces:
        if not by_extension or NAME not in names:
            names[NAME] = function
