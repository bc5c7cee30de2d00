"""Tests with real nginx and Varnish, left out if those are missing and not required."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.servers.servers import NoServersError, Stack
from tests.support.frameworks import files_to_ignore

collect_ignore_glob = files_to_ignore()

REQUIRE_VARIABLE = "RR_SNIPPET_REQUIRE_SERVERS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start the shops that a test module names in `SHOPS`, and the caches in front of them."""
    try:
        made = Stack(tmp_path_factory.mktemp("servers"), *request.module.SHOPS)
    except NoServersError as error:
        if os.environ.get(REQUIRE_VARIABLE) == "1":
            pytest.fail(f"{REQUIRE_VARIABLE}=1, but {error}", pytrace=False)
        pytest.skip(f"NOT PROVEN BEHIND SERVERS: {error}")
    with made as running:
        yield running
