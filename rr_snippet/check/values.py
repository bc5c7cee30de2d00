"""What is known about the value of a JavaScript expression, with positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

from rr_snippet.check.tags import Tag

Kind = Literal["string", "number", "boolean", "null", "object", "array", "function", "python", "choice", "unknown"]

# At most this many values of a choice are examined.
_VARIANTS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Value:
    """One value, from `start` up to `stop` in the page.

    `plain` is the value of a string, a number or a boolean, or the JavaScript word for a word of Python. It is `None`
    if only the type is known. `tags` are the template's tags in the value. The `items` of a choice are its possible
    values.
    """

    kind: Kind
    start: int
    stop: int
    plain: str | bool | float | None = None
    tags: tuple[Tag, ...] = ()
    members: tuple[Member, ...] = ()
    items: tuple[Value, ...] = ()

    @property
    def is_opaque(self) -> bool:
        """Whether nothing is known about the value."""
        return self.kind in ("unknown", "python")

    @property
    def is_open(self) -> bool:
        """Whether an object may have other keys than those known."""
        return any(member.key is None for member in self.members)

    def member(self, name: str) -> Member | None:
        """Return the last member of an object with this key."""
        return next((member for member in reversed(self.members) if member.key == name), None)

    def leaves(self) -> Iterator[Value]:
        """Yield the value itself, or the values in it that hold no others."""
        children = [member.value for member in self.members] or list(self.items)
        if not children:
            yield self
        for child in children:
            yield from child.leaves()

    def variants(self) -> Iterator[Value]:
        """Yield the value with the first item of every choice in it, then with the second, and so on."""
        for number in range(min(self._width(), _VARIANTS_MAX)):
            yield self._variant(number)

    def _width(self) -> int:
        widths = [child._width() for child in (*self.items, *(member.value for member in self.members))]
        return max([1, *widths, len(self.items) if self.kind == "choice" else 1])

    def _variant(self, number: int) -> Value:
        if self.kind == "choice":
            return self.items[min(number, len(self.items) - 1)]._variant(number)
        if not self.members and not self.items:
            return self
        members = chain.from_iterable(member.variant(number) for member in self.members)
        return replace(self, members=tuple(members), items=tuple(item._variant(number) for item in self.items))


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object. Its label is a value too, and unknown if the key is computed."""

    label: Value
    value: Value
    is_spread: bool = False

    @property
    def key(self) -> str | None:
        """The key, `None` if it is computed, printed by a template, or a spread."""
        return self.label.plain if isinstance(self.label.plain, str) else None

    @property
    def start(self) -> int:
        """Where the member starts in the page."""
        return self.label.start

    def variant(self, number: int) -> Iterator[Member]:
        """Yield the member with its choices taken, or the members of a spread object in its place."""
        value = self.value._variant(number)
        if self.is_spread and value.kind == "object":
            yield from value.members
        elif not (self.is_spread and value.kind in ("null", "boolean")):
            yield replace(self, value=value)
