"""Find a nonce: given, on the request, or in the policy of the response."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rr_snippet.integrations._headers import header

_SCRIPT_DIRECTIVES: Final = ("script-src-elem", "script-src", "default-src")
_NONCE_SOURCE: Final = re.compile(r"(?i)'nonce-([A-Za-z0-9+/_-]+={0,2})'")


def find_nonce(*sources: Iterable[object]) -> str | None:
    """Return the first candidate that is a nonce, as text, or `None`. The candidates are evaluated one by one.

    They are never tested for truth, because the lazy nonces of Django 6 and django-csp are false until they are read.
    `None`, an empty text and `True` ("use what is found") are skipped, a callable is called, and `False` ends the
    search.
    """
    for source in sources:
        for candidate in source:
            nonce = candidate() if callable(candidate) else candidate
            if nonce is False:
                return None
            if nonce is not None and nonce is not True and (text := str(nonce)):
                return text
    return None


def request_nonces(request: object) -> Iterator[object]:
    """Yield the places of a nonce on a request: `request.csp_nonce`, `request.state.csp_nonce`."""
    yield getattr(request, "csp_nonce", None)
    yield getattr(getattr(request, "state", None), "csp_nonce", None)


def nonce_in_policy(headers: Sequence[tuple[str, str]]) -> str | None:
    """Return the nonce that the response's own Content-Security-Policy allows for scripts, or `None`.

    A report-only policy counts if no enforced policy has a nonce.
    """
    for name in ("content-security-policy", "content-security-policy-report-only"):
        for policy in (header(headers, name) or "").split(","):
            sources = dict(reversed([_directive(part) for part in policy.split(";")]))
            governing = next((sources[name] for name in _SCRIPT_DIRECTIVES if name in sources), "")
            if match := _NONCE_SOURCE.search(governing):
                return match[1]
    return None


def _directive(text: str) -> tuple[str, str]:
    name, _, sources = text.strip().partition(" ")
    return name.lower(), sources
