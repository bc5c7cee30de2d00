"""The deferred card in Litestar: the tag, the two routes, sessions and CSRF around them, the marker."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from jinja2 import DictLoader, Environment
from litestar import Litestar, Request, Response, get, post
from litestar.config.csrf import CSRFConfig
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig

from rr_snippet import to_payload
from rr_snippet.integrations._deferred import loader_reply, loader_text
from rr_snippet.integrations.litestar import RRSnippetPlugin, mark_known, mark_unknown
from tests.integrations.asgi_client import run
from tests.integrations.docs import run_examples
from tests.integrations.support import MARKER_GONE, MARKER_SET, markers

LOADER = {"X-RR-Snippet": "1", "Sec-Fetch-Site": "same-origin"}
TAG = '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'
PRIVATE = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


async def session_customer(request: Request[Any, Any, Any]) -> dict[str, str] | None:
    who = request.session.get("who")
    return None if who is None else {"customerId": who}


def site(**settings: Any) -> Litestar:
    plugin = RRSnippetPlugin(**{"customer": session_customer, "deferred": True, **settings})
    environment = Environment(
        loader=DictLoader({"shared.html": "<p>{{ rr_customer_deferred() }}</p>", "inline.html": "{{ rr_customer() }}"}),
        autoescape=True,
    )

    @get("/shared")
    async def shared() -> Template:
        return Template("shared.html")

    @get("/login/{who:str}")
    async def login(request: Request[Any, Any, Any]) -> Response[str]:
        request.session["who"] = request.path_params["who"]
        response = Response("in")
        mark_known(response)
        return response

    @get("/logout")
    async def logout() -> Response[str]:
        response = Response("out")
        mark_unknown(response)
        return response

    @get("/inline", before_request=plugin.load)
    async def inline() -> Template:
        return Template("inline.html")

    @post("/buy")
    async def buy() -> str:
        return "bought"

    return Litestar(
        [shared, inline, login, logout, buy],
        plugins=[plugin],
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
        middleware=[ServerSideSessionConfig().middleware],
        csrf_config=CSRFConfig(secret="tests"),
    )


async def card(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await client.post("/rr-snippet/customer", headers={**LOADER, **headers})


def test_each_visitor_gets_their_own_card() -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        assert (await client.post("/buy")).status_code == 403  # without a token
        answer = await card(client)
        assert (answer.status_code, answer.content) == (204, b"")
        assert PRIVATE.items() <= dict(answer.headers).items()
        for who in ("anna", "boris"):
            await client.get(f"/login/{who}")
            answer = await card(client)
            assert (answer.status_code, answer.json()) == (200, to_payload({"customerId": who}))
            assert PRIVATE.items() <= dict(answer.headers).items()
            # Sessions on the server send their cookie with everything else.
            assert "set-cookie" not in answer.headers
            assert answer.headers["content-type"] == "application/json"
            assert (await client.get("/shared")).text == f"<p>{TAG}</p>"
            loader = await client.get("/rr-snippet/loader.js")
            assert loader.content == loader_text()
            assert dict(loader.headers) == {name.lower(): value for name, value in loader_reply("GET").headers}

    run(site(), visit)


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [("POST", {"Sec-Fetch-Site": "cross-site"}, 403), ("POST", {"X-RR-Snippet": "0"}, 403), ("GET", {}, 405)],
)
def test_nobody_else_gets_it(method: str, headers: dict[str, str], status: int) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await client.get("/login/anna")
        answer = await client.request(method, "/rr-snippet/customer", headers={**LOADER, **headers})
        assert (answer.status_code, answer.content) == (status, b"")

    run(site(), visit)


def test_the_example_of_the_docs_works() -> None:
    plugin = run_examples("guide/cached-pages.md", "Litestar")["plugin"]
    environment = TemplateConfig(instance=JinjaTemplateEngine.from_environment(Environment()))
    app = Litestar(plugins=[plugin], template_config=environment)

    async def visit(client: httpx.AsyncClient) -> int:
        return (await card(client)).status_code

    assert run(app, visit) == 204


def test_a_site_without_it_has_no_routes() -> None:
    async def visit(client: httpx.AsyncClient) -> list[int]:
        return [(await card(client)).status_code, (await client.get("/shared")).status_code]

    assert run(site(deferred=False), visit) == [404, 200]


def test_the_marker_follows_the_site_and_the_card() -> None:
    async def visit(client: httpx.AsyncClient) -> list[list[str]]:
        answers = [
            await card(client),
            await client.get("/login/anna"),
            await client.get("/inline"),
            await card(client),
            await client.get("/logout"),
        ]
        return [markers(answer.headers.get_list("set-cookie")) for answer in answers]

    assert run(site(deferred_marker="known"), visit) == [
        [MARKER_GONE],
        [MARKER_SET],
        [MARKER_SET],
        [MARKER_SET],
        [MARKER_GONE],
    ]
    assert run(site(), visit) == [[]] * 5
