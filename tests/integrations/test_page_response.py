from __future__ import annotations

import pytest

from rr_snippet import PageError, render_snippet
from rr_snippet.integrations._headers import departing, with_changes
from rr_snippet.integrations._nonces import nonce_in_policy
from rr_snippet.integrations._pages import (
    content_length,
    is_encoded,
    is_page,
    put_into,
)

HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = b"<!doctype html><title>Shop</title><body><h1>Hello</h1></body>"
BLOCK = render_snippet({"customerId": "42"})


@pytest.mark.parametrize(
    ("status", "headers", "expected", "why"),
    [
        (200, [HTML], True, "the ordinary page"),
        (299, [HTML], True, "any success"),
        (200, [("CONTENT-type", "Text/HTML")], True, "names and media types know no letter case"),
        (200, [("Content-Type", "application/xhtml+xml")], True, "XHTML is a page too"),
        (200, [HTML, ("Content-Disposition", "inline")], True, "shown, not saved"),
        (100, [HTML], False, "interim"),
        (204, [HTML], False, "no body"),
        (205, [HTML], False, "no body"),
        (206, [HTML], False, "a part"),
        (304, [HTML], False, "the browser's own copy"),
        (302, [HTML], False, "never seen"),
        (404, [HTML], False, "error pages are asked for by `statuses`"),
        (200, [], False, "no type"),
        (200, [("Content-Type", "application/json")], False, "no page"),
        (200, [("Content-Type", "text/html-ish")], False, "another type with the same beginning"),
        (200, [HTML, ("Content-Range", "bytes 0-9/100")], False, "a part, whatever the status"),
        (200, [HTML, ("Content-Disposition", 'Attachment; filename="a.html"')], False, "saved, not shown"),
        (200, [HTML, ("Content-Disposition", "form-data")], False, "an unknown disposition is an attachment"),
    ],
)
def test_only_whole_pages_take_a_snippet(status: int, headers: list[tuple[str, str]], expected: bool, why: str) -> None:
    assert is_page(status, headers) is expected, why


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], False),
        ([("Content-Encoding", "identity")], False),
        ([("content-encoding", "GZIP")], True),
        ([("Content-Encoding", "br"), ("Content-Encoding", "gzip")], True),
    ],
)
def test_encoded_is_any_encoding_but_identity(headers: list[tuple[str, str]], expected: bool) -> None:
    assert is_encoded(headers) is expected


def test_error_pages_take_one_when_asked() -> None:
    assert is_page(404, [HTML], statuses={200, 404})
    assert not is_page(304, [HTML], statuses={200, 304})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("content-LENGTH", "12")], 12),
        ([("Content-Length", " 12 ")], 12),
        ([("Content-Length", "12, 12")], None),
        ([("Content-Length", "-1")], None),
        ([("Content-Length", "\u0661")], None),
        ([], None),
    ],
)
def test_length_is_a_plain_number_or_unknown(headers: list[tuple[str, str]], expected: int | None) -> None:
    assert content_length(headers) == expected


def test_changed_page_says_nothing_of_its_former_bytes() -> None:
    former = [
        HTML,
        ("ETag", 'W/"1"'),
        ("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT"),
        ("Content-MD5", "x"),
        ("Digest", "x"),
        ("Content-Digest", "x"),
        ("Repr-Digest", "x"),
        ("Accept-Ranges", "bytes"),
        ("content-length", "3"),
        ("Set-Cookie", "a=b"),
        ("Set-Cookie", "c=d"),
    ]
    cookies = [("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")]
    changes = departing(former, is_private=False, is_changed=True, length_bytes=99)
    assert with_changes(former, changes) == [
        HTML,
        *cookies,
        ("Accept-Ranges", "none"),
        ("Content-Length", "99"),
        ("Vary", "Cookie"),
    ]
    changes = departing(former, is_private=False, is_changed=True)
    assert with_changes(former, changes) == [HTML, *cookies, ("Accept-Ranges", "none"), ("Vary", "Cookie")]


def test_snippet_is_put_once() -> None:
    page = put_into(PAGE, BLOCK, [HTML])
    assert page == PAGE.replace(b"</body>", BLOCK.encode() + b"</body>")
    assert put_into(page, BLOCK, [HTML]) is page


@pytest.mark.parametrize(
    "charset", ["utf-16", "UTF-16LE", "utf-32", "utf-7", "iso-2022-jp", "ISO-2022-KR", "hz-gb-2312"]
)
def test_charset_of_the_header_counts(charset: str) -> None:
    with pytest.raises(PageError) as caught:
        put_into(PAGE, BLOCK, [("Content-Type", f'text/html; charset="{charset}"')])
    assert caught.value.code == "page.encoding"


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "shift_jis", "hzzz"])
def test_charset_that_keeps_ascii_is_no_obstacle(charset: str) -> None:
    assert BLOCK.encode() in put_into(PAGE, BLOCK, [("Content-Type", f"text/html; charset={charset}")])


def test_utf16_page_with_its_mark_is_written_in_utf16() -> None:
    page = put_into(PAGE.decode().encode("utf-16"), BLOCK, [("Content-Type", "text/html; charset=utf-16")])
    assert page.decode("utf-16") == PAGE.decode().replace("</body>", f"{BLOCK}</body>")


@pytest.mark.parametrize(
    ("headers", "expected", "why"),
    [
        ([], None, "no policy"),
        ([("Content-Security-Policy", "script-src 'nonce-abc123'")], "abc123", "the usual way"),
        ([("content-security-policy", "default-src 'self'; SCRIPT-SRC 'self' 'Nonce-aB+/-_=='")], "aB+/-_==", "case"),
        ([("Content-Security-Policy", "default-src 'nonce-d'")], "d", "default-src governs scripts when alone"),
        ([("Content-Security-Policy", "default-src 'nonce-d'; script-src 'nonce-s'")], "s", "script-src goes first"),
        ([("Content-Security-Policy", "script-src-elem 'nonce-e'; script-src 'nonce-s'")], "e", "elements before all"),
        ([("Content-Security-Policy", "default-src 'nonce-d'; script-src 'self'")], None, "the governing one has none"),
        ([("Content-Security-Policy", "style-src 'nonce-x'")], None, "a nonce for styles runs no script"),
        (
            [("Content-Security-Policy", "script-src 'nonce-a'; script-src 'nonce-b'")],
            "a",
            "the first of a name counts",
        ),
        ([("Content-Security-Policy", "img-src *, script-src 'nonce-a'")], "a", "two policies in one header"),
        ([("Content-Security-Policy-Report-Only", "script-src 'nonce-r'")], "r", "reported only"),
        (
            [
                ("Content-Security-Policy-Report-Only", "script-src 'nonce-r'"),
                ("Content-Security-Policy", "script-src 'nonce-e'"),
            ],
            "e",
            "enforced goes first",
        ),
        ([("Content-Security-Policy", "script-src 'nonce-a\"b'")], None, "no nonce by CSP's grammar"),
    ],
)
def test_nonce_is_read_where_the_browser_reads_it(
    headers: list[tuple[str, str]], expected: str | None, why: str
) -> None:
    assert nonce_in_policy(headers) == expected, why
