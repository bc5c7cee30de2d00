"""The WSGI middleware around a real Flask application."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, render_template_string, request, send_file, stream_template_string
from flask_talisman import Talisman

from rr_snippet import render_snippet
from rr_snippet.integrations.flask import RRSnippet
from rr_snippet.integrations.wsgi import RRSnippetPages
from tests.integrations.people import ANNA, BORIS, PEOPLE, assert_nobody_gets_another_card, customer_in, nonces_in, sent

PAGE = "<!doctype html><title>Shop</title><body><h1>Hello</h1></body>"
BLOCK = render_snippet(ANNA).encode()


def by_cookie(environ: dict[str, Any]) -> Any:
    return PEOPLE.get(environ.get("HTTP_COOKIE", "").removeprefix("as="))


def make_app() -> Flask:
    app = Flask(__name__)
    app.wsgi_app = RRSnippetPages(app.wsgi_app, customer=by_cookie)  # type: ignore[method-assign]

    @app.get("/")
    def home() -> str:
        return PAGE

    @app.get("/tagged")
    def tagged() -> Response:
        response = make_response(PAGE)
        response.add_etag()
        response.headers["Last-Modified"] = "Mon, 23 Nov 2026 00:00:00 GMT"
        return response.make_conditional(request)

    @app.get("/stream")
    def stream() -> Any:
        return stream_template_string(PAGE)

    @app.get("/file")
    def file() -> Response:
        return send_file(__file__, mimetype="text/html", as_attachment=True)

    return app


def visit(app: Flask, path: str, who: str | None, **headers: str) -> Any:
    client = app.test_client()
    if who:
        client.set_cookie("as", who)
    return client.get(path, headers=headers)


def test_finished_page_gets_the_customer() -> None:
    response = visit(make_app(), "/", "anna")
    assert customer_in(response.text) == sent(ANNA)
    assert response.content_length == len(response.data)
    assert (response.headers["Cache-Control"], response.headers["Vary"]) == ("private", "Cookie")
    assert visit(make_app(), "/", None).text == PAGE


def test_streams_and_downloads_stay_as_they_are() -> None:
    assert visit(make_app(), "/stream", "anna").text == PAGE
    with visit(make_app(), "/file", "anna") as download:
        assert b"add_url_rule" in download.data
        assert BLOCK not in download.data


def test_customer_who_has_changed_is_not_answered_with_304() -> None:
    app = make_app()
    first = visit(app, "/tagged", "anna")
    assert customer_in(first.text) == sent(ANNA)
    assert "ETag" not in first.headers
    assert "Last-Modified" not in first.headers
    assert "ETag" not in visit(app, "/tagged", None).headers
    second = visit(app, "/tagged", "boris")
    assert customer_in(second.text) == sent(BORIS)


def test_nobody_gets_another_card() -> None:
    app = make_app()
    assert_nobody_gets_another_card(lambda who: visit(app, "/tagged", who).text)


def test_nonce_is_that_of_the_response() -> None:
    app = make_app()
    Talisman(
        app,
        force_https=False,
        content_security_policy_nonce_in=["script-src"],
        content_security_policy={"script-src": "'self'"},
    )
    response = visit(app, "/", "anna")
    (nonce,) = nonces_in(response.text)
    assert response.headers["Content-Security-Policy"] == f"script-src 'self' 'nonce-{nonce}'"


def test_template_and_middleware_together_give_one_block() -> None:
    app = make_app()
    RRSnippet(app, customer=lambda request: PEOPLE.get(request.cookies.get("as")))
    app.add_url_rule(
        "/both", view_func=lambda: render_template_string(f"{PAGE}{{{{ rr_customer() }}}}"), endpoint="both"
    )
    assert visit(app, "/both", "anna").text == f"{PAGE}{render_snippet(ANNA)}"
