"""Litestar's stores, used by hand: what comes out of one is examined as it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import DictLoader, Environment
from litestar import Litestar, MediaType, Request, get
from litestar.config.compression import CompressionConfig
from litestar.exceptions import LitestarException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Response, Template
from litestar.template import TemplateConfig

from rr_snippet import render_snippet
from rr_snippet.integrations.litestar import RRSnippetPlugin
from tests.integrations import asgi_client
from tests.integrations.people import ANNA, BORIS, PEOPLE, customer_in, sent
from tests.integrations.support import records

STORED = str(render_snippet({"customerId": "clara"}))
AnyRequest = Request[Any, Any, Any]
PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>" + "<!-- long -->" * 50


def by_cookie(request: AnyRequest) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


@get("/kept", media_type=MediaType.HTML)
async def kept(request: AnyRequest) -> str:
    store = request.app.stores.get("pages")
    page = await store.get("page")
    if page is None:
        page = request.app.template_engine.get_template("page").render(request=request).encode()
        await store.set("page", page)
    return page.decode()


@get("/tagged")
async def tagged() -> Template:
    return Template("page", headers={"Last-Modified": "x", "ETag": '"v1"'})


@get("/plain", media_type=MediaType.HTML)
async def plain() -> Response[str]:
    return Response("<!doctype html><body></body>", headers={"ETag": '"v1"'}, media_type=MediaType.HTML)


def not_found(request: AnyRequest, _error: Exception) -> Response[str]:
    own = request.app.template_engine.get_template("page").render(request=request)
    return Response(own + STORED * 2, status_code=404, media_type=MediaType.HTML)


def test_pages_of_paths_that_are_none_have_nobodys_block_from_a_store(caplog: pytest.LogCaptureFixture) -> None:
    """No middleware of Litestar ever sees such pages."""
    app = make_app(exception_handlers={404: not_found})
    for who, own in (("anna", ANNA), ("boris", BORIS)):
        response = asgi_client.get(app, "/unknown", who=who)
        assert (response.status_code, customer_in(response.text)) == (404, sent(own))
        assert response.text == PAGE.replace("{{ rr_customer() }}", render_snippet(own)) + " " * len(STORED) * 2
        assert response.headers["cache-control"] == "private"
    assert records(caplog) == [("ERROR", "block taken out: cache.served")] * 2


def make_app(*, debug: bool = False, **options: Any) -> Litestar:
    engine = JinjaTemplateEngine.from_environment(Environment(loader=DictLoader({"page": PAGE}), autoescape=True))
    return Litestar(
        [kept, tagged, plain],
        plugins=[RRSnippetPlugin(customer=by_cookie)],
        template_config=TemplateConfig(instance=engine),
        debug=debug,
        pdb_on_exception=False,
        logging_config=None,
        **options,
    )


@pytest.mark.parametrize("options", [{}, {"compression_config": CompressionConfig(backend="gzip", minimum_size=10)}])
def test_nobody_gets_another_block_out_of_a_store(options: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    app = make_app(**options)
    for who in ("anna", "boris", None, "anna", "boris", None):
        response = asgi_client.get(app, "/kept", who=who)
        assert customer_in(response.text) == (sent(ANNA) if who == "anna" else None)
        assert (response.headers["cache-control"], "Cookie" in response.headers["vary"]) == ("private", True)
    assert set(records(caplog)) == {("ERROR", "block taken out: cache.served")}


def test_the_first_page_of_a_process_knows_its_visitor() -> None:
    first, second = make_app(), make_app()
    asgi_client.get(first, "/kept", who="anna")
    second.stores = first.stores
    assert customer_in(asgi_client.get(second, "/kept", who="anna").text) == sent(ANNA)


def test_in_debug_it_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    app = make_app(debug=True)
    asgi_client.get(app, "/kept", who="anna")
    with pytest.raises(LitestarException, match=r"after response started"):
        asgi_client.get(app, "/kept", who="boris")
    assert records(caplog) == [("ERROR", "block taken out: cache.served")]


@pytest.mark.parametrize("who", ["anna", None])
def test_no_response_that_asked_for_a_customer_can_be_revalidated(who: str | None) -> None:
    response = asgi_client.get(make_app(), "/tagged", who=who)
    assert customer_in(response.text) == (who and sent(PEOPLE[who]))
    assert {"etag", "last-modified"}.isdisjoint(response.headers)
    assert response.headers["vary"] == "Cookie"
    assert asgi_client.get(make_app(), "/plain", who=who).headers["etag"] == '"v1"'


def test_a_missing_customer_function_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    RRSnippetPlugin(phone_region="RU")
    assert records(caplog) == [("WARNING", "no block by itself: option.customer")]
