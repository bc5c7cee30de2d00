"""The deferred card in Starlette and FastAPI: the tag, the two routes, sessions and CORS around them, the marker."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from rr_snippet import to_payload
from rr_snippet.integrations._deferred import loader_reply, loader_text
from rr_snippet.integrations.starlette import (
    RRSnippet,
    RRSnippetMiddleware,
    RRSnippetPages,
    install,
    mark_known,
    mark_unknown,
)
from tests.integrations.asgi_client import client_of, run
from tests.integrations.docs import run_examples
from tests.integrations.support import MARKER_GONE, MARKER_SET, markers, records

LOADER = {"X-RR-Snippet": "1", "Sec-Fetch-Site": "same-origin"}
TAG = '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'
PRIVATE = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


async def session_customer(request: Request) -> dict[str, str] | None:
    await asyncio.sleep(0)
    who = request.session.get("who")
    return None if who is None else {"customerId": who}


def site(**settings: Any) -> Starlette:
    """Return a site that knows its visitors by their session."""
    templates = Jinja2Templates(
        env=Environment(
            loader=DictLoader(
                {"shared.html": "<p>{{ rr_customer_deferred() }}</p>", "inline.html": "{{ rr_customer() }}"}
            ),
            autoescape=True,
        )
    )
    rr = install(templates, **{"customer": session_customer, "deferred": True, **settings})

    def shared(request: Request) -> Response:
        return templates.TemplateResponse(request, "shared.html")

    def login(request: Request) -> Response:
        request.session["who"] = request.path_params["who"]
        response = PlainTextResponse("in")
        mark_known(response)
        return response

    def logout(request: Request) -> Response:
        request.session.clear()
        response = PlainTextResponse("out")
        mark_unknown(response)
        return response

    async def inline(request: Request) -> Response:
        await rr.load(request)
        return templates.TemplateResponse(request, "inline.html")

    app = Starlette(
        routes=[
            Route("/shared", shared),
            Route("/inline", inline),
            Route("/login/{who}", login),
            Route("/logout", logout),
        ]
    )
    app.routes.extend(rr.routes)
    app.add_middleware(SessionMiddleware, secret_key="tests")
    app.add_middleware(RRSnippetMiddleware)
    return app


async def card(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await client.post("/rr-snippet/customer", headers={**LOADER, **headers})


def test_each_visitor_gets_their_own_card() -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        answer = await card(client)
        assert (answer.status_code, answer.content) == (204, b"")
        assert PRIVATE.items() <= dict(answer.headers).items()
        # Once by us, once by the session that was read.
        assert set(answer.headers["vary"].split(", ")) == {"Cookie"}
        for who in ("anna", "boris"):
            await client.get(f"/login/{who}")
            answer = await card(client)
            assert (answer.status_code, answer.json()) == (200, to_payload({"customerId": who}))
            assert PRIVATE.items() <= dict(answer.headers).items()
            assert (answer.headers["content-type"], answer.headers["content-length"]) == (
                "application/json",
                str(len(answer.content)),
            )
            shared = await client.get("/shared")
            assert shared.text == f"<p>{TAG}</p>"
            assert {"set-cookie", "vary", "cache-control"} & shared.headers.keys() == set()
            loader = await client.get("/rr-snippet/loader.js")
            assert (loader.content, dict(loader.headers)) == (
                loader_text(),
                {name.lower(): value for name, value in loader_reply("GET").headers},
            )

    run(site(), visit)


def test_a_session_that_is_sent_each_time_is_not_sent_with_a_card() -> None:
    """Some session middlewares always send their cookie, even without a change."""

    def always(app: Any) -> Any:
        async def with_cookie(scope: Any, receive: Any, send: Any) -> None:
            async def sent(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], (b"Set-Cookie", b"always=1")]
                await send(message)

            await app(scope, receive, sent)

        return with_cookie

    app = site(deferred_marker="known")
    app.user_middleware.insert(1, Middleware(always))

    async def visit(client: httpx.AsyncClient) -> list[list[str]]:
        await client.get("/login/anna")
        answers = [
            await client.get("/shared"),
            await client.get("/rr-snippet/loader.js"),
            await card(client),
            await card(client, X_RR_Snippet="0"),
        ]
        return [answer.headers.get_list("set-cookie") for answer in answers]

    assert run(app, visit) == [["always=1"], [], [MARKER_SET], [MARKER_SET]]


def test_outside_of_a_request_the_settings_read_last_count() -> None:
    site(deferred_marker="known")
    response = PlainTextResponse()
    mark_known(response)
    assert markers(response.headers.getlist("set-cookie")) == [MARKER_SET]
    door = RRSnippet(customer=lambda _: None)
    mark_unknown(response)
    del door
    assert markers(response.headers.getlist("set-cookie")) == [MARKER_SET]


def test_a_marker_of_a_site_on_https_is_sent_there_alone() -> None:
    app = site(deferred_marker="known")

    async def visit(client: httpx.AsyncClient) -> list[str]:
        return markers((await client.get("https://shop.test/login/anna")).headers.get_list("set-cookie"))

    assert run(app, visit) == [f"{MARKER_SET}; Secure"]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"X-RR-Snippet": "0"}, 403),
        ("POST", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", {}, 405),
        ("OPTIONS", {}, 405),
    ],
)
def test_nobody_else_gets_it(method: str, headers: dict[str, str], status: int) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await client.get("/login/anna")
        answer = await client.request(method, "/rr-snippet/customer", headers={**LOADER, **headers})
        assert (answer.status_code, answer.content) == (status, b"")

    run(site(), visit)


def test_a_permissive_policy_of_cors_lets_no_other_site_in() -> None:
    app = site()
    app.add_middleware(
        CORSMiddleware, allow_origin_regex=".*", allow_credentials=True, allow_methods=["*"], allow_headers=["*"]
    )

    async def visit(client: httpx.AsyncClient) -> None:
        await client.get("/login/anna")
        foreign = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
        assert (await card(client, **foreign)).content == b""
        old = {"X-RR-Snippet": "1", "Origin": "https://evil.test"}
        assert (await client.post("/rr-snippet/customer", headers=old)).content == b""
        own = {"X-RR-Snippet": "1", "Origin": "http://shop.test"}
        assert (await client.post("/rr-snippet/customer", headers=own)).json()["customerId"] == "anna"

    run(app, visit)


def test_the_tag_knows_where_the_site_is_mounted() -> None:
    from starlette.routing import Mount

    app = Starlette(routes=[Mount("/shop", app=site(deferred_prefix="/card/"))])
    expected = '<script src="/shop/card/loader.js" data-customer="/shop/card/customer" async></script>'

    async def visit(client: httpx.AsyncClient) -> None:
        assert (await client.get("/shop/shared")).text == f"<p>{expected}</p>"
        assert (await client.get("/shop/card/loader.js")).content == loader_text()
        assert (await client.post("/shop/card/customer", headers=LOADER)).status_code == 204

    run(app, visit)


def test_the_example_of_the_docs_works() -> None:
    example = run_examples("guide/cached-pages.md", "Starlette, FastAPI")

    async def visit(client: httpx.AsyncClient) -> None:
        assert (await card(client)).status_code == 204
        assert (await client.get("/rr-snippet/loader.js")).content == loader_text()

    run(example["app"], visit)
    assert example["templates"].env.from_string("{{ rr_customer_deferred() }}").render() == TAG


def test_a_site_without_it_has_no_routes() -> None:
    assert install(Jinja2Templates(env=Environment()), customer=lambda _: None).routes == []


def test_the_marker_follows_the_site_and_the_card() -> None:
    async def visit(client: httpx.AsyncClient) -> list[list[str]]:
        answers = [
            await card(client),
            await client.get("/inline"),
            await client.get("/login/anna"),
            await client.get("/inline"),
            await card(client),
            await client.get("/shared"),
            await client.get("/logout"),
        ]
        return [markers(answer.headers.get_list("set-cookie")) for answer in answers]

    assert run(site(deferred_marker="known"), visit) == [
        [MARKER_GONE],
        [],
        [MARKER_SET],
        [MARKER_SET],
        [MARKER_SET],
        [],
        [MARKER_GONE],
    ]
    assert run(site(), visit) == [[]] * 7


def test_many_visitors_at_once_get_their_own() -> None:
    app = site()

    async def visit(number: int) -> Any:
        async with client_of(app) as client:
            await client.get(f"/login/{number}")
            return json.loads((await card(client)).content)["customerId"]

    async def all_of_them() -> list[str]:
        return list(await asyncio.gather(*map(visit, range(200))))

    assert asyncio.run(all_of_them()) == [str(number) for number in range(200)]


# --- Finished pages ---------------------------------------------------------------------------------------------------

PAGE = "<!doctype html><title>Shop</title><body><h1>Hello</h1></body>"
WITH_TAG = PAGE.replace("</body>", f"{TAG}</body>")


def finished(**settings: Any) -> Starlette:
    def page(request: Request) -> Response:
        return Response(PAGE, media_type="text/html", headers={"ETag": '"abc"', "Cache-Control": "public"})

    app = Starlette(routes=[Route("/", page)])
    app.add_middleware(RRSnippetPages, **{"customer": failing, "deferred": True, **settings})
    return app


async def failing(request: Request) -> None:
    raise RuntimeError


def test_finished_pages_get_the_tag_and_nobody_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        answer = await client.get("/")
        assert answer.text == WITH_TAG
        assert dict(answer.headers) == {
            "content-type": "text/html; charset=utf-8",
            "cache-control": "public",
            "etag": 'W/"abc"',
            "content-length": str(len(WITH_TAG)),
            "accept-ranges": "none",
        }
        assert records(caplog) == []
        assert (await client.get("/rr-snippet/loader.js")).content == loader_text()
        assert (await client.get("/rr-snippet/customer")).status_code == 405
        assert (await card(client)).status_code == 204
        assert len(records(caplog)) == 1

    run(finished(), visit)


def test_finished_pages_answer_with_the_card_wherever_they_are_mounted() -> None:
    from starlette.routing import Mount

    app = Starlette(routes=[Mount("/shop", app=finished(customer=lambda _: {"customerId": "anna"}))])

    async def visit(client: httpx.AsyncClient) -> None:
        answer = await client.post("/shop/rr-snippet/customer", headers=LOADER)
        assert answer.json() == to_payload({"customerId": "anna"})
        assert 'data-customer="/shop/rr-snippet/customer"' in (await client.get("/shop/")).text

    run(app, visit)


def test_a_block_in_a_finished_page_brings_the_marker() -> None:
    app = finished(customer=lambda _: {"customerId": "anna"}, deferred=False, deferred_marker="known")

    async def visit(client: httpx.AsyncClient) -> None:
        answer = await client.get("/", headers={"Cookie": "a=b"})
        assert "setCustomer" in answer.text
        assert answer.headers.get_list("set-cookie") == ["known=1; Max-Age=34560000; Path=/; SameSite=Lax"]

    run(app, visit)
