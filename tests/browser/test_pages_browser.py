"""Every page of the corpus in Chromium: the block that `inject` puts in runs once, with its customer."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from rr_snippet import inject, render_snippet
from tests.pages.corpus import Case, read_corpus
from tests.support.browser import OpenPage
from tests.support.outcome import Call
from tests.support.server import PageServer

Open = Callable[..., OpenPage]

CUSTOMER = {"customerId": "42", "email": "anna@shop.ru"}
RECEIVED = {**CUSTOMER, "isAgreedToReceiveMarketingMail": True}
SNIPPET = render_snippet(CUSTOMER)
PLACED = [case for case in read_corpus() if not case.code]
# Python's names of charsets for which browsers have another name.
LABELS = {"mac-cyrillic": "x-mac-cyrillic", "cp866": "ibm866", "latin-1": "windows-1252", "cp1251": "windows-1251"}


# Many pages are opened as frames of one: to open each page separately takes ten times as long.
BATCH = 25
RUN_QUEUES = """[...document.querySelectorAll('iframe')].map(frame => {
  const inner = frame.contentWindow, got = [];
  inner.rrApi = {setCustomer: customer => got.push(JSON.stringify(customer))};
  for (const run of inner.rrApiOnReady || []) run();
  return got;
})"""


def served(case: Case) -> tuple[bytes, str]:
    """Return the page with the block in it, and its content type."""
    charset = case.charset or "utf-8"
    page = case.encode(("\ufeff" if case.has_bom else "") + case.before + case.behind, charset)
    return inject(page, SNIPPET), f"text/html; charset={LABELS.get(charset, charset)}"


@pytest.mark.parametrize("start", range(0, len(PLACED), BATCH))
def test_block_of_every_page_runs_once(open_page: Open, page_server: PageServer, start: int) -> None:
    cases = PLACED[start : start + BATCH]
    urls = [page_server.add(body, content_type=kind) for body, kind in map(served, cases)]
    page = open_page("<!doctype html>" + "".join(f'<iframe src="{url}"></iframe>' for url in urls), tracker="none")
    received = [list(map(json.loads, calls)) for calls in page.evaluate(RUN_QUEUES)]
    wrong = [case.name for case, calls in zip(cases, received, strict=True) if calls != [RECEIVED]]
    assert wrong == []


@pytest.mark.parametrize("name", ["plain", "script-double-escaped", "svg-cdata", "table-unclosed", "cyrillic-cp1251"])
def test_block_meets_the_tracker(open_page: Open, name: str) -> None:
    (case,) = (case for case in PLACED if case.name == name)
    body, content_type = served(case)
    outcome = open_page(body, content_type=content_type).outcome()
    assert outcome.calls == (Call("setCustomer", (RECEIVED,)),)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_block_runs_in_utf_16(open_page: Open, charset: str) -> None:
    page = ("\ufeff<!doctype html><body><p>Привет 😀</p><!-- </body> -->").encode(charset)
    body = inject(page, SNIPPET)
    assert open_page(body, content_type="text/html").outcome().customer() == RECEIVED


def test_replaced_block_runs_alone(open_page: Open) -> None:
    page = inject("<!doctype html><body><p>x</p></body>", render_snippet({"customerId": "1"}))
    page = inject(page, SNIPPET, if_present="replace")
    assert open_page(page).outcome().customer() == RECEIVED
