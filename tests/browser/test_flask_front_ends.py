"""Turbo and htmx in Chromium, under a policy with nonces: the table of docs/guide/front-ends.md, row by row."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, g, make_response, render_template_string
from werkzeug.serving import WSGIRequestHandler, make_server

from rr_snippet.integrations.flask import RRSnippet
from tests.support.browser import OpenPage

OpenUrl = Callable[..., OpenPage]

VENDOR = Path(__file__).parent / "vendor"
TURBO, HTMX_2, HTMX_4 = VENDOR / "turbo-8.0.23.js", VENDOR / "htmx-2.0.11.min.js", VENDOR / "htmx-4.0.1.min.js"
PAGE = """<!doctype html>
<html><head><title>Shop</title>{head}<script src="/library.js" nonce="{{{{ nonce }}}}"></script></head>
<body {body}><p id="page">{{{{ number }}}}</p><a id="next" href="/{{{{ number + 1 }}}}">next</a>
<a id="part" hx-get="/part" hx-target="this">part</a>{tag}</body></html>"""
TURBO_NONCE = '<meta name="csp-nonce" content="{{ nonce }}">'
HTMX_NONCE = """<meta name="htmx-config" content='{"inlineScriptNonce": "{{ nonce }}"}'>"""
SETTLE_S = 0.3


@dataclass(frozen=True)
class Shop:
    """A shop whose pages `library` swaps without a reload."""

    library: Path
    head: str = ""
    body: str = ""
    tag: str = "{{ rr_customer() }}"
    is_fresh: bool = False
    """Whether each response has its own nonce. Otherwise a session has one nonce."""
    policy: str = "script-src 'nonce-{}'"

    def app(self) -> Flask:
        app = Flask(__name__)
        RRSnippet(app, DEFERRED=True, CUSTOMER=customer)

        @app.get("/<int:number>")
        def page(number: int) -> Response:
            g.csp_nonce = secrets.token_urlsafe() if self.is_fresh else "c2Vzc2lvbg"
            source = PAGE.format(head=self.head, body=self.body, tag=self.tag)
            response = make_response(render_template_string(source, number=number, nonce=g.csp_nonce))
            response.headers["Content-Security-Policy"] = self.policy.format(g.csp_nonce)
            return response

        @app.get("/part")
        def part() -> str:
            g.csp_nonce = secrets.token_urlsafe()
            return render_template_string(self.tag)

        @app.get("/library.js")
        def library() -> Response:
            return Response(self.library.read_bytes(), content_type="text/javascript")

        return app


def customer(visit: Any) -> dict[str, str] | None:
    who = visit.cookies.get("as")
    return None if who is None else {"customerId": who}


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[[Shop], str]]:
    servers = []

    def start(shop: Shop) -> str:
        server = make_server("127.0.0.1", 0, shop.app(), threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class Walk:
    """A visitor of a shop. Each step returns the ids that it has sent, with repetitions."""

    def __init__(self, open_url: OpenUrl, address: str) -> None:
        self._address = address
        self._page = open_url(f"{address}/1", tracker="before")
        self._seen = 0

    def log_in(self, who: str) -> None:
        cookie = {"name": "as", "value": who, "url": self._address}
        self._page.use(lambda page: page.context.add_cookies([cookie]))  # type: ignore[list-item]

    def log_out(self) -> None:
        self._page.use(lambda page: page.context.clear_cookies())

    def load(self) -> set[str]:
        self._page.use(lambda page: page.goto(f"{self._address}/1"))
        return self._sent(1)

    def follow(self, number: int, link: str = "next") -> set[str]:
        self._page.evaluate(f"document.getElementById('{link}').click()")
        return self._sent(number)

    def back(self, number: int) -> set[str]:
        self._page.evaluate("history.back()")
        return self._sent(number)

    def is_kept(self) -> bool:
        """Return whether the browser's storage has anything about a customer."""
        stored = self._page.evaluate("JSON.stringify([localStorage, sessionStorage])")
        return "customerId" in stored

    def _sent(self, number: int) -> set[str]:
        end = time.monotonic() + 10
        there = (
            f"location.pathname == '/{number}' && (document.getElementById('page') || {{}}).textContent == '{number}'"
        )
        while not self._page.evaluate(there):
            assert time.monotonic() < end, f"no page {number}"
            time.sleep(0.02)
        time.sleep(SETTLE_S)
        outcome = self._page.outcome()
        assert outcome.thrown == ()
        if not self._page.evaluate("window.isTheSame === (window.isTheSame = true)"):
            self._seen = 0  # reloaded
        calls = outcome.calls[self._seen :]
        self._seen = len(outcome.calls)
        return {call.arguments[0]["customerId"] for call in calls}


