"""What a rule found, by its offset in the page; the checker makes findings of it."""

from __future__ import annotations

from typing import NamedTuple


class Hit(NamedTuple):
    """One rule broken at one place; see `Finding` for the parts."""

    offset: int
    code: str
    field: str = ""
    details: tuple[tuple[str, str | int], ...] = ()


def hit(offset: int, code: str, field: str = "", /, **details: str | int) -> Hit:
    """Return a hit whose message mentions `details`."""
    return Hit(offset, code, field, tuple(details.items()))
