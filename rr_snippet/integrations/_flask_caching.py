"""Keep customers' blocks out of Flask-Caching."""

from __future__ import annotations

# Only to search for a block in values that will be pickled anyway. Nothing is ever unpickled.
import pickle
import pickletools
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from rr_snippet.integrations._caching_calls import CachingCalls

if TYPE_CHECKING:
    from flask import Flask

# The method that runs a template's `{% cache %}`.
FRAGMENTS: Final = CachingCalls(("flask_caching.jinja2ext", "CacheExtension", "_cache"))

# Every block has one of them, and HTML escaping, JSON, indentation and pickling do not change it.
_MARKS: Final = ("rrApi.setCustomer(", "rrApi.setProfile(", "rrApi.order(")


class GuardedStore:
    """A store of Flask-Caching that does not store a value with a block. In everything else it is the original store.

    `@cache.cached`, `@cache.memoize`, `{% cache %}` and `cache.set` all end here, whatever their keys.
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
    """Put a `GuardedStore` in front of every store that `app` has so far; `refuses` decides about each value."""
    for cache, store in _stores(app):
        if not isinstance(store, GuardedStore):
            app.extensions["cache"][cache] = GuardedStore(store, refuses)


def _stores(app: Flask) -> Iterator[tuple[object, object]]:
    module = sys.modules.get("flask_caching")
    stores = app.extensions.get("cache")
    if module is not None and isinstance(stores, dict):
        yield from [(cache, store) for cache, store in stores.items() if isinstance(cache, module.Cache)]


def is_called_by_method_of(owner: object) -> bool:
    """Return whether a method of `owner` is running further up the stack."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_locals.get("self") is owner:
            return True
        frame = frame.f_back
    return False


def holds_block(value: object) -> bool:
    """Return whether `value` has a block, or may have one: a text, a response, a view's tuple, anything that is stored.

    Bytes that are no text, such as compressed ones, and values that cannot be pickled cannot be examined.
    """
    if isinstance(value, str):
        return any(mark in value for mark in _MARKS)
    if isinstance(value, bytes):
        return not _is_text(value) or holds_block(value.decode())
    try:
        parts = [argument for _, argument, _ in pickletools.genops(pickle.dumps(value))]
    except Exception:
        # Pickling may raise anything. Then nothing is known about the value, so it counts as having a block.
        return True
    return any(holds_block(part) for part in parts if isinstance(part, str | bytes | bytearray))


def _is_text(value: bytes) -> bool:
    try:
        return "\0" not in value.decode()
    except UnicodeDecodeError:
        return False
