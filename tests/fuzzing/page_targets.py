"""Targets about pages and blocks: where a block goes, what stays the same, what counts as a block."""

from __future__ import annotations

from typing import Final

from rr_snippet import PageError, find_insertion, inject, remove
from rr_snippet.block.read_back import read_block
from rr_snippet.html.units import read_units
from rr_snippet.messages import MESSAGES
from tests.block.test_read_back import FULL, SMALL
from tests.fuzzing.chooser import Chooser
from tests.fuzzing.oracles import block_forms, check_error
from tests.fuzzing.pages import MARK, check_with, read_html5lib, readers_for
from tests.fuzzing.pages import SNIPPET as MARKED
from tests.pages.soup import _COMMON, _NAMES, _PIECES

_CARD: Final = {"setCustomer": SMALL}
_FULL_CARD: Final = {"setCustomer": FULL}
_ORDER: Final = {
    "setProfile": {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True},
    "order": {
        "transaction": "A-17",
        "items": [{"id": 7, "qnt": 1, "price": 990.5}, {"id": "a-b", "qnt": 2, "price": 0}],
    },
}
_BLOCK: Final = block_forms(_CARD)[False, False]
_OTHER: Final = block_forms(_FULL_CARD, nonce="abc123")[True, True]
_PAGE_CODES: Final = frozenset(code for code in MESSAGES if code.startswith("page."))


def page_text(data: bytes) -> None:
    """A page as text: see `_check_page`."""
    _check_page(Chooser(data).rest_as_text())


def page_bytes(data: bytes) -> None:
    """A page as bytes: see `_check_page`."""
    _check_page(data)


def _check_page(page: str | bytes) -> None:
    """Make sure that a page is refused with a code, or gets the block in one place and stays the same otherwise."""
    try:
        insertion = find_insertion(page)
    except PageError as error:
        check_error(error, codes=_PAGE_CODES)
        insertion = None
    try:
        done = inject(page, _BLOCK)
    except PageError as error:
        check_error(error, codes=_PAGE_CODES)
        assert insertion is None, "a place was found, and then not used"
        return
    if done == page:
        _check_present(page)
        return
    assert insertion is not None, "put where no place was found"
    at = insertion.offset
    assert done == _joined(page, at, _BLOCK), "another byte changed"
    assert inject(done, _BLOCK) == done, "a second time it is put again"
    _check_present(done)
    assert inject(done, _OTHER, if_present="replace") == _joined(page, at, _OTHER), "replaced, and something else too"
    assert remove(done) == page, "removed, and something else too"


def _joined(page: str | bytes, at: int, block: str) -> str | bytes:
    if isinstance(page, str):
        return page[:at] + block + page[at:]
    charset = read_units(page).charset or ""
    return page[:at] + block.encode("ascii" if charset == "ascii" else charset) + page[at:]


def _check_present(page: str | bytes) -> None:
    try:
        inject(page, _BLOCK, if_present="error")
    except PageError as error:
        check_error(error, codes=frozenset({"page.already"}))
    else:
        raise AssertionError("a call that was seen is not seen")


def soup(data: bytes) -> None:
    """Tag soup of known pieces: another parser sees exactly one more script, and otherwise the same tree."""
    choose = Chooser(data)
    page = choose.pick(("<!doctype html>", "<!DOCTYPE html><html><head></head><body>", "<html>", "<body>", ""))
    while not choose.is_done and len(page) < 2_000:
        kind = choose.byte() % 8
        name = choose.pick((_COMMON, _NAMES)[kind % 2])
        if kind < 3:
            page += choose.pick(_PIECES)
        elif kind < 6:
            page += f"<{name}>"
        else:
            page += f"</{name}>"
    if MARK in page or "\0" in page:
        return
    try:
        done = inject(page, MARKED)
    except PageError as error:
        check_error(error, codes=_PAGE_CODES)
        return
    # Not justhtml: a fuzzer soon finds faults of its own. pages.py uses it.
    if read_html5lib in readers_for(page) and done != page:
        fault = check_with(read_html5lib, page, done)
        assert fault is None, f"{fault}: {page!r}"


def block_text(data: bytes) -> None:
    """Any text: no block, or a block that is written again with the same bytes."""
    _check_block(Chooser(data).rest_as_text())


def block_changed(data: bytes) -> None:
    """A block of ours with pieces removed and inserted."""
    choose = Chooser(data)
    forms = block_forms(choose.pick((_CARD, _FULL_CARD, _ORDER)), nonce=choose.pick((None, "a=")))
    text = forms[choose.flag(), choose.flag()]
    while not choose.is_done:
        at = (choose.byte() * 256 + choose.byte()) % (len(text) + 1)
        text = text[:at] + choose.text() + text[at + choose.byte() % 8 :]
    _check_block(text)


def _check_block(text: str) -> None:
    try:
        calls = read_block(text)
    except PageError as error:
        check_error(error, codes=frozenset({"block.not_ours"}))
        return
    nonce = None
    if text.startswith('<script type="text/javascript" nonce="'):
        nonce = text.split('"', 4)[3]
    assert text in block_forms(calls, nonce=nonce).values(), "accepted, though it is not what we write"
