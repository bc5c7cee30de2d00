"""Fixtures for tests in a real browser: `open_page` opens a page from a text, `open_url` any other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.browser import ChromiumThread, NoBrowserError, OpenPage, Tracker
from tests.support.frameworks import files_to_ignore
from tests.support.server import PageServer

collect_ignore_glob = files_to_ignore()

REQUIRE_VARIABLE = "RR_SNIPPET_REQUIRE_BROWSER"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def page_server() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


# It depends on the server, so Chromium and its connections are closed before the server stops.
@pytest.fixture(scope="session")
def chromium(page_server: PageServer) -> Iterator[ChromiumThread]:
    try:
        thread = ChromiumThread().__enter__()
    except NoBrowserError as error:
        problem = error.args
    else:
        yield thread
        thread.__exit__()
        return
    if os.environ.get(REQUIRE_VARIABLE) == "1":
        pytest.fail(f"{REQUIRE_VARIABLE}=1, but there is no Chromium: " + "\n".join(problem), pytrace=False)
    pytest.skip(f"NOT PROVEN IN A BROWSER: {problem[0]}")


@pytest.fixture
def open_url(chromium: ChromiumThread) -> Iterator[Callable[..., OpenPage]]:
    """Open any address: `open_url(url, tracker="after")`."""
    pages: list[OpenPage] = []

    def open_one(url: str, *, tracker: Tracker = "after") -> OpenPage:
        pages.append(OpenPage(chromium, url, tracker=tracker))
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()


@pytest.fixture
def open_page(page_server: PageServer, open_url: Callable[..., OpenPage]) -> Callable[..., OpenPage]:
    """Serve a page and open it: `open_page(body, content_type=…, headers=…, tracker="after")`."""

    def open_one(body: str | bytes, *, tracker: Tracker = "after", **answer: Any) -> OpenPage:
        return open_url(page_server.add(body, **answer), tracker=tracker)

    return open_one
