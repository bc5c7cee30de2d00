"""The loader of the deferred card, in a bare engine with the parts of a browser that it needs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rr_snippet.integrations._deferred import loader_integrity, loader_text
from tests.support.javascript import run_scripts
from tests.support.outcome import Outcome

CARD = {"customerId": "42", "email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True}

# A page with one tag, and a server that responds with ANSWER. The console shows the requests.
BROWSER = """
var ANSWER = %(answer)s, PAGE = %(page)s, HEARD = {};
var location = {origin: "https://shop.ru"};
function tag(attributes) {
  return {
    getAttribute: function (name) { return name in attributes ? attributes[name] : null; },
    hasAttribute: function (name) { return name in attributes; }
  };
}
var TAGS = PAGE.tags.map(tag);
var document = {
  cookie: PAGE.cookie,
  currentScript: PAGE.is_old ? null : TAGS[0],
  prerendering: PAGE.is_prerendered,
  documentElement: {contains: function (element) { return TAGS.indexOf(element) >= 0; }},
  querySelector: function (selector) { return selector === "script[data-customer]" && TAGS[0] || null; },
  addEventListener: function (name, step) { HEARD[name] = step; }
};
function XMLHttpRequest() { this.asked = []; }
XMLHttpRequest.prototype = {
  open: function (method, url) { this.asked.push(method, url); },
  setRequestHeader: function (name, value) { this.asked.push(name + "=" + value); },
  send: function () {
    if (ANSWER.fails) throw new Error("blocked");
    console.log(this.asked.concat(this.timeout).join(" "));
    this.status = ANSWER.status;
    this.responseText = ANSWER.text;
    this.onloadend();
  }
};
window = this;
"""
ASKED = "log: POST https://shop.ru/rr-snippet/customer X-RR-Snippet=1 5000"
TAG = {"data-customer": "/rr-snippet/customer"}


def load(
    *,
    status: int = 200,
    text: str = json.dumps(CARD),
    fails: bool = False,
    tags: tuple[dict[str, str], ...] = (TAG,),
    cookie: str = "",
    is_old: bool = False,
    is_prerendered: bool = False,
    then: tuple[str, ...] = (),
    **options: Any,
) -> Outcome:
    """Run the loader in a page, and then the scripts in `then`, each separately."""
    answer = {"status": status, "text": text, "fails": fails}
    page = {"tags": tags, "cookie": cookie, "is_old": is_old, "is_prerendered": is_prerendered}
    browser = BROWSER % {"answer": json.dumps(answer), "page": json.dumps(page)}
    return run_scripts(browser, loader_text().decode(), *then, **options)


def seen(outcome: Outcome) -> tuple[list[Any], list[str]]:
    """Return the customers that the tracker received, and the console's output. Nothing else may have happened."""
    assert (outcome.thrown, outcome.errors, outcome.lost) == ((), (), ())
    assert all(call.method == "setCustomer" and len(call.arguments) == 1 for call in outcome.calls)
    return [call.arguments[0] for call in outcome.calls], list(outcome.printed)


def test_it_is_small_and_plain() -> None:
    assert len(loader_text()) < 1500
    assert loader_text().isascii()
    assert loader_integrity().startswith("sha256-")


def test_it_is_javascript_of_2009() -> None:
    from tree_sitter import Language, Parser
    from tree_sitter_javascript import language

    tree = Parser(Language(language())).parse(loader_text())
    kinds = set()
    nodes = [tree.root_node]
    while nodes:
        node = nodes.pop()
        kinds.add(node.type)
        nodes += node.children
    later = {"arrow_function", "lexical_declaration", "template_string", "class", "spread_element", "optional_chain"}
    assert (kinds & (later | {"ERROR", "async", "await_expression", "object_pattern"}), tree.root_node.has_error) == (
        set(),
        False,
    )


@pytest.mark.parametrize("tracker", ["after", "before"])
@pytest.mark.parametrize("is_old", [False, True])
def test_the_card_reaches_the_tracker(tracker: Any, is_old: bool) -> None:
    assert seen(load(tracker=tracker, is_old=is_old)) == ([CARD], [ASKED])


