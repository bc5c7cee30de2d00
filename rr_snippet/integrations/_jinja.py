"""Install `rr_customer` in an environment of Jinja2, and find the visit of a rendering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._deferred import tag_of
from rr_snippet.integrations._nonces import request_nonces
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit

NAME: Final = "rr_customer"
ORDER_NAME: Final = "rr_order"
DEFERRED_NAME: Final = "rr_customer_deferred"

VisitOf = Callable[[Context], Visit]


class ContextVisit(Visit):
    """A rendering with nothing but the template's context. There is no response to mark as private."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self.request = context.get("request")
        self._context = context
        self._settings = settings

    @property
    def raises(self) -> bool:
        """Always true, because a bare environment has no debug flag."""
        return True

    def settings(self) -> Settings:
        """Return the settings given to `install`."""
        return self._settings

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the context, then the nonces of the request."""
        yield self._context.get("csp_nonce")
        yield from request_nonces(self.request)


# Frameworks whose environments no integration can reach. Each decides whether a rendering is its own.
_hosts: Final[list[Callable[[Context], Visit | None]]] = []


def add_host(visit_of: Callable[[Context], Visit | None]) -> None:
    """Let a framework claim renderings in environments that have only the extension."""
    if visit_of not in _hosts:
        _hosts.append(visit_of)


def install(environment: Environment, visit_of: VisitOf) -> None:
    """Install `rr_customer`, also as a filter, and the others in `environment`; `visit_of` finds a context's visit.

    Overlays of `environment` share the names.

    Raises:
        OptionError: `option.taken`, if one of the names is used for something else.
    """
    _set(environment, _functions_for(visit_of))


def install_for_hosts(environment: Environment) -> None:
    """Install the names in `environment` for any framework that claims a rendering.

    Names from `install` take precedence, whichever comes first.

    Raises:
        OptionError: as `install`.
    """
    _set(environment, _for_hosts)


def _functions_for(visit_of: VisitOf) -> dict[str, Callable[..., Markup]]:
    @pass_context
    def rr_customer(context: Context, /, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        return visit_of(context).render(customer, nonce=nonce, **options)

    @pass_context
    def rr_order(
        context: Context, /, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
    ) -> Markup:
        return visit_of(context).render_order(order, person=person, nonce=nonce, **options)

    @pass_context
    def rr_customer_deferred(context: Context, /, *, nonce: object = None, integrity: bool = False) -> Markup:
        return tag_of(visit_of(context), nonce=nonce, integrity=integrity)

    return {NAME: rr_customer, ORDER_NAME: rr_order, DEFERRED_NAME: rr_customer_deferred}


def _visit_of(context: Context) -> Visit:
    for host in _hosts:
        visit = host(context)
        if visit is not None:
            return visit
    return ContextVisit(context, Settings())


_for_hosts: Final = _functions_for(_visit_of)


def _set(environment: Environment, functions: dict[str, Callable[..., Markup]]) -> None:
    # Only `rr_customer` is a filter too.
    places = [(NAME, environment.filters), *((name, environment.globals) for name in functions)]
    is_for_hosts = functions is _for_hosts
    for name, space in places:
        there = space.get(name, _for_hosts[name])
        is_ours = getattr(there, "__module__", None) == __name__
        if there is not _for_hosts[name] and not (is_for_hosts and is_ours):
            raise OptionError(Problem.of("option.taken", name))
    for name, space in places:
        if not is_for_hosts or name not in space:
            space[name] = functions[name]
