"""The page of an order around any WSGI application, and in plain Jinja2."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment

from rr_snippet import CustomerError, render_order, render_snippet
from rr_snippet.integrations import wsgi
from rr_snippet.integrations.jinja import RRSnippetExtension, install
from rr_snippet.integrations.wsgi import RRSnippetPages
from tests.integrations.people import ANNA, BROKEN
from tests.integrations.support import MARKER_SET, records
from tests.integrations.test_wsgi import TYPE, Reply, by_query
from tests.support.order_facts import GUEST, ORDER, PAGE


def shop(**options: Any) -> Any:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [TYPE, ("Cache-Control", "public")])
        return [PAGE.format(wsgi.render_order(environ, ORDER, **options)).encode()]

    return app


@pytest.mark.parametrize(("query", "person"), [("anna", ANNA), ("nobody", None)])
def test_who_has_bought_and_then_what(query: str, person: Any) -> None:
    reply = Reply(RRSnippetPages(shop(), customer=by_query, deferred_marker="known"), query)
    assert reply.body.decode() == PAGE.format(render_order(ORDER, person))
    assert (reply.header("Cache-Control"), reply.header("Vary")) == ("private", "Cookie")
    assert reply.header("Set-Cookie") == (None if person is None else MARKER_SET)


@pytest.mark.parametrize("settings", [{}, {"deferred": True}])
def test_nothing_is_put_into_the_page_besides(settings: Any) -> None:
    pages = RRSnippetPages(shop(person=GUEST), customer=by_query, **settings)
    assert Reply(pages, "anna").body.decode() == PAGE.format(render_order(ORDER, GUEST))


def test_the_nonce_is_the_sites() -> None:
    pages = RRSnippetPages(shop(), customer=by_query, nonce=lambda environ: environ["QUERY_STRING"])
    assert Reply(pages, "anna").body.decode() == PAGE.format(render_order(ORDER, ANNA, nonce="anna"))
    pages = RRSnippetPages(shop(nonce="abc", pretty=True), customer=by_query)
    assert Reply(pages, "anna").body.decode() == PAGE.format(render_order(ORDER, ANNA, nonce="abc", pretty=True))


def test_a_faulty_person_costs_no_order(caplog: pytest.LogCaptureFixture) -> None:
    pages = RRSnippetPages(shop(), customer=lambda _: BROKEN)
    assert Reply(pages).body.decode() == PAGE.format(render_order(ORDER, None))
    assert records(caplog) == [("WARNING", "person left out: phone.shape")]


def test_without_the_middleware_there_is_no_order(caplog: pytest.LogCaptureFixture) -> None:
    assert Reply(shop()).body.decode() == PAGE.format("")
    assert records(caplog) == [("ERROR", "no block: response.unwatched")]


# --- Plain Jinja2 -----------------------------------------------------------------------------------------------------


def test_jinja_has_the_order() -> None:
    environment = Environment(autoescape=True, extensions=[RRSnippetExtension])
    template = environment.from_string("{{ rr_order(order, person=person) }}")
    for person in (ANNA, GUEST, None):
        assert template.render(order=ORDER, person=person) == render_order(ORDER, person)
    with pytest.raises(CustomerError):
        template.render(order={}, person=ANNA)
    install(environment, {"CUSTOMER": lambda request: ANNA})
    own = environment.from_string("{{ rr_order(order) }}{{ rr_customer() }}")
    # It knows no page, so both blocks are as requested.
    assert own.render(order=ORDER, csp_nonce="abc") == render_order(ORDER, ANNA, nonce="abc") + render_snippet(
        ANNA, nonce="abc"
    )