def test_the_queue_is_made_where_there_is_none() -> None:
    outcome = load(tracker="none")
    assert (outcome.queued, outcome.calls) == (1, ())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"status": 204, "text": ""}, "no customer"),
        ({"status": 403, "text": json.dumps(CARD)}, "refused"),
        ({"status": 0, "text": ""}, "offline, or too late"),
        ({"text": "<!doctype html><title>Login</title>"}, "a login page"),
        ({"text": ""}, "nothing"),
        ({"text": "null"}, "no object"),
        ({"text": '"customerId"'}, "a text"),
        ({"text": '[{"customerId": "42"}]'}, "a list"),
        ({"text": '{"customerId": 42}'}, "another application's id"),
        ({"text": '{"id": "42"}'}, "another application's object"),
        ({"text": json.dumps(CARD)[:-1]}, "cut short"),
        ({"fails": True}, "a policy blocks the request"),
    ],
)
def test_anything_else_is_nothing(answer: dict[str, Any], why: str) -> None:
    calls, printed = seen(load(**answer))
    assert (calls, printed) == ([], [] if answer.get("fails") else [ASKED]), why


def test_a_tracker_that_throws_throws_nowhere_else() -> None:
    outcome = load(then=("rrApiOnReady[0]();",), tracker="none")
    assert (outcome.thrown, outcome.calls) == ((), ())


def test_a_queue_that_is_none_is_left_alone() -> None:
    outcome = run_scripts(
        BROWSER
        % {
            "answer": json.dumps({"status": 200, "text": json.dumps(CARD)}),
            "page": json.dumps({"tags": [{**TAG, "data-debug": ""}], "cookie": ""}),
        },
        'var rrApiOnReady = "mine";',
        loader_text().decode(),
        tracker="none",
    )
    assert (outcome.thrown, list(outcome.printed)) == ((), [ASKED, "log: rr-snippet: failed"])


@pytest.mark.parametrize("path", ["rr-snippet/customer", "@evil.test/", "", "https://evil.test/"])
def test_only_this_origin_is_asked(path: str) -> None:
    assert seen(load(tags=({"data-customer": path, "data-debug": ""},))) == ([], ["log: rr-snippet: no path"])


@pytest.mark.parametrize(
    ("cookie", "asks"),
    [
        ("", False),
        ("known=1", True),
        ("a=b; known=1; c=d", True),
        ("known=", False),
        ("known=10", False),
        ("other=1", False),
    ],
)
def test_without_the_marker_nothing_is_asked(cookie: str, asks: bool) -> None:
    tag = {**TAG, "data-marker": "known"}
    assert seen(load(tags=(tag,), cookie=cookie)) == (([CARD], [ASKED]) if asks else ([], []))


def test_a_second_tag_in_the_page_asks_nothing() -> None:
    second = "document.currentScript = TAGS[1];"
    assert seen(load(tags=(TAG, TAG), then=(second, loader_text().decode()))) == ([CARD], [ASKED])


def test_a_second_tag_in_an_old_browser_asks_nothing() -> None:
    assert seen(load(tags=(TAG, TAG), is_old=True, then=(loader_text().decode(),))) == ([CARD], [ASKED])


def test_the_tag_of_the_next_page_asks_again() -> None:
    turn = 'TAGS = [tag({"data-customer": "/rr-snippet/customer"})]; document.currentScript = TAGS[0];'
    assert seen(load(then=(turn, loader_text().decode()))) == ([CARD, CARD], [ASKED, ASKED])


def test_a_page_without_its_tag_asks_nothing() -> None:
    assert seen(load(tags=(), is_old=True)) == ([], [])


def test_a_prerendered_page_asks_when_it_is_shown() -> None:
    assert seen(load(is_prerendered=True)) == ([], [])
    shown = load(is_prerendered=True, then=("HEARD.prerenderingchange();",))
    assert seen(shown) == ([CARD], [ASKED])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "passed on"),
        ({"status": 204, "text": ""}, "no card"),
        ({"text": "<html>"}, "failed"),
        ({"tags": ({**TAG, "data-debug": "", "data-marker": "known"},)}, "unknown"),
    ],
)
def test_one_line_is_said_where_it_is_asked_for(change: dict[str, Any], said: str) -> None:
    _, printed = seen(load(**{"tags": ({**TAG, "data-debug": ""},), **change}))
    assert printed == [*([] if said == "unknown" else [ASKED]), f"log: rr-snippet: {said}"]
