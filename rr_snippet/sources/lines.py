"""The lines of a stream of bytes as text. A byte that is no text in the encoding spoils only its own record."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import IO, Final

from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.files import unreadable
from rr_snippet.options import did_you_mean, wrong_value
from rr_snippet.sources.encodings import encoding_problem, looks_like_utf_16
from rr_snippet.sources.kinds import HEAD_BYTES, refuse_foreign

_ENCODINGS: Final = ("utf-8", "utf-16", "cp1251", "koi8-r", "cp866")

# Far above any customer within the default payload limit, far below what strains the memory.
RECORD_MAX_CHARS: Final = 4 * 1024 * 1024

_HEAD_CHARS: Final = 1000

# A byte that is no text in the encoding, as the error handler "surrogateescape" decodes it.
_STRAY_BYTE: Final = re.compile("[\udc80-\udcff]")


def has_stray_byte(text: str) -> bool:
    """Return whether some byte in `text` was no text in the encoding."""
    return _STRAY_BYTE.search(text) is not None


def too_long() -> Problem:
    """Return the problem of a record with more than `RECORD_MAX_CHARS`."""
    return Problem.of("customer.too_long", limit=RECORD_MAX_CHARS)


class Lines:
    """The lines of a stream, numbered from 1. A line of more than `RECORD_MAX_CHARS` is skipped and given as `None`."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._encoding = encoding
        try:
            # A stray byte spoils only its own record, if the encoding can go on after it.
            text = io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="")
        except (LookupError, ValueError, TypeError):
            text = None
        if text is None:
            near = "cp1251" if "1251" in str(encoding) else did_you_mean(encoding, _ENCODINGS)
            raise OptionError(wrong_value("encoding", "the name of a text encoding", near=near))
        self._text = text
        self.number = 1
        self.had_quote = False
        """Whether there was a quote in the line that was skipped last."""
        # The first line that is not blank; empty if there is none.
        try:
            self.first = self._read(text.readline).removeprefix("\ufeff")
            while self.first and not self.first.strip():
                self.number += 1
                self.first = self._read(text.readline)
            refuse_foreign(self._bytes_of(self.first[:HEAD_BYTES]))
            if looks_like_utf_16(self.first[:_HEAD_CHARS].encode("utf-8", "surrogatepass")):
                raise SourceError(self.encoding_problem(self.first))
        except SourceError:
            # The caller gets no object to detach, and a wrapper that is not detached closes the stream when freed.
            self.detach()
            raise

    def __iter__(self) -> Iterator[str | None]:
        line = self.first
        while line:
            if len(line) > RECORD_MAX_CHARS:
                self.had_quote = '"' in line
                while line and not line.endswith(("\n", "\r")):
                    line = self._read(self._text.readline)
                    self.had_quote = self.had_quote or '"' in line
                yield None
            else:
                yield line
            line = self._read(self._text.readline)
            self.number += 1

    def whole_text(self) -> str:
        """Return the whole text, from the first line on."""
        rest = self._read(self._text.read, -1)
        for text in (self.first, rest):
            if has_stray_byte(text):
                raise SourceError(self.encoding_problem(text))
        return self.first + rest

    def encoding_problem(self, text: str = "") -> Problem:
        """Return the problem of bytes in `text` that are no text in the encoding."""
        return encoding_problem(self._encoding, self._bytes_of(text))

    def detach(self) -> None:
        """Leave the stream to its owner, open."""
        self._text.detach()

    def _bytes_of(self, text: str) -> bytes:
        try:
            return text.encode(self._encoding, "surrogateescape")
        except UnicodeError:  # UTF-16 cannot be encoded back
            return b""

    def _read(self, read: Callable[[int], str], size: int = RECORD_MAX_CHARS + 1) -> str:
        try:
            return read(size)
        except UnicodeError:  # it holds the bytes, so it must not become the context of what is raised
            problem = self.encoding_problem()
        except OSError as error:
            problem = unreadable(error)
        raise SourceError(problem)
