"""Every hostile string through Django's template engine and its Jinja2 one, and some through whole requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.template import RequestContext, Template, engines
from django.test import Client, RequestFactory, override_settings

from rr_snippet import Customer
from tests.integrations.django_site import watched
from tests.integrations.hostile import LIMIT, SOME, TEXTS, assert_nonces_are_refused, block_of, by_number

# Hundreds of strings take the same lines, and other tests cover these.
pytestmark = pytest.mark.no_cover

DJANGO = [
    "{% rr_customer %}",
    "{% rr_customer customer=customer %}",
    "{% rr_customer as snippet %}{{ snippet }}",
    "{% autoescape off %}{% rr_customer as snippet %}{{ snippet }}{% endautoescape %}",
]
JINJA = [
    "{{ rr_customer() }}",
    "{{ customer|rr_customer }}",
    "{% autoescape false %}{{ rr_customer() }}{% endautoescape %}",
]


def customer(request: HttpRequest) -> Customer:
    return by_number(request.COOKIES["shopper"])


@pytest.fixture(autouse=True)
def hostile_site() -> Iterator[None]:
    with override_settings(RR_SNIPPET={"CUSTOMER": f"{__name__}.customer", "PAYLOAD_MAX_CHARS": LIMIT}, DEBUG=True):
        yield


def asked_by(number: int) -> HttpRequest:
    request = watched(RequestFactory().get("/"))
    request.COOKIES["shopper"] = str(number)
    return request


@pytest.mark.parametrize("source", DJANGO)
def test_djangos_engine_gives_the_block_as_it_is(source: str) -> None:
    template = Template("{% load rr_snippet %}" + source)
    for number in range(len(TEXTS)):
        context = RequestContext(asked_by(number), {"customer": by_number(str(number))})
        assert template.render(context) == block_of(number)


@pytest.mark.parametrize("source", JINJA)
def test_jinja_in_django_gives_the_block_as_it_is(source: str) -> None:
    template = engines["jinja"].from_string(source)
    for number in range(len(TEXTS)):
        assert template.render({"customer": by_number(str(number))}, asked_by(number)) == block_of(number)


def test_second_pass_changes_nothing() -> None:
    for number in range(len(TEXTS)):
        block = block_of(number)
        assert Template(block).render(RequestContext(asked_by(number))) == block
        assert engines["jinja"].from_string(block).render({}, asked_by(number)) == block


@pytest.mark.parametrize("name", ["shop.html", "shop.jinja"])
def test_pages_hold_the_block_as_it_is(name: str) -> None:
    client = Client()
    for number in SOME:
        client.cookies["shopper"] = str(number)
        assert client.get(f"/page/{name}").content == f"<p>{block_of(number)}</p>".encode()


@pytest.mark.parametrize(
    "source", ["{% load rr_snippet %}{% rr_customer nonce=nonce %}", "{{ rr_customer(nonce=nonce) }}"]
)
def test_nonce_is_a_nonce_or_refused(source: str) -> None:
    engine = engines["jinja" if source.startswith("{{") else "django"]
    template = engine.from_string(source)
    assert_nonces_are_refused(lambda nonce: template.render({"nonce": nonce}, asked_by(0)))
