"""The headers of a response that may have a block, so that no cache keeps it and no 304 brings it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

Headers = list[tuple[str, str]]
# New values by name; `None` removes a header.
Changes = dict[str, str | None]

# A comma inside a quoted string separates nothing: private="Set-Cookie, X-User". After a quotation mark that is never
# closed there is no further quoted string, because everything after it is inside the open one.
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+("?)')

# Headers that shared caches obey instead of Cache-Control: RFC 9213 with vendors' names, Edge Architecture, nginx.
_TARGETED: Final = re.compile(r"(?:.+-)?cdn-cache-control|surrogate-control|edge-control|x-accel-expires")

# With a validator the next response may be a 304, and the browser shows the page of the previous visitor.
_VALIDATORS: Final = frozenset({"etag", "last-modified"})
# Headers that describe the bytes of the old body.
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
    """Return the changes to the headers of a response for which a customer was asked for.

    The response gets no validator, and varies on the cookie. If it `is_private`, no shared cache may store it; other
    directives, such as `max-age=60` and `no-store`, stay. If its body `is_changed`, headers about the old bytes are
    removed, and `length_bytes` is the new length, `None` if there is no body to measure.
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
    """Return the changes to the headers of a response whose body was changed in the same way for everybody.

    Its validators stay valid. An entity tag becomes a weak one, because parts of the body may differ.
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


# A site uses few values. The limits are for a site with ever new values.
@lru_cache(maxsize=64)
def private_cache_control(value: str) -> str:
    """Return the value of `Cache-Control` with `private`, and without `public` and `s-maxage`.

    A `private` that names headers would let caches share the body, so the bare one replaces it. Source: RFC 9111,
    section 5.2.2.
    """
    kept = [directive for directive in _split(value) if _name(directive) not in {"public", "s-maxage", "private"}]
    # It comes first, because a quotation mark that is never closed hides everything after it.
    return ", ".join(["private", *kept])


@lru_cache(maxsize=64)
def vary_on_cookie(value: str) -> str:
    """Return the value of `Vary` with `Cookie`. A `*` stays alone, because it covers everything."""
    names = _split(value)
    folded = [name.lower() for name in names]
    if "*" in folded:
        return "*"
    return ", ".join(names if "cookie" in folded else [*names, "Cookie"])


@lru_cache(maxsize=256)
def _is_targeted(name: str) -> bool:
    return _TARGETED.fullmatch(name) is not None


def _split(value: str) -> list[str]:
    # A NUL, which no header can have, replaces a comma that separates nothing.
    shielded = _QUOTED.sub(lambda quoted: quoted[0].replace(",", "\0") if quoted[1] else quoted[0], value)
    return [part.strip().replace("\0", ",") for part in shielded.split(",") if part.strip()]


def _name(directive: str) -> str:
    return directive.partition("=")[0].strip().lower()
