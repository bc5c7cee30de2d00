"""The cost of a block in a framework's page, in CPU time: a page with middleware and tag beside one without both.

`python benchmarks/integrations.py` runs each framework in this process, without a server and with interleaved rounds,
and prints microseconds: the fastest of all rounds. `anonymous` is the page with the tag for an anonymous visitor, the
last column the middleware alone on a page of 50 KB without a tag.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 60
REQUESTS = 50
CUSTOMER = {
    "customerId": "42",
    "email": "anna.petrova@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "defaultStockId": "Москва",
}
PAGE = "<!doctype html><title>Shop</title><body><h1>Чайники</h1>{}</body>"
LONG = ('<div class="card"><a href="/p/1/">Чайник (красный)</a><script>show(1)</script></div>\n' * 700)[:49_000]


def customer_of(cookies: Any) -> Any:
    return CUSTOMER if cookies.get("as") else None


def django_site() -> dict[str, Callable[[], None]]:
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.template import engines
    from django.test import RequestFactory, override_settings
    from django.urls import path

    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["rr_snippet.integrations.django"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        RR_SNIPPET={"CUSTOMER": lambda request: customer_of(request.COOKIES)},
        LOGGING_CONFIG=None,
    )
    django.setup()
    ours = "rr_snippet.integrations.django.middleware.RRSnippetMiddleware"
    engine = engines["django"]
    tagged = engine.from_string("{% load rr_snippet %}" + PAGE.format("{% rr_customer %}"))
    plain, long = engine.from_string(PAGE.format("")), PAGE.format(LONG)
    globals()["urlpatterns"] = [
        path("tagged", lambda request: HttpResponse(tagged.render({}, request))),
        path("plain", lambda request: HttpResponse(plain.render({}, request))),
        path("long", lambda _request: HttpResponse(long)),
    ]
    handlers = {}
    for name, middleware in (("with", [ours]), ("without", [])):
        with override_settings(MIDDLEWARE=middleware):
            handlers[name] = WSGIHandler()

    def visit(name: str, url: str, **cookies: str) -> Callable[[], None]:
        factory = RequestFactory(headers={"cookie": "; ".join(f"{key}={value}" for key, value in cookies.items())})
        environ = factory.get(f"/{url}").environ

        def run() -> None:
            b"".join(handlers[name]({**environ}, lambda *_: None))

        return run

    return visits(visit)


def flask_site() -> dict[str, Callable[[], None]]:
    from flask import Flask, render_template
    from jinja2 import DictLoader
    from werkzeug.test import EnvironBuilder

    from rr_snippet.integrations.flask import RRSnippet

    apps = {}
    long = PAGE.format(LONG)
    for name in ("with", "without"):
        app = apps[name] = Flask(__name__)
        app.jinja_loader = DictLoader({"tagged": PAGE.format("{{ rr_customer() }}"), "plain": PAGE.format("")})
        if name == "with":
            RRSnippet(app, customer=lambda request: customer_of(request.cookies))
        app.add_url_rule(
            "/<name>", view_func=lambda name: long if name == "long" else render_template(name), endpoint="page"
        )

    def visit(name: str, url: str, **cookies: str) -> Callable[[], None]:
        environ = EnvironBuilder(
            f"/{url}", headers={"Cookie": "; ".join(f"{key}={cookies[key]}" for key in cookies)}
        ).get_environ()

        def run() -> None:
            response = apps[name]({**environ}, lambda *_: None)
            b"".join(response)
            response.close()

        return run

    return visits(visit)


def fastapi_site() -> dict[str, Callable[[], None]]:
    from fastapi import Depends, FastAPI, Request
    from fastapi.responses import HTMLResponse
    from fastapi.templating import Jinja2Templates
    from jinja2 import DictLoader, Environment

    from rr_snippet.integrations.starlette import RRSnippetMiddleware, install

    async def customer(request: Request) -> Any:
        return customer_of(request.cookies)

    sources = {"tagged": PAGE.format("{{ rr_customer() }}"), "plain": PAGE.format("")}
    templates = Jinja2Templates(env=Environment(loader=DictLoader(sources), autoescape=True))
    rr = install(templates, customer=customer)
    long = PAGE.format(LONG)
    apps = {}
    for name in ("with", "without"):
        app = apps[name] = FastAPI()
        if name == "with":
            app.add_middleware(RRSnippetMiddleware)

        @app.get("/tagged", response_class=HTMLResponse, dependencies=[Depends(rr.load)])
        async def tagged(request: Request) -> Any:
            return templates.TemplateResponse(request, "tagged")

        @app.get("/plain", response_class=HTMLResponse)
        async def plain(request: Request) -> Any:
            return templates.TemplateResponse(request, "plain")

        @app.get("/long", response_class=HTMLResponse)
        async def whole() -> Any:
            return HTMLResponse(long)

    loop = asyncio.new_event_loop()

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Any) -> None:
        pass

    def visit(name: str, url: str, **cookies: str) -> Callable[[], None]:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": f"/{url}", "raw_path": f"/{url}".encode(), "query_string": b"", "root_path": "",
            "server": ("shop.test", 80), "client": ("127.0.0.1", 1),
            "headers": [(b"cookie", "; ".join(f"{key}={cookies[key]}" for key in cookies).encode())],
        }  # fmt: skip

        async def serve() -> None:
            for _ in range(REQUESTS):
                await apps[name]({**scope}, receive, send)

        serve.requests = REQUESTS  # type: ignore[attr-defined]

        def run() -> None:
            loop.run_until_complete(serve())

        run.requests = REQUESTS  # type: ignore[attr-defined]
        return run

    return visits(visit)


def visits(visit: Callable[..., Callable[[], None]]) -> dict[str, Callable[[], None]]:
    return {
        "without": visit("without", "plain"),
        "anonymous": visit("with", "tagged"),
        "with": visit("with", "tagged", **{"as": "anna"}),
        "long without": visit("without", "long"),
        "long with": visit("with", "long"),
    }


def microseconds(run: Callable[[], None]) -> float:
    count = 1 if hasattr(run, "requests") else REQUESTS
    start = time.process_time()
    for _ in range(count):
        run()
    return (time.process_time() - start) / REQUESTS * 1e6


def main() -> None:
    print("| | page without | anonymous | with a block | added | added at the exit, 50 KB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, site in (("Django", django_site), ("Flask", flask_site), ("FastAPI", fastapi_site)):
        runs = site()
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(ROUNDS):
            for label, run in runs.items():
                best[label] = min(best[label], microseconds(run))
        added, at_exit = best["with"] - best["without"], best["long with"] - best["long without"]
        figures = (best["without"], best["anonymous"], best["with"], added, at_exit)
        print(f"| {name} | " + " | ".join(f"{figure:.0f}" for figure in figures) + " |")


if __name__ == "__main__":
    main()
