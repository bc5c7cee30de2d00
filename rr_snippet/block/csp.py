"""What a Content-Security-Policy needs for a block: its nonce, or its hash."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

from rr_snippet.customer.texts import exact_text, has_surrogate
from rr_snippet.errors import PageError, Problem, RenderError

_NONCE: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_ELEMENT: Final = re.compile(r'<script type="text/javascript"(?: nonce="[^"<>]*")?>([^<]*)</script>\n?')


def check_nonce(nonce: object) -> str:
    """Return `nonce` as text that needs no escaping in an attribute, if it is one.

    A placeholder that a proxy replaces later must look like a nonce itself.

    Raises:
        RenderError: `nonce.shape`.
    Source: CSP Level 3, section 2.3.1, `base64-value`.
    """
    text = exact_text(nonce)
    if text is None or not _NONCE.fullmatch(text):
        raise RenderError(Problem.of("nonce.shape", "nonce"))
    return text


def csp_source(snippet: str) -> str:
    """Return the `script-src` source that allows exactly this block, quotes included: `'sha256-…'`.

    The hash is over the text between the tags with LF line ends, as browsers compute it, and is the same in every
    charset of the page. It is different for every customer, so pages made per visitor usually have a nonce instead.

    Raises:
        PageError: `block.not_ours`, if `snippet` is not exactly one script element as rendered here.
    Source: CSP Level 3, section 6.7.3.3; HTML, "normalize newlines".
    """
    text = exact_text(snippet) or ""
    match = _ELEMENT.fullmatch(text.replace("\r\n", "\n").replace("\r", "\n"))
    if match is None or has_surrogate(text):
        raise PageError(Problem.of("block.not_ours"))
    digest = hashlib.sha256(match[1].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
