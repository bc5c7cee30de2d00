"""The deferred card in Chromium: what the tracker receives, under which policies, and that no other origin gets it."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify, make_response, redirect, render_template_string, request
from markupsafe import Markup
from werkzeug.serving import WSGIRequestHandler, make_server

from rr_snippet import to_payload
from rr_snippet.integrations._deferred import loader_integrity
from rr_snippet.integrations.flask import RRSnippet
from tests.support.browser import CHROMIUM_FLAGS, CHROMIUM_NAMES, OpenPage
from tests.support.order_facts import GUEST, ORDER
from tests.support.outcome import Call

OpenUrl = Callable[..., OpenPage]
PAGE = "<!doctype html><title>Shop</title><base href='/deep/er/'><body>{{ rr_customer_deferred(**options) }}{{ more }}</body>"


THANKS = """<!doctype html><title>Thanks</title>{{ rr_customer_deferred() }}<body>
{{ rr_order(order, person=guest) if request.args.guest else rr_order(order) }}{{ rr_customer_deferred() }}{{ rr_customer() }}</body>"""


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Log nothing."""


class Shop:
    """A shop with shared pages; `policy` is its Content-Security-Policy, `delay_s` the delay of a card."""

    def __init__(self) -> None:
        self.policy = ""
        self.delay_s = 0.0
        self.options: dict[str, Any] = {}
        self.more = ""
        self.cors: str | None = None
        self.asked: Counter[str] = Counter()
        self.app = app = Flask(__name__)
        RRSnippet(app, DEFERRED=True, CUSTOMER=self.customer, DEFERRED_MARKER="known")
        app.before_request(self.count)
        app.after_request(self.let_everybody_in)
        app.add_url_rule("/shared", "shared", self.shared)
        app.add_url_rule("/order", "order", lambda: render_template_string(THANKS, order=ORDER, guest=GUEST))
        app.add_url_rule("/login/<who>", "login", self.login)
        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})

    def customer(self, request: Any) -> dict[str, str] | None:
        time.sleep(self.delay_s)
        who = request.cookies.get("shopper")
        return {"customerId": who} if who else None

    def count(self) -> Response | None:
        self.asked[f"{request.method} {request.path}"] += 1
        # Middlewares of CORS answer a browser's preflight request like this.
        return Response(status=204) if self.cors is not None and request.method == "OPTIONS" else None

    def let_everybody_in(self, response: Response) -> Response:
        if self.cors is not None:
            response.headers["Access-Control-Allow-Origin"] = self.cors
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Allow-Headers"] = "x-rr-snippet"
        return response

    def shared(self) -> Response:
        response = make_response(render_template_string(PAGE, options=self.options, more=self.more))
        response.headers["Cache-Control"] = "public, max-age=60"
        if self.policy:
            response.headers["Content-Security-Policy"] = self.policy
        return response

    def login(self, who: str) -> Any:
        response = redirect("/shared")
        response.set_cookie("shopper", "" if who == "nobody" else who)
        response.set_cookie("known", "" if who == "nobody" else "1")
        return response


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    shop.thread.start()
    yield shop
    shop.server.shutdown()
    shop.thread.join()
    shop.server.server_close()


def settled(page: OpenPage) -> OpenPage:
    page.use(lambda driver: driver.wait_for_load_state("networkidle"))
    return page


def calls(who: str) -> tuple[Call, ...]:
    return (Call("setCustomer", (to_payload({"customerId": who}),)),)


def seen(page: OpenPage) -> tuple[tuple[Call, ...], tuple[str, ...]]:
    outcome = settled(page).outcome()
    assert (outcome.errors, outcome.lost, outcome.printed) == ((), (), ())
    return outcome.calls, outcome.thrown


@pytest.mark.parametrize("tracker", ["after", "before"])
def test_the_card_reaches_the_tracker(shop: Shop, open_url: OpenUrl, tracker: str) -> None:
    page = open_url(f"{shop.origin}/login/anna", tracker=tracker)
    assert seen(page) == (calls("anna"), ())
    assert shop.asked["POST /rr-snippet/customer"] == 1


def test_visitors_share_the_page_out_of_the_browsers_own_cache(shop: Shop, open_url: OpenUrl) -> None:
    page = open_url(f"{shop.origin}/login/anna", tracker="before")
    assert seen(page) == (calls("anna"), ())
    for who in ("boris", "nobody", "clara"):
        page.use(lambda driver, who=who: driver.goto(f"{shop.origin}/login/{who}"))  # type: ignore[misc]
        assert seen(page) == (() if who == "nobody" else calls(who), ())
    assert shop.asked["GET /shared"] == 1


def test_a_logout_in_another_tab_ends_it(shop: Shop, open_url: OpenUrl) -> None:
    page = open_url(f"{shop.origin}/login/anna", tracker="before")
    assert seen(page) == (calls("anna"), ())
    page.use(lambda driver: driver.context.new_page().goto(f"{shop.origin}/login/nobody"))
    page.use(lambda driver: driver.reload())
    assert seen(page) == ((), ())


