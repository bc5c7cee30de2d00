"""Read mappings as pairs and sequences as lists, without losing a repeated key or trusting their own code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rr_snippet.customer.texts import exact_text


class RepeatedKeys(dict[str, object]):
    """A JSON object with a repeated key; `pairs` has all entries as written."""

    pairs: list[tuple[str, object]]


def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return `pairs` as a plain dict, or as `RepeatedKeys` if a key is repeated."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = RepeatedKeys(plain)
    repeated.pairs = pairs
    return repeated


# The methods that give all values of a key: `getlist` in Django, werkzeug and Starlette, `getall` in bottle, multidict,
# webob and Litestar. Their `items` give only one value for each key, the first or the last.
_ALL_VALUES: Final = ("getlist", "getall")


def read_pairs(value: object) -> list[tuple[object, object]] | None:
    """Return the entries of a mapping in its order, with exact texts as keys, or `None` for anything else.

    A key with several values is repeated. A mapping whose own code fails counts as none, because its error may show its
    values.
    """
    if type(value) is RepeatedKeys:
        return list(value.pairs)
    try:
        if not isinstance(value, Mapping):
            return None
        pairs = _all_pairs(value)
        return [(key if (name := exact_text(key)) is None else name, item) for key, item in pairs]
    except Exception:  # foreign code, whose error may show the values
        return None


def _all_pairs(mapping: Mapping[object, object]) -> Iterable[tuple[object, object]]:
    if type(mapping) is not dict:
        for name in _ALL_VALUES:
            values_of = getattr(mapping, name, None)
            if callable(values_of):
                return [(key, item) for key in dict.fromkeys(mapping) for item in values_of(key)]
    return mapping.items()


_NO_LISTS: Final = (str, bytes, bytearray, memoryview)


def read_list(value: object) -> list[object] | None:
    """Return the items of a sequence that is no text, `None` for anything else or if its own code fails."""
    if type(value) is list:
        return value
    try:
        return list(value) if isinstance(value, Sequence) and not isinstance(value, _NO_LISTS) else None
    except Exception:  # foreign code, whose error may show the values
        return None
