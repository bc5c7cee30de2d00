"""The loader's tag in a finished page, and its file in the site: the deferred card for pages without a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rr_snippet.page import inject

_TAG: Final = re.compile(r'<script src="[^"<>]*" data-customer="[^"<>]*"[^<>]* async></script>')
_TAG_BYTES: Final = re.compile(_TAG.pattern.encode())


@dataclass(frozen=True, slots=True)
class SiteLoader:
    """The tag for the pages of a site, and the loader's file: its path within the site, and its content."""

    tag: str
    name: str
    content: bytes


def is_loader_tag(block: str) -> bool:
    """Return whether `block` is the loader's tag, not a customer's block."""
    return _TAG.fullmatch(block) is not None


def put_loader(page: bytes, tag: str) -> bytes:
    """Return `page` with the tag in the place of an earlier tag, or before the end of the body.

    A page that calls `setCustomer` itself, or already has the tag, is returned as it is.

    Raises:
        PageError: as `rr_snippet.inject`.
    """
    earlier = _TAG_BYTES.search(page)
    if earlier is None:
        return inject(page, tag)
    return page[: earlier.start()] + tag.encode("ascii") + page[earlier.end() :]


def take_loader(page: bytes, tag: str | None = None) -> bytes:
    """Return `page` without any loader's tag, or only without `tag`."""
    return _TAG_BYTES.sub(b"", page) if tag is None else page.replace(tag.encode("ascii"), b"")
