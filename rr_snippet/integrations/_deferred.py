"""The deferred card: shared pages have a loader, which fetches the visitor's card by a separate request.

This module knows no framework. It has the tag, the responses with the loader and the card, and the check of who may get
the card.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.render import Renderer
from rr_snippet.errors import SnippetError
from rr_snippet.integrations._addresses import LOADER_NAME, Addresses
from rr_snippet.integrations._marker import marker_cookie
from rr_snippet.integrations._nonces import find_nonce
from rr_snippet.integrations._settings import Settings, wrong_prefix
from rr_snippet.integrations._visit import NoCard, Visit
from rr_snippet.options import refuse
from rr_snippet.site.loader_tag import SiteLoader

LOADER_HEADERS: Final = (
    ("Content-Type", "text/javascript; charset=utf-8"),
    ("Cache-Control", "public, max-age=86400"),
    ("X-Content-Type-Options", "nosniff"),
)
# The card is one visitor's, and no page of another origin may even load it.
_CUSTOMER_HEADERS: Final = (
    ("Cache-Control", "private, no-store"),
    ("Vary", "Cookie"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_EMPTY: Final = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "0"))

Headers = list[tuple[str, str]]


class Reply(NamedTuple):
    """A whole response, for any framework to send."""

    status: int
    headers: Headers
    body: bytes = b""


@cache
def loader_text() -> bytes:
    """Return the bytes of the loader. Its file is where Django looks for static files."""
    return files(__package__).joinpath("django", "static", "rr_snippet", LOADER_NAME).read_bytes()


@cache
def loader_integrity() -> str:
    """Return the hash of the loader, for the attribute `integrity` or, in quotes, for script-src."""
    return "sha256-" + base64.b64encode(hashlib.sha256(loader_text()).digest()).decode("ascii")


def write_tag(settings: Settings, addresses: Addresses, *, nonce: object = None, integrity: bool = False) -> Markup:
    """Return the loader's tag, which is the same for every visitor.

    The tag has a nonce only if one is given. `integrity` adds the hash of the loader.

    Raises:
        RenderError: `nonce.shape`.
    """
    found = find_nonce((nonce,))
    attributes = [
        Markup(' src="{}" data-customer="{}"').format(*addresses),
        "" if settings.deferred_marker is None else f' data-marker="{settings.deferred_marker}"',
        " data-debug" if settings.options.debug else "",
        "" if found is None else f' nonce="{check_nonce(found)}"',
        f' integrity="{loader_integrity()}"' if integrity else "",
    ]
    # Safe: the addresses are escaped, and the rest is proven or our own.
    return Markup(f"<script{''.join(attributes)} async></script>")  # noqa: S704


def tag_of(visit: Visit, *, nonce: object = None, integrity: bool = False) -> Markup:
    """Return the tag for the site of `visit`, without asking for the visitor.

    Raises:
        SnippetError: if the visit raises errors. Otherwise the error is logged, and there is no tag.
    """
    try:
        settings = visit.settings()
        return write_tag(settings, visit.deferred_addresses(settings), nonce=nonce, integrity=integrity)
    except SnippetError as error:
        visit.report(error, "no loader")
    return Markup()


def write_card(visit: Visit, marker: str | None, *, is_secure: bool) -> Reply:
    """Return the response to the loader: the visitor's card, or nothing. `is_secure` means that it goes by https.

    Raises:
        Exception: any error, if the visit raises errors.
    """
    card = visit.ask(_write)
    reason = card.reason if isinstance(card, NoCard) else None
    headers = [*_CUSTOMER_HEADERS]
    if marker is not None and reason in {None, "anonymous"}:
        headers.append(("Set-Cookie", marker_cookie(marker, is_known=reason is None, is_secure=is_secure)))
    if isinstance(card, NoCard):
        return Reply(204, headers)
    length = ("Content-Length", str(len(card)))
    return Reply(200, [("Content-Type", "application/json"), length, *headers], card)


def _write(renderer: Renderer, customer: Any, _settings: Settings) -> bytes:
    return renderer.payload_text(customer).encode("ascii")


def site_loader(prefix: str, nonce: str | None = None) -> SiteLoader:
    """Return the tag and the loader's file for a site of files, where no server responds with the loader.

    Raises:
        OptionError: `option.value`, at `deferred_prefix`.
        RenderError: `nonce.shape`.
    """
    refuse(wrong_prefix("deferred_prefix", prefix))
    tag = write_tag(Settings(), Addresses.under(prefix), nonce=nonce)
    return SiteLoader(str.__str__(tag), f"{prefix[1:]}{LOADER_NAME}", loader_text())


def loader_reply(method: str) -> Reply:
    """Return the response to a request for the loader."""
    if method not in {"GET", "HEAD"}:
        return Reply(405, [("Allow", "GET, HEAD"), *_EMPTY])
    length = ("Content-Length", str(len(loader_text())))
    return Reply(200, [*LOADER_HEADERS, length], b"" if method == "HEAD" else loader_text())


def refusal(method: str, header: Callable[[str], str | None], host: str | None) -> Reply | None:
    """Return the response to a request for the card that the loader has not sent, `None` if the loader has sent it.

    `host` is the requested host. Only POST is allowed, because a cache that is told to keep everything keeps responses
    to GET. A page of another origin can send the header `X-RR-Snippet` only if a CORS policy allows it, and even then
    its browser reveals the origin. Source: Fetch Metadata, section 2.3; the Fetch standard, section 3.2.
    """
    if method != "POST":
        return Reply(405, [("Allow", "POST"), *_EMPTY, *_CUSTOMER_HEADERS])
    site = header("Sec-Fetch-Site")
    if site is None:
        # `urlsplit` would raise for some hosts that a stranger makes up, and no browser sends a path here.
        from_host = (header("Origin") or "").partition("://")[2].lower()
        is_own = bool(from_host) and from_host == (host or "").lower()
    else:
        is_own = site == "same-origin"
    if is_own and header("X-RR-Snippet") == "1":
        return None
    return Reply(403, [*_EMPTY, *_CUSTOMER_HEADERS])
