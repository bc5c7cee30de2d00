from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment
from litestar import Litestar, MediaType, Request, get
from litestar.config.response_cache import ResponseCacheConfig
from litestar.exceptions import ImproperlyConfiguredException, LitestarException, NotFoundException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Stream, Template
from litestar.template import TemplateConfig

from rr_snippet import CustomerError, render_snippet
from rr_snippet.errors import MissingDependencyError, OptionError
from rr_snippet.integrations.litestar import RRSnippetPlugin
from tests.integrations import asgi_client
from tests.integrations.asgi_client import get_many, run
from tests.integrations.missing import import_without
from tests.integrations.people import ANNA, PEOPLE, assert_nobody_gets_another_card, customer_in, nonces_in, sent
from tests.integrations.support import records

AnyRequest = Request[Any, Any, Any]

PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>"
EMPTY = PAGE.replace("{{ rr_customer() }}", "")
TEMPLATES = {
    "page.html": PAGE,
    "macros.html": "{% macro block() %}{{ rr_customer() }}{% endmacro %}",
    "with.html": "{% from 'macros.html' import block with context %}<body>{{ block() }}</body>",
    "without.html": "{% from 'macros.html' import block %}<body>{{ block() }}</body>",
    "filter.html": "<body>{{ {'customerId': 'anna-1'}|rr_customer }}</body>",
}


def by_cookie(request: AnyRequest) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


async def by_cookie_later(request: AnyRequest) -> Any:
    return by_cookie(request)


@get("/async/{name:str}")
async def in_loop(request: AnyRequest) -> Template:
    request.state.csp_nonce = request.headers.get("x-random")
    return Template(request.path_params["name"])


@get("/sync/{name:str}", sync_to_thread=True)
def in_thread(request: AnyRequest) -> Template:
    return Template(request.path_params["name"])


@get("/cached/{name:str}", cache=60)
async def cached(request: AnyRequest) -> Template:
    return Template(request.path_params["name"])


def make_app(*handlers: Any, debug: bool = False, more: dict[str, Any] | None = None, **settings: Any) -> Litestar:
    engine = JinjaTemplateEngine.from_environment(Environment(loader=DictLoader(TEMPLATES), autoescape=True))
    return Litestar(
        [in_loop, in_thread, cached, *handlers],
        plugins=[RRSnippetPlugin(**{"customer": by_cookie, **settings})],
        template_config=TemplateConfig(instance=engine),
        debug=debug,
        # Errors come out of the client as they are, and the log has only ours.
        pdb_on_exception=False,
        logging_config=None,
        **(more or {}),
    )


def visit(app: Litestar, path: str, who: str | None = None, **headers: str) -> Any:
    return asgi_client.get(app, path, who=who, **headers)


@pytest.mark.parametrize("way", ["sync", "async"])
def test_page_sends_exactly_the_customer(way: str) -> None:
    for who in ("anna", "boris"):
        response = visit(make_app(), f"/{way}/page.html", who)
        assert customer_in(response.text) == sent(PEOPLE[who])
        assert (response.headers["cache-control"], response.headers["vary"]) == ("private", "Cookie")


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("name", ["with.html", "without.html"])
def test_imported_macros_find_the_request(way: str, name: str) -> None:
    assert visit(make_app(), f"/{way}/{name}", "anna").text == f"<body>{render_snippet(ANNA)}</body>"


def test_filter_gives_the_block() -> None:
    response = visit(make_app(), "/async/filter.html")
    assert response.text == f"<body>{render_snippet({'customerId': 'anna-1'})}</body>"
    assert response.headers["cache-control"] == "private"


