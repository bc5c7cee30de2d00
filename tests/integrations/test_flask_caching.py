"""No use of Flask-Caching shows one visitor's card to another."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, abort, make_response, render_template, render_template_string
from flask import request as flask_request
from flask_caching import Cache
from flask_talisman import Talisman
from jinja2 import DictLoader

from rr_snippet import RenderError
from rr_snippet.integrations.flask import RRSnippet
from tests.integrations.people import ANNA, PEOPLE, assert_nobody_gets_another_card, customer_in, nonces_in, sent
from tests.integrations.support import records

PAGE = "<!doctype html><body>{{ rr_customer() }}</body>"
TEMPLATES = {
    "page.html": PAGE,
    "block.html": "{{ rr_customer() }}",
    "base.html": "<body>{% cache 60, 'base' %}{% block aside %}{% endblock %}{% endcache %}</body>",
    "fragment.html": "<body>{% cache 60, 'direct' %}{{ rr_customer() }}{% endcache %}</body>",
    "include.html": "<body>{% cache 60, 'include' %}{% include 'block.html' %}{% endcache %}</body>",
    "extends.html": "{% extends 'base.html' %}{% block aside %}{{ rr_customer() }}{% endblock %}",
}
CONFIG = {"CACHE_TYPE": "SimpleCache"}


class Shop:
    """One application with its cache and its integration."""

    def __init__(self, *, mode: str = "production", cache_first: bool = False, **settings: Any) -> None:
        self.app = Flask(__name__)
        self.app.jinja_loader = DictLoader(TEMPLATES)
        self.app.debug = mode == "debug"
        self.app.testing = mode == "testing"
        self.cache = Cache(config=CONFIG)
        self.rr = RRSnippet(customer=lambda request: PEOPLE.get(request.cookies.get("as")), **settings)
        for extension in (self.cache, self.rr) if cache_first else (self.rr, self.cache):
            extension.init_app(self.app)

    def get(self, who: str | None, path: str = "/") -> str:
        return self.visit(who, path).text

    def visit(self, who: str | None, path: str = "/") -> Any:
        client = self.app.test_client()
        if who:
            client.set_cookie("as", who)
        return client.get(path)


def plain() -> str:
    return render_template("page.html")


def as_response() -> Response:
    return make_response(render_template("page.html"))


def as_tuple() -> Any:
    return render_template("page.html"), 200, {"X-Shop": "1"}


def as_parts() -> Any:
    yield from ["<!doctype html><body>", render_template("block.html"), "</body>"]


def as_json() -> Any:
    return {"html": render_template("page.html")}


def as_error() -> Any:
    abort(make_response(render_template("page.html")))


async def in_async() -> str:
    return render_template("page.html")


VIEWS = {view.__name__: view for view in (plain, as_response, as_tuple, as_parts, as_json, as_error, in_async)}


def html_of(text: str) -> str:
    return str(json.loads(text)["html"]) if text.startswith("{") else text


@pytest.mark.parametrize("cache_first", [False, True])
@pytest.mark.parametrize("name", VIEWS)
def test_cached_view_is_not_stored_with_a_block(name: str, cache_first: bool, caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(cache_first=cache_first)
    shop.app.add_url_rule("/", view_func=shop.cache.cached(60)(VIEWS[name]), endpoint="home")
    assert customer_in(html_of(shop.get("anna"))) == sent(ANNA)
    assert_nobody_gets_another_card(lambda who: html_of(shop.get(who)))
    assert set(records(caplog)) == {("ERROR", "not cached: cache.stored")}
    assert "anna" not in caplog.text


def memoized(shop: Shop) -> Callable[[], str]:
    part = shop.cache.memoize(60)(lambda: render_template("block.html"))
    return lambda: f"<body>{part()}</body>"


def set_by_hand(shop: Shop) -> Callable[[], str]:
    def view() -> str:
        shop.cache.set("other", {"price": 10})
        page = shop.cache.get("page") or render_template("page.html")
        shop.cache.set("page", page)
        assert shop.cache.get("other") == {"price": 10}
        return page

    return view


def added_by_hand(shop: Shop) -> Callable[[], str]:
    def view() -> str:
        page = shop.cache.get("page") or render_template("page.html")
        shop.cache.add("page", {"page": [page]})
        shop.cache.add("other", "a text")
        return page["page"][0] if isinstance(page, dict) else page

    return view


def set_with_others(shop: Shop) -> Callable[[], str]:
    def view() -> str:
        page = shop.cache.get("page") or render_template("page.html")
        shop.cache.set_many({"page": page, "other": "a text"})
        assert shop.cache.get("other") == "a text"
        return page

    return view


@pytest.mark.parametrize("make_view", [memoized, set_by_hand, added_by_hand, set_with_others])
def test_nothing_with_a_block_gets_into_a_store(make_view: Callable[[Shop], Callable[[], str]]) -> None:
    shop = Shop()
    shop.app.add_url_rule("/", view_func=make_view(shop), endpoint="home")
    assert customer_in(shop.get("anna")) == sent(ANNA)
    assert_nobody_gets_another_card(shop.get)
    assert shop.cache.has("nothing") is False


def test_value_that_cannot_be_read_is_not_stored_with_a_block_on_the_page() -> None:
    shop = Shop()
    kept: list[object] = []

    def view() -> str:
        page = render_template("page.html")
        kept.append(shop.cache.set("page", (part for part in [page])))
        return page

    shop.app.add_url_rule("/", view_func=view, endpoint="home")
    assert customer_in(shop.get("anna")) == sent(ANNA)
    assert kept == [False]


@pytest.mark.parametrize("name", ["fragment.html", "include.html", "extends.html"])
def test_cached_fragment_gets_no_block(name: str, caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()
    shop.app.add_url_rule("/", view_func=lambda: render_template(name), endpoint="home")
    assert customer_in(shop.get("anna")) is None
    assert_nobody_gets_another_card(shop.get)
    assert records(caplog) == [("ERROR", "no block: cache.fragment")]


@pytest.mark.parametrize("who", ["anna", None])
@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_cached_fragment_is_an_error_in_debug_whoever_looks(mode: str, who: str | None) -> None:
    shop = Shop(mode=mode)
    shop.app.debug = mode == "debug"
    shop.app.add_url_rule("/", view_func=lambda: render_template("fragment.html"), endpoint="home")
    with pytest.raises(RenderError) as caught:
        shop.get(who)
    assert caught.value.code == "cache.fragment"


@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_cached_view_is_an_error_in_debug(mode: str) -> None:
    shop = Shop(mode=mode)
    shop.app.add_url_rule("/", view_func=shop.cache.cached(60)(plain), endpoint="home")
    with pytest.raises(RenderError) as caught:
        shop.get("anna")
    assert caught.value.code == "cache.stored"
    assert customer_in(shop.get(None)) is None


def test_cacheable_filters_what_is_stored_and_all_is_well(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop(mode="debug")
    calls: list[str] = []

    def view() -> str:
        calls.append("call")
        return plain()

    cached = shop.cache.cached(60, response_filter=shop.rr.cacheable)(view)
    shop.app.add_url_rule("/", view_func=cached, endpoint="home")
    for _ in range(2):
        assert customer_in(shop.get("anna")) == sent(ANNA)
    assert len(calls) == 2
    for _ in range(3):
        assert customer_in(shop.get(None)) is None
    assert len(calls) == 3
    assert records(caplog) == []


def test_allow_cached_leaves_it_to_the_site() -> None:
    shop = Shop(mode="debug", allow_cached=True)

    def key() -> str:
        return f"home/{flask_request.cookies.get('as')}"

    shop.app.add_url_rule("/", view_func=shop.cache.cached(60, make_cache_key=key)(plain), endpoint="home")
    shop.app.add_url_rule(
        "/part",
        view_func=lambda: render_template_string(
            "{% cache 60, 'x', key() %}{{ rr_customer() }}{% endcache %}", key=key
        ),
        endpoint="part",
    )
    for path in ("/", "/part"):
        for who in ("anna", "boris", None, "anna", "boris", None):
            response = shop.visit(who, path)
            assert customer_in(response.text) == (None if who is None else sent(PEOPLE[who]))
            # Out of the cache too, where nothing on the request shows that there is a block.
            assert response.headers.get("Cache-Control") == (None if who is None else "private")


def test_second_hit_with_a_nonce_runs() -> None:
    shop = Shop()
    Talisman(
        shop.app,
        force_https=False,
        content_security_policy_nonce_in=["script-src"],
        content_security_policy={"script-src": "'self'"},
    )
    shop.app.add_url_rule("/", view_func=shop.cache.cached(60)(plain), endpoint="home")
    for _ in range(2):
        response = shop.visit("anna")
        (nonce,) = nonces_in(response.text)
        assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]


def test_store_outside_of_a_request_is_left_alone() -> None:
    shop = Shop()
    shop.app.add_url_rule("/", view_func=plain, endpoint="home")
    page = shop.get("anna")
    with shop.app.app_context():
        shop.cache.set("page", page)
        assert shop.cache.get("page") == page
