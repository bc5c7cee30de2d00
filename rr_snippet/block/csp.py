"""What a Content-Security-Policy needs to know of the block: its nonce, or its hash."""

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
    """Return `nonce` if it is one, as text that needs no escaping in an attribute.

    A placeholder that a proxy replaces later has to look like a nonce itself.

    Raises:
        RenderError: `nonce.shape`.
    Source: CSP Level 3, section 2.3.1, `base64-value`.
    """
    text = exact_text(nonce)
    if text is None or not _NONCE.fullmatch(text):
        raise RenderError(Problem.of("nonce.shape", "nonce"))
    return text


def csp_source(snippet: str) -> str:
    """Return the `script-src` source that lets exactly this block run, quotes included: `'sha256-…'`.

    The hash is over the text between the tags with LF line ends, as browsers compute it, and is the same in every
    charset of the page. It differs from customer to customer: for pages made per visitor a nonce is the usual way.

    Raises:
        PageError: `block.not_ours`, if `snippet` is no single script element as rendered here.
    Source: CSP Level 3, section 6.7.3.3; HTML, "normalize newlines".
    """
    text = exact_text(snippet) or ""
    match = _ELEMENT.fullmatch(text.replace("\r\n", "\n").replace("\r", "\n"))
    if match is None or has_surrogate(text):
        raise PageError(Problem.of("block.not_ours"))
    digest = hashlib.sha256(match[1].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
