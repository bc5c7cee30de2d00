"""The examples of docs/start/flask.md, as they stand."""

from __future__ import annotations

from rr_snippet import render_snippet
from tests.integrations.docs import run_examples


def test_examples_work() -> None:
    app = run_examples("start/flask.md")["app"]
    block = render_snippet({"customer_id": "42", "phone": "8 (111) 222-33-44"}, phone_region="RU")
    client = app.test_client()
    for path in ("/catalogue", "/", "/stream"):
        assert client.get(path).text == "<!doctype html><title>Shop</title><body></body>"
    with client.session_transaction() as session:
        session["customer_id"] = "42"
    for path in ("/", "/stream"):
        assert client.get(path).text == f"<!doctype html><title>Shop</title><body>{block}</body>"
