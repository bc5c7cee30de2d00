"""The negative control of the matrix: it sees a leak."""

from __future__ import annotations

import pytest

from tests.servers.matrix import walk
from tests.servers.servers import CACHES, Stack

SHOPS = ["leaky"]


@pytest.mark.parametrize("cache", CACHES)
@pytest.mark.parametrize("path", ["plain", "public", "single-caches", "validated"])
def test_a_block_past_all_integrations_leaks(stack: Stack, cache: str, path: str) -> None:
    _, foreign, _ = walk(stack, "leaky", cache, [path])
    assert foreign


def test_a_304_brings_the_card_of_another_back(stack: Stack) -> None:
    tagged = stack.get("leaky", "nginx", "validated?304", "anna")
    assert tagged.headers["ETag"] == '"v1"'
    assert stack.get("leaky", "nginx", "validated?304", "boris", **{"If-None-Match": '"v1"'}).status == 304
