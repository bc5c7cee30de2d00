from __future__ import annotations

from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment

from rr_snippet import Customer, render_snippet, to_payload
from rr_snippet.integrations.starlette import RRSnippetMiddleware, install
from tests.integrations.asgi_client import get, get_many, run
from tests.integrations.people import PEOPLE, assert_nobody_gets_another_card, customer_in, sent
from tests.integrations.test_starlette_deferred import card

TEMPLATES = {
    "macros.html": "{% macro block() %}{{ rr_customer() }}{% endmacro %}",
    "page.html": "{% from 'macros.html' import block %}<body>{{ block() }}</body>",
}

templates = Jinja2Templates(env=Environment(loader=DictLoader(TEMPLATES), autoescape=True))


async def customer_of(request: Request) -> Any:
    number = request.query_params.get("id")
    return Customer(customer_id=number) if number else PEOPLE.get(request.cookies.get("as", ""))


rr = install(templates, customer=customer_of)
app = FastAPI()
app.add_middleware(RRSnippetMiddleware)


async def signed_in(request: Request) -> str | None:
    return request.cookies.get("as")


def shopper(request: Request, name: Annotated[str | None, Depends(signed_in)]) -> None:
    """The site's own dependency, which no function of the request alone could replace."""
    request.state.rr_customer = PEOPLE.get(name or "")


Page = HTMLResponse


@app.post("/echo")
def echo(customer: Customer) -> Customer:
    return customer


@app.get("/async", response_class=Page, dependencies=[Depends(rr.load)])
async def in_loop(request: Request) -> Any:
    return templates.TemplateResponse(request, "page.html")


@app.get("/sync", response_class=Page, dependencies=[Depends(rr.load)])
def in_thread(request: Request) -> Any:
    return templates.TemplateResponse(request, "page.html")


@app.get("/own", response_class=Page, dependencies=[Depends(shopper), Depends(rr.load)])
async def own(request: Request) -> Any:
    return templates.TemplateResponse(request, "page.html")


@app.get("/text", response_class=Page, dependencies=[Depends(rr.load)])
async def text(request: Request) -> str:
    return f"<body>{rr.render(request)}</body>"


PATHS = ["/async", "/sync", "/own", "/text"]


@pytest.mark.parametrize("path", PATHS)
def test_each_visitor_gets_their_own_card(path: str) -> None:
    for who in ("anna", "boris"):
        response = get(app, path, who=who)
        assert customer_in(response.text) == sent(PEOPLE[who])
        assert (response.headers["cache-control"], response.headers["vary"]) == ("private", "Cookie")
    assert_nobody_gets_another_card(lambda who: get(app, path, who=who).text)


def test_dependency_takes_nothing_from_the_query() -> None:
    assert get(app, "/openapi.json").json()["paths"]["/async"]["get"].get("parameters", []) == []


def test_three_hundred_at_once_get_each_their_own_customer() -> None:
    urls = [f"{('/async', '/sync', '/text')[n % 3]}?id={n}" for n in range(300)]
    texts = run(app, lambda client: get_many(client, urls))
    assert texts == [f"<body>{render_snippet({'customerId': str(n)})}</body>" for n in range(300)]


def test_a_customer_comes_back_as_it_was_sent() -> None:
    push = {"creationTimestamp": "2025-03-31T11:03:02.3564674+03:00", "applicationId": "a", "token": "t"}
    first: Any = {"customerId": "1", "mobilePushSubscription": {"huaweiSubscription": push}}

    async def ask(client: httpx.AsyncClient) -> tuple[Any, httpx.Response]:
        answer = await client.post("/echo", json=first)
        answer = await client.post("/echo", json=answer.json())  # the response is sent back
        return answer.json(), await client.post("/echo", json={"customerId": ["SECRET"], "email": "SECRET"})

    answered, refused = run(app, ask)
    assert Customer.parse(answered) == Customer.parse(first)
    # FastAPI's own response repeats the body for its sender. Our errors hold no value.
    assert refused.status_code == 422
    assert [(line["type"], line["input"]) for line in refused.json()["detail"]] == [
        ("customer_id.type", None), ("email.shape", None),
    ]  # fmt: skip


def test_fastapi_takes_the_routes_of_the_deferred_card_as_they_are() -> None:
    shop = FastAPI()
    deferred = install(Jinja2Templates(env=Environment()), customer=lambda _: {"customerId": "anna"}, deferred=True)
    shop.routes.extend(deferred.routes)

    async def visit(client: httpx.AsyncClient) -> None:
        assert (await card(client)).json() == to_payload({"customerId": "anna"})

    run(shop, visit)
