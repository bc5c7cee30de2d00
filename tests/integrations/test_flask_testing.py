"""The test kit for shops accepts the responses of Flask's test client."""

from __future__ import annotations

from flask import Flask

from rr_snippet import render_snippet
from rr_snippet.testing import assert_customer, assert_no_customer

PAGE = f"<!doctype html><body>{render_snippet({'customerId': '42'})}</body>"


def test_responses_of_flask_are_taken_as_they_are():
    app = Flask(__name__)
    app.add_url_rule("/", "page", lambda: PAGE)
    app.add_url_rule("/empty/", "empty", lambda: "<p>")
    client = app.test_client()
    assert_customer(client.get("/"), customer_id="42")
    assert_no_customer(client.get("/empty/"))
