"""A FastAPI shop, for uvicorn."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from typing import Any

import aiocache
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment
from starlette.middleware.gzip import GZipMiddleware

from rr_snippet.integrations.starlette import RRSnippetMiddleware, install
from tests.servers.pages import HEADERS, PAGE, VALIDATORS, customer_of, order_of

SOURCE = PAGE.replace("{tag}", "{{ rr_customer() }}")
ORDER_SOURCE = PAGE.replace("{tag}", "{{ rr_order(order) }}{{ rr_customer() }}")
SOURCES = {"page": SOURCE, "order": ORDER_SOURCE}
templates = Jinja2Templates(env=Environment(loader=DictLoader(SOURCES), autoescape=True))


async def customer(request: Request) -> Any:
    return customer_of(request.cookies)


rr = install(templates, customer=customer)
app = FastAPI(dependencies=[Depends(rr.load)])
app.add_middleware(GZipMiddleware, minimum_size=10)
app.add_middleware(RRSnippetMiddleware)
store: dict[str, str] = {}


def made(request: Request) -> str:
    return templates.get_template("page").render(request=request)


@app.get("/order")
async def order(request: Request) -> Any:
    page = templates.get_template("order").render(request=request, order=order_of(request.cookies))
    return HTMLResponse(page, headers=HEADERS["public"])


@app.get("/404")
async def missing(request: Request) -> Any:
    return HTMLResponse(made(request), status_code=404, headers=HEADERS["public"])


@app.get("/kept")
async def kept(request: Request) -> Any:
    return HTMLResponse(store.setdefault("page", made(request)), headers=HEADERS["public"])


@aiocache.cached(key="text")
async def cached_text(request: Request) -> str:
    return made(request)


@aiocache.cached(key="bytes")
async def cached_bytes(request: Request) -> bytes:
    return gzip.compress(made(request).encode())


@app.get("/cached")
async def cached(request: Request) -> Any:
    return HTMLResponse(await cached_text(request), headers=HEADERS["public"])


@app.get("/compressed")
async def compressed(request: Request) -> Any:
    return HTMLResponse(await cached_bytes(request), headers={"Content-Encoding": "gzip", **HEADERS["public"]})


@app.get("/stream")
async def stream(request: Request) -> Any:
    async def pieces() -> AsyncIterator[str]:
        yield made(request)

    rr.prepare(request)
    return StreamingResponse(pieces(), media_type="text/html", headers=HEADERS["public"])


@app.get("/conditional")
async def conditional(request: Request) -> Any:
    if request.headers.get("if-none-match") == VALIDATORS["ETag"]:
        return Response(status_code=304, headers=VALIDATORS)
    return HTMLResponse(made(request), headers=VALIDATORS)


@app.get("/{name}")
async def page(request: Request, name: str) -> Any:
    return HTMLResponse(made(request), headers=HEADERS[name])
