"""For views: a block as text, a customer loaded ahead, a stream made ready."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from markupsafe import Markup

from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations.django.visit import DjangoVisit, state_of


def render(request: HttpRequest, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
    """Return the block for the response to `request`, as the template tag would.

    `customer`, `nonce`, `options` and errors are those of the tag: without a customer `CUSTOMER` is asked.
    """
    return DjangoVisit(request).render(customer, nonce=nonce, **options)


def render_order(
    request: HttpRequest, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
) -> Markup:
    """Return the block of an order for the response to `request`, as the tag `rr_order` would."""
    return DjangoVisit(request).render_order(order, person=person, nonce=nonce, **options)


async def aload_customer(request: HttpRequest) -> Any:
    """Ask `CUSTOMER` in a thread, where it may use the database, and keep the answer for the tags of this request.

    For async views, whose templates are rendered where the database must not be touched. Whatever `CUSTOMER` raises is
    kept as well and treated by the tag like any error; the answer then is `None`.
    """
    state = state_of(request)
    try:
        state.customer = await sync_to_async(_ask)(request)
    except Exception as error:
        state.failure = error
        return None
    return state.customer


def _ask(request: HttpRequest) -> object:
    visit = DjangoVisit(request)
    return visit.find_customer(visit.settings())


def prepare(request: HttpRequest) -> None:
    """Make a stream ready to hold a block: its nonce and its privacy belong into headers that are sent before it.

    To be called before a `StreamingHttpResponse` whose content renders the tag is returned. Any other page that holds
    a block may call it too, to say that Django's cache is not meant to store it.

    Raises:
        OptionError: a wrong setting.
    """
    DjangoVisit(request).prepare()
