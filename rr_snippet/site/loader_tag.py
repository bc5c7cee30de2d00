"""The tag of the loader in a finished page, and its file in the site: the deferred card for pages without a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rr_snippet.page import inject

_TAG: Final = re.compile(r'<script src="[^"<>]*" data-customer="[^"<>]*"[^<>]* async></script>')
_TAG_BYTES: Final = re.compile(_TAG.pattern.encode())


@dataclass(frozen=True, slots=True)
class SiteLoader:
    """What a site needs for the deferred card: the tag for its pages, and the loader's file, a path within the site."""

    tag: str
    name: str
    content: bytes


def is_loader_tag(block: str) -> bool:
    """Tell whether what a page gets is the tag of the loader, and no customer's block."""
    return _TAG.fullmatch(block) is not None


def put_loader(page: bytes, tag: str) -> bytes:
    """Return `page` with the tag in its place: in that of an earlier one, or before the end of the body.

    A page that calls `setCustomer` itself, or has the tag already, is returned as it is.

    Raises:
        PageError: as `rr_snippet.inject`.
    """
    earlier = _TAG_BYTES.search(page)
    if earlier is None:
        return inject(page, tag)
    return page[: earlier.start()] + tag.encode("ascii") + page[earlier.end() :]
