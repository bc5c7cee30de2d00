"""The examples of docs/start/litestar.md, as they stand."""

from __future__ import annotations

from rr_snippet import render_snippet
from tests.integrations.asgi_client import run
from tests.integrations.docs import run_examples


def test_examples_work() -> None:
    app = run_examples("start/litestar.md")["app"]
    block = render_snippet({"customer_id": "42", "phone": "8 (111) 222-33-44"}, phone_region="RU")
    for cookies, expected in (({}, ""), ({"customer_id": "42"}, block)):
        response = run(app, lambda client: client.get("/"), **cookies)
        assert response.text == f"<!doctype html><title>Shop</title><body>{expected}</body>"
