"""Unguarded stores, compressed values and sessions: leaving pages are examined, and sessions are stored."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from cachelib import SimpleCache
from flask import Flask, Response, after_this_request, make_response, render_template_string, request, session
from flask.sessions import SecureCookieSession, SessionInterface
from flask_caching import Cache
from flask_compress import Compress

from rr_snippet import RenderError
from rr_snippet.integrations.flask import RRSnippet
from tests.integrations.people import ANNA, PEOPLE, assert_nobody_gets_another_card, customer_in, sent
from tests.integrations.support import records

PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>" + "<!-- long -->" * 50


def made() -> str:
    return render_template_string(PAGE)


class Shop:
    def __init__(self, *, debug: bool = False, cached: bool = True) -> None:
        self.app = Flask(__name__)
        self.app.debug = debug
        self.app.config["SECRET_KEY"] = "tests"
        self.cache = Cache(self.app, config={"CACHE_TYPE": "SimpleCache"}) if cached else None
        self.rr = RRSnippet(self.app, customer=lambda request: PEOPLE.get(request.cookies.get("as")))

    def visit(self, who: str | None, path: str = "/", **headers: str) -> Any:
        client = self.app.test_client()
        if who:
            client.set_cookie("as", who)
        return client.get(path, headers={"Accept-Encoding": "gzip", **headers})

    def get(self, who: str | None) -> str:
        return text_of(self.visit(who))


def text_of(response: Any) -> str:
    data = response.data
    return (gzip.decompress(data) if response.headers.get("Content-Encoding") == "gzip" else data).decode()


def kept_in_a_dict(shop: Shop) -> Any:
    kept: dict[str, str] = {}
    return lambda: kept.setdefault("page", made())


def kept_elsewhere(shop: Shop) -> Any:
    store = SimpleCache()

    def view() -> Any:
        page = store.get("page") or made()
        store.set("page", page)
        return page

    return view


def response_kept(shop: Shop) -> Any:
    kept: list[bytes] = []

    def view() -> Response:
        kept.append(made().encode())
        return Response([kept[0][:100], kept[0][100:]], headers={"ETag": '"v1"'}, mimetype="text/html")

    return view


@pytest.mark.parametrize("make_view", [kept_in_a_dict, kept_elsewhere, response_kept])
@pytest.mark.parametrize("compressed", [False, True])
def test_nobody_gets_another_block_out_of_a_store(make_view: Any, compressed: bool) -> None:
    shop = Shop()
    if compressed:
        Compress(shop.app)
    shop.app.add_url_rule("/", view_func=make_view(shop), endpoint="home")
    for who in ("anna", "boris", None, "anna"):
        response = shop.visit(who)
        assert customer_in(text_of(response)) == (sent(ANNA) if who == "anna" else None)
        assert (response.headers["Cache-Control"], "Cookie" in response.headers["Vary"]) == ("private", True)
        assert "ETag" not in response.headers
        assert int(response.headers["Content-Length"]) == len(response.data)
        assert ("Content-Encoding" in response.headers) is compressed


def test_it_is_told_with_the_endpoint(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()
    shop.app.add_url_rule("/", view_func=kept_in_a_dict(shop), endpoint="home")
    shop.get("anna")
    shop.get("boris")
    assert records(caplog) == [("ERROR", "block taken out: cache.served")]
    assert caplog.records[-1].rr_route == "home"  # type: ignore[attr-defined]
    shop.app.debug = True
    assert customer_in(shop.get("anna")) == sent(ANNA)
    with pytest.raises(RenderError, match=r"cache\.served"):
        shop.get("boris")


@pytest.mark.parametrize("compress_first", [False, True])
def test_the_cache_of_flask_compress_keeps_no_block(compress_first: bool, caplog: pytest.LogCaptureFixture) -> None:
    app = Flask(__name__)
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    app.config["COMPRESS_CACHE_BACKEND"] = lambda: cache
    app.config["COMPRESS_CACHE_KEY"] = lambda request: request.full_path
    rr = RRSnippet(customer=lambda request: PEOPLE.get(request.cookies.get("as")))
    for extension in (Compress(), rr) if compress_first else (rr, Compress()):
        extension.init_app(app)
    app.add_url_rule("/", view_func=made, endpoint="home")
    shop = Shop()
    shop.app = app
    assert customer_in(shop.get("anna")) == sent(ANNA)
    assert_nobody_gets_another_card(shop.get)
    assert records(caplog)[0] == ("ERROR", "not cached: cache.stored")


VALUES: dict[str, Any] = {
    "compressed bytes": lambda page: gzip.compress(page.encode()),
    "a response of compressed bytes": lambda page: make_response(gzip.compress(page.encode())),
    "compressed bytes in a dict": lambda page: {"page": [gzip.compress(page.encode())]},
    "bytes that are no text": lambda page: bytes(range(256)),
}


@pytest.mark.parametrize("name", VALUES)
def test_what_cannot_be_looked_into_is_not_stored_while_a_block_is_made(name: str) -> None:
    shop = Shop()
    assert shop.cache is not None
    kept = []

    def view() -> str:
        page = made()
        kept.append(shop.cache.set("page", VALUES[name](page)))
        kept.append(shop.cache.set("price", {"price": 10, "name": "Чайник"}))
        return page

    shop.app.add_url_rule("/", view_func=view, endpoint="home")
    shop.get("anna")
    shop.get(None)
    # An anonymous visitor has no block, so everything may be stored.
    assert kept[:2] == [False, True]
    assert kept[3] is True


def test_a_cached_view_that_compresses_itself_shows_nobody_another_block() -> None:
    shop = Shop()
    assert shop.cache is not None

    def view() -> Response:
        response = make_response(gzip.compress(made().encode()))
        response.headers["Content-Encoding"] = "gzip"
        return response

    shop.app.add_url_rule("/", view_func=shop.cache.cached(60)(view), endpoint="home")
    assert customer_in(shop.get("anna")) == sent(ANNA)
    assert_nobody_gets_another_card(shop.get)


class StoredSessions(SessionInterface):
    """Sessions in Flask-Caching, packed so that they cannot be examined."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def open_session(self, app: Flask, request: Any) -> SecureCookieSession:
        kept = self.cache.get("session")
        return SecureCookieSession({} if kept is None else {"seen": gzip.decompress(kept).decode()})

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        assert self.cache.set("session", gzip.compress(session.get("seen", "").encode()))