def test_going_back_after_a_logout_brings_no_card(shop: Shop, open_url: OpenUrl) -> None:
    page = open_url(f"{shop.origin}/login/anna", tracker="before")
    assert seen(page) == (calls("anna"), ())
    page.use(lambda driver: driver.goto(f"{shop.origin}/login/nobody"))
    assert seen(page) == ((), ())
    page.use(lambda driver: driver.go_back())
    assert seen(page) == ((), ())


def test_without_the_marker_nothing_is_asked(shop: Shop, open_url: OpenUrl) -> None:
    assert seen(open_url(f"{shop.origin}/shared")) == ((), ())
    assert shop.asked["POST /rr-snippet/customer"] == 0


@pytest.mark.parametrize("query", ["", "?guest=1"])
def test_on_the_page_of_an_order_the_person_comes_once_and_first(shop: Shop, open_url: OpenUrl, query: str) -> None:
    page = open_url(f"{shop.origin}/login/anna", tracker="before")
    assert seen(page) == (calls("anna"), ())
    page.use(lambda driver: driver.goto(f"{shop.origin}/order{query}"))
    outcome = settled(page).outcome()
    person, order = outcome.calls
    assert person == (Call("setProfile", (GUEST,)) if query else calls("anna")[0])
    assert (order.method, order.arguments[0]["transaction"]) == ("order", "A-17")
    assert (outcome.errors, outcome.thrown, outcome.printed) == ((), (), ())
    assert shop.asked["POST /rr-snippet/customer"] == 1  # by the page before


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        ("default-src 'self'", {}),
        (f"script-src 'strict-dynamic' '{loader_integrity()}'; connect-src 'self'", {"integrity": True}),
        ("script-src 'nonce-r4nd0m'; connect-src 'self'", {"nonce": "r4nd0m"}),
    ],
)
def test_strict_policies_let_it_pass(shop: Shop, open_url: OpenUrl, policy: str, options: dict[str, Any]) -> None:
    shop.policy, shop.options = policy, options
    page = open_url(f"{shop.origin}/login/anna")
    assert seen(page) == (calls("anna"), ())
    assert page.outcome().violations == ()


def test_a_policy_that_forbids_the_request_makes_no_error(shop: Shop, open_url: OpenUrl) -> None:
    shop.policy = "script-src 'self'; connect-src 'none'"
    outcome = settled(open_url(f"{shop.origin}/login/anna")).outcome()
    assert (outcome.calls, outcome.thrown) == ((), ())
    assert [violation.directive for violation in outcome.violations] == ["connect-src"]


def test_a_card_that_takes_too_long_is_none(shop: Shop, open_url: OpenUrl) -> None:
    shop.delay_s = 6
    page = open_url(f"{shop.origin}/login/anna", tracker="before")
    time.sleep(7)
    assert seen(page) == ((), ())


def test_a_browser_that_is_offline_makes_no_error(shop: Shop, open_url: OpenUrl) -> None:
    page = settled(open_url(f"{shop.origin}/login/anna", tracker="before"))
    page.use(lambda driver: driver.context.route("**/customer", lambda route: route.abort()))
    page.use(lambda driver: driver.goto(f"{shop.origin}/shared"))
    assert seen(page) == ((), ())


# --- Before a page is shown -------------------------------------------------------------------------------------------

# Goes to a prerendered page after that has reported its scripts.
START = """<!doctype html><title>Start</title>
<script type="speculationrules">{"prerender": [{"source": "list", "urls": ["/shared"], "eagerness": "immediate"}]}</script>
<script>
document.cookie = "shopper=anna"; document.cookie = "known=1";
(function wait() {
  fetch("/said").then(function (answer) { return answer.json(); }).then(function (said) {
    said.length ? setTimeout(function () { location.href = "/shared"; }, 500) : setTimeout(wait, 50);
  });
})();
</script>"""
TELL = Markup("""<script>
function tell(what) { fetch("/said?" + what, {method: "POST"}); }
tell(document.prerendering ? "prerendered" : "shown");
document.addEventListener("prerenderingchange", function () { tell("shown"); });
rrApi = {setCustomer: function (card) { tell(card.customerId); }};
rrApiOnReady = {push: function (entry) { entry(); }};
</script>""")


