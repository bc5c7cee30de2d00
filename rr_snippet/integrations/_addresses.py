"""The addresses of the loader and of the card, for the deferred card."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._marker import marker_cookie
from rr_snippet.integrations._settings import NAME, Settings

LOADER_NAME: Final = "loader.js"
CUSTOMER_NAME: Final = "customer"


class Addresses(NamedTuple):
    """The paths of the loader and the card, from the root of the host. The loader may be a static file elsewhere."""

    loader: str
    customer: str

    @classmethod
    def under(cls, prefix: str) -> Addresses:
        """Return both addresses under one prefix, an unquoted path."""
        return cls(quoted(f"{prefix}{LOADER_NAME}"), quoted(f"{prefix}{CUSTOMER_NAME}"))


def quoted(path: str) -> str:
    """Return `path` quoted for an address, with exactly one slash in front. Two would name another host."""
    return "/" + quote(path.lstrip("/"), safe="/~")


class Place:
    """The place where a request has arrived."""

    @property
    def mount(self) -> str:
        """The path under which the application is mounted: SCRIPT_NAME, root_path."""
        return ""

    @property
    def is_secure(self) -> bool:
        """Whether the request came by https."""
        return False

    def marker_with(self, settings: Settings) -> str | None:
        """Return the cookie that is sent with a block of this visit, `None` for no cookie."""
        name = settings.deferred_marker
        return None if name is None else marker_cookie(name, is_known=True, is_secure=self.is_secure)

    def deferred_addresses(self, settings: Settings) -> Addresses:
        """Return the addresses of the loader and the card.

        Raises:
            OptionError: `option.urls`, if nothing answers there.
        """
        if not settings.deferred:
            raise OptionError(Problem.of("option.urls", f"{NAME}.DEFERRED", expected="True"))
        return Addresses.under(self.mount + settings.deferred_prefix)
