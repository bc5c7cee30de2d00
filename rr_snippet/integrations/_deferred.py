"""The deferred card: pages that everyone shares carry a loader, and the card comes by a request of its own.

Framework-free: the tag, the two answers, who may have the second, and the cookie that says that somebody is known.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

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
# The card is one visitor's, and no other origin's page may as much as load it.
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
    """Return the loader as it is served; it lies where Django looks for static files."""
    return files(__package__).joinpath("django", "static", "rr_snippet", LOADER_NAME).read_bytes()


@cache
def loader_integrity() -> str:
    """Return the hash of the loader: for the attribute `integrity`, and in quotes for script-src."""
    return "sha256-" + base64.b64encode(hashlib.sha256(loader_text()).digest()).decode("ascii")


def write_tag(settings: Settings, addresses: Addresses, *, nonce: object = None, integrity: bool = False) -> Markup:
    """Return the tag of the loader, the same for every visitor.

    A nonce is only written if it is given, `integrity` adds the hash of the loader.

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
    # Safe: addresses are escaped, the rest is proven or ours.
    return Markup(f"<script{''.join(attributes)} async></script>")  # noqa: S704


def tag_of(visit: Visit, *, nonce: object = None, integrity: bool = False) -> Markup:
    """Return the tag for the site of `visit`; nothing of the visitor is asked.

    Raises:
        SnippetError: where the visit raises errors; else there is a record, and no tag.
    """
    try:
        settings = visit.settings()
        return write_tag(settings, visit.deferred_addresses(settings), nonce=nonce, integrity=integrity)
    except SnippetError as error:
        visit.report(error, "no loader")
    return Markup()


def write_card(visit: Visit, marker: str | None, *, is_secure: bool) -> Reply:
    """Return the answer to the loader: the visitor's card, or nothing; `is_secure` says that it goes by https.

    Raises:
        Exception: whatever goes wrong, where the visit raises.
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
    """Return what a site of files needs: nobody answers there with the loader.

    Raises:
        OptionError: `option.value`, told at `deferred_prefix`.
        RenderError: `nonce.shape`.
    """
    refuse(wrong_prefix("deferred_prefix", prefix))
    tag = write_tag(Settings(), Addresses.under(prefix), nonce=nonce)
    return SiteLoader(str.__str__(tag), f"{prefix[1:]}{LOADER_NAME}", loader_text())


def loader_reply(method: str) -> Reply:
    """Return the answer to a request for the loader."""
    if method not in {"GET", "HEAD"}:
        return Reply(405, [("Allow", "GET, HEAD"), *_EMPTY])
    length = ("Content-Length", str(len(loader_text())))
    return Reply(200, [*LOADER_HEADERS, length], b"" if method == "HEAD" else loader_text())


def refusal(method: str, header: Callable[[str], str | None], host: str | None) -> Reply | None:
    """Return the answer to a request for the card that is none of the loader's, or `None`.

    `host` is the one that the request is for. Only POST: a cache that is told to keep everything keeps what GET gets.
    A page of another origin cannot send the header `X-RR-Snippet` unless a policy of CORS lets it, and even then its
    browser says where it is from. Source: Fetch Metadata, section 2.3; the Fetch standard, section 3.2.
    """
    if method != "POST":
        return Reply(405, [("Allow", "POST"), *_EMPTY, *_CUSTOMER_HEADERS])
    site = header("Sec-Fetch-Site")
    if site is None:
        from_host = urlsplit(header("Origin") or "").netloc.lower()
        is_own = bool(from_host) and from_host == (host or "").lower()
    else:
        is_own = site == "same-origin"
    if is_own and header("X-RR-Snippet") == "1":
        return None
    return Reply(403, [*_EMPTY, *_CUSTOMER_HEADERS])
