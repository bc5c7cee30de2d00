"""The harness itself: it must see that a handwritten block works, and that it fails if the browser refuses it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable

import pytest

from tests.support.browser import OpenPage
from tests.support.outcome import Call, Odd, Violation
from tests.support.server import PageServer

Open = Callable[..., OpenPage]

SCRIPT = """
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer({"customerId":"42","customData":{"\\u0433":"\\u041c\\ud83d\\ude00"}});
      } catch (e) {}
  })
"""
BLOCK = f'<script type="text/javascript">{SCRIPT}</script>'
CUSTOMER = {"customerId": "42", "customData": {"г": "М😀"}}
HTML = "<!DOCTYPE html><html><head><title>Магазин</title>{}</head><body></body></html>"
XHTML = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title>Магазин</title>{}</head><body></body></html>"
)
XHTML_TYPE = "application/xhtml+xml; charset=utf-8"
TRACKERS = pytest.mark.parametrize("tracker", ["after", "before"])


@TRACKERS
def test_html_page_calls_once(open_page: Open, tracker: str) -> None:
    assert open_page(HTML.format(BLOCK), tracker=tracker).outcome().customer() == CUSTOMER


@TRACKERS
def test_xhtml_page_calls_once(open_page: Open, tracker: str) -> None:
    page = open_page(XHTML.format(BLOCK), content_type=XHTML_TYPE, tracker=tracker)
    assert page.evaluate("document.contentType") == "application/xhtml+xml"
    assert not page.is_malformed
    assert page.outcome().customer() == CUSTOMER


def test_malformed_xhtml_page_is_told_and_makes_no_call(open_page: Open) -> None:
    """The fault is before the block, because Chromium runs the scripts that it reads before a fault."""
    page = open_page(XHTML.format(f"<meta></br>{BLOCK}"), content_type=XHTML_TYPE)
    assert page.is_malformed
    assert page.outcome().calls == ()


@TRACKERS
def test_windows_1251_page_calls_once(open_page: Open, tracker: str) -> None:
    page = open_page(HTML.format(BLOCK), content_type="text/html; charset=windows-1251", tracker=tracker)
    assert page.evaluate("[document.characterSet, document.title]") == ["windows-1251", "Магазин"]
    assert page.outcome().customer() == CUSTOMER


def test_raw_cyrillic_read_in_another_charset_is_seen_as_damaged(open_page: Open) -> None:
    raw = BLOCK.replace("\\u041c", "М").encode()
    page = open_page(HTML.format("{}").encode().replace(b"{}", raw), content_type="text/html; charset=windows-1251")
    assert page.outcome().customer() == {"customerId": "42", "customData": {"г": "Рњ😀"}}


def with_nonce(nonce: str) -> str:
    return HTML.format(BLOCK.replace(">", f' nonce="{nonce}">', 1))


@TRACKERS
def test_right_nonce_lets_the_block_run(open_page: Open, tracker: str) -> None:
    headers = {"Content-Security-Policy": "default-src 'none'; script-src 'nonce-abc123'"}
    assert open_page(with_nonce("abc123"), headers=headers, tracker=tracker).outcome().customer() == CUSTOMER


@TRACKERS
def test_wrong_nonce_is_seen_as_a_violation(open_page: Open, tracker: str) -> None:
    headers = {"Content-Security-Policy": "script-src 'nonce-abc123'"}
    outcome = open_page(with_nonce("abc124"), headers=headers, tracker=tracker).outcome()
    assert outcome.calls == ()
    assert outcome.violations == (Violation("script-src-elem", "inline"),)


def sha256_source(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@TRACKERS
def test_right_hash_lets_the_block_run(open_page: Open, tracker: str) -> None:
    headers = {"Content-Security-Policy": f"script-src {sha256_source(SCRIPT)}"}
    assert open_page(HTML.format(BLOCK), headers=headers, tracker=tracker).outcome().customer() == CUSTOMER


def test_hash_of_the_stripped_text_is_seen_as_a_violation(open_page: Open) -> None:
    headers = {"Content-Security-Policy": f"script-src {sha256_source(SCRIPT.strip())}"}
    outcome = open_page(HTML.format(BLOCK), headers=headers).outcome()
    assert outcome.calls == ()
    assert outcome.violations == (Violation("script-src-elem", "inline"),)


def test_block_in_svg_foreign_object_calls_once(open_page: Open) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><body xmlns="http://www.w3.org/1999/xhtml">'
        f"{BLOCK}</body></foreignObject></svg>"
    )
    assert open_page(svg, content_type="image/svg+xml").outcome().customer() == CUSTOMER
    assert open_page(HTML.format("").replace("<body>", f"<body>{svg}")).outcome().customer() == CUSTOMER


def test_second_block_is_a_second_call(open_page: Open) -> None:
    assert len(open_page(HTML.format(BLOCK + BLOCK)).outcome().calls) == 2


def test_what_else_a_page_does_is_seen(open_page: Open) -> None:
    page = open_page(
        HTML.format(
            '<script>console.log("a", 1); alert("hi"); pwned = 1;</script>'
            "<script>Object.prototype.x = 2; delete window.escape;</script>"
            '<script>throw new TypeError("no");</script><script src="/none.js"></script>'
        )
    )
    outcome = page.outcome()
    assert set(outcome.strays) == {"pwned", "escape", "Object.prototype.x"}
    assert outcome.printed == ("log: a 1",)
    assert outcome.thrown == ("TypeError: no",)
    assert page.dialogs == ["hi"]
    assert page.requests[1].endswith("/none.js")


def test_page_without_scripts_leaves_no_trace(open_page: Open) -> None:
    page = open_page(HTML.format(""))
    assert page.outcome().is_empty
    assert (len(page.requests), page.dialogs, page.status) == (1, [], 200)


def test_values_come_back_without_loss(open_page: Open) -> None:
    page = open_page(HTML.format(""))
    assert page.evaluate("""JSON.parse('{"b":"\\\\ud800","__proto__":"own","2":null,"1":true}')""") == {
        "1": True,
        "2": None,
        "b": "\ud800",
        "__proto__": "own",
    }
    assert list(page.evaluate("({z: 1, a: undefined, 7: []})").items()) == [
        ("7", []),
        ("z", Odd("number", "1")),
        ("a", Odd("undefined", "undefined")),
    ]


def test_page_can_be_used_by_hand(open_page: Open) -> None:
    page = open_page(HTML.format("").replace("<body>", "<body><button onclick='rrApi.view(\"7\")'>go</button>"))
    page.use(lambda driver: driver.click("button"))
    assert page.outcome().calls == (Call("view", ("7",)),)


def test_served_address_takes_status_and_headers(page_server: PageServer, open_url: Open) -> None:
    url = page_server.add(HTML.format(BLOCK), path="/gone", status=410, content_type=None, headers={"X-A": "b"})
    page = open_url(url)
    assert (page.status, page.outcome().customer()) == (410, CUSTOMER)


def test_asyncio_run_works_while_the_browser_is_open(open_page: Open) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    page = open_page(HTML.format(BLOCK))
    assert asyncio.run(answer()) == 42
    assert page.outcome().customer() == CUSTOMER
