"""Flask-Caching: what it stores must not hold a customer's block."""

from __future__ import annotations

# Only to look for the block in what is about to be pickled anyway; nothing is ever loaded.
import pickle
import pickletools
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from rr_snippet.integrations._caching_calls import CachingCalls

if TYPE_CHECKING:
    from flask import Flask

# What runs a `{% cache %}` of a template.
FRAGMENTS: Final = CachingCalls(("flask_caching.jinja2ext", "CacheExtension", "_cache"))

# One of them is in every block, and unchanged by HTML escaping, JSON, indentation and pickling.
_MARKS: Final = ("rrApi.setCustomer(", "rrApi.setProfile(", "rrApi.order(")


class GuardedStore:
    """A store of Flask-Caching that stores what holds a block nowhere, and is the store in everything else.

    All of `@cache.cached`, `@cache.memoize`, `{% cache %}` and `cache.set` end here, whatever their keys.
    """

    def __init__(self, store: Any, refuses: Callable[[object], bool]) -> None:
        self._store = store
        self._refuses = refuses

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def set(self, key: str, value: object, *args: Any, **named: Any) -> Any:
        return False if self._refuses(value) else self._store.set(key, value, *args, **named)

    def add(self, key: str, value: object, *args: Any, **named: Any) -> Any:
        return False if self._refuses(value) else self._store.add(key, value, *args, **named)

    def set_many(self, mapping: Mapping[str, object], *args: Any, **named: Any) -> Any:
        kept = {key: value for key, value in mapping.items() if not self._refuses(value)}
        return self._store.set_many(kept, *args, **named)


def guard_stores(app: Flask, refuses: Callable[[object], bool]) -> None:
    """Put a `GuardedStore` before every store that `app` has by now; `refuses` is asked for each value."""
    for cache, store in _stores(app):
        if not isinstance(store, GuardedStore):
            app.extensions["cache"][cache] = GuardedStore(store, refuses)


def _stores(app: Flask) -> Iterator[tuple[object, object]]:
    module = sys.modules.get("flask_caching")
    stores = app.extensions.get("cache")
    if module is not None and isinstance(stores, dict):
        yield from [(cache, store) for cache, store in stores.items() if isinstance(cache, module.Cache)]


def is_called_by_method_of(owner: object) -> bool:
    """Tell whether a method of `owner` is running further up."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_locals.get("self") is owner:
            return True
        frame = frame.f_back
    return False


def holds_block(value: object) -> bool:
    """Tell whether a block stands in `value`, or may do so: a text, a response, a tuple of a view, whatever is stored.

    Bytes that are no text, compressed ones for instance, and what cannot be pickled cannot be looked into.
    """
    if isinstance(value, str):
        return any(mark in value for mark in _MARKS)
    if isinstance(value, bytes):
        return not _is_text(value) or holds_block(value.decode())
    try:
        parts = [argument for _, argument, _ in pickletools.genops(pickle.dumps(value))]
    except Exception:
        # Anything may come out of pickling. Nothing can be said of the value, so it counts as holding a block.
        return True
    return any(holds_block(part) for part in parts if isinstance(part, str | bytes | bytearray))


def _is_text(value: bytes) -> bool:
    try:
        return "\0" not in value.decode()
    except UnicodeDecodeError:
        return False
