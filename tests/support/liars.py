"""Values with methods that lie or fail. Nothing they say about themselves may count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

MARK = "SECRET-7f3a"


class Text(str):
    """A text that claims to be markup."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"</script>{MARK}"

    __html__ = __format__ = __repr__ = __str__  # type: ignore[assignment]

    def strip(self, *_: object) -> str:  # type: ignore[override]
        return f"</script>{MARK}"

    def isprintable(self) -> bool:
        return True


class Whole(int):
    """A whole number that claims to be markup."""

    def __str__(self) -> str:
        return f"</script>{MARK}"

    __repr__ = __format__ = __str__  # type: ignore[assignment]

    def __abs__(self) -> int:
        return 0


class Proxy:
    """A value that claims to be of another type, as the lazy objects of web frameworks do."""

    def __init__(self, value: object) -> None:
        self._value = value

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._value)

    def __getattr__(self, name: str) -> object:
        return getattr(self._value, name)

    def __str__(self) -> str:
        return MARK


class Nobody:
    """A value that fails when it is asked for its type."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise RuntimeError(MARK)


class HostilePair(tuple[str, str]):
    """A pair whose methods fail."""

    __slots__ = ()

    def __len__(self) -> int:
        raise RuntimeError(MARK)

    def __getitem__(self, index: object) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)


class HostileItems(dict[str, str]):
    """A dict that fails to give its items."""

    def items(self) -> object:  # type: ignore[override]
        raise RuntimeError(MARK)


class HostileName(str):
    """A name whose methods fail."""

    __slots__ = ()

    def replace(self, *_: object) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)

    lower = isascii = encode = replace  # type: ignore[assignment]


class FailingKey(str):
    """A key that has the hash of the `name` it is made with, and fails when it is compared."""

    __slots__ = ("_hash",)

    def __new__(cls, name: str) -> FailingKey:
        key = super().__new__(cls, f"{name} {MARK}")
        key._hash = hash(name)
        return key

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        raise RuntimeError(MARK)


class NoKey:
    """A value that fails as a key."""

    def __hash__(self) -> int:
        raise RuntimeError(MARK)


class Pairs(Mapping[object, object]):
    """A mapping whose keys cannot be keys of a dict."""

    def __init__(self, *pairs: tuple[object, object]) -> None:
        self._pairs = pairs

    def __getitem__(self, key: object) -> object:
        raise KeyError(MARK)

    def __iter__(self) -> Iterator[object]:
        return (key for key, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def items(self) -> object:  # type: ignore[override]
        return iter(self._pairs)


class Unequal(str):
    """A text that fails when it is compared."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError(MARK)

    __ne__ = __eq__


class FailingDelta(timedelta):
    """A timedelta that fails in arithmetic."""

    def __mod__(self, other: object) -> timedelta:  # type: ignore[override]
        raise RuntimeError(MARK)


class FailingZone(tzinfo):
    """A time zone whose offset is such a timedelta."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return FailingDelta(hours=3)


class HostileBytes(bytes):
    """Bytes whose methods fail."""

    def __bytes__(self) -> bytes:
        raise RuntimeError(MARK)

    def decode(self, *_: object) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)


class FailingMapping(Mapping[str, str]):
    """A mapping whose code fails, with a value in its error."""

    def __getitem__(self, key: str) -> str:
        raise RuntimeError(MARK)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError(MARK)

    def __len__(self) -> int:
        raise RuntimeError(MARK)


class FailingSequence(Sequence[str]):
    """A sequence whose code fails, with a value in its error."""

    def __getitem__(self, index: object) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)

    def __len__(self) -> int:
        raise RuntimeError(MARK)
