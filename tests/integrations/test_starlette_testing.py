"""The test kit for shops accepts the responses of Starlette's test client."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route

from rr_snippet import render_snippet
from rr_snippet.testing import assert_customer, assert_no_customer

PAGE = f"<!doctype html><body>{render_snippet({'customerId': '42'})}</body>"


@pytest.mark.filterwarnings("ignore:Using `httpx` with")  # newer versions of Starlette prefer its successor
@pytest.mark.filterwarnings("ignore:The anyio.abc.BlockingPortal alias")  # Starlette 1.0's client beside a newer anyio
def test_responses_of_starlette_are_taken_as_they_are():
    from starlette.testclient import TestClient

    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse(PAGE)),
            Route(
                "/stream/", lambda request: StreamingResponse(iter([PAGE[:100], PAGE[100:]]), media_type="text/html")
            ),
            Route("/empty/", lambda request: HTMLResponse("<p>")),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1)],
    )
    client = TestClient(app)
    for url in ("/", "/stream/"):
        assert client.get(url).headers["content-encoding"] == "gzip"
        assert_customer(client.get(url), customer_id="42")
    assert_no_customer(client.get("/empty/"))
