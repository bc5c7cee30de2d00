"""What the tests of every integration need."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from rr_snippet import render_snippet


def block(shopper: str, *, nonce: str | None = None) -> str:
    """Return the block of a customer with only an id."""
    return render_snippet({"customerId": shopper}, nonce=nonce)


def page(shopper: str | None, *, nonce: str | None = None) -> str:
    """Return the page that the test sites show to `shopper`; `None` is an anonymous visitor."""
    return f"<p>{'' if shopper is None else block(shopper, nonce=nonce)}</p>"


def records(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return our log records, and make sure that they have nothing but their text."""
    own = [record for record in caplog.records if record.name == "rr_snippet"]
    assert all(record.exc_info is None and record.stack_info is None for record in own)
    # The place is in brackets; `test_records` is about that.
    return [(record.levelname, record.getMessage().partition(" (")[0]) for record in own]


MARKER_SET = "known=1; Max-Age=34560000; Path=/; SameSite=Lax"
MARKER_GONE = "known=; Max-Age=0; Path=/; SameSite=Lax"


def markers(cookies: Iterable[str]) -> list[str]:
    """Return the `Set-Cookie` headers that set or delete the marker `known`, in one form for all frameworks.

    `Secure` is last, and `Expires` is left out, because it says the same as `Max-Age`.
    """
    parts = [cookie.replace('""', "").split("; ") for cookie in cookies if cookie.startswith("known=")]
    return [
        "; ".join(sorted((part for part in each if not part.lower().startswith("expires=")), key=_rank))
        for each in parts
    ]


def _rank(part: str) -> int:
    return ["known", "Max-Age", "Path", "SameSite", "Secure"].index(part.partition("=")[0])
