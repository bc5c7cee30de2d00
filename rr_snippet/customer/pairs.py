"""Mappings as pairs, sequences as lists: nothing that stands in one twice is lost, no code of its own is believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rr_snippet.customer.texts import exact_text


class RepeatedKeys(dict[str, object]):
    """A JSON object in which a key stands twice; `pairs` has all of it, as written."""

    pairs: list[tuple[str, object]]


def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return `pairs` as a mapping: a plain one, or `RepeatedKeys` where a key stands twice."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = RepeatedKeys(plain)
    repeated.pairs = pairs
    return repeated


# How mappings with several values for a key give them all: Django's and werkzeug's, Starlette's, bottle's; multidict's,
# webob's, Litestar's. Their `items` give one each, some the first and some the last.
_ALL_VALUES: Final = ("getlist", "getall")


def read_pairs(value: object) -> list[tuple[object, object]] | None:
    """Return the entries of a mapping, in its order, with texts as keys made exact, or `None` for anything else.

    A key with several values stands in it several times. A mapping whose own code fails is none: its error may speak of
    the values in it.
    """
    if type(value) is RepeatedKeys:
        return list(value.pairs)
    try:
        if not isinstance(value, Mapping):
            return None
        pairs = _all_pairs(value)
        return [(key if (name := exact_text(key)) is None else name, item) for key, item in pairs]
    except Exception:  # noqa: BLE001 - foreign code: whatever it raises may speak of the values
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
    """Return the items of a sequence that is no text, or `None` for anything else, and where its own code fails."""
    if type(value) is list:
        return value
    try:
        return list(value) if isinstance(value, Sequence) and not isinstance(value, _NO_LISTS) else None
    except Exception:  # noqa: BLE001 - foreign code: its error may speak of the values
        return None
