from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from rr_snippet import CustomerError, render_snippet
from rr_snippet.integrations.starlette import RRSnippetMiddleware, RRSnippetPages, install
from tests.integrations.asgi_client import get, get_many, run
from tests.integrations.people import ANNA, PEOPLE, assert_nobody_gets_another_card, customer_in, nonces_in, sent
from tests.integrations.support import records

PAGE = "<!doctype html><title>Shop</title><body><h1>Hello</h1></body>"
WITH_BLOCK = PAGE.replace("</body>", f"{render_snippet(ANNA)}</body>")
FORMER = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT", "Cache-Control": "public, max-age=60"}


def by_cookie(request: Request) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


async def by_cookie_later(request: Request) -> Any:
    return by_cookie(request)


def answering(response: Any, *around: Middleware, inside: tuple[Middleware, ...] = (), **settings: Any) -> Starlette:
    async def home(request: Request) -> Response:
        made = response(request) if callable(response) and not isinstance(response, Response) else response
        assert isinstance(made, Response)
        return made

    pages = Middleware(RRSnippetPages, **{"customer": by_cookie, **settings})
    return Starlette(routes=[Route("/", home)], middleware=[*around, pages, *inside])


@pytest.mark.parametrize("customer", [by_cookie, by_cookie_later, lambda request: by_cookie_later(request)])
def test_page_gets_the_block_and_headers_that_fit_it(customer: Any) -> None:
    app = answering(lambda _: HTMLResponse(PAGE, headers=FORMER), customer=customer)
    response = get(app, "/", who="anna")
    assert response.text == WITH_BLOCK
    assert dict(response.headers) == {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(WITH_BLOCK)),
        "accept-ranges": "none",
        "cache-control": "private, max-age=60",
        "vary": "Cookie",
    }


def test_anonymous_visitor_gets_the_page_as_it_is() -> None:
    response = get(answering(lambda _: HTMLResponse(PAGE, headers=FORMER)), "/")
    assert response.text == PAGE
    assert {"etag", "last-modified"}.isdisjoint(response.headers)
    assert response.headers["cache-control"] == "public, max-age=60"
    assert response.headers["vary"] == "Cookie"


async def pieces() -> AsyncIterator[str]:
    yield PAGE[:20]
    yield PAGE[20:]


