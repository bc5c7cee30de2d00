"""Turn the bytes of a fuzzer into choices. Any bytes have a meaning, and a small change changes little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_Item = TypeVar("_Item")

# In these any bytes are some text, lone surrogates included.
_DECODINGS = (("utf-8", "surrogateescape"), ("latin-1", "strict"), ("utf-16-le", "surrogatepass"))


class Chooser:
    """Uses up bytes from the front. After the last byte, each choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._data)

    def byte(self) -> int:
        found = self._data[self._at] if self._at < len(self._data) else 0
        self._at += 1
        return found

    def pick(self, items: Sequence[_Item]) -> _Item:
        return items[self.byte() % len(items)]

    def flag(self) -> bool:
        return self.byte() % 2 == 1

    def take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        self._at += count
        return found

    def number(self) -> int:
        return int.from_bytes(self.take(self.byte() % 12), "big") * self.pick((1, -1))

    def text(self) -> str:
        encoding, errors = self.pick(_DECODINGS)
        return _decode(self.take(self.byte()), encoding, errors)

    def rest(self) -> bytes:
        return self.take(len(self._data))

    def rest_as_text(self) -> str:
        encoding, errors = self.pick(_DECODINGS)
        return _decode(self.rest(), encoding, errors)


def _decode(data: bytes, encoding: str, errors: str) -> str:
    if encoding == "utf-16-le":
        data = data[: len(data) & ~1]
    return data.decode(encoding, errors)
