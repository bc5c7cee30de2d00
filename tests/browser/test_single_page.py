"""The JavaScript of docs/guide/front-ends.md for single-page sites, in Chromium."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.browser.test_flask_deferred_browser import OpenUrl, Shop, calls, seen, shop

__all__ = ["shop"]  # the fixture

PAGE = (Path(__file__).parents[2] / "docs" / "guide" / "front-ends.md").read_text("utf-8")
(ASK,) = re.findall(r"^```js\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_a_login_in_place_is_asked_about(shop: Shop, open_url: OpenUrl) -> None:
    page = open_url(f"{shop.origin}/shared", tracker="before")
    assert seen(page) == ((), ())
    # The login of a single-page site is a request without a new page.
    page.evaluate(f"fetch('/login/anna').then(function () {{ {ASK} askWhoTheVisitorIs(); }})")
    deadline = time.monotonic() + 10
    while not page.outcome().calls and time.monotonic() < deadline:
        time.sleep(0.05)
    assert seen(page) == (calls("anna"), ())
    assert (shop.asked["POST /rr-snippet/customer"], shop.asked["GET /login/anna"]) == (1, 1)
