"""The headers of a response that may hold a block: what no cache may keep, and what no 304 may bring back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

Headers = list[tuple[str, str]]
# Names as they are to be set; `None` stands for one to be removed.
Changes = dict[str, str | None]

# A comma inside a quoted string separates nothing: private="Set-Cookie, X-User". After a quotation mark that is never
# closed there is no quoted string any more: whatever looks like one begins inside of it.
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+("?)')

# What shared caches obey instead of Cache-Control: RFC 9213 with its vendors' own names, Edge Architecture, nginx.
_TARGETED: Final = re.compile(r"(?:.+-)?cdn-cache-control|surrogate-control|edge-control|x-accel-expires")

# A kept validator makes the next answer a 304, and the browser shows the page of the visitor before.
_VALIDATORS: Final = frozenset({"etag", "last-modified"})
# All speak of the bytes as they were.
_OF_THE_BODY: Final = frozenset(
    {"accept-ranges", "content-digest", "content-length", "content-md5", "digest", "repr-digest"}
)


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return all values of `name` (in lower case), joined by commas, or `None` if it is absent."""
    values = [value for key, value in headers if key.lower() == name]
    return ", ".join(values) if values else None


def departing(
    headers: Iterable[tuple[str, str]], *, is_private: bool, is_changed: bool = False, length_bytes: int | None = None
) -> Changes:
    """Return what to change in the headers of a response for which a customer was asked for.

    It gets no validator and varies on the cookie. If it `is_private`, no shared cache stores it; a header that is there
    already keeps what does not contradict: `max-age=60` stays, and so does `no-store`. If its body `is_changed`, what
    speaks of the bytes goes, and `length_bytes` is the new length, `None` where there is no body to count.
    """
    found: dict[str, list[str]] = {"cache-control": [], "vary": []}
    changes: Changes = {}
    for name, value in headers:
        folded = name.lower()
        if folded in found:
            found[folded].append(value)
        elif folded in _VALIDATORS or (is_changed and folded in _OF_THE_BODY) or (is_private and _is_targeted(folded)):
            changes[name] = None
    if is_changed:
        if length_bytes is not None:
            changes["Content-Length"] = str(length_bytes)
        changes["Accept-Ranges"] = "none"
    if is_private:
        changes["Cache-Control"] = private_cache_control(", ".join(found["cache-control"]))
    changes["Vary"] = vary_on_cookie(", ".join(found["vary"]))
    return changes


def resized(headers: Iterable[tuple[str, str]], length_bytes: int | None) -> Changes:
    """Return what to change in the headers of a response whose body was changed in the same way for everybody.

    Its validators stay good for that, an entity tag as a weak one: nothing is certain of a part of the body.
    """
    changes: Changes = {}
    for name, value in headers:
        folded = name.lower()
        if folded in _OF_THE_BODY:
            changes[name] = None
        elif folded == "etag" and not value.startswith("W/"):
            changes[name] = f"W/{value}"
    if length_bytes is not None:
        changes["Content-Length"] = str(length_bytes)
    changes["Accept-Ranges"] = "none"
    return changes


def with_changes(headers: Headers, changes: Mapping[str, str | None]) -> Headers:
    """Return `headers` with `changes` made."""
    changed = {name.lower() for name in changes}
    kept = [(name, value) for name, value in headers if name.lower() not in changed]
    return [*kept, *((name, value) for name, value in changes.items() if value is not None)]


# Few values are in use on a site; the bounds are for one that puts something new into each.
@lru_cache(maxsize=64)
def private_cache_control(value: str) -> str:
    """Return the value of `Cache-Control` with `private` in it, and without `public` and `s-maxage`.

    Source: RFC 9111, section 5.2.2. A `private` that names headers would let the body be shared: the bare one replaces
    it.
    """
    kept = [directive for directive in _split(value) if _name(directive) not in {"public", "s-maxage", "private"}]
    # First: a quotation mark that is never closed swallows what stands behind it.
    return ", ".join(["private", *kept])


@lru_cache(maxsize=64)
def vary_on_cookie(value: str) -> str:
    """Return the value of `Vary` with `Cookie` in it; `*` stays alone, it covers everything."""
    names = _split(value)
    folded = [name.lower() for name in names]
    if "*" in folded:
        return "*"
    return ", ".join(names if "cookie" in folded else [*names, "Cookie"])


@lru_cache(maxsize=256)
def _is_targeted(name: str) -> bool:
    return _TARGETED.fullmatch(name) is not None


def _split(value: str) -> list[str]:
    # A NUL, which no header can hold, stands for a comma that separates nothing.
    shielded = _QUOTED.sub(lambda quoted: quoted[0].replace(",", "\0") if quoted[1] else quoted[0], value)
    return [part.strip().replace("\0", ",") for part in shielded.split(",") if part.strip()]


def _name(directive: str) -> str:
    return directive.partition("=")[0].strip().lower()
