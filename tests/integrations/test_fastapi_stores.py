"""Other packages' caches around a route: what comes out of one is examined as it leaves."""

from __future__ import annotations

import gc
import gzip
from collections.abc import AsyncIterator
from typing import Any

import aiocache
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.templating import Jinja2Templates
from fastapi_cache import FastAPICache
from fastapi_cache.backends.inmemory import InMemoryBackend
from fastapi_cache.decorator import cache
from jinja2 import DictLoader, Environment
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware

from rr_snippet import RenderError
from rr_snippet.integrations.starlette import RRSnippet, RRSnippetMiddleware, RRSnippetPages, install
from tests.integrations.asgi_client import get
from tests.integrations.people import ANNA, PEOPLE, customer_in, sent
from tests.integrations.support import records

PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>"
EMPTY = "<!doctype html><title>Shop</title><body></body>"


async def by_cookie(request: Request) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


class Passing(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        return await call_next(request)  # type: ignore[no-any-return]


class Shop:
    def __init__(self, *middleware: Any, debug: bool = False, customer: Any = by_cookie, **options: Any) -> None:
        self.app = app = FastAPI(debug=debug)
        for each in middleware or (RRSnippetMiddleware,):
            app.add_middleware(each, **options) if each is not RRSnippetPages else app.add_middleware(
                each, customer=customer
            )
        FastAPICache.reset()
        FastAPICache.init(InMemoryBackend(), prefix="tests", cache_status_header="x-cache")
        FastAPICache.get_backend()._store.clear()  # type: ignore[attr-defined]
        templates = Jinja2Templates(env=Environment(loader=DictLoader({"page": PAGE}), autoescape=True))
        self.rr = rr = install(templates, customer=customer)
        loaded: Any = {"dependencies": [Depends(rr.load)]}
        kept: dict[str, Any] = {}

        def made(request: Request) -> str:
            return templates.get_template("page").render(request=request)

        @app.get("/text", response_class=HTMLResponse, **loaded)
        @cache(expire=60)
        async def text(request: Request) -> Any:
            return made(request)

        @app.get("/response", **loaded)
        @aiocache.cached(key=f"response-{id(self)}")
        async def response(request: Request) -> Any:
            return HTMLResponse(made(request), headers={"ETag": '"v1"'})

        @app.get("/kept", response_class=HTMLResponse)
        async def by_hand(request: Request) -> Any:
            if "page" not in kept:
                await rr.load(request)
                kept["page"] = made(request)
            return kept["page"]

        @app.get("/json", **loaded)
        async def as_json(request: Request) -> Any:
            return JSONResponse({"html": made(request)})

        @app.get("/compressed", **loaded)
        async def compressed(request: Request) -> Any:
            body = kept.setdefault("compressed", gzip.compress(made(request).encode()))
            return HTMLResponse(body, headers={"Content-Encoding": "gzip"})

        @app.get("/own", **loaded)
        async def own(request: Request) -> Any:
            if request.headers.get("if-none-match") == '"v1"':
                return Response(status_code=304, headers={"ETag": '"v1"'})
            return HTMLResponse(made(request), headers={"ETag": '"v1"', "Last-Modified": "x"})

        @app.get("/stream", **loaded)
        async def stream(request: Request) -> Any:
            async def pieces() -> AsyncIterator[str]:
                yield "<!doctype html>"
                yield made(request)

            rr.prepare(request)
            return StreamingResponse(pieces(), media_type="text/html", headers={"ETag": '"v1"'})


STORES = ["/text", "/response", "/kept", "/compressed"]
STACKS: dict[str, tuple[Any, ...]] = {
    "ours": (RRSnippetMiddleware,),
    "compressed inside": (GZipMiddleware, RRSnippetMiddleware),
    "compressed outside": (RRSnippetMiddleware, GZipMiddleware),
    "pieces inside": (Passing, RRSnippetMiddleware),
    "doubled": (RRSnippetMiddleware, RRSnippetMiddleware),
    "finished pages": (RRSnippetPages,),
    "finished pages inside": (RRSnippetPages, RRSnippetMiddleware),
}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("path", STORES)
def test_nobody_gets_another_block_out_of_a_store(path: str, stack: str) -> None:
    shop = Shop(*STACKS[stack])
    finishes = "finished" in stack
    for who in ("anna", "boris", None, "anna", "boris", None):
        response = get(shop.app, path, who=who)
        expected = sent(PEOPLE[who]) if who == "anna" or (who and finishes) else None
        assert customer_in(response.text) == expected
        assert (response.headers["cache-control"].split(",")[0], "Cookie" in response.headers["vary"]) == (
            "private",
            True,
        )
        assert "etag" not in response.headers or path == "/text"


def test_what_is_taken_out_leaves_a_sound_response(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()
    get(shop.app, "/compressed", who="anna")
    response = get(shop.app, "/compressed", who="boris")
    assert response.text == EMPTY
    assert response.headers["content-length"] == str(len(EMPTY))
    assert "content-encoding" not in response.headers
    assert records(caplog) == [("ERROR", "block taken out: cache.served")]
    assert caplog.records[-1].rr_route == "/compressed"  # type: ignore[attr-defined]


def test_in_debug_it_is_an_error() -> None:
    shop = Shop(debug=True)
    get(shop.app, "/kept", who="anna")
    assert customer_in(get(shop.app, "/kept", who="anna").text) == sent(ANNA)
    with pytest.raises(RenderError, match=r"cache\.served"):
        get(shop.app, "/kept", who="boris")


def test_after_a_restart_the_visitor_is_known_by_the_settings_read_last() -> None:
    """A store outlives the process, so its pages may come before any customer was asked for."""
    page = get(Shop().app, "/kept", who="anna").text

    def restarted() -> FastAPI:
        app = FastAPI()
        app.add_middleware(RRSnippetMiddleware)

        @app.get("/", response_class=HTMLResponse)
        async def home() -> Any:
            return page

        return app

    rr = RRSnippet(customer=by_cookie)
    assert customer_in(get(restarted(), "/", who="anna").text) == sent(ANNA)
    assert customer_in(get(restarted(), "/", who="boris").text) is None
    del rr
    gc.collect()
    assert customer_in(get(restarted(), "/", who="anna").text) is None


@pytest.mark.parametrize("who", ["anna", None])
@pytest.mark.parametrize("path", ["/own", "/stream", "/json", "/response"])
def test_no_response_that_asked_for_a_customer_can_be_revalidated(path: str, who: str | None) -> None:
    response = get(Shop().app, path, who=who)
    assert {"etag", "last-modified"}.isdisjoint(response.headers)
    assert response.headers["vary"] == "Cookie"


def test_what_is_no_html_is_not_looked_at() -> None:
    shop = Shop()
    kept = get(shop.app, "/json", who="anna").content

    @shop.app.get("/kept-json")
    async def kept_json() -> Any:
        return Response(kept, media_type="application/json")

    response = get(shop.app, "/kept-json")
    assert response.content == kept
    assert "cache-control" not in response.headers
