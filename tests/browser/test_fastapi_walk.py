"""A FastAPI shop in Chromium: no page from the browser's cache shows an old card or lacks the present one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from tests.servers.servers import SHOPS, Server, free_port
from tests.support.browser import OpenPage
from tests.support.walk import Walk, calls_of, expected_calls


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", *SHOPS["fastapi"]]
    command.append(f"--port={port}" if "uvicorn" in command else f"--bind=127.0.0.1:{port}")
    with Server(command, port, tmp_path_factory.mktemp("shop")):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("path", ["plain", "public", "single-caches", "validated", "conditional", "stream"])
def test_only_the_present_visitor_is_sent(address: str, open_url: Callable[..., OpenPage], path: str) -> None:
    assert calls_of(Walk(open_url, address), path) == expected_calls()
