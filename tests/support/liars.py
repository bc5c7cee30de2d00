"""Values whose own methods lie or fail: nothing they say of themselves may count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

MARK = "SECRET-7f3a"


class Text(str):
    """A text that shows itself as markup."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"</script>{MARK}"

    __html__ = __format__ = __repr__ = __str__  # type: ignore[assignment]

    def strip(self, *_: object) -> str:  # type: ignore[override]
        return f"</script>{MARK}"

    def isprintable(self) -> bool:
        return True


class Whole(int):
    """A whole number that shows itself as markup."""

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
    """A value that fails when it is asked what it is."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise RuntimeError(MARK)


class HostilePair(tuple[str, str]):
    """A pair whose own methods fail."""

    __slots__ = ()

    def __len__(self) -> int:
        raise RuntimeError(MARK)

    def __getitem__(self, index: object) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)


class HostileItems(dict[str, str]):
    """A dict whose items cannot be had."""

    def items(self) -> object:  # type: ignore[override]
        raise RuntimeError(MARK)


class HostileName(str):
    """A name whose own methods fail."""

    __slots__ = ()

    def replace(self, *_: object) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)

    lower = isascii = encode = replace  # type: ignore[assignment]


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
