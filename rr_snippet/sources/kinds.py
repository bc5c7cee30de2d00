"""Recognise a file by its name and its first bytes: text, packed text, or neither."""

from __future__ import annotations

import gzip
import io
import zlib
from errno import EIO
from pathlib import Path
from typing import Final, Literal

from rr_snippet.errors import Problem, SourceError

HEAD_BYTES: Final = 8
"""The number of bytes that show what a file is."""

_KINDS: Final = {
    b"PK\x03\x04": "zip",  # .xlsx, .ods and .docx too
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls",
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"<": "xml",
}


FileFormat = Literal["json", "jsonl", "csv", "parquet", "arrow"]

_FORMAT_OF_SUFFIX: Final[dict[str, FileFormat]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}


def format_of_name(path: Path) -> FileFormat | None:
    """Return the format that the suffix of a file's name stands for, before any `.gz`; `None` if it stands for none."""
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return _FORMAT_OF_SUFFIX.get(name.suffix.lower())


def kind_of(head: bytes) -> str | None:
    """Return the kind of a file that begins with `head`, `None` if it may be JSON or CSV."""
    return next((kind for start, kind in _KINDS.items() if head.removeprefix(b"\xef\xbb\xbf").startswith(start)), None)


def refuse_foreign(head: bytes) -> None:
    """Refuse a file that begins with `head` if it can be neither JSON nor CSV.

    Raises:
        SourceError: `source.foreign`.
    """
    kind = kind_of(head)
    if kind is not None:
        raise SourceError(Problem.of("source.foreign", **{kind: 1}))


def unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    """Return a stream unpacked if it is packed by gzip, otherwise the stream itself."""
    if kind_of(stream.peek(HEAD_BYTES)) != "gzip":
        return stream
    return io.BufferedReader(_Unpacking(stream))


class _Unpacking(io.RawIOBase):
    """Unpacks gzip. A fault in it is an `OSError`, as with any other file."""

    def __init__(self, packed: io.BufferedReader) -> None:
        self._file = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # BufferedReader passes a memoryview
        try:
            data = self._file.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            data = None
        if data is None:
            raise OSError(EIO, "packed by gzip, but damaged or cut off")
        buffer[: len(data)] = data
        return len(data)
