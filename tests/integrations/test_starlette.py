from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.templating import Jinja2Templates

from rr_snippet import CustomerError, RenderError, render_snippet
from rr_snippet.errors import MissingDependencyError, OptionError
from rr_snippet.integrations.starlette import RRSnippet, RRSnippetMiddleware, install
from tests.integrations.asgi_client import get, get_many, run
from tests.integrations.missing import import_without
from tests.integrations.people import (
    ANNA,
    BORIS,
    BROKEN,
    PEOPLE,
    assert_nobody_gets_another_card,
    customer_in,
    nonces_in,
    sent,
)
from tests.integrations.support import records

PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>"
EMPTY = PAGE.replace("{{ rr_customer() }}", "")
TEMPLATES = {
    "page.html": PAGE,
    "twice.html": "<body>{{ rr_customer() }}{{ rr_customer(none) }}</body>",
    "macros.html": "{% macro block() %}{{ rr_customer() }}{% endmacro %}",
    "with.html": "{% from 'macros.html' import block with context %}<body>{{ block() }}</body>",
    "without.html": "{% from 'macros.html' import block %}<body>{{ block() }}</body>",
    "filter.html": "<body>{{ {'customerId': 'anna-1'}|rr_customer }}</body>",
}


def by_cookie(request: Request) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


async def by_cookie_later(request: Request) -> Any:
    return by_cookie(request)


class Shop:
    """One application with the integration, and a sync and an async route to every template."""

    def __init__(self, *more: Middleware, debug: bool = False, watched: bool = True, **settings: Any) -> None:
        self.templates = Jinja2Templates(env=Environment(loader=DictLoader(TEMPLATES), autoescape=True))
        self.rr = install(self.templates, **{"customer": by_cookie, **settings})
        self.context: dict[str, Any] = {}
        watching = [Middleware(RRSnippetMiddleware)] if watched else []
        self.app = Starlette(
            debug=debug,
            middleware=[*watching, *more],
            routes=[Route("/sync/{name}", self.in_thread), Route("/async/{name}", self.in_loop)],
        )

    def in_thread(self, request: Request) -> Response:
        return self.templates.TemplateResponse(request, request.path_params["name"], dict(self.context))

    async def in_loop(self, request: Request) -> Response:
        return self.in_thread(request)

    def route(self, endpoint: Any, path: str = "/test") -> None:
        self.app.router.routes.append(Route(path, endpoint))


@pytest.mark.parametrize("way", ["sync", "async"])
def test_page_sends_exactly_the_customer(way: str) -> None:
    shop = Shop()
    for who in ("anna", "boris"):
        response = get(shop.app, f"/{way}/page.html", who=who)
        assert customer_in(response.text) == sent(PEOPLE[who])
        assert response.headers["cache-control"] == "private"
        assert response.headers["vary"] == "Cookie"
        assert response.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("name", ["with.html", "without.html"])
def test_imported_macros_find_the_request(way: str, name: str) -> None:
    assert get(Shop().app, f"/{way}/{name}", who="anna").text == f"<body>{render_snippet(ANNA)}</body>"


def test_filter_and_two_blocks_on_a_page() -> None:
    response = get(Shop().app, "/sync/filter.html")
    assert response.text == f"<body>{render_snippet({'customerId': 'anna-1'})}</body>"
    assert response.headers["cache-control"] == "private"
    assert get(Shop().app, "/sync/twice.html", who="anna").text == f"<body>{render_snippet(ANNA)}</body>"


def test_block_for_a_page_without_templates() -> None:
    rr = RRSnippet(customer=by_cookie, phone_region="RU")

    async def home(request: Request) -> Response:
        nonce = request.query_params.get("nonce")
        return HTMLResponse(f"<body>{rr.render(request, nonce=nonce, pretty=True)}</body>")

    app = Starlette(routes=[Route("/", home)], middleware=[Middleware(RRSnippetMiddleware)])
    for query, nonce in (("", None), ("?nonce=abc", "abc")):
        response = get(app, f"/{query}", who="anna")
        assert response.text == f"<body>{render_snippet(ANNA, nonce=nonce, pretty=True, phone_region='RU')}</body>"
        assert response.headers["cache-control"] == "private"


def test_response_without_a_block_stays_public() -> None:
    shop = Shop()

    async def public(_request: Request) -> Response:
        return PlainTextResponse("ok", headers={"Cache-Control": "public, max-age=60"})

    shop.route(public)
    assert get(shop.app, "/test", who="anna").headers["cache-control"] == "public, max-age=60"
    page = get(shop.app, "/sync/page.html")
    assert page.text == EMPTY
    assert "cache-control" not in page.headers
    assert page.headers["vary"] == "Cookie"