def test_sessions_are_stored_whatever_is_in_them(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()
    shop.app.session_interface = StoredSessions(shop.cache)  # type: ignore[arg-type]

    def view() -> str:
        was, session["seen"] = session.get("seen", ""), made()
        return f"<body>{len(was)}</body>" + session["seen"]

    shop.app.add_url_rule("/", view_func=view, endpoint="home")
    shop.get("anna")
    assert shop.get("anna").startswith("<body>0</body>") is False
    assert records(caplog) == []


# The exit itself


def test_a_hook_that_fails_does_not_keep_ours_away(caplog: pytest.LogCaptureFixture) -> None:
    shop = Shop()
    shop.app.errorhandler(500)(lambda _: (made(), 500, {"Cache-Control": "public"}))
    shop.app.add_url_rule("/", view_func=made, endpoint="home")

    @shop.app.after_request
    def fail(response: Response) -> Response:
        raise ZeroDivisionError

    response = shop.visit("anna")
    assert response.status_code == 500
    assert (response.headers["Cache-Control"], response.headers["Vary"]) == ("private", "Cookie")


def test_what_a_hook_has_made_is_private_too() -> None:
    shop = Shop()

    def view() -> str:
        @after_this_request
        def more(response: Response) -> Response:
            response.headers.update({"Cache-Control": "public", "ETag": '"v1"'})
            response.set_data(made())
            return response

        return "nothing"

    shop.app.add_url_rule("/", view_func=view, endpoint="home")
    response = shop.visit("anna")
    assert customer_in(response.text) == sent(ANNA)
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("private", False)


@pytest.mark.parametrize("who", ["anna", None])
def test_no_response_that_asked_for_a_customer_can_be_revalidated(who: str | None) -> None:
    shop = Shop()

    def view() -> Response:
        response = make_response(made())
        response.set_etag("v1")
        response.last_modified = 0
        return response.make_conditional(request)

    shop.app.add_url_rule("/", view_func=view, endpoint="home")
    response = shop.visit(who)
    assert {"ETag", "Last-Modified"}.isdisjoint(response.headers)
    assert response.headers["Vary"] == "Cookie"


def test_a_missing_customer_function_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask(__name__)
    RRSnippet(app)
    app.add_url_rule("/", view_func=lambda: "nothing", endpoint="home")
    for _ in range(2):
        app.test_client().get("/")
    assert records(caplog) == [("WARNING", "no block by itself: option.customer")]
