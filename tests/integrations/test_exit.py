"""Leaving responses are examined: a block that this request did not make is private, or removed."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from rr_snippet import RenderError, render_order, render_snippet
from rr_snippet.integrations._answer import Answer, answer_in
from rr_snippet.integrations._exit import PAGE_MAX_BYTES, Leaving, strangers_in
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit
from tests.integrations.people import ANNA, BORIS
from tests.integrations.support import records
from tests.support.order_facts import GUEST, ORDER

HTML = ("Content-Type", "text/html; charset=utf-8")
GZIP = ("Content-Encoding", "gzip")
BLOCK = str(render_snippet(ANNA))


def page_with(block: str) -> bytes:
    return f"<!doctype html><title>Магазин</title><body><p>Hello</p>{block}</body>".encode()


class Door(Visit):
    """A visit with a given customer."""

    def __init__(self, customer: Any, *, debug: bool = False, **settings: Any) -> None:
        self.said = Settings(customer=customer, **settings)
        self.debug = debug

    @property
    def is_debug(self) -> bool:
        return self.debug

    def settings(self) -> Settings:
        return self.said


def leave(body: bytes, visit: Visit, *headers: tuple[str, str], blocks: tuple[str, ...] = ()) -> Leaving:
    answer = Answer(blocks=list(blocks))
    leaving = Leaving(answer, list(headers or (HTML,)), body)
    leaving.turn_strangers_away(visit)
    return leaving


def nobody(_request: object) -> None:
    return None


# Recognised blocks


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (BLOCK, "as it is"),
        (render_snippet(ANNA, nonce="abc+/_-=="), "with a nonce"),
        (render_snippet(ANNA, pretty=True), "spread over lines"),
        (render_snippet(ANNA, debug=True), "reporting its errors"),
        (render_snippet(BORIS), "of a region"),
        (BLOCK.replace("\n", "\n    "), "indented"),
        (render_snippet(ANNA, pretty=True).replace("\n", "\n  "), "spread and indented"),
        (BLOCK.replace("\n", "\r\n"), "with the line ends of another system"),
        (BLOCK.replace("\n", ""), "on one line"),
        (BLOCK.replace("<script ", '<script data-shop="1" '), "with an attribute of a filter"),
    ],
)
def test_a_block_is_recognised(block: str, why: str) -> None:
    leaving = leave(page_with(block), Door(nobody))
    assert leaving.body == page_with(""), why
    assert leaving.is_changed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("<script>rrApi.setCustomer({});</script>", "a call of the site's own"),
        (BLOCK.replace('"anna-1"', "shop.customer"), "the vendor's frame around what is no object of ours"),
        (BLOCK.replace('"anna-1"', '"<anna>"'), "values that we never write so"),
        (BLOCK.replace('"anna-1"', '"Анна"'), "letters that we never write so"),
        (BLOCK.replace("<script", "<p"), "no script"),
        (BLOCK.replace("catch (e) {}", "catch (e) { throw e; }"), "another frame"),
    ],
)
def test_what_is_not_ours_is_left_alone(text: str, why: str) -> None:
    leaving = leave(page_with(text), Door(nobody))
    assert (leaving.body, leaving.is_changed, leaving.changes()) == (page_with(text), False, {}), why


@pytest.mark.parametrize("count", [0, 1, 29, 30, 31, 100])
def test_signs_that_are_looked_for_first_may_stand_anywhere(count: int) -> None:
    before, after = page_with("| a || b ||[] " * count + "{}").decode().split("{}")
    noise = "|" * count
    leaving = leave(f"{before}{BLOCK}{noise}{BLOCK}{noise}{after}".encode(), Door(nobody))
    assert leaving.body == f"{before}{noise}{noise}{after}".encode()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_only_html_is_looked_at(content_type: str) -> None:
    leaving = leave(page_with(BLOCK), Door(nobody), ("Content-Type", content_type))
    assert (leaving.has_strangers, leaving.changes()) == (False, {})


@pytest.mark.parametrize(
    ("body", "encoding", "seen"),
    [
        (gzip.compress(page_with(BLOCK)), "gzip", True),
        (gzip.compress(page_with(BLOCK)), "X-GZIP", True),
        (page_with(BLOCK), "identity", True),
        (gzip.compress(page_with(BLOCK)), "br", False),
        (b"no gzip", "gzip", False),
        (page_with(BLOCK) + b" " * PAGE_MAX_BYTES, "identity", False),
    ],
)
def test_what_is_seen_of_a_body(body: bytes, encoding: str, seen: bool) -> None:
    leaving = leave(body, Door(nobody), HTML, ("Content-Encoding", encoding), ("Content-MD5", "x"))
    assert leaving.has_strangers is seen
    assert leaving.body == (page_with("") if seen else body)
    if seen:
        assert leaving.changes() == {
            "Content-MD5": None,
            "Content-Length": str(len(page_with(""))),
            "Accept-Ranges": "none",
            "Cache-Control": "private",
            "Vary": "Cookie",
            "Content-Encoding": None,
        }


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("rest", [b"", b"\0"])
def test_pages_in_utf_16_are_seen(codec: str, rest: bytes) -> None:
    def encoded(block: str) -> bytes:
        return page_with(block).decode().encode(codec)

    for mark in ("", "\ufeff") if codec == "utf-16-be" else ("",):
        leaving = leave(mark.encode(codec) + encoded(BLOCK) + rest, Door(nobody), HTML)
        assert leaving.body == mark.encode(codec) + encoded("")
    own = leave(encoded(BLOCK) + rest, Door(nobody), HTML, blocks=(BLOCK,))
    assert (own.body, own.is_changed) == (encoded(BLOCK) + rest, False)


@pytest.mark.parametrize("person", [ANNA, GUEST, None])
@pytest.mark.parametrize("options", [{}, {"pretty": True}, {"debug": True, "nonce": "abc"}])
def test_orders_and_guests_are_seen(person: Any, options: dict[str, Any]) -> None:
    block = render_order(ORDER, person, **options)
    for printed in (block, block.replace("\n", "\r\n  ")):
        own = leave(page_with(printed), Door(nobody), blocks=(str(block),))
        assert (own.body, own.is_changed) == (page_with(printed), False)
        assert leave(page_with(printed), Door(nobody)).body == page_with("")
        # Nothing shows whether a guest, or an order alone, is the visitor's.
        kept = leave(page_with(printed), Door(lambda _: ANNA)).body
        assert kept == page_with(printed if person is ANNA else "")


def test_what_only_looks_like_an_order_is_left_alone() -> None:
    # As a plain text: Markup escapes what it is given to replace, and older releases what it looks for too.
    text = str(render_order(ORDER, ANNA)).replace('"qnt":2', '"qnt":"2"')
    assert leave(page_with(text), Door(nobody)).body == page_with(text)


# Whose it is


@pytest.mark.parametrize(
    "printed",
    [BLOCK, BLOCK.replace("\n", "\n    "), BLOCK.replace('<script type="text/javascript"', '<script nonce="late"')],
)
def test_what_this_request_has_made_stays(printed: str) -> None:
    leaving = leave(page_with(printed * 2), Door(nobody), blocks=(str(render_snippet(BORIS)), BLOCK))
    assert (leaving.body, leaving.has_strangers) == (page_with(printed * 2), False)


def test_strangers_beside_what_was_made_go() -> None:
    stored = str(render_snippet(BORIS))
    leaving = leave(page_with(stored + BLOCK + stored), Door(lambda _: ANNA), blocks=(BLOCK,))
    assert leaving.body == page_with(BLOCK)


@pytest.mark.parametrize(
    ("visit", "stays", "why"),
    [
        (Door(lambda _: ANNA), True, "the visitor's own"),
        (Door(lambda _: {**ANNA, "email": "new@shop.ru"}), True, "the visitor's own, of yesterday"),
        (Door(lambda _: BORIS), False, "another's"),
        (Door(nobody), False, "an anonymous visitor's page"),
        (Door(lambda _: ANNA, exclude=lambda _: True), False, "of one who gets no card"),
        (Door(lambda _: 1 / 0), False, "nobody knows who asks"),
        (Door(None), False, "nobody can be asked"),
        (Door(None, allow_cached=True), True, "nobody can be asked, and the site vouches for its stores"),
        (Door(lambda _: BORIS, allow_cached=True), False, "the site was wrong to vouch"),
        (Visit(), False, "nobody has said who is to be asked"),
    ],
)
def test_only_the_visitors_own_stays(visit: Visit, stays: bool, why: str) -> None:
    leaving = leave(page_with(BLOCK), visit, HTML, ("ETag", '"1"'), ("Cache-Control", "public, max-age=60"))
    assert leaving.body == page_with(BLOCK if stays else ""), why
    changes = leaving.changes()
    assert (changes["ETag"], changes["Cache-Control"], changes["Vary"]) == (None, "private, max-age=60", "Cookie")


def test_a_block_taken_out_is_told(caplog: pytest.LogCaptureFixture) -> None:
    leave(page_with(BLOCK + render_snippet(BORIS)), Door(nobody))
    assert records(caplog) == [("ERROR", "block taken out: cache.served")]
    with pytest.raises(RenderError) as caught:
        leave(page_with(BLOCK), Door(nobody, debug=True))
    assert caught.value.code == "cache.served"
    leave(page_with(BLOCK), Door(lambda _: ANNA, debug=True))


def test_ids_are_read_as_they_were_written() -> None:
    hard = {"customerId": "Анна </script> \" \\ '"}
    assert [each.customer_id for each in strangers_in(page_with(render_snippet(hard)), [])] == [hard["customerId"]]


def test_an_answer_shows_nothing_of_a_customer() -> None:
    environ: dict[str, Any] = {}
    answer_in(environ).hold(BLOCK)
    assert answer_in(environ).is_private
    assert "anna" not in repr(environ)
