"""Hostile strings through Starlette's templates, which are FastAPI's too, in whole requests."""

from __future__ import annotations

import httpx
import pytest
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from rr_snippet import Customer
from rr_snippet.integrations.starlette import RRSnippetMiddleware, install
from tests.integrations.asgi_client import get, get_many, run
from tests.integrations.hostile import LIMIT, SOME, assert_nonces_are_refused, block_of, by_number

# Hundreds of strings take the same lines, and other tests cover these.
pytestmark = pytest.mark.no_cover

SOURCES = ["{{ rr_customer() }}", "{{ customer|rr_customer }}"]


def by_query(request: Request) -> Customer:
    return by_number(request.query_params["shopper"])


def make_templates(*sources: str) -> Jinja2Templates:
    pages = {str(number): source for number, source in enumerate(sources)}
    templates = Jinja2Templates(env=Environment(loader=DictLoader(pages), autoescape=True))
    install(templates, customer=by_query, payload_max_chars=LIMIT, on_error="raise")
    return templates


@pytest.mark.parametrize("source", SOURCES)
def test_pages_hold_the_block_as_it_is(source: str) -> None:
    # Twice: the result of the template, and the result of that as a template.
    templates = make_templates(source, *map(block_of, SOME))

    def page(request: Request) -> Response:
        return templates.TemplateResponse(request, request.path_params["name"], {"customer": by_query(request)})

    app = Starlette(routes=[Route("/{name}", page)], middleware=[Middleware(RRSnippetMiddleware)])
    urls = [f"/{name}?shopper={number}" for position, number in enumerate(SOME) for name in ("0", str(position + 1))]

    async def ask(client: httpx.AsyncClient) -> list[str]:
        return await get_many(client, urls)

    assert run(app, ask) == [block_of(number) for number in SOME for _ in range(2)]


def test_nonce_is_a_nonce_or_refused() -> None:
    template = make_templates("{{ rr_customer(nonce=nonce) }}").get_template("0")

    def page(request: Request) -> Response:
        assert_nonces_are_refused(lambda nonce: template.render(request=request, nonce=nonce))
        return Response("all")

    app = Starlette(routes=[Route("/", page)], middleware=[Middleware(RRSnippetMiddleware)])
    assert get(app, "/?shopper=0").text == "all"
