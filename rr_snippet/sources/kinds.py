"""What a file is by its name and by its first bytes: text to be read, text that is packed, or neither."""

from __future__ import annotations

import gzip
import io
import zlib
from errno import EIO
from pathlib import Path
from typing import Final, Literal

from rr_snippet.errors import Problem, SourceError

HEAD_BYTES: Final = 8
"""How many bytes of a file tell."""

_KINDS: Final = {
    b"PK\x03\x04": "zip",  # and with it .xlsx, .ods, .docx
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
    """Return the format that the ending of a file's name stands for, `.gz` aside; `None` where the content tells."""
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return _FORMAT_OF_SUFFIX.get(name.suffix.lower())


def kind_of(head: bytes) -> str | None:
    """Return what a file that begins with `head` is, `None` for what may be JSON or CSV."""
    return next((kind for start, kind in _KINDS.items() if head.removeprefix(b"\xef\xbb\xbf").startswith(start)), None)


def refuse_foreign(head: bytes) -> None:
    """Make sure that a file that begins with `head` may be JSON or CSV.

    Raises:
        SourceError: `source.foreign`.
    """
    kind = kind_of(head)
    if kind is not None:
        raise SourceError(Problem.of("source.foreign", **{kind: 1}))


def unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    """Return what is packed by gzip in a stream, or the stream itself if nothing is."""
    if kind_of(stream.peek(HEAD_BYTES)) != "gzip":
        return stream
    return io.BufferedReader(_Unpacking(stream))


class _Unpacking(io.RawIOBase):
    """Unpacks gzip; what is wrong with it is an `OSError`, as with any other file."""

    def __init__(self, packed: io.BufferedReader) -> None:
        self._file = gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader hands over
        try:
            data = self._file.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            data = None
        if data is None:
            raise OSError(EIO, "packed by gzip, but damaged or cut off")
        buffer[: len(data)] = data
        return len(data)