LOADER = {"tag": "{{ rr_customer_deferred() }}", "policy": "script-src 'self' 'nonce-{}'; connect-src 'self'"}
TEMPORARY = "<div data-turbo-temporary>{{ rr_customer() }}</div>"
NO_CACHE = '<meta name="turbo-cache-control" content="no-cache">'
BOOST, BOOST_4 = 'hx-boost="true"', 'hx-boost:inherited="true"'

ROWS = [
    # What the next page sends, what one of Anna's pages sends again after her logout, and whether the browser keeps it.
    ("Turbo, fresh", Shop(TURBO, is_fresh=True), False, False, False),
    ("Turbo, fresh, with the element", Shop(TURBO, TURBO_NONCE, is_fresh=True), False, True, False),
    ("Turbo, of the session", Shop(TURBO), True, False, False),
    ("Turbo, of the session, with the element", Shop(TURBO, TURBO_NONCE), True, True, False),
    ("Turbo, no-cache", Shop(TURBO, TURBO_NONCE + NO_CACHE), True, False, False),
    ("Turbo, temporary", Shop(TURBO, TURBO_NONCE, tag=TEMPORARY), True, False, False),
    ("Turbo, deferred", Shop(TURBO, is_fresh=True, **LOADER), True, False, False),
    ("htmx 2", Shop(HTMX_2, HTMX_NONCE, BOOST, is_fresh=True), True, True, True),
    (
        "htmx 2, without history",
        Shop(HTMX_2, HTMX_NONCE, f'{BOOST} hx-history="false"', is_fresh=True),
        True,
        False,
        False,
    ),
    ("htmx 2, deferred", Shop(HTMX_2, "", BOOST, is_fresh=True, **LOADER), True, False, False),
    ("htmx 4", Shop(HTMX_4, HTMX_NONCE, BOOST_4, is_fresh=True), True, False, False),
    ("htmx 4, deferred", Shop(HTMX_4, "", BOOST_4, is_fresh=True, **LOADER), True, False, False),
]


@pytest.mark.parametrize(
    ("shop", "runs", "outlives", "is_kept"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_what_a_front_end_makes_of_the_block(
    serve: Callable[[Shop], str], open_url: OpenUrl, shop: Shop, runs: bool, outlives: bool, is_kept: bool
) -> None:
    walk = Walk(open_url, serve(shop))
    walk.log_in("anna")
    assert walk.load() == {"anna"}
    steps = [walk.follow(2)]
    walk.log_out()
    steps += [walk.follow(3), walk.back(2) | walk.back(1)]
    walk.log_in("boris")
    steps.append(walk.follow(2))
    last = steps.pop()
    assert steps == [{"anna"} if runs else set(), set(), {"anna"} if outlives else set()]
    # Turbo shows its cached copy until the page has loaded, so a card may outlive its visitor here too.
    assert last in ([{"boris"}, {"anna", "boris"}] if runs and outlives else [{"boris"}] if runs else [set()])
    assert walk.is_kept() is is_kept


@pytest.mark.parametrize(("library", "boost"), [(HTMX_2, BOOST), (HTMX_4, BOOST_4)])
def test_a_block_in_a_part_of_a_page_runs_under_htmx(
    serve: Callable[[Shop], str], open_url: OpenUrl, library: Path, boost: str
) -> None:
    walk = Walk(open_url, serve(Shop(library, HTMX_NONCE, boost, is_fresh=True)))
    walk.log_in("anna")
    walk.load()
    walk.log_in("boris")
    assert walk.follow(1, "part") == {"boris"}
