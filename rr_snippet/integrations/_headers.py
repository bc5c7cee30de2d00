"""The headers of a response that holds a customer's block: for this browser only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# A comma inside a quoted string separates nothing: private="Set-Cookie, X-User". After a quotation mark that is never
# closed there is no quoted string any more: whatever looks like one begins inside of it.
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+("?)')

# What shared caches obey instead of Cache-Control: RFC 9213 with its vendors' own names, Edge Architecture, nginx.
_TARGETED: Final = re.compile(r"(?:.+-)?cdn-cache-control|surrogate-control|edge-control|x-accel-expires")


def private_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Return what to change in the headers of a response, so that no shared cache stores it.

    Names are given as they are to be set, `None` standing for one to be removed. A header that is there already keeps
    what does not contradict: `max-age=60` stays, and so does `no-store`.
    """
    found: dict[str, list[str]] = {"cache-control": [], "vary": []}
    changes: dict[str, str | None] = {}
    for name, value in headers:
        folded = name.lower()
        if folded in found:
            found[folded].append(value)
        elif _TARGETED.fullmatch(folded):
            changes[name] = None
    changes["Cache-Control"] = private_cache_control(", ".join(found["cache-control"]))
    changes["Vary"] = vary_on_cookie(", ".join(found["vary"]))
    return changes


def private_cache_control(value: str) -> str:
    """Return the value of `Cache-Control` with `private` in it, and without `public` and `s-maxage`.

    Source: RFC 9111, section 5.2.2. A `private` that names headers would let the body be shared: the bare one replaces
    it.
    """
    kept = [directive for directive in _split(value) if _name(directive) not in {"public", "s-maxage", "private"}]
    # First: a quotation mark that is never closed swallows what stands behind it.
    return ", ".join(["private", *kept])


def vary_on_cookie(value: str) -> str:
    """Return the value of `Vary` with `Cookie` in it; `*` stays alone, it covers everything."""
    names = _split(value)
    folded = [name.lower() for name in names]
    if "*" in folded:
        return "*"
    return ", ".join(names if "cookie" in folded else [*names, "Cookie"])


def _split(value: str) -> list[str]:
    # A NUL, which no header can hold, stands for a comma that separates nothing.
    shielded = _QUOTED.sub(lambda quoted: quoted[0].replace(",", "\0") if quoted[1] else quoted[0], value)
    return [part.strip().replace("\0", ",") for part in shielded.split(",") if part.strip()]


def _name(directive: str) -> str:
    return directive.partition("=")[0].strip().lower()


def made_private(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return all `headers` of a response as `private_headers` wants them."""
    kept = list(headers)
    changes = private_headers(kept)
    changed = {name.lower() for name in changes}
    kept = [(name, value) for name, value in kept if name.lower() not in changed]
    return [*kept, *((name, value) for name, value in changes.items() if value is not None)]
