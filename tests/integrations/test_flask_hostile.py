"""Every hostile string through Flask's templates, and some through whole requests."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string

from rr_snippet.integrations.flask import RRSnippet
from tests.integrations.hostile import LIMIT, SOME, TEXTS, assert_nonces_are_refused, block_of, by_number

# Hundreds of strings take the same lines, and other tests cover these.
pytestmark = pytest.mark.no_cover

PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>"


def by_query(request: Any) -> Any:
    return by_number(request.args["shopper"])


def make_app() -> Flask:
    app = Flask(__name__)
    app.testing = True
    RRSnippet(app, customer=by_query, payload_max_chars=LIMIT)
    app.add_url_rule("/", view_func=lambda: render_template_string(PAGE))
    return app


@pytest.mark.parametrize("source", ["{{ rr_customer() }}", "{{ rr_customer(customer) }}", "{{ customer|rr_customer }}"])
def test_template_gives_the_block_as_it_is(source: str) -> None:
    app = make_app()
    for number in range(len(TEXTS)):
        with app.test_request_context(f"/?shopper={number}"):
            assert render_template_string(source, customer=by_number(str(number))) == block_of(number)


def test_second_pass_changes_nothing() -> None:
    app = make_app()
    for number in range(len(TEXTS)):
        # A context for each, because Flask caches the last templates, and these texts are long.
        with app.test_request_context(f"/?shopper={number}"):
            assert render_template_string(block_of(number)) == block_of(number)


def test_pages_hold_the_block_as_it_is() -> None:
    client = make_app().test_client()
    for number in SOME:
        page = PAGE.replace("{{ rr_customer() }}", block_of(number))
        assert client.get(f"/?shopper={number}").data == page.encode()


def test_nonce_is_a_nonce_or_refused() -> None:
    with make_app().test_request_context("/?shopper=0"):
        assert_nonces_are_refused(lambda nonce: render_template_string("{{ rr_customer(nonce=nonce) }}", nonce=nonce))
