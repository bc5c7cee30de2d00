"""A FastAPI shop behind nginx and Varnish: nobody sees the card of somebody else."""

from __future__ import annotations

import pytest

from tests.servers.matrix import ORDERS, walk
from tests.servers.servers import Stack

SHOPS = ["fastapi"]
# In these each visitor gets their own card, whatever the caches in front keep.
OWN = ["plain", "public", "single-caches", "validated", "conditional", "404", "order", "stream"]
# The shop itself keeps these for everybody. A visitor who gets another's copy has no card.
KEPT = ["kept", "cached", "compressed"]


@pytest.mark.parametrize("cache", ["nginx", "nginx-revalidate", "varnish"])
def test_every_visitor_sees_the_own_card_and_no_other(stack: Stack, cache: str) -> None:
    seen, foreign, missing = walk(stack, SHOPS[0], cache, OWN)
    assert (seen, foreign, missing) == (len(ORDERS) * len(OWN) * 16, [], [])


@pytest.mark.parametrize("cache", ["nginx", "nginx-revalidate", "varnish"])
def test_what_the_shop_keeps_for_everybody_has_no_card_of_another(stack: Stack, cache: str) -> None:
    _, foreign, _ = walk(stack, SHOPS[0], cache, KEPT)
    assert foreign == []


def test_a_cache_that_ignores_cookies_has_pages_of_nobody_at_most(stack: Stack) -> None:
    _, foreign, _ = walk(stack, SHOPS[0], "nginx-no-cookies", [*OWN, *KEPT])
    assert foreign == []
