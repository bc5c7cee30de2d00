"""Hostile strings through Litestar's templates, in whole requests."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jinja2 import DictLoader, Environment
from litestar import Litestar, Request, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig

from rr_snippet import Customer
from rr_snippet.integrations.litestar import RRSnippetPlugin
from tests.integrations.asgi_client import get_many, run
from tests.integrations.hostile import LIMIT, SOME, assert_nonces_are_refused, block_of, by_number

# Hundreds of strings take the same lines, and other tests cover these.
pytestmark = pytest.mark.no_cover

AnyRequest = Request[Any, Any, Any]


def by_query(request: AnyRequest) -> Customer:
    return by_number(request.query_params["shopper"])


@get("/{name:str}")
async def page(request: AnyRequest) -> Template:
    return Template(request.path_params["name"], context={"customer": by_query(request)})


def make_app(environment: Environment) -> Litestar:
    return Litestar(
        [page],
        plugins=[RRSnippetPlugin(customer=by_query, payload_max_chars=LIMIT, on_error="raise")],
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
        logging_config=None,
    )


@pytest.mark.parametrize("source", ["{{ rr_customer() }}", "{{ customer|rr_customer }}"])
def test_pages_hold_the_block_as_it_is(source: str) -> None:
    # Twice: the result of the template, and the result of that as a template.
    pages = {"first": source, **{str(number): block_of(number) for number in SOME}}
    app = make_app(Environment(loader=DictLoader(pages), autoescape=True))
    urls = [f"/{name}?shopper={number}" for number in SOME for name in ("first", str(number))]

    async def ask(client: httpx.AsyncClient) -> list[str]:
        return await get_many(client, urls)

    assert run(app, ask) == [block_of(number) for number in SOME for _ in range(2)]


def test_nonce_is_a_nonce_or_refused() -> None:
    environment = Environment(autoescape=True)
    make_app(environment)
    template = environment.from_string("{{ rr_customer(nonce=nonce) }}")
    request = AnyRequest({"type": "http", "headers": [], "query_string": b"shopper=0"})  # type: ignore[typeddict-item]
    assert_nonces_are_refused(lambda nonce: template.render(request=request, nonce=nonce))
