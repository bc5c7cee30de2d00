"""The block in Chromium: HTML, XHTML, SVG, other charsets, under a Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rr_snippet import csp_source, render_snippet, to_payload
from tests.support.browser import OpenPage
from tests.support.outcome import Violation

Open = Callable[..., OpenPage]

HOSTILE = "</script><script>alert(1)</script><!--<script>'\"\\`&lt;&#39;]]>{{7*7}}${1}\r\n\u2028\u2029\x00😀ғ\u0098--"
CUSTOMER = {
    "customerId": "42 Москва",
    "email": "o'neil@shop.ru",
    "customData": {HOSTILE: HOSTILE, "constructor": "a", "город": "Қарағанды"},
    "defaultStockId": "Москва",
    "softLinks": {HOSTILE: HOSTILE},
    "isAgreedToReceiveMarketingMail": False,
}
EXPECTED = to_payload(CUSTOMER)
BLOCK = str(render_snippet(CUSTOMER))
HTML = "<!DOCTYPE html><html><head><title>t</title></head><body><p>before</p>{}<p id=after>after</p></body></html>"
XHTML = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head>'
    '<body><p>before</p>{}<p id="after">after</p></body></html>'
)
FOREIGN = (
    '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><div xmlns="http://www.w3.org/1999/xhtml">'
    '{}<p id="after">after</p></div></foreignObject></svg>'
)
XML_TYPES = {"xhtml": "application/xhtml+xml; charset=utf-8", "svg": "image/svg+xml; charset=utf-8"}


def received(page: OpenPage) -> object:
    """Return what the tracker received, and assert that the markup after the block is intact."""
    assert page.evaluate("document.getElementById('after').textContent") == "after"
    assert page.evaluate("document.getElementsByTagName('script').length === 1") is True
    return page.outcome().customer()


@pytest.mark.parametrize("tracker", ["after", "before"])
@pytest.mark.parametrize(
    "charset",
    ["utf-8", "windows-1251", "koi8-r", "shift_jis", "gb18030", "utf-16le", ""],
)
def test_html(open_page: Open, charset: str, tracker: str) -> None:
    page = open_page(
        HTML.format(BLOCK).encode(charset or "ascii"),
        content_type=f"text/html; charset={charset}" if charset else "text/html",
        tracker=tracker,
    )
    assert received(page) == EXPECTED


def test_a_page_in_iso_2022_jp_runs_nothing_else(open_page: Open) -> None:
    """In its Roman state a backslash is a yen sign. The value arrives changed, but it is still a value."""
    page = open_page(HTML.format("\x1b(J" + BLOCK).encode("ascii"), content_type="text/html; charset=iso-2022-jp")
    (call,) = page.outcome().calls
    assert list(call.arguments[0]) == list(EXPECTED)
    assert page.dialogs == []


@pytest.mark.parametrize("tracker", ["after", "before"])
@pytest.mark.parametrize(("kind", "frame"), [("xhtml", XHTML), ("xhtml", XHTML.format(FOREIGN)), ("svg", FOREIGN)])
def test_xml(open_page: Open, kind: str, frame: str, tracker: str) -> None:
    page = open_page(frame.format(BLOCK), content_type=XML_TYPES[kind], tracker=tracker)
    assert not page.is_malformed
    assert received(page) == EXPECTED


def test_svg_inside_html(open_page: Open) -> None:
    page = open_page(HTML.format(f"<svg><foreignObject><div>{BLOCK}</div></foreignObject></svg>"))
    assert received(page) == EXPECTED


NONCE = "r4nd0m+/_-9=="


@pytest.mark.parametrize(
    "policy",
    ["script-src 'nonce-{}'", "script-src 'nonce-{}' 'strict-dynamic'", "default-src 'none'; script-src 'nonce-{}'"],
)
@pytest.mark.parametrize("frame", [HTML, XHTML])
def test_under_a_nonce(open_page: Open, policy: str, frame: str) -> None:
    page = open_page(
        frame.format(render_snippet(CUSTOMER, nonce=NONCE)),
        headers={"Content-Security-Policy": policy.format(NONCE)},
        content_type=XML_TYPES["xhtml"] if frame is XHTML else "text/html; charset=utf-8",
    )
    assert received(page) == EXPECTED


def test_under_another_nonce_it_does_not_run(open_page: Open) -> None:
    page = open_page(
        HTML.format(render_snippet(CUSTOMER, nonce=NONCE)),
        headers={"Content-Security-Policy": "script-src 'nonce-other'"},
    )
    assert page.outcome().calls == ()
    assert page.outcome().violations == (Violation("script-src-elem", "inline"),)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_under_its_hash(open_page: Open, charset: str, line_end: str) -> None:
    page = open_page(
        HTML.format(BLOCK).replace("\n", line_end).encode("ascii"),
        headers={"Content-Security-Policy": f"script-src {csp_source(BLOCK)}"},
        content_type=f"text/html; charset={charset}",
    )
    assert received(page) == EXPECTED


def test_under_the_hash_of_another_block_it_does_not_run(open_page: Open) -> None:
    other = csp_source(render_snippet({"customerId": "43"}))
    page = open_page(HTML.format(BLOCK), headers={"Content-Security-Policy": f"script-src {other}"})
    assert page.outcome().calls == ()


def test_the_debug_block_reports_an_error(open_page: Open) -> None:
    block = render_snippet({"customerId": "42"}, debug=True)
    broken = "<script>rrApiOnReady = [];</script>" + block
    page = open_page(HTML.format(broken), tracker="none")
    page.evaluate("(window.rrApi = {}, rrApiOnReady[0]())")
    assert any("setCustomer is not a function" in line for line in page.outcome().printed)


def test_a_weak_escaper_would_be_caught(open_page: Open) -> None:
    """The negative control of this file is the same value, written by a plain JSON encoder."""
    import json

    weak = BLOCK.partition('{"customerId"')[0] + json.dumps(EXPECTED) + ");\n      } catch (e) {}\n  })\n</script>"
    page = open_page(HTML.format(weak))
    with pytest.raises(AssertionError):
        assert received(page) == EXPECTED
