"""The names of the tracker: its queue, its object and its methods."""

from __future__ import annotations

from typing import Final

from rr_snippet.options import did_you_mean

QUEUE: Final = "rrApiOnReady"
API: Final = "rrApi"
# The calls that tell who the visitor is.
PERSON: Final = frozenset(("setCustomer", "setEmail", "setProfile"))
# The methods in the tracker's public source of 2020, and those that the vendor has documented since.
METHODS: Final = (
    "addToBasket", "categoryView", "groupView", "order", "pageView", "recomAddToBasket", "recomAddToCart",
    "recomMouseDown", "recomTrack", "removeFromBasket", "search", "setCustomer", "setEmail", "setProfile",
    "subscribeOnItemBackInStock", "subscribeOnPriceDrop", "view", "welcomeSequence",
)  # fmt: skip


def method_named(name: str) -> str:
    """Return `name`, or the method that it misspells."""
    return name if name in METHODS else did_you_mean(name, METHODS) or name
