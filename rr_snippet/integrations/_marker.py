"""The marker: a cookie that says only that the visitor is known. Without it the loader does not ask."""

from __future__ import annotations

from typing import Any, Final

# Browsers keep no cookie longer.
MARKER_MAX_AGE_S: Final = 400 * 24 * 60 * 60


def marker_cookie(name: str, *, is_known: bool, is_secure: bool) -> str:
    """Return the `Set-Cookie` that sets the marker, or deletes it if the visitor is not known."""
    kept = f"{name}=1; Max-Age={MARKER_MAX_AGE_S}" if is_known else f"{name}=; Max-Age=0"
    return f"{kept}; Path=/; SameSite=Lax{'; Secure' if is_secure else ''}"


def mark(response: Any, name: str | None, *, is_known: bool, is_secure: bool) -> None:
    """Set the marker in the response of any framework, or delete it. Without a name nothing happens."""
    if name is not None:
        value, age_s = ("1", MARKER_MAX_AGE_S) if is_known else ("", 0)
        response.set_cookie(name, value, max_age=age_s, samesite="Lax", secure=is_secure)
