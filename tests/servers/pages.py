"""What all shops behind servers share: the visitors, the templates, and the headers of their pages."""

from __future__ import annotations

from typing import Any, Final

PEOPLE: Final = {"anna": {"customerId": "anna-1"}, "boris": {"customerId": "boris-2"}}

PAGE: Final = "<!doctype html><title>Shop</title><body><p>Hello</p>{tag}</body>"

PUBLIC: Final = {"Cache-Control": "public, max-age=600, s-maxage=600"}
SINGLE_CACHES: Final = {
    "X-Accel-Expires": "600",
    "Surrogate-Control": "max-age=600",
    "CDN-Cache-Control": "max-age=600",
    "Expires": "Thu, 01 Jan 2099 00:00:00 GMT",
}
VALIDATORS: Final = {
    "ETag": '"v1"',
    "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT",
    "Cache-Control": "public, max-age=1",
}

# By path: the site's own headers, in every shop. Each path has a page with the tag.
HEADERS: Final[dict[str, dict[str, str]]] = {
    "plain": {},
    "public": PUBLIC,
    "single-caches": SINGLE_CACHES,
    "validated": VALIDATORS,
}


def order_of(cookies: Any) -> dict[str, Any]:
    """Return the order of a visitor. Its number shows whose it is."""
    return {"transaction": f"of-{cookies.get('as', 'nobody')}", "items": [{"id": 7, "qnt": 1, "price": 1990}]}


def customer_of(cookies: Any) -> dict[str, str] | None:
    """Return the customer of a visitor. A visitor who has logged out still has the cookie `seen`."""
    return PEOPLE.get(cookies.get("as"))
