"""For views: a block as text, a customer loaded in advance, a stream prepared."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from markupsafe import Markup

from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations.django.visit import DjangoVisit, state_of


def render(request: HttpRequest, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
    """Return the block for the response to `request`, as the template tag would.

    `customer`, `nonce`, `options` and errors are as in the tag: without a customer, `CUSTOMER` is called.
    """
    return DjangoVisit(request).render(customer, nonce=nonce, **options)


def render_order(
    request: HttpRequest, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
) -> Markup:
    """Return the block of an order for the response to `request`, as the tag `rr_order` would."""
    return DjangoVisit(request).render_order(order, person=person, nonce=nonce, **options)


async def aload_customer(request: HttpRequest) -> Any:
    """Call `CUSTOMER` in a thread, where it may use the database, and keep the result for the tags of this request.

    This is for async views, whose templates must not use the database. An error of `CUSTOMER` is kept too, and handled
    by the tag like any other. The result then is `None`.
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
    """Prepare a stream for a block: the headers with its nonce and its privacy are sent before the content.

    Call this before returning a `StreamingHttpResponse` whose content renders the tag. The view of any other page with
    a block may call it too, to declare that Django's cache is not meant to store the page.

    Raises:
        OptionError: a setting is wrong.
    """
    DjangoVisit(request).prepare()
