"""`{% load rr_snippet %}`: the tags `{% rr_customer %}`, `{% rr_order order %}` and `{% rr_customer_deferred %}`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import template
from markupsafe import Markup

from rr_snippet.integrations._deferred import tag_of
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations.django.fragments import refuse_cached_fragment
from rr_snippet.integrations.django.visit import DjangoVisit, visit_in_template

register = template.Library()


def rr_customer(context: Any, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
    """Return the visitor's block: `{% rr_customer [customer] [nonce=…] [variant=…] [as name] %}`.

    Without a customer the function in `RR_SNIPPET["CUSTOMER"]` is called. Options are those of `RenderOptions`.
    """
    return visit_in_template(context).render(customer, nonce=nonce, **options)


@register.simple_tag
def rr_customer_deferred(*, nonce: object = None, integrity: bool = False) -> Markup:
    """Return the loader's tag: `{% rr_customer_deferred [nonce=…] [integrity=True] %}`.

    This is for shared pages: it asks nothing of the request, and may be in cached fragments.
    """
    return tag_of(DjangoVisit(None), nonce=nonce, integrity=integrity)


def rr_order(context: Any, order: object, *, person: object = UNSET, nonce: object = None, **options: Any) -> Markup:
    """Return the block of an order: `{% rr_order order [person=…] [nonce=…] [variant=…] [as name] %}`.

    Without a person the function in `RR_SNIPPET["CUSTOMER"]` is called. With `None` the order is sent alone.
    """
    return visit_in_template(context).render_order(order, person=person, nonce=nonce, **options)


# These are printed where they are made, so there is no other place to check.
def _print_rr_customer(context: Any, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
    return visit_in_template(context).render_here(customer, nonce=nonce, **options)


def _print_rr_order(
    context: Any, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
) -> Markup:
    return visit_in_template(context).render_order_here(order, person=person, nonce=nonce, **options)


def _compile(make_node: Any, print_here: Any, parser: Any, token: Any) -> Any:
    """Compile a tag, unless it stands inside a cached fragment."""
    refuse_cached_fragment(parser)
    node = make_node(parser, token)
    if node.target_var is None:
        node.func = print_here
    return node


for tag, print_here in ((rr_customer, _print_rr_customer), (rr_order, _print_rr_order)):
    register.simple_tag(tag, takes_context=True)
    register.tag(tag.__name__, partial(_compile, register.tags[tag.__name__], print_here))
