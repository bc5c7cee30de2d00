"""The stand-in tracker in Chromium, loaded as a file, as in a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browser import OpenPage
from tests.support.javascript import Tracker
from tests.support.outcome import Call, Outcome
from tests.support.server import PageServer
from tests.support.tracker_facts import Run, TrackerFacts

Open = Callable[..., OpenPage]

FILE = '<script src="/tracker.js"></script>'


class TestInChromium(TrackerFacts):
    @pytest.fixture
    def run(self, open_page: Open) -> Run:
        def run_scripts(*scripts: str, tracker: Tracker = "after") -> Outcome:
            elements = "".join(f"<script>{script}</script>" for script in scripts)
            body = {"after": elements + FILE, "before": FILE + elements, "none": elements}[tracker]
            return open_page(f"<!DOCTYPE html><title>t</title>{body}", tracker="none").outcome()

        return run_scripts


@pytest.mark.parametrize("attributes", ["async", "defer", 'type="module"', 'nonce="abc123"'])
def test_file_works_however_it_is_loaded(open_page: Open, attributes: str) -> None:
    block = "<script>(window.rrApiOnReady = window.rrApiOnReady || []).push(function () { rrApi.view('a'); });</script>"
    page = open_page(
        f'<!DOCTYPE html><title>t</title>{block}<script src="/tracker.js" {attributes}></script>{block}', tracker="none"
    )
    assert page.outcome().calls == (Call("view", ("a",)),) * 2


def test_file_needs_nothing_from_a_strict_policy_but_to_be_loaded(open_page: Open, page_server: PageServer) -> None:
    page = open_page(
        f"<!DOCTYPE html><title>t</title>{FILE}",
        headers={
            "Content-Security-Policy": f"default-src 'none'; script-src {page_server.origin}/tracker.js; "
            "require-trusted-types-for 'script'; sandbox allow-scripts"
        },
        tracker="none",
    )
    assert page.outcome().is_empty
    assert page.evaluate("typeof rrStandIn.start") == "function"


def test_file_asks_for_nothing_and_stores_nothing(open_page: Open) -> None:
    page = open_page(f"<!DOCTYPE html><title>t</title>{FILE}<script>rrApi.setCustomer({{}});</script>", tracker="none")
    assert page.outcome().customer() == {}
    assert [url.rpartition("/")[2] for url in page.requests[1:]] == ["tracker.js"]
    assert page.evaluate("[document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)]") == ["", [], []]
