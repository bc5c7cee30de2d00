"""Call an ASGI application directly, without a server. Errors of the application come out as they are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

T = TypeVar("T")


def client_of(app: Any, **cookies: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test", cookies=cookies)


def get(app: Any, url: str, *, method: str = "GET", who: str | None = None, **headers: str) -> httpx.Response:
    """Return the response to one request, as visitor `who`; `_` in names of headers stands for `-`."""

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.request(method, url, headers={name.replace("_", "-"): headers[name] for name in headers})

    return run(app, ask, **({"as": who} if who else {}))


def run(app: Any, job: Callable[[httpx.AsyncClient], Awaitable[T]], **cookies: str) -> T:
    """Return what `job` returns for a client of `app`."""

    async def work() -> T:
        async with client_of(app, **cookies) as client:
            return await job(client)

    return asyncio.run(work())


async def get_many(client: httpx.AsyncClient, urls: list[str]) -> list[str]:
    """Return the texts of all `urls`, requested at the same time."""
    return [response.text for response in await asyncio.gather(*(client.get(url) for url in urls))]
