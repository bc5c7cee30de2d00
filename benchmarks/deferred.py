"""The deferred card beside an empty view of the same framework, in microseconds: `python benchmarks/deferred.py`.

Each view is called directly, without a server. The fastest of seven rounds counts.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

CUSTOMER = {
    "customerId": "100042",
    "email": "anna.petrova@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "defaultStockId": "Москва",
    "customData": {"Имя": "Анна"},
    "softLinks": {"card": "1"},
}
ASKED = {
    "empty": ("GET", "/empty"),
    "card": ("POST", "/rr-snippet/customer"),
    "loader": ("GET", "/rr-snippet/loader.js"),
}
LOADER = {"host": "shop.test", "x-rr-snippet": "1", "sec-fetch-site": "same-origin"}
ROUNDS = 7
CALLS = 300


def main() -> None:
    """Print a line for each framework."""
    for name, measure in (("Django", django_times), ("Flask", flask_times), ("Starlette", starlette_times)):
        print(f"{name:10}", *(f"{what} {took_us:.0f} µs" for what, took_us in measure().items()), sep="  ")


def django_times() -> dict[str, float]:
    import django
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.urls import include, path

    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["rr_snippet.integrations.django.middleware.RRSnippetMiddleware"],
        INSTALLED_APPS=["rr_snippet.integrations.django"],
        RR_SNIPPET={"CUSTOMER": lambda _: CUSTOMER, "DEFERRED": True},
    )
    django.setup()
    urls = [
        path("rr-snippet/", include("rr_snippet.integrations.django.urls")),
        path("empty", lambda _: HttpResponse()),
    ]
    globals()["urlpatterns"] = urls
    return wsgi_times(WSGIHandler())


def flask_times() -> dict[str, float]:
    from flask import Flask

    from rr_snippet.integrations.flask import RRSnippet

    app = Flask(__name__)
    RRSnippet(app, DEFERRED=True, CUSTOMER=lambda _: CUSTOMER)
    app.add_url_rule("/empty", "empty", lambda: "")
    return wsgi_times(app.wsgi_app)


def starlette_times() -> dict[str, float]:
    from jinja2 import Environment
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.templating import Jinja2Templates

    from rr_snippet.integrations.starlette import RRSnippetMiddleware, install

    async def customer(_request: Any) -> dict[str, Any]:
        return CUSTOMER

    async def empty(_request: Any) -> Response:
        return Response()

    rr = install(Jinja2Templates(env=Environment(autoescape=True)), customer=customer, deferred=True)
    app = Starlette(routes=[Route("/empty", empty), *rr.routes])
    app.add_middleware(RRSnippetMiddleware)
    headers = [(name.encode(), value.encode()) for name, value in LOADER.items()]

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Any) -> None:
        pass

    async def ask(method: str, path: str) -> None:
        scope = {"type": "http", "method": method, "path": path, "root_path": "", "query_string": b""}
        await app({**scope, "headers": headers, "scheme": "https", "server": ("shop.test", 443)}, receive, send)

    return {what: asyncio.run(least_async(ask, *asked)) for what, asked in ASKED.items()}


def wsgi_times(app: Callable[..., Any]) -> dict[str, float]:
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in LOADER.items()}
    server = {"SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "shop.test", "SERVER_PORT": "443"}
    fixed = {**server, **headers, "CONTENT_LENGTH": "0", "wsgi.url_scheme": "https", "wsgi.errors": sys.stderr}

    def ask(method: str, path: str) -> None:
        environ = {**fixed, "REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO()}
        body = app(environ, lambda *_: None)
        b"".join(body)
        getattr(body, "close", bool)()

    times = {}
    for what, asked in ASKED.items():
        rounds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for _ in range(CALLS):
                ask(*asked)
            rounds.append(time.perf_counter() - start)
        times[what] = min(rounds) / CALLS * 1e6
    return times


async def least_async(ask: Callable[[str, str], Awaitable[None]], method: str, path: str) -> float:
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            await ask(method, path)
        rounds.append(time.perf_counter() - start)
    return min(rounds) / CALLS * 1e6


if __name__ == "__main__":
    main()
