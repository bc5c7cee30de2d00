"""The page of an order in Flask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, render_template, render_template_string, request
from flask_caching import Cache
from jinja2 import DictLoader

from rr_snippet import render_order
from rr_snippet.integrations.flask import RRSnippet
from tests.integrations.people import ANNA, PEOPLE
from tests.integrations.support import records
from tests.support.order_facts import CONTEXT, GUEST, ORDER, PAGE, SETTINGS, TEMPLATES, OrderFacts


def by_cookie(visit: Any) -> Any:
    return PEOPLE.get(visit.cookies.get("as", ""))


def site(**settings: Any) -> tuple[Flask, RRSnippet]:
    app = Flask(__name__)
    app.jinja_loader = DictLoader(TEMPLATES)
    rr = RRSnippet(app, **{"CUSTOMER": by_cookie, **SETTINGS, **settings})
    app.add_url_rule("/<name>", view_func=lambda name: render_template(name, **CONTEXT), endpoint="page")
    return app, rr


def ask(app: Flask, path: str, who: str | None = "anna", **headers: str) -> Any:
    client = app.test_client()
    if who is not None:
        client.set_cookie("as", who)
    return client.get(path, headers={name.replace("_", "-"): headers[name] for name in headers})


class TestOrders(OrderFacts):
    """See `OrderFacts`."""

    def show(
        self, name: str, who: str | None = "anna", *, debug: bool = False, settings: Any = None, **headers: str
    ) -> tuple[str, Mapping[str, str]]:
        app, _ = site(**(settings or {}))
        app.debug = debug
        response = ask(app, f"/{name}", who, **headers)
        return response.text, {key.lower(): value for key, value in response.headers.items()}


def test_views_without_a_template() -> None:
    app, rr = site()
    app.add_url_rule("/view", view_func=lambda: rr.render_order(ORDER, nonce="abc"), endpoint="view")
    assert ask(app, "/view").text == render_order(ORDER, ANNA, nonce="abc")


def test_no_store_keeps_an_order(caplog: Any) -> None:
    app, rr = site()
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})

    @app.get("/cached/<who>")
    @cache.cached(60)
    def cached(who: str) -> str:
        return PAGE.format(rr.render_order(ORDER, person=GUEST if who == "guest" else None))

    for who in ("guest", "nobody") * 2:
        assert ask(app, f"/cached/{who}").text == PAGE.format(render_order(ORDER, GUEST if who == "guest" else None))
    assert records(caplog) == [("ERROR", "not cached: cache.stored")] * 4


def test_a_stream_of_an_order_has_to_be_prepared(caplog: Any) -> None:
    app, rr = site()

    def stream() -> Response:
        if "prepared" in request.args:
            rr.prepare()
        return Response(app.jinja_env.get_template("order").stream(**CONTEXT))  # type: ignore[arg-type]

    def rendered() -> str:
        return render_template_string("{{ rr_order(order, person=None) }}", **CONTEXT)

    app.add_url_rule("/stream", view_func=stream, endpoint="stream")
    with app.test_request_context("/"):
        assert rendered() == render_order(ORDER, None)
    assert records(caplog) == []