def test_what_contradicts_is_taken_out_of_the_headers() -> None:
    shop = Shop()

    async def public(request: Request) -> Response:
        response = shop.in_thread(request)
        response.headers.update({"Cache-Control": "public, s-maxage=9, max-age=60", "Vary": "Accept-Language"})
        response.headers["CDN-Cache-Control"] = "max-age=9"
        response.set_cookie("a", "b")
        response.set_cookie("c", "d")
        return response

    shop.route(public, "/test/{name}")
    headers = get(shop.app, "/test/page.html", who="anna").headers
    assert (headers["cache-control"], headers["vary"]) == ("private, max-age=60", "Accept-Language, Cookie")
    assert "cdn-cache-control" not in headers
    assert len(headers.get_list("set-cookie")) == 2


def test_nobody_gets_another_card() -> None:
    shop = Shop()
    assert_nobody_gets_another_card(lambda who: get(shop.app, "/async/without.html", who=who).text)


def test_middleware_hands_on_what_is_no_request() -> None:
    started = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        started.append(scope["type"])

    async def ask(_client: httpx.AsyncClient) -> None:
        await RRSnippetMiddleware(app)({"type": "lifespan"}, None, None)  # type: ignore[arg-type]

    run(app, ask)
    assert started == ["lifespan"]


def test_page_for_an_unhandled_error_gets_no_block(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()

    async def home(request: Request) -> Response:
        assert shop.rr.render(request)
        raise LookupError

    shop.route(home)
    shop.app.add_exception_handler(
        500, lambda request, _error: shop.templates.TemplateResponse(request, "page.html", status_code=500)
    )
    transport = httpx.ASGITransport(shop.app, raise_app_exceptions=False)

    async def ask(_client: httpx.AsyncClient) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=transport, base_url="http://shop.test", cookies={"as": "anna"}
        ) as client:
            return await client.get("/test")

    response = run(shop.app, ask)
    assert (response.status_code, response.text) == (500, EMPTY)
    assert records(caplog) == [("ERROR", "no block: response.unwatched")]


def test_response_without_headers_is_one_too() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"ok"})

    assert get(RRSnippetMiddleware(prepared(app)), "/").headers["cache-control"] == "private"


def prepared(app: Any) -> Any:
    async def prepare(scope: Any, receive: Any, send: Any) -> None:
        RRSnippet().prepare(Request(scope))
        await app(scope, receive, send)

    return prepare


def test_middleware_twice_is_once() -> None:
    shop = Shop(Middleware(RRSnippetMiddleware))
    headers = get(shop.app, "/sync/page.html", who="anna").headers
    assert headers.get_list("cache-control") == ["private"]


