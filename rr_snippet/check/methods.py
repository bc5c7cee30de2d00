"""The names of the tracker: its queue, its object, its methods, and what they are about."""

from __future__ import annotations

from typing import Final

from rr_snippet.options import did_you_mean

QUEUE: Final = "rrApiOnReady"
API: Final = "rrApi"
# The calls that tell who the visitor is.
PERSON: Final = frozenset(("setCustomer", "setEmail", "setProfile"))
# The methods of the public tracker source of 2020, and those that the vendor's pages document since.
METHODS: Final = (
    "addToBasket", "categoryView", "groupView", "order", "pageView", "recomAddToBasket", "recomAddToCart",
    "recomMouseDown", "recomTrack", "removeFromBasket", "search", "setCustomer", "setEmail", "setProfile",
    "subscribeOnItemBackInStock", "subscribeOnPriceDrop", "view", "welcomeSequence",
)  # fmt: skip


def method_named(name: str) -> str:
    """Return the method that `name` means: itself, one that it misspells, or whatever it is."""
    return name if name in METHODS else did_you_mean(name, METHODS) or name
