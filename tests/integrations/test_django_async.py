"""Django's async stack: many visitors at once, and no use of the database in the event loop."""

from __future__ import annotations

import asyncio
import os
import re
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from csp.constants import NONCE, SELF
from django.core.asgi import get_asgi_application
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection
from django.http import HttpRequest
from django.test import AsyncClient, RequestFactory, override_settings

from rr_snippet.errors import RenderError
from rr_snippet.integrations.django import aload_customer, render
from tests.integrations.django_site import OTHER_CSP, OURS, PrivateError, watched
from tests.integrations.django_site import __name__ as site
from tests.integrations.support import block, page, records

VISITORS = 300
POLICY = {"DIRECTIVES": {"script-src": [SELF, NONCE]}}


async def fetch(application: Any, url: str, shopper: str) -> tuple[dict[str, str], str]:
    headers = [(b"host", b"testserver"), (b"cookie", f"shopper={shopper}".encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": url,
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
    }
    exchange = ApplicationCommunicator(application, scope)
    await exchange.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await exchange.receive_output(30)
    assert start["status"] == 200
    body = b""
    while True:
        piece = await exchange.receive_output(30)
        body += piece.get("body", b"")
        if not piece.get("more_body"):
            break
    await exchange.wait(30)
    return {name.decode().lower(): value.decode() for name, value in start["headers"]}, body.decode()


@pytest.mark.parametrize("urls", [["/async"], ["/async-stream"], ["/page/shop.html"], ["/page/shop.jinja", "/async"]])
def test_three_hundred_visitors_at_once_get_their_own_blocks(urls: list[str]) -> None:
    shoppers = [f"shopper-{number}" for number in range(VISITORS)]

    async def visit() -> list[tuple[dict[str, str], str]]:
        application = get_asgi_application()
        return await asyncio.gather(
            *(fetch(application, urls[index % len(urls)], shopper) for index, shopper in enumerate(shoppers))
        )

    with override_settings(MIDDLEWARE=[OURS, OTHER_CSP], CONTENT_SECURITY_POLICY=POLICY):
        answers = asyncio.run(visit())
    nonces = set()
    for shopper, (headers, body) in zip(shoppers, answers, strict=True):
        (nonce,) = re.findall(r"'nonce-([^']+)'", headers["content-security-policy"])
        assert body == page(shopper, nonce=nonce)
        assert (headers["cache-control"], headers["vary"]) == ("private", "Cookie")
        nonces.add(nonce)
    assert len(nonces) == VISITORS


def customer_from_database(request: HttpRequest) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'anna'")
        return {"customerId": cursor.fetchone()[0]}


def test_customer_loaded_ahead_comes_from_the_database() -> None:
    request = watched(RequestFactory().get("/"))

    async def view() -> tuple[Any, str]:
        return await aload_customer(request), render(request)

    with override_settings(RR_SNIPPET={"CUSTOMER": customer_from_database}):
        assert asyncio.run(view()) == ({"customerId": "anna"}, block("anna"))
    connection.close()


def test_customer_not_loaded_ahead_is_djangos_own_error(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def view() -> str:
        return render(watched(RequestFactory().get("/")))

    with override_settings(RR_SNIPPET={"CUSTOMER": customer_from_database}):
        assert asyncio.run(view()) == ""
        assert records(caplog) == [("ERROR", "no block: site.failed SynchronousOnlyOperation")]
        with override_settings(DEBUG=True), pytest.raises(SynchronousOnlyOperation):
            asyncio.run(view())


def test_anonymous_visitor_loaded_ahead_is_not_asked_for_again() -> None:
    request = watched(RequestFactory().get("/"))
    assert asyncio.run(aload_customer(request)) is None
    request.COOKIES["shopper"] = "anna"
    assert render(request) == ""


def test_error_while_loading_ahead_is_the_tags_to_tell(caplog: pytest.LogCaptureFixture) -> None:
    request = watched(RequestFactory().get("/"))
    with override_settings(RR_SNIPPET={"CUSTOMER": f"{site}.failing_customer"}):
        assert asyncio.run(aload_customer(request)) is None
        assert render(request) == ""
        assert records(caplog) == [("ERROR", "no block: site.failed PrivateError")]
        with override_settings(DEBUG=True), pytest.raises(PrivateError):
            render(request)


def test_async_client_sees_the_headers() -> None:
    client = AsyncClient()
    client.cookies["shopper"] = "anna"
    response = asyncio.run(client.get("/async"))
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")


def test_wrong_settings_do_not_break_an_async_view(caplog: pytest.LogCaptureFixture) -> None:
    request = watched(RequestFactory().get("/"))
    with override_settings(RR_SNIPPET={"VARIANT": "both"}):
        assert asyncio.run(aload_customer(request)) is None
        assert render(request) == ""
        with override_settings(DEBUG=True), pytest.raises(Exception, match=r"RR_SNIPPET\.VARIANT: wrong value"):
            render(request)
    assert records(caplog) == [("ERROR", "no block: option.value")]


def test_async_stream_that_is_not_prepared_is_refused() -> None:
    async def visit(shopper: str) -> Any:
        client = AsyncClient()
        client.cookies["shopper"] = shopper
        return (await client.get("/stream/unprepared")).getvalue()

    with override_settings(DEBUG=True), pytest.raises(RenderError):
        asyncio.run(visit("anna"))
