"""Where the loader and the card of the deferred card are."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._marker import marker_cookie
from rr_snippet.integrations._settings import NAME, Settings

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


class Place:
    """Where a request has come in."""

    @property
    def mount(self) -> str:
        """The path under which the application is mounted: SCRIPT_NAME, root_path."""
        return ""

    @property
    def is_secure(self) -> bool:
        """Whether the request has come by https."""
        return False

    def marker_with(self, settings: Settings) -> str | None:
        """Return the cookie that leaves with a block of this visit."""
        name = settings.deferred_marker
        return None if name is None else marker_cookie(name, is_known=True, is_secure=self.is_secure)

    def deferred_addresses(self, settings: Settings) -> Addresses:
        """Return where the loader and the card are.

        Raises:
            OptionError: `option.urls`, if nobody answers there.
        """
        if not settings.deferred:
            raise OptionError(Problem.of("option.urls", f"{NAME}.DEFERRED", expected="True"))
        return Addresses.under(self.mount + settings.deferred_prefix)
