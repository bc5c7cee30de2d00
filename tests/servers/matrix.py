"""Every kind of page, every cache and every visitor, in several orders: who sees whose card."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from typing import Final

from tests.servers.pages import PEOPLE
from tests.servers.servers import Stack

# An anonymous visitor, two customers, and one of them after logout. Each order is walked twice.
ORDERS: Final = [
    (None, "anna", "boris", "out"),
    ("anna", "out", None, "boris"),
    ("boris", "anna", None, "out"),
]


# What a page of the shops sends about a person.
_TOLD: Final = re.compile(rb'"(?:customerId|transaction)":"([\w-]+)"')


def cards(stack: Stack, shop: str, cache: str, path: str, who: str | None, **headers: str) -> list[str]:
    """Return the ids of the customers in the page that `who` gets, and the numbers of orders."""
    response = stack.get(shop, cache, path, who, **headers)
    body: bytes = response.body  # type: ignore[attr-defined]
    assert response.status in (200, 404), (path, who, response.status, body[:300])
    if response.headers["Content-Encoding"] == "gzip":
        body = gzip.decompress(body)
    return [told.decode() for told in _TOLD.findall(body)]


def own(who: str | None, path: str = "") -> list[str]:
    """Return the ids that `who` may see, and on the page of an order its number."""
    seen = [PEOPLE[who]["customerId"]] if who in PEOPLE else []
    return [*seen, f"of-{who if who in PEOPLE else 'nobody'}"] if path == "order" else seen


def walk(stack: Stack, shop: str, cache: str, paths: Iterable[str]) -> tuple[int, list[str], list[str]]:
    """Return the number of pages seen, the visits with somebody else's card, and those without the visitor's own."""
    seen, foreign, missing = 0, [], []
    for position, order in enumerate(ORDERS):
        for path in paths:
            for who in order * 2:
                for encoding in ("identity", "gzip"):
                    # Each order begins with caches that do not have the page.
                    at = f"{path}?order={position}"
                    found = cards(stack, shop, cache, at, who, **{"Accept-Encoding": encoding})
                    seen += 1
                    visit = f"{cache} {at} {who} {encoding}: {found}"
                    if set(found) - set(own(who, path)):
                        foreign.append(visit)
                    elif found != own(who, path):
                        missing.append(visit)
    return seen, foreign, missing