async def empty_first() -> AsyncIterator[bytes]:
    yield b""
    yield PAGE.encode()


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (lambda _: StreamingResponse(pieces(), media_type="text/html"), "a stream"),
        (lambda _: StreamingResponse(empty_first(), media_type="text/html"), "a stream that starts with nothing"),
        (lambda _: JSONResponse({"a": 1}), "no page"),
        (lambda _: HTMLResponse(PAGE, status_code=404), "an error page"),
        (lambda _: HTMLResponse(PAGE, headers={"Content-Disposition": "attachment"}), "saved, not shown"),
        (lambda _: HTMLResponse(PAGE, headers={"Content-Encoding": "compress"}), "compressed"),
        (lambda _: Response(status_code=204), "no body"),
        (lambda _: Response(status_code=304, headers=FORMER), "the browser's own copy"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*brotli:DeprecationWarning")
def test_what_is_no_page_passes_untouched(response: Any, why: str) -> None:
    plain = Starlette(routes=[Route("/", lambda request: response(request))])
    expected = get(plain, "/", who="anna")
    actual = get(answering(response), "/", who="anna")
    assert actual.content == expected.content, why
    assert actual.headers.raw == expected.headers.raw, why


def test_stream_of_a_known_length_is_whole() -> None:
    length = {"Content-Length": str(len(PAGE))}
    app = answering(lambda _: StreamingResponse(pieces(), media_type="text/html", headers=length))
    assert get(app, "/", who="anna").text == WITH_BLOCK


class Passing(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        return response


def test_middleware_that_sends_in_pieces_is_no_obstacle() -> None:
    app = answering(lambda _: HTMLResponse(PAGE), inside=(Middleware(Passing),))
    assert get(app, "/", who="anna").text == WITH_BLOCK


def test_compression_belongs_outside(caplog: pytest.LogCaptureFixture) -> None:
    gzip = Middleware(GZipMiddleware, minimum_size=10)
    response = get(answering(lambda _: HTMLResponse(PAGE), gzip), "/", who="anna", Accept_Encoding="gzip")
    assert (response.text, response.headers["content-encoding"]) == (WITH_BLOCK, "gzip")
    assert records(caplog) == []
    app = answering(lambda _: HTMLResponse(PAGE), inside=(gzip,))
    for _ in range(2):
        assert get(app, "/", who="anna", Accept_Encoding="gzip").text == PAGE
    assert records(caplog) == [("WARNING", "page left as it is: page.compressed")]


def test_ranges_of_files_are_left_alone(tmp_path: Any) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    app = answering(lambda _: FileResponse(file))
    part = get(app, "/", who="anna", Range="bytes=0-9")
    assert (part.status_code, part.text) == (206, PAGE[:10])
    whole = get(app, "/", who="anna")
    assert whole.text == WITH_BLOCK
    assert whole.headers["accept-ranges"] == "none"
    assert "etag" not in whole.headers


def test_head_says_what_get_would() -> None:
    app = answering(lambda _: HTMLResponse(PAGE, headers=FORMER))
    response = get(app, "/", method="HEAD", who="anna")
    assert response.content == b""
    assert {"etag", "last-modified", "content-length"}.isdisjoint(response.headers)
    assert response.headers["cache-control"] == "private, max-age=60"
    assert "etag" not in get(app, "/", method="HEAD").headers


def test_page_over_the_limit_passes_untouched() -> None:
    for headers in ({}, {"Content-Length": "0"}):
        app = answering(lambda _, h=headers: HTMLResponse(PAGE, headers=h), page_max_bytes=len(PAGE) - 1)
        assert get(app, "/", who="anna").text == PAGE
    app = answering(lambda _: HTMLResponse(PAGE), page_max_bytes=len(PAGE))
    assert get(app, "/", who="anna").text == WITH_BLOCK


def test_response_with_trailers_or_a_file_of_the_server_passes_untouched() -> None:
    def sending(*messages: dict[str, Any]) -> Any:
        async def app(_scope: Any, _receive: Any, send: Any) -> None:
            for message in messages:
                await send(message)

        return app

    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
    body = {"type": "http.response.body", "body": PAGE.encode()}
    for messages in (
        [{**start, "trailers": True}, body, {"type": "http.response.trailers", "headers": []}],
        [start, {"type": "http.response.pathsend", "path": "/page.html"}],
    ):
        sent_on: list[Any] = []

        async def collect(message: Any, sent_on: list[Any] = sent_on) -> None:
            sent_on.append(message)

        app = RRSnippetPages(sending(*messages), customer=by_cookie)
        run(
            app,
            lambda _, app=app, collect=collect: app({"type": "http", "method": "GET", "headers": []}, None, collect),
        )
        assert sent_on == messages


def test_middleware_hands_on_what_is_no_request() -> None:
    seen = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    run(app, lambda _: RRSnippetPages(app, customer=by_cookie)({"type": "websocket"}, None, None))  # type: ignore[arg-type]
    assert seen == ["websocket"]


def test_twice_is_once() -> None:
    app = answering(lambda _: HTMLResponse(PAGE), Middleware(RRSnippetPages, customer=by_cookie))
    response = get(app, "/", who="anna")
    assert response.text == WITH_BLOCK
    assert response.headers.get_list("cache-control") == ["private"]


def test_template_and_middleware_together_give_one_block() -> None:
    templates = Jinja2Templates(env=Environment(loader=DictLoader({"p": f"{PAGE[:-7]}{{{{ rr_customer() }}}}</body>"})))
    install(templates, customer=by_cookie)
    app = answering(lambda request: templates.TemplateResponse(request, "p"), Middleware(RRSnippetMiddleware))
    response = get(app, "/", who="anna")
    assert response.text == WITH_BLOCK
    assert response.headers.get_list("cache-control") == ["private"]


def test_page_without_a_place_goes_out_unchanged(caplog: pytest.LogCaptureFixture) -> None:
    app = answering(lambda _: HTMLResponse("<p>a piece</p>", headers=FORMER), Middleware(RRSnippetMiddleware))
    response = get(app, "/", who="anna")
    assert response.text == "<p>a piece</p>"
    assert {"etag", "last-modified"}.isdisjoint(response.headers)
    assert (response.headers["cache-control"], response.headers["vary"]) == ("public, max-age=60", "Cookie")
    assert records(caplog) == [("WARNING", "page left as it is: page.fragment")]


class Csp(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        if "state" in request.query_params:
            request.state.csp_nonce = "from-state"
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = "script-src 'nonce-from-header'"
        return response


def test_nonce_order_is_own_state_header() -> None:
    inside = (Middleware(Csp),)
    app = answering(lambda _: HTMLResponse(PAGE), inside=inside)
    assert nonces_in(get(app, "/", who="anna").text) == ["from-header"]
    assert nonces_in(get(app, "/?state", who="anna").text) == ["from-state"]
    app = answering(lambda _: HTMLResponse(PAGE), inside=inside, nonce=lambda request: request.query_params.get("own"))
    assert nonces_in(get(app, "/?own=mine&state", who="anna").text) == ["mine"]
    assert nonces_in(get(app, "/", who="anna").text) == ["from-header"]


def test_customer_of_the_state_goes_first() -> None:
    def home(request: Request) -> Response:
        request.state.rr_customer = PEOPLE["boris"]
        return HTMLResponse(PAGE)

    assert customer_in(get(answering(home), "/", who="anna").text) == sent(PEOPLE["boris"])


def test_bad_customer_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    assert get(answering(lambda _: HTMLResponse(PAGE)), "/", who="broken").text == PAGE
    assert records(caplog) == [("WARNING", "no block: phone.shape")]
    assert "secret" not in caplog.text
    app = answering(lambda _: HTMLResponse(PAGE), on_error="raise")
    with pytest.raises(CustomerError):
        get(app, "/", who="broken")
    app = answering(lambda _: HTMLResponse(PAGE))
    app.debug = True
    with pytest.raises(CustomerError):
        get(app, "/", who="broken")


def test_signals_are_heeded_when_asked() -> None:
    app = answering(lambda _: HTMLResponse(PAGE), respect_gpc=True)
    app.debug = True
    assert get(app, "/", who="anna", Sec_GPC="1").text == PAGE
    assert get(app, "/", who="anna").text == WITH_BLOCK


def test_nobody_gets_another_card() -> None:
    app = answering(lambda _: HTMLResponse(PAGE))
    assert_nobody_gets_another_card(lambda who: get(app, "/", who=who).text)


def test_three_hundred_at_once_get_each_their_own_customer() -> None:
    app = answering(lambda _: HTMLResponse(PAGE), customer=lambda request: {"customerId": request.query_params["id"]})
    texts = run(app, lambda client: get_many(client, [f"/?id={n}" for n in range(300)]))
    blocks = [render_snippet({"customerId": str(n)}) for n in range(300)]
    assert texts == [PAGE.replace("</body>", f"{block}</body>") for block in blocks]
