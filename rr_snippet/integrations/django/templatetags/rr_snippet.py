"""`{% load rr_snippet %}`: the tag `{% rr_customer %}`."""

from __future__ import annotations

from typing import Any

from django import template
from markupsafe import Markup

from rr_snippet.integrations._deferred import tag_of
from rr_snippet.integrations._visit import UNSET
from rr_snippet.integrations.django.fragments import refuse_cached_fragment
from rr_snippet.integrations.django.visit import DjangoVisit, visit_in_template

register = template.Library()


def rr_customer(context: Any, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
    """Give the visitor's block: `{% rr_customer [customer] [nonce=…] [variant=…] [as name] %}`.

    Without a customer the function in `RR_SNIPPET["CUSTOMER"]` is asked. Options are those of `RenderOptions`.
    """
    return visit_in_template(context).render(customer, nonce=nonce, **options)


@register.simple_tag
def rr_customer_deferred(*, nonce: object = None, integrity: bool = False) -> Markup:
    """Give the tag of the loader: `{% rr_customer_deferred [nonce=…] [integrity=True] %}`.

    For pages that everyone shares: it asks nothing of the request, and may stand in cached fragments.
    """
    return tag_of(DjangoVisit(None), nonce=nonce, integrity=integrity)


register.simple_tag(rr_customer, takes_context=True)
_compile = register.tags["rr_customer"]


def compile_rr_customer(parser: Any, token: Any) -> Any:
    """Compile the tag, unless it stands inside a cached fragment."""
    refuse_cached_fragment(parser)
    node = _compile(parser, token)
    if node.target_var is None:
        node.func = _print_rr_customer
    return node


def _print_rr_customer(context: Any, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
    # Printed where it is made: there is no other place to look around in.
    return visit_in_template(context).render_here(customer, nonce=nonce, **options)


register.tag("rr_customer", compile_rr_customer)
