"""The examples of docs/start/fastapi.md, as they stand."""

from __future__ import annotations

import pytest

from rr_snippet import render_snippet
from tests.integrations.asgi_client import run
from tests.integrations.docs import run_examples

app = run_examples("start/fastapi.md")["app"]


@pytest.mark.parametrize(
    ("path", "customer"),
    [("/", {"customer_id": "42", "phone": "8 (111) 222-33-44"}), ("/own", {"customer_id": "42"})],
)
def test_examples_work(path: str, customer: dict[str, str]) -> None:
    block = render_snippet(customer, phone_region="RU")
    for cookies, expected in (({}, ""), ({"customer_id": "42"}, block)):
        response = run(app, lambda client: client.get(path), **cookies)
        assert response.text == f"<!doctype html><title>Shop</title><body>{expected}</body>"