class Passing(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        request.state.csp_nonce = "from-state"
        response: Response = await call_next(request)
        return response


@pytest.mark.parametrize("name", ["page.html", "without.html"])
def test_middleware_with_tasks_of_its_own_is_no_obstacle(name: str) -> None:
    response = get(Shop(Middleware(Passing)).app, f"/sync/{name}", who="anna")
    assert customer_in(response.text) == sent(ANNA)
    assert nonces_in(response.text) == ["from-state"]
    assert response.headers["cache-control"] == "private"


def test_mounted_application_is_watched_by_the_outer_middleware() -> None:
    inner = Shop(watched=False)
    outer = Starlette(routes=[Mount("/shop", inner.app)], middleware=[Middleware(RRSnippetMiddleware)])
    response = get(outer, "/shop/async/without.html", who="boris")
    assert customer_in(response.text) == sent(BORIS)
    assert response.headers["cache-control"] == "private"


# Nonce


def test_nonce_order_is_argument_context_state() -> None:
    shop = Shop(Middleware(Passing))
    texts = ["{{ rr_customer(nonce='argument') }}", "{{ rr_customer() }}", "{{ rr_customer(nonce=False) }}"]
    shop.templates.env.loader = DictLoader({**TEMPLATES, "all.html": "".join(texts)})
    shop.context["csp_nonce"] = lambda: "context"
    assert nonces_in(get(shop.app, "/sync/all.html", who="anna").text) == ["argument", "context"]
    shop.context["csp_nonce"] = ""
    assert nonces_in(get(shop.app, "/sync/all.html", who="anna").text) == ["argument", "from-state"]


class Csp(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        request.state.csp_nonce = nonce = request.headers["x-random"]
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = f"script-src 'nonce-{nonce}'"
        return response


@pytest.mark.parametrize("name", ["page.html", "without.html"])
def test_nonce_in_the_body_is_the_one_in_the_header(name: str) -> None:
    shop = Shop(Middleware(Csp))
    for random in ("abc", "xyz"):
        response = get(shop.app, f"/async/{name}", who="anna", x_random=random)
        assert nonces_in(response.text) == [random]
        assert response.headers["content-security-policy"] == f"script-src 'nonce-{random}'"


def test_nonce_that_is_none_is_refused() -> None:
    with pytest.raises(RenderError) as caught:
        get(Shop(Middleware(Csp), debug=True).app, "/async/page.html", who="anna", x_random='"><script>')
    assert caught.value.code == "nonce.shape"


# Places without a block


@pytest.mark.parametrize("name", ["page.html", "without.html"])
def test_without_the_middleware_no_block(name: str, caplog: pytest.LogCaptureFixture) -> None:
    code = "response.unwatched" if name == "page.html" else "request.missing"
    assert get(Shop(watched=False).app, f"/async/{name}", who="anna").text in (EMPTY, "<body></body>")
    assert records(caplog) == [("ERROR", f"no block: {code}")]
    # Without a request the application and its debug flag are unknown.
    if name == "page.html":
        with pytest.raises(RenderError, match=code):
            get(Shop(watched=False, debug=True).app, f"/async/{name}", who="anna")


def test_outside_of_a_request_there_is_no_block(caplog: pytest.LogCaptureFixture) -> None:
    assert Shop().templates.env.get_template("filter.html").render() == "<body></body>"
    assert records(caplog) == [("ERROR", "no block: request.missing")]


@pytest.mark.parametrize("way", ["sync", "async"])
def test_stream_is_refused_unless_prepared(way: str, caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()

    def parts(request: Request) -> Iterator[str]:
        yield from shop.templates.env.get_template("without.html").generate(request=request)

    async def parts_later(request: Request) -> AsyncIterator[str]:
        for part in parts(request):
            yield part

    async def stream(request: Request) -> Response:
        if "prepared" in request.query_params:
            shop.rr.prepare(request)
        return StreamingResponse(parts(request) if way == "sync" else parts_later(request))

    shop.route(stream)
    assert get(shop.app, "/test", who="anna").text == "<body></body>"
    assert records(caplog) == [("ERROR", "no block: response.sent")]
    response = get(shop.app, "/test?prepared", who="anna")
    assert customer_in(response.text) == sent(ANNA)
    assert response.headers["cache-control"] == "private"
    shop.app.debug = True
    with pytest.raises(RenderError, match=r"response\.sent"):
        get(shop.app, "/test", who="anna")


def test_prepare_without_the_middleware_changes_nothing() -> None:
    shop = Shop(watched=False)

    async def stream(request: Request) -> Response:
        shop.rr.prepare(request)
        return shop.templates.TemplateResponse(request, "page.html")

    shop.route(stream)
    assert get(shop.app, "/test", who="anna").text == EMPTY


def test_task_after_the_response_gets_no_block() -> None:
    shop = Shop()
    rendered = []

    async def home(request: Request) -> Response:
        task = BackgroundTask(lambda: rendered.append(shop.rr.render(request)))
        return PlainTextResponse("ok", background=task)

    shop.route(home)
    assert get(shop.app, "/test", who="anna").text == "ok"
    assert rendered == [""]


# Customers


@pytest.mark.parametrize("customer", [by_cookie, by_cookie_later, lambda request: by_cookie_later(request)])
def test_customer_is_loaded_before_rendering(customer: Any) -> None:
    shop = Shop(customer=customer)

    async def home(request: Request) -> Response:
        await shop.rr.load(request)
        return shop.templates.TemplateResponse(request, "without.html")

    shop.route(home)
    for who in ("anna", "boris", None):
        expected = None if who is None else sent(PEOPLE[who])
        assert customer_in(get(shop.app, "/test", who=who).text) == expected


@pytest.mark.parametrize("customer", [by_cookie_later, lambda request: by_cookie_later(request)])
def test_async_customer_that_was_not_loaded_is_told(customer: Any, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(RenderError) as caught:
        get(Shop(customer=customer, debug=True).app, "/sync/page.html", who="anna")
    assert caught.value.code == "request.not_loaded"
    assert get(Shop(customer=customer).app, "/async/page.html", who="anna").text == EMPTY
    assert records(caplog) == [("ERROR", "no block: request.not_loaded")]


def test_customer_of_the_state_goes_first() -> None:
    shop = Shop(customer=None)

    async def home(request: Request) -> Response:
        await shop.rr.load(request)
        if "as" in request.query_params:
            request.state.rr_customer = PEOPLE.get(request.query_params["as"])
        return shop.templates.TemplateResponse(request, "page.html")

    shop.route(home)
    assert customer_in(get(shop.app, "/test?as=boris", who="anna").text) == sent(BORIS)
    assert get(shop.app, "/test?as=nobody", who="anna").text == EMPTY
    assert get(shop.app, "/test", who="anna").text == EMPTY


async def fail_later(_request: Request) -> Any:
    raise LookupError(BROKEN["customerId"])


def fail(_request: Request) -> Any:
    raise LookupError(BROKEN["customerId"])


@pytest.mark.parametrize("customer", [fail, fail_later])
def test_failing_customer_costs_the_block_and_not_the_page(customer: Any, caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(customer=customer)

    async def home(request: Request) -> Response:
        await shop.rr.load(request)
        return shop.templates.TemplateResponse(request, "page.html")

    shop.route(home)
    response = get(shop.app, "/test")
    assert (response.status_code, response.text) == (200, EMPTY)
    assert records(caplog) == [("ERROR", "no block: site.failed LookupError")]
    shop.app.debug = True
    with pytest.raises(LookupError):
        get(shop.app, "/test")


# Policy


def test_bad_customer_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    response = get(Shop().app, "/async/page.html", who="broken")
    assert (response.status_code, response.text) == (200, EMPTY)
    assert records(caplog) == [("WARNING", "no block: phone.shape")]
    assert "secret" not in repr([vars(record) for record in caplog.records])
    with pytest.raises(CustomerError):
        get(Shop(debug=True).app, "/async/page.html", who="broken")
    text = get(Shop(debug=True, on_error="log").app, "/async/page.html", who="broken").text
    assert text == PAGE.replace("{{ rr_customer() }}", "<!-- rr-snippet: no block (invalid: phone.shape) -->")


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
    text = get(Shop(debug=True, **settings).app, "/sync/page.html", who="anna", **headers).text
    assert text == PAGE.replace("{{ rr_customer() }}", f"<!-- rr-snippet: no block ({reason}) -->")
    assert get(Shop(**settings).app, "/sync/page.html", who="anna", **headers).text == EMPTY


def test_wrong_settings_fail_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        RRSnippet(custmer=by_cookie, respect_gpc="yes")
    assert [problem.code for problem in caught.value.problems] == ["option.unknown", "option.value"]


def test_two_doors_in_one_environment_are_an_error() -> None:
    shop = Shop()
    with pytest.raises(OptionError) as caught:
        install(shop.templates, customer=by_cookie)
    assert caught.value.code == "option.taken"


@pytest.mark.parametrize("way", ["sync", "async"])
def test_three_hundred_at_once_get_each_their_own_customer(way: str) -> None:
    shop = Shop(customer=lambda request: {"customerId": request.query_params["id"]})
    texts = run(shop.app, lambda client: get_many(client, [f"/{way}/without.html?id={n}" for n in range(300)]))
    assert texts == [f"<body>{render_snippet({'customerId': str(n)})}</body>" for n in range(300)]


def test_missing_starlette_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDependencyError) as caught:
        import_without(monkeypatch, "starlette", "rr_snippet.integrations.starlette")
    assert str(caught.value) == "Starlette is needed: pip install 'rr-snippet[starlette]' [dependency.missing]"


def test_starlette_that_misses_something_itself_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"\Aanyio\Z"):
        import_without(monkeypatch, "starlette", "rr_snippet.integrations.starlette", missing="anyio")


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_slow_customer_function_holds_up_its_own_page_alone(way: str) -> None:
    released = threading.Event()

    def slow(request: Request) -> Any:
        if request.cookies["as"] == "anna":
            assert released.wait(20)
        return by_cookie(request)

    async def slow_later(request: Request) -> Any:
        while request.cookies["as"] == "anna" and not released.is_set():
            await asyncio.sleep(0.01)
        return by_cookie(request)

    shop = Shop(customer=slow if way == "sync" else slow_later)

    async def loaded(request: Request) -> Response:
        await shop.rr.load(request)
        return shop.templates.TemplateResponse(request, "page.html")

    shop.route(loaded)
    url = "/sync/page.html" if way == "sync" else "/test"

    async def visit(client: httpx.AsyncClient) -> tuple[bool, str, str]:
        waiting = asyncio.create_task(client.get(url, headers={"Cookie": "as=anna"}))
        await asyncio.sleep(0.1)
        quick = await client.get(url, headers={"Cookie": "as=boris"})
        was_waiting = not waiting.done()
        released.set()
        return was_waiting, quick.text, (await waiting).text

    was_waiting, quick, slowly = run(shop.app, visit)
    assert (was_waiting, customer_in(quick), customer_in(slowly)) == (True, sent(BORIS), sent(ANNA))
