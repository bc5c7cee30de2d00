"""Where the loader and the card of the deferred card are."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

LOADER_NAME: Final = "loader.js"
CUSTOMER_NAME: Final = "customer"


class Addresses(NamedTuple):
    """Where the loader and the card are, from the root of the host on: the loader may be a static file elsewhere."""

    loader: str
    customer: str

    @classmethod
    def under(cls, prefix: str) -> Addresses:
        """Return those of both under one prefix, a path that is not quoted."""
        return cls(quoted(f"{prefix}{LOADER_NAME}"), quoted(f"{prefix}{CUSTOMER_NAME}"))


def quoted(path: str) -> str:
    """Return `path` as it stands in an address. One slash in front: two would name another host."""
    return "/" + quote(path.lstrip("/"), safe="/~")