@pytest.mark.usefixtures("chromium")
def test_a_page_made_ready_ahead_asks_when_it_is_shown(shop: Shop, tmp_path: Path) -> None:
    """This has its own Chromium, because the driver of the others prevents prerendering."""
    said: list[str] = []

    def hear() -> Response:
        if request.method == "POST":
            said.append(f"{request.query_string.decode()}, asked {shop.asked['POST /rr-snippet/customer']}")
        return jsonify(said)

    shop.more = TELL
    shop.app.add_url_rule("/start", "start", lambda: START)
    shop.app.add_url_rule("/said", "said", hear, methods=["GET", "POST"])
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    flags = ["--headless", "--no-sandbox", *CHROMIUM_FLAGS, "--remote-debugging-port=0", f"--user-data-dir={tmp_path}"]
    with subprocess.Popen([executable, *flags, f"{shop.origin}/start"], stderr=subprocess.DEVNULL) as browser:
        end = time.monotonic() + 30
        while len(said) < 3 and time.monotonic() < end:
            time.sleep(0.05)
        browser.terminate()
    assert said[0] == "prerendered, asked 0"
    assert sorted(each.partition(",")[0] for each in said[1:]) == ["anna", "shown"]
    assert shop.asked["POST /rr-snippet/customer"] == 1
    assert shop.asked["GET /shared"] == 1


# --- Other origins ----------------------------------------------------------------------------------------------------

ATTACK = """
(async function () {
  var url = %r, said = [];
  async function read(name, how) {
    try { var answer = await fetch(url, how); said.push(name + ": " + answer.status + " " + await answer.text()); }
    catch (error) { said.push(name + ": " + error.name); }
  }
  await read("simple", {method: "POST", credentials: "include"});
  await read("header", {method: "POST", credentials: "include", headers: {"X-RR-Snippet": "1"}});
  await read("opaque", {method: "POST", credentials: "include", mode: "no-cors"});
  await read("get", {credentials: "include", headers: {"X-RR-Snippet": "1"}});
  await new Promise(function (done) {
    var xhr = new XMLHttpRequest();
    xhr.onloadend = function () { said.push("xhr: " + xhr.status + " " + xhr.responseText); done(); };
    xhr.open("POST", url);
    xhr.withCredentials = true;
    xhr.setRequestHeader("X-RR-Snippet", "1");
    xhr.send();
  });
  async function link(rel, as) {
    await new Promise(function (done) {
      var link = document.createElement("link");
      link.rel = rel; link.as = as; link.href = url; link.crossOrigin = "use-credentials";
      link.onload = function () { said.push(rel + ": loaded"); done(); };
      link.onerror = function () { said.push(rel + ": refused"); done(); };
      document.head.appendChild(link);
    });
  }
  await link("stylesheet", "");
  await link("preload", "fetch");
  await navigator.serviceWorker.register("/worker.js");
  await new Promise(function (done) {
    navigator.serviceWorker.onmessage = function (message) { said.push("worker: " + message.data); done(); };
    navigator.serviceWorker.ready.then(function (ready) { ready.active.postMessage(url); });
  });
  await new Promise(function (done) {
    var script = document.createElement("script");
    script.src = url;
    script.onload = function () { said.push("script: loaded"); done(); };
    script.onerror = function () { said.push("script: refused"); done(); };
    document.body.appendChild(script);
  });
  await new Promise(function (done) {
    var frame = document.createElement("iframe");
    frame.name = "stolen";
    document.body.appendChild(frame);
    var form = document.createElement("form");
    form.method = "post"; form.action = url; form.target = "stolen";
    document.body.appendChild(form);
    frame.onload = function () {
      try { said.push("form: " + frame.contentDocument.body.textContent); } catch (error) { said.push("form: " + error.name); }
      done();
    };
    form.submit();
  });
  return said;
})()
"""

WORKER = """
self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("message", function (message) {
  fetch(message.data, {method: "POST", credentials: "include", headers: {"X-RR-Snippet": "1"}})
    .then(function (answer) { return answer.text().then(function (text) { return answer.status + " " + text; }); })
    .catch(function (error) { return error.name; })
    .then(function (said) { message.source.postMessage(said); });
});
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("has_cors", [False, True])
def test_no_other_origin_gets_the_card(
    shop: Shop, open_url: OpenUrl, page_server: Any, host: str, has_cors: bool
) -> None:
    """The other origins are a neighbour under the same host, whose requests have the cookies, and a stranger."""
    page = open_url(f"{shop.origin}/login/anna", tracker="before")
    assert seen(page) == (calls("anna"), ())
    attack = page_server.add("<!doctype html><title>Evil</title><body>").replace("127.0.0.1", host)
    page_server.add(WORKER, path="/worker.js", content_type="text/javascript")
    shop.cors = attack[: attack.index("/", 8)] if has_cors else None
    page.use(lambda driver: driver.goto(attack))
    said = page.evaluate(ATTACK % f"{shop.origin}/rr-snippet/customer")
    refused = "403 " if has_cors else "TypeError"
    assert said == [
        f"simple: {refused}",
        f"header: {refused}",
        "opaque: TypeError",
        "get: 405 " if has_cors else "get: TypeError",
        "xhr: 403 " if has_cors else "xhr: 0 ",
        "stylesheet: refused",
        "preload: loaded" if has_cors else "preload: refused",
        f"worker: {refused}",
        "script: refused",
        "form: TypeError",
    ]
    assert [each for each in said if "anna" in each or "customerId" in each] == []