def test_templates_in_a_folder_work_too(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    app = Litestar(
        [in_loop],
        plugins=[RRSnippetPlugin(customer=by_cookie)],
        template_config=TemplateConfig(directory=tmp_path, engine=JinjaTemplateEngine),
    )
    assert customer_in(visit(app, "/async/page.html", "boris").text) == sent(PEOPLE["boris"])


def test_response_without_a_block_is_not_touched() -> None:
    response = visit(make_app(), "/async/page.html")
    assert response.text == EMPTY
    assert "cache-control" not in response.headers


def test_page_for_unknown_paths_is_private_too() -> None:
    def not_found(_request: AnyRequest, _error: Exception) -> Template:
        return Template("page.html", status_code=404)

    response = visit(make_app(more={"exception_handlers": {NotFoundException: not_found}}), "/nowhere", "anna")
    assert response.status_code == 404
    assert customer_in(response.text) == sent(ANNA)
    assert response.headers["cache-control"] == "private"
    assert "cache-control" not in visit(make_app(), "/nowhere", "anna").headers


def test_nonce_is_that_of_the_state_or_the_context() -> None:
    @get("/context")
    async def context() -> Template:
        return Template("without.html", context={"csp_nonce": "lost"})

    @get("/context-with")
    async def context_with() -> Template:
        return Template("with.html", context={"csp_nonce": "context"})

    app = make_app(context, context_with)
    assert nonces_in(visit(app, "/async/page.html", "anna", x_random="abc").text) == ["abc"]
    assert nonces_in(visit(app, "/async/without.html", "anna", x_random="abc").text) == ["abc"]
    assert nonces_in(visit(app, "/context-with", "anna").text) == ["context"]


# Customers


@pytest.mark.parametrize("customer", [by_cookie, by_cookie_later])
def test_customer_is_loaded_before_rendering(customer: Any) -> None:
    plugin = RRSnippetPlugin(customer=customer)

    @get("/loaded", before_request=plugin.load)
    async def loaded() -> Template:
        return Template("without.html")

    @get("/text", media_type=MediaType.HTML)
    async def text(request: AnyRequest) -> str:
        await plugin.load(request)
        return f"<body>{plugin.render(request)}</body>"

    engine = JinjaTemplateEngine.from_environment(Environment(loader=DictLoader(TEMPLATES), autoescape=True))
    app = Litestar([loaded, text], plugins=[plugin], template_config=TemplateConfig(instance=engine))
    for path in ("/loaded", "/text"):
        for who in ("anna", "boris", None):
            assert customer_in(visit(app, path, who).text) == (None if who is None else sent(PEOPLE[who]))


def test_customer_of_the_state_goes_first() -> None:
    @get("/own")
    async def own(request: AnyRequest) -> Template:
        request.state.rr_customer = PEOPLE["boris"]
        return Template("page.html")

    assert customer_in(visit(make_app(own), "/own", "anna").text) == sent(PEOPLE["boris"])


def test_async_customer_that_was_not_loaded_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert visit(make_app(customer=by_cookie_later), "/async/page.html", "anna").text == EMPTY
    assert records(caplog) == [("ERROR", "no block: request.not_loaded")]


# The response cache


@pytest.mark.parametrize("name", ["page.html", "without.html"])
def test_response_cache_stores_no_block(name: str, caplog: pytest.LogCaptureFixture) -> None:
    app = make_app()
    assert customer_in(visit(app, f"/cached/{name}", "anna").text) == sent(ANNA)
    assert_nobody_gets_another_card(lambda who: visit(app, f"/cached/{name}", who).text)
    assert set(records(caplog)) == {("ERROR", "not cached: cache.stored")}


def test_response_cache_in_debug_is_an_error() -> None:
    with pytest.raises(LitestarException) as caught:
        visit(make_app(debug=True), "/cached/page.html", "anna")
    # Litestar wraps an error of `send` once for each of its layers.
    assert "cache.stored" in "".join(traceback.format_exception(caught.value))
    assert visit(make_app(debug=True), "/cached/page.html").text == PAGE.replace(
        "{{ rr_customer() }}", "<!-- rr-snippet: no block (anonymous) -->"
    )


def test_filter_of_the_site_is_still_asked() -> None:
    asked: list[int] = []

    def never(_scope: Any, status: int) -> bool:
        asked.append(status)
        return False

    app = make_app(more={"response_cache_config": ResponseCacheConfig(cache_response_filter=never)})
    assert customer_in(visit(app, "/cached/page.html", "anna").text) == sent(ANNA)
    assert customer_in(visit(app, "/cached/page.html", "boris").text) == sent(PEOPLE["boris"])
    assert asked == [200, 200]


def test_allow_cached_leaves_it_to_the_site() -> None:
    def key(request: AnyRequest) -> str:
        return f"{request.url.path}/{request.cookies.get('as')}"

    app = make_app(allow_cached=True, more={"response_cache_config": ResponseCacheConfig(key_builder=key)})
    for who in ("anna", "boris", None, "anna", "boris", None):
        response = visit(app, "/cached/page.html", who)
        assert customer_in(response.text) == (None if who is None else sent(PEOPLE[who]))
        # A response is stored with the headers that were sent.
        assert response.headers.get("cache-control") == (None if who is None else "private")


def test_response_without_a_block_is_stored() -> None:
    calls: list[str] = []

    @get("/text", cache=60, media_type=MediaType.HTML)
    async def text() -> str:
        calls.append("call")
        return "text"

    app = make_app(text)
    assert [visit(app, "/text", "anna").text for _ in range(2)] == ["text", "text"]
    assert calls == ["call"]


# Streams, policy, settings


def test_stream_is_refused_unless_prepared(caplog: pytest.LogCaptureFixture) -> None:
    plugin = RRSnippetPlugin(customer=by_cookie)

    @get("/stream")
    async def stream(request: AnyRequest) -> Stream:
        if "prepared" in request.query_params:
            plugin.prepare(request)

        async def parts() -> AsyncIterator[str]:
            yield "<body>"
            yield plugin.render(request)

        return Stream(parts(), media_type=MediaType.HTML)

    engine = JinjaTemplateEngine.from_environment(Environment(loader=DictLoader(TEMPLATES), autoescape=True))
    app = Litestar([stream], plugins=[plugin], template_config=TemplateConfig(instance=engine), logging_config=None)
    assert visit(app, "/stream", "anna").text == "<body>"
    assert records(caplog) == [("ERROR", "no block: response.sent")]
    response = visit(app, "/stream?prepared=1", "anna")
    assert customer_in(response.text) == sent(ANNA)
    assert response.headers["cache-control"] == "private"


def test_bad_customer_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    response = visit(make_app(), "/async/page.html", "broken")
    assert (response.status_code, response.text) == (200, EMPTY)
    assert records(caplog) == [("WARNING", "no block: phone.shape")]
    assert "secret" not in caplog.text
    response = visit(make_app(debug=True), "/async/page.html", "broken")
    assert response.status_code == 500
    assert CustomerError.__name__ in response.text


@pytest.mark.parametrize(
    ("settings", "headers", "reason"),
    [
        ({"respect_gpc": True}, {"Sec_GPC": "1"}, "gpc"),
        ({"respect_dnt": True}, {"DNT": "1"}, "dnt"),
        ({"exclude": lambda request: "x-staff" in request.headers}, {"X_Staff": "yes"}, "excluded"),
        ({"customer": None}, {}, "anonymous"),
    ],
)
def test_page_without_a_block_says_why_in_debug_only(
    settings: dict[str, Any], headers: dict[str, str], reason: str
) -> None:
    text = visit(make_app(debug=True, **settings), "/sync/page.html", "anna", **headers).text
    assert text == PAGE.replace("{{ rr_customer() }}", f"<!-- rr-snippet: no block ({reason}) -->")
    assert visit(make_app(**settings), "/sync/page.html", "anna", **headers).text == EMPTY


def test_outside_of_a_request_there_is_no_block(caplog: pytest.LogCaptureFixture) -> None:
    engine = make_app().template_engine
    assert isinstance(engine, JinjaTemplateEngine)
    assert engine.get_template("filter.html").render() == "<body></body>"
    assert records(caplog) == [("ERROR", "no block: request.missing")]


def test_wrong_settings_fail_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        RRSnippetPlugin(custmer=by_cookie)
    assert caught.value.code == "option.unknown"


def test_application_without_jinja_templates_is_an_error() -> None:
    for config in (None, TemplateConfig(instance=object())):  # type: ignore[type-var]
        with pytest.raises(ImproperlyConfiguredException, match="JinjaTemplateEngine"):
            Litestar(plugins=[RRSnippetPlugin(customer=by_cookie)], template_config=config)


@pytest.mark.parametrize("way", ["sync", "async"])
def test_three_hundred_at_once_get_each_their_own_customer(way: str) -> None:
    app = make_app(customer=lambda request: {"customerId": request.query_params["id"]})
    texts = run(app, lambda client: get_many(client, [f"/{way}/without.html?id={n}" for n in range(300)]))
    assert texts == [f"<body>{render_snippet({'customerId': str(n)})}</body>" for n in range(300)]


def test_missing_litestar_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDependencyError) as caught:
        import_without(monkeypatch, "litestar", "rr_snippet.integrations.litestar")
    assert str(caught.value) == "Litestar is needed: pip install 'rr-snippet[litestar]' [dependency.missing]"


def test_litestar_that_misses_something_itself_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"\Amsgspec\Z"):
        import_without(monkeypatch, "litestar", "rr_snippet.integrations.litestar", missing="msgspec")
