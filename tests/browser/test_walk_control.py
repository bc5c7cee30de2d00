"""The negative control of the walk: it sees a card that outlives its visitor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.servers.servers import SHOPS, Server, free_port
from tests.support.browser import OpenPage
from tests.support.walk import Walk, calls_of, expected_calls


def test_a_kept_validator_brings_the_card_of_the_visitor_before(
    open_url: Callable[..., OpenPage], tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", *SHOPS["leaky"], f"--bind=127.0.0.1:{port}"]
    with Server(command, port, tmp_path):
        calls = calls_of(Walk(open_url, f"http://127.0.0.1:{port}"), "validated")
    assert calls != expected_calls()
