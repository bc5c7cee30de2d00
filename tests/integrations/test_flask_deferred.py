"""The deferred card in Flask: the tag, the two responses, sessions and CSRF around them, the marker."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flask_login
import pytest
from flask import Flask, Response, render_template_string, session
from flask_wtf import CSRFProtect

from rr_snippet import to_payload
from rr_snippet.errors import OptionError
from rr_snippet.integrations._deferred import loader_reply, loader_text
from rr_snippet.integrations.flask import RRSnippet, mark_known, mark_unknown
from tests.integrations import support
from tests.integrations.docs import run_examples
from tests.integrations.support import MARKER_GONE, MARKER_SET, records

LOADER = {"X-RR-Snippet": "1", "Sec-Fetch-Site": "same-origin"}
TAG = '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Vary": "Cookie",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def site(**settings: Any) -> Flask:
    """Return a site that knows its visitors by their session."""
    app = Flask(__name__)
    app.secret_key = "tests"
    rr = RRSnippet(app, **{"DEFERRED": True, **settings})

    @rr.customer_loader
    def customer(request: Any) -> dict[str, str] | None:
        return {"customerId": session["who"]} if "who" in session else None

    @app.get("/shared")
    def shared() -> str:
        return render_template_string("<p>{{ rr_customer_deferred() }}</p>")

    @app.get("/inline")
    def inline() -> str:
        return render_template_string("<p>{{ rr_customer() }}</p>")

    @app.get("/login/<who>")
    def login(who: str) -> str:
        session["who"] = who
        session.permanent = True
        return "in"

    @app.get("/logout")
    def logout() -> str:
        session.clear()
        return "out"

    return app


def card(client: Any, **headers: str) -> Any:
    return client.post("/rr-snippet/customer", headers={**LOADER, **headers})


def test_the_tag_asks_nothing_of_the_request() -> None:
    app = site(EXCLUDE=lambda _: 1 / 0, RESPECT_GPC=True)
    response = app.test_client().get("/shared", headers={"Sec-GPC": "1"})
    assert (response.text, response.headers.get("Cache-Control"), response.headers.get("Vary")) == (
        f"<p>{TAG}</p>",
        None,
        None,
    )


def test_the_tag_knows_where_the_site_is_mounted() -> None:
    app = site(DEFERRED_PREFIX="/api/card/")
    expected = '<script src="/shop/api/card/loader.js" data-customer="/shop/api/card/customer" async></script>'
    response = app.test_client().get("/shared", environ_overrides={"SCRIPT_NAME": "/shop"})
    assert response.text == f"<p>{expected}</p>"
    app.config["APPLICATION_ROOT"] = "/shop"
    with app.app_context():
        assert app.jinja_env.from_string("{{ rr_customer_deferred() }}").render() == expected


def test_a_site_without_it_has_no_tag(caplog: pytest.LogCaptureFixture) -> None:
    app = site(DEFERRED=False)
    assert app.test_client().get("/shared").text == "<p></p>"
    assert records(caplog) == [("ERROR", "no loader: option.urls")]
    assert card(app.test_client()).status_code == 404
    app.debug = True
    with pytest.raises(OptionError) as error:
        app.test_client().get("/shared")
    assert str(error.value) == ("RR_SNIPPET.DEFERRED: nothing serves the deferred card; expected True [option.urls]")


def test_the_loader_is_everybodys_whatever_sessions_do() -> None:
    client = site().test_client()
    client.get("/login/anna")
    assert "Set-Cookie" in client.get("/inline").headers  # a permanent session sends it with every response
    answer = client.get("/rr-snippet/loader.js")
    assert (answer.status_code, answer.data, dict(answer.headers)) == (
        200,
        loader_text(),
        dict(loader_reply("GET").headers),
    )
    assert client.post("/rr-snippet/loader.js").status_code == 405


def test_each_visitor_gets_their_own_card() -> None:
    client = site().test_client()
    for who in ("anna", "boris", "anna"):
        client.get(f"/login/{who}")
        answer = card(client)
        assert (answer.status_code, json.loads(answer.data)) == (200, to_payload({"customerId": who}))
        assert PRIVATE.items() <= dict(answer.headers).items()
    answer = card(site().test_client())
    assert (answer.status_code, answer.data, dict(answer.headers)) == (204, b"", PRIVATE)


def test_a_session_that_is_sent_each_time_is_not_sent_with_a_card() -> None:
    app = site()
    client = app.test_client()
    client.get("/login/anna")
    before = card(client)
    client.get("/logout")
    # A card that comes late, for the cookies that the browser had at the request.
    assert (before.status_code, "Set-Cookie" in before.headers) == (200, False)
    assert card(client).status_code == 204


def test_many_visitors_at_once_get_their_own() -> None:
    app = site()

    def visit(number: int) -> Any:
        client = app.test_client()
        client.get(f"/login/{number}")
        return json.loads(card(client).data)["customerId"]

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(visit, range(200))) == [str(number) for number in range(200)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-RR-Snippet": "0"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"}, 403),
    ],
)
def test_nobody_else_gets_it(headers: dict[str, str], status: int) -> None:
    client = site().test_client()
    client.get("/login/anna")
    answer = card(client, **headers)
    assert (answer.status_code, answer.data) == (status, b"")
    assert PRIVATE.items() <= dict(answer.headers).items()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_no_other_method(method: str) -> None:
    answer = site().test_client().open("/rr-snippet/customer", method=method, headers=LOADER)
    assert (answer.status_code, answer.headers["Allow"], answer.data) == (405, "POST", b"")


@pytest.mark.parametrize("is_first", [True, False])
def test_csrf_protection_does_not_stop_it(is_first: bool) -> None:
    csrf = CSRFProtect()
    app = Flask(__name__)
    app.secret_key = "tests"
    if is_first:
        csrf.init_app(app)
    RRSnippet(app, DEFERRED=True, CUSTOMER=lambda _: {"customerId": "anna"})
    if not is_first:
        csrf.init_app(app)
    app.add_url_rule("/buy", "buy", lambda: "bought", methods=["POST"])
    client = app.test_client()
    assert (client.post("/buy").status_code, card(client).status_code) == (400, 200)


def test_the_example_of_the_docs_works() -> None:
    client = run_examples("guide/cached-pages.md", "Flask")["app"].test_client()
    assert client.get("/").text == f"<!doctype html><title>Shop</title><body>{TAG}</body>"
    assert card(client).status_code == 204
    with client.session_transaction() as visit:
        visit["customer_id"] = "42"
    assert json.loads(card(client).data) == to_payload({"customerId": "42"})


# --- The marker -------------------------------------------------------------------------------------------------------


def markers(answer: Any) -> list[str]:
    return support.markers(answer.headers.getlist("Set-Cookie"))


def test_blocks_and_cards_set_the_marker_and_shared_pages_do_not() -> None:
    app = site(DEFERRED_MARKER="known")
    client = app.test_client()
    assert markers(card(client)) == [MARKER_GONE]
    client.get("/login/anna")
    shared = client.get("/shared")
    tag = TAG.replace(" async", ' data-marker="known" async')
    assert (shared.text, markers(shared)) == (f"<p>{tag}</p>", [])
    assert markers(client.get("/inline")) == [MARKER_SET]
    assert markers(card(client)) == [MARKER_SET]
    assert markers(client.get("/inline", base_url="https://localhost")) == [MARKER_SET + "; Secure"]


class User(flask_login.UserMixin):
    id = "anna"


def test_flask_login_sets_it_and_deletes_it() -> None:
    app = site(DEFERRED_MARKER="known")
    flask_login.LoginManager(app).user_loader(lambda _: User())
    app.add_url_rule("/in", "in", lambda: str(flask_login.login_user(User())))
    app.add_url_rule("/out", "out", lambda: str(flask_login.logout_user()))
    client = app.test_client()
    assert markers(client.get("/in", base_url="https://localhost")) == [MARKER_SET + "; Secure"]
    assert markers(client.get("/out")) == [MARKER_GONE]


def test_without_flask_login_there_is_nothing_to_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "flask_login", None)
    assert markers(card(site(DEFERRED_MARKER="known").test_client())) == [MARKER_GONE]


def test_a_site_may_say_itself_who_is_known() -> None:
    app = site(DEFERRED_MARKER="known")
    response = Response()
    with app.app_context():
        mark_known(response)
        app.config["SESSION_COOKIE_SECURE"] = True
        mark_unknown(response)
    assert markers(response) == [MARKER_SET, MARKER_GONE + "; Secure"]
    response = Response()
    with site().app_context():
        mark_known(response)
    assert "Set-Cookie" not in response.headers
