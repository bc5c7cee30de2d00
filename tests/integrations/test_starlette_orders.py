"""The page of an order in Starlette, and so in FastAPI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from rr_snippet import render_order
from rr_snippet.integrations.starlette import RRSnippetMiddleware, RRSnippetPages, install
from tests.integrations import asgi_client
from tests.integrations.people import ANNA, PEOPLE
from tests.integrations.support import records
from tests.support.order_facts import CONTEXT, ORDER, PAGE, SETTINGS, TEMPLATES, OrderFacts


async def by_cookie(request: Request) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


def site(**settings: Any) -> Starlette:
    templates = Jinja2Templates(env=Environment(loader=DictLoader(TEMPLATES), autoescape=True))
    rr = install(templates, **{"CUSTOMER": by_cookie, **SETTINGS, **settings})

    async def page(request: Request) -> Response:
        await rr.load(request)
        return templates.TemplateResponse(request, request.path_params["name"], {**CONTEXT})

    async def view(request: Request) -> Response:
        await rr.load(request)
        return HTMLResponse(rr.render_order(request, ORDER, nonce="abc"))

    async def stream(request: Request) -> Response:
        await rr.load(request)
        if "prepared" in request.query_params:
            rr.prepare(request)

        def parts() -> Iterator[str]:
            yield templates.get_template("order").render(request=request, **CONTEXT)

        return StreamingResponse(parts(), media_type="text/html")

    app = Starlette(routes=[Route("/view", view), Route("/stream", stream), Route("/{name}", page)])
    app.add_middleware(RRSnippetMiddleware)
    return app


class TestOrders(OrderFacts):
    """See `OrderFacts`."""

    def show(
        self, name: str, who: str | None = "anna", *, debug: bool = False, settings: Any = None, **headers: str
    ) -> tuple[str, Mapping[str, str]]:
        app = site(**(settings or {}))
        app.debug = debug
        response = asgi_client.get(app, f"/{name}", who=who, **headers)
        return response.text, response.headers


def test_routes_without_a_template() -> None:
    assert asgi_client.get(site(), "/view", who="anna").text == render_order(ORDER, ANNA, nonce="abc")


@pytest.mark.parametrize("who", ["anna", None])
def test_a_stream_of_an_order_has_to_be_prepared(who: str | None, caplog: pytest.LogCaptureFixture) -> None:
    """This is true for an anonymous visitor too, whose order would be lost."""
    app = site()
    assert asgi_client.get(app, "/stream", who=who).text == PAGE.format("")
    assert records(caplog) == [("ERROR", "no block: response.sent")]
    response = asgi_client.get(app, "/stream?prepared", who=who)
    assert response.text == PAGE.format(render_order(ORDER, PEOPLE.get(who or "")))
    assert response.headers["cache-control"] == "private"


@pytest.mark.parametrize("settings", [{}, {"deferred": True}])
@pytest.mark.parametrize("name", ["order", "guest", "alone"])
def test_nothing_is_put_into_the_finished_page_of_an_order(name: str, settings: dict[str, Any]) -> None:
    app = site()
    app.add_middleware(RRSnippetPages, customer=by_cookie, **settings)
    person = {"order": ANNA, "guest": CONTEXT["guest"], "alone": None}[name]
    response = asgi_client.get(app, f"/{name}", who="anna")
    assert response.text == PAGE.format(render_order(ORDER, person))  # type: ignore[arg-type]
    assert response.headers["cache-control"] == "private"
    assert asgi_client.get(app, f"/{name}", method="HEAD", who="anna").headers["cache-control"] == "private"
