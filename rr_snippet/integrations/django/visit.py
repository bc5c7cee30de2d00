"""A Django request, as the policy sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings as django_settings
from django.http import HttpRequest
from django.template import engines
from django.utils.functional import Promise
from markupsafe import Markup

from rr_snippet.errors import Problem, RenderError
from rr_snippet.integrations._addresses import Addresses
from rr_snippet.integrations._answer import Answer, answer_in
from rr_snippet.integrations._nonces import find_nonce, request_nonces
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit
from rr_snippet.integrations.django.addresses import site_addresses
from rr_snippet.integrations.django.conf import site_settings
from rr_snippet.integrations.django.fragments import is_in_cached_fragment


@dataclass(slots=True, repr=False)
class State:
    """The state of a request besides its answer: what was done in advance, and what becomes known on the way."""

    customer: object = UNSET
    failure: Exception | None = None
    is_prepared: bool = False
    nonce: str | None = None
    is_kept_from_cache: bool = False
    """Whether a block was rendered where Django's cache would have stored the page."""


def state_of(request: Any) -> State:
    """Return the state of a request."""
    state: State = _http_request(request).__dict__.setdefault("_rr_snippet", State())
    return state


def answer_to(request: Any) -> Answer:
    """Return the answer to a request, which middleware around Django shares."""
    request = _http_request(request)
    scope = getattr(request, "scope", None)
    return answer_in(request.META if scope is None else scope)


def _http_request(request: Any) -> Any:
    """Return Django's own request, which Django REST framework wraps."""
    return request if isinstance(request, HttpRequest) else getattr(request, "_request", request)


def translated(value: object) -> object:
    """Return `value` with each lazy translation in its dicts and lists as text in this request's language."""
    if isinstance(value, Promise):
        return str(value)
    if type(value) is dict:
        return {translated(key): translated(item) for key, item in value.items()}
    return list(map(translated, value)) if type(value) is list else value


class Block(Markup):
    """A block that checks its place again when it is printed, because it may have been rendered somewhere else.

    It holds nothing but its text. The site's settings decide whether errors are raised.
    """

    def __html__(self) -> Self:
        """Return the text that a template with autoescape prints."""
        return self if str(self) else type(self)()

    def __str__(self) -> str:
        text = str.__str__(self)
        if not text or site_settings().allow_cached or not is_in_cached_fragment():
            return text
        DjangoVisit(None).report(RenderError(Problem.of("cache.fragment")), "no block")
        return ""


def _portable(rendered: Markup) -> Markup:
    return Block(rendered) if rendered.startswith("<script") else rendered


class DjangoVisit(Visit):
    """One request, with the template's context if there is one."""

    def __init__(self, request: Any, context: Any = None) -> None:
        if request is not None:
            self._answer = answer_to(request)
        self.request = request
        self._context = {} if context is None else context

    @property
    def is_debug(self) -> bool:
        """Django's `DEBUG`."""
        return bool(django_settings.DEBUG)

    @property
    def route(self) -> str | None:
        """The name of the view's pattern, or else of its function."""
        match = getattr(self.request, "resolver_match", None)
        name: str | None = match and (match.view_name or match._func_path)
        return name

    @property
    def template(self) -> str | None:
        """The name of the requested template."""
        template = getattr(self._context, "template", None)
        name: str | None = getattr(self._context, "name", None) if template is None else template.name
        return name

    def settings(self) -> Settings:
        """Return `settings.RR_SNIPPET`."""
        return site_settings()

    def render(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block as `Visit.render` does, for printing anywhere."""
        return _portable(self.render_here(customer, nonce=nonce, **options))

    def render_order(self, order: object, **options: Any) -> Markup:
        """Return the block as `Visit.render_order` does, for printing anywhere."""
        return _portable(self.render_order_here(order, **options))

    def render_here(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block for printing in this place."""
        return super().render(customer, nonce=nonce, **options)

    def render_order_here(self, order: object, *, person: object = UNSET, **options: Any) -> Markup:
        """Return the block of an order for printing in this place."""
        return super().render_order(order, person=person, **options)

    def settled(self, given: Any) -> Any:
        """Return `given` with its lazy translations as text."""
        return translated(given)

    def deferred_addresses(self, settings: Settings) -> Addresses:
        """Return the addresses by the URLconf and the site's static files.

        Raises:
            OptionError: `option.urls`.
        """
        return site_addresses()

    def nonces(self) -> Iterator[object]:
        """Yield `csp_nonce` of the context, then `request.csp_nonce` (django-csp), then Django's own."""
        state = state_of(self.request)
        if state.is_prepared:
            yield state.nonce
            return
        yield self._context.get("csp_nonce")
        yield from request_nonces(self.request)
        own_csp = sys.modules.get("django.middleware.csp")  # since Django 6.0, and loaded if it is in use
        yield own_csp and own_csp.get_nonce(_http_request(self.request))

    def check_place(self, settings: Settings) -> None:
        """Refuse a place without a request or the middleware, or in a cached fragment.

        Raises:
            RenderError: as `check_answer`; `cache.fragment`.
        """
        self.check_answer()
        if not settings.allow_cached and is_in_cached_fragment():
            raise RenderError(Problem.of("cache.fragment"))

    def find_customer(self, settings: Settings) -> object:
        """Return the customer from `aload_customer`, otherwise call `CUSTOMER`."""
        state = state_of(self.request)
        if state.failure is not None:
            raise state.failure
        return translated(super().find_customer(settings) if state.customer is UNSET else state.customer)

    def mark_private(self, block: str, settings: Settings) -> None:
        """Make the response private for our middleware, and for Django's caches, which may run before it."""
        super().mark_private(block, settings)
        if keep_from_cache(self.request, settings):
            state_of(self.request).is_kept_from_cache = True

    def prepare(self) -> None:
        """Set what the headers need now: the nonce and the privacy of the response."""
        super().prepare()
        state = state_of(self.request)
        state.nonce = find_nonce(self.nonces())
        state.is_prepared = True
        # The view has declared this itself, so there is nothing to report.
        keep_from_cache(self.request, self.settings())


def keep_from_cache(request: Any, settings: Settings) -> bool:
    """Keep the response to `request` out of Django's cache, and return whether that was necessary."""
    if settings.allow_cached:
        return False
    # UpdateCacheMiddleware reads this private name of Django's, the same in 5.2 and 6.1. `cache_page` stores the
    # response before SessionMiddleware adds `Vary: Cookie`, so no header of ours would be in time.
    django_request = _http_request(request)
    was_to_be_stored: bool = getattr(django_request, "_cache_update_cache", False)
    django_request._cache_update_cache = False
    return was_to_be_stored


def visit_in_template(context: Any) -> DjangoVisit:
    """Return the visit of a context of Django's template language."""
    # A RequestContext has its request, whatever the context processors are.
    request = getattr(context, "request", None)
    return DjangoVisit(context.get("request") if request is None else request, context)


def visit_in_jinja(context: Any) -> DjangoVisit | None:
    """Return the visit of a Jinja2 context, if the rendering is Django's.

    A macro that is imported without context has no request, but its environment is still that of a Django engine.
    """
    request = context.get("request")
    if isinstance(_http_request(request), HttpRequest):
        return DjangoVisit(request, context)
    environment = context.environment
    while environment.overlayed:
        environment = environment.linked_to
    if any(getattr(engine, "env", None) is environment for engine in engines.all()):
        return DjangoVisit(None, context)
    return None
