"""Shared pages behind real caches: a page is made once, each visitor gets their own card, an anonymous one none."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.views.decorators.cache import cache_control
from flask import Flask, Response, jsonify, render_template_string, request

from rr_snippet import to_payload
from rr_snippet.integrations._deferred import loader_text
from rr_snippet.integrations.flask import RRSnippet
from tests.integrations import django_site
from tests.support.shared_caches import Kind, Temper, ask, shared_cache, traffic

pytestmark = pytest.mark.servers

VISITORS = ("anna", "boris", "clara", None)
LOADER = {"X_RR_Snippet": "1", "Sec_Fetch_Site": "same-origin"}
TAG = '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'
VIEWS = 300
LONG_BYTES = 50_000


def card_of(who: str | None) -> dict[str, Any] | None:
    return None if who is None else to_payload({"customerId": who})


def filler(query: Any) -> str:
    """Return the rest of a page, if a long page is requested."""
    return "<p>Чайник</p>".ljust(LONG_BYTES - 6) if "long" in query else ""


# --- Django -----------------------------------------------------------------------------------------------------------


@cache_control(public=True, max_age=60)
def shared(request: HttpRequest) -> HttpResponse:
    from django.template import engines

    text = "<!doctype html><p>{% load rr_snippet %}{% rr_customer_deferred %}</p>" + filler(request.GET)
    return HttpResponse(engines["django"].from_string(text).render({}))


def inline(request: HttpRequest) -> HttpResponse:
    return HttpResponse(django_site.page(request, "shop.html").content + filler(request.GET).encode())


def leaky(request: HttpRequest) -> HttpResponse:
    card = json.dumps(card_of(request.COOKIES.get("shopper")))
    return HttpResponse(card, headers={"Cache-Control": "private, no-store", "Vary": "Cookie"})


urlpatterns = [
    path("rr-snippet/", include("rr_snippet.integrations.django.urls")),
    path("shared", shared),
    path("inline", inline),
    path("leaky", leaky),
]


def django_app() -> Any:
    return WSGIHandler()


# --- Flask ------------------------------------------------------------------------------------------------------------


def flask_app() -> Any:
    app = Flask(__name__)
    RRSnippet(app, DEFERRED=True, CUSTOMER=lambda request: card_of(request.cookies.get("shopper")))

    @app.get("/shared")
    def shared() -> Response:
        page = render_template_string("<!doctype html><p>{{ rr_customer_deferred() }}</p>")
        response = Response(page + filler(request.args))
        response.headers["Cache-Control"] = "public, max-age=60"
        return response

    @app.get("/inline")
    def inline() -> str:
        return render_template_string("<p>{{ rr_customer() }}</p>") + filler(request.args)

    @app.get("/leaky")
    def leaky() -> Response:
        response = jsonify(card_of(request.cookies.get("shopper")))
        response.headers.update({"Cache-Control": "private, no-store", "Vary": "Cookie"})
        return response

    return app


# --- The origin -------------------------------------------------------------------------------------------------------


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def origin(app: Callable[..., Iterable[bytes]]) -> Iterator[tuple[int, Counter[str]]]:
    """Serve `app`; return the port, and the number of requests by path."""
    asked: Counter[str] = Counter()

    def counting(environ: Any, start_response: Any) -> Iterable[bytes]:
        asked[f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"] += 1
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, counting, server_class=Server, handler_class=Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["django", "flask"])
def site(request: pytest.FixtureRequest) -> Iterator[Any]:
    settings = {"CUSTOMER": django_site.customer}
    with override_settings(ROOT_URLCONF=__name__, RR_SNIPPET=settings, DEBUG=False):
        yield django_app() if request.param == "django" else flask_app()


@pytest.mark.parametrize("temper", ["obeys", "keeps-all"])
@pytest.mark.parametrize("kind", ["nginx", "varnish"])
def test_the_page_is_made_once_and_every_card_is_the_visitors_own(
    site: Any, kind: Kind, temper: Temper, tmp_path: Path
) -> None:
    with origin(site) as (port, asked), shared_cache(kind, temper, port, tmp_path) as cache:
        pages = set()
        for number in range(VIEWS):
            who = VISITORS[number % len(VISITORS)]
            page = ask(cache, "/shared", who=who)
            pages.add((page.status, page.body, page.headers.get("set-cookie"), page.headers.get("vary")))
            if page.headers["x-cache"] == "MISS":
                continue
            card = ask(cache, "/rr-snippet/customer", method="POST", who=who, Content_Length="0", **LOADER)
            assert (card.status, json.loads(card.body or b"null")) == (
                (204, None) if who is None else (200, card_of(who))
            )
            assert card.headers["cache-control"] == "private, no-store"
            assert ask(cache, "/rr-snippet/loader.js", who=who).body == loader_text()
    assert pages == {(200, f"<!doctype html><p>{TAG}</p>".encode(), None, None)}
    assert asked == {"GET /shared": 1, "GET /rr-snippet/loader.js": 1, "POST /rr-snippet/customer": VIEWS - 1}


@pytest.mark.parametrize("kind", ["nginx", "varnish"])
def test_the_same_card_for_get_would_leak(site: Any, kind: Kind, tmp_path: Path) -> None:
    """The negative control: such a cache gives one visitor's private response to the next, despite its headers."""
    with origin(site) as (port, _), shared_cache(kind, "keeps-all", port, tmp_path) as cache:
        assert [json.loads(ask(cache, "/leaky", who=who).body) for who in VISITORS] == [card_of("anna")] * 4


@pytest.mark.parametrize("kind", ["nginx", "varnish"])
def test_what_both_ways_cost_by_the_logs_of_the_cache(site: Any, kind: Kind, tmp_path: Path) -> None:
    """The figures of docs/guide/cached-pages.md: a page of 50 KB, viewed 300 times."""
    with origin(site) as (port, asked), shared_cache(kind, "obeys", port, tmp_path) as cache:
        for number in range(VIEWS):
            who = VISITORS[number % len(VISITORS)]
            assert TAG.encode() in ask(cache, "/shared?long", who=who).body
            ask(cache, "/rr-snippet/loader.js", who=who)
            ask(cache, "/rr-snippet/customer", method="POST", who=who, Content_Length="0", **LOADER)
            inline = ask(cache, "/inline?long", who=who).body
            assert (f'"customerId":"{who}"'.encode() in inline) is (who is not None)
        # A log is written after the response.
        time.sleep(1)
        noted = traffic(kind, tmp_path)
    page, loader = noted["GET /shared"], noted["GET /rr-snippet/loader.js"]
    card, inline = noted["POST /rr-snippet/customer"], noted["GET /inline"]
    assert [each.requests for each in (page, loader, card, inline)] == [VIEWS] * 4
    assert [each.hits for each in (page, loader, card)] == [VIEWS - 1, VIEWS - 1, 0]
    assert asked == {
        "GET /shared": 1,
        "GET /rr-snippet/loader.js": 1,
        "POST /rr-snippet/customer": VIEWS,
        "GET /inline": VIEWS - inline.hits,
    }
    # An anonymous visitor's page is shared, but with analytics cookies each visitor has a separate copy.
    assert inline.hits <= VIEWS / len(VISITORS)
    assert LONG_BYTES < page.from_shop_bytes < LONG_BYTES + 400
    assert 140_000 < (page + loader + card).from_shop_bytes < 150_000
    assert 11_000_000 < inline.from_shop_bytes < 15_200_000
