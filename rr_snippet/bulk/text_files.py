"""JSON Lines and CSV as sources of rows, plain or packed by gzip."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from errno import EINVAL
from functools import partial
from itertools import islice
from pathlib import Path
from stat import S_IFDIR, S_IFMT, S_IFREG
from typing import Final, Literal

from rr_snippet.bulk.rows import Row
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, Problem, SourceError
from rr_snippet.files import reading
from rr_snippet.sources.columns import AS_NAMED, Columns, Renaming
from rr_snippet.sources.encodings import encoding_problem
from rr_snippet.sources.kinds import HEAD_BYTES, refuse_foreign, unpacked
from rr_snippet.sources.lines import RECORD_MAX_CHARS, too_long
from rr_snippet.sources.records import read_raw_records

# A second or two of work: enough to be worth a process, little enough to lose in a crash.
PART_BYTES: Final = 32 * 1024 * 1024

_BLOCK_BYTES: Final = 1024 * 1024
_NOTED_ROWS: Final = 1000
# A character is at most four bytes of UTF-8.
_LINE_MAX_BYTES: Final = 4 * RECORD_MAX_CHARS


@contextmanager
def opened(path: str) -> Iterator[io.BufferedReader]:
    """Open a regular file for reading, without unpacking it.

    Raises:
        SourceError: `source.unreadable`, also for an `OSError` in the block.
    """
    with reading():
        # Parts are read separately, and the whole more than once. A pipe can be read only once.
        if S_IFMT(Path(path).stat().st_mode) not in (S_IFREG, S_IFDIR):
            raise OSError(EINVAL, "no regular file")
        with Path(path).open("rb") as stream:
            yield stream


@dataclass(frozen=True, slots=True)
class JsonLinesFile:
    """JSON Lines: the bytes `start` to `end` of a file, from line `first_line` on."""

    path: str
    columns: Columns = AS_NAMED
    start: int = 0
    end: int | None = None
    first_line: int = 1
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows. A line that cannot be read is a row with problems. A blank line is no row.

        Raises:
            SourceError: `column.missing`, after the last row, if this is the whole file.
        """
        if self.columns == AS_NAMED:
            yield from self._lines()
            return
        rename = Renaming(self.columns)
        number = 0
        for number, data, problems in self._lines():
            yield number, rename(data), problems
        if self.end is None and number and not rename.is_complete:
            raise SourceError(*rename.missing())

    def _lines(self) -> Iterator[Row]:
        number = self.first_line - 1
        left = sys.maxsize if self.end is None else self.end - self.start
        with opened(self.path) as file:
            stream = unpacked(file)
            if self.start:
                stream.seek(self.start)
            else:
                refuse_foreign(stream.peek(HEAD_BYTES))
            while left > 0 and (line := stream.readline(_LINE_MAX_BYTES)):
                number += 1
                left -= len(line)
                # The number of bytes shows whether the line may be too long; then its characters are counted.
                is_long = len(line) > RECORD_MAX_CHARS and len(line.decode(errors="replace")) > RECORD_MAX_CHARS
                if is_long or len(line) == _LINE_MAX_BYTES:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(_LINE_MAX_BYTES)
                        left -= len(line)
                    yield number, None, (too_long(),)
                elif line := line.strip():
                    yield _read_line(line, number)

    def parts(self) -> Iterator[JsonLinesFile]:
        """Yield parts of whole lines with about `PART_BYTES` each, or the whole if it is packed.

        This reads the file once to count its lines, so that the rows of each part can be numbered.
        """
        self._check_names()
        start = position = lines = 0
        first_line = 1
        with opened(self.path) as file:
            stream = unpacked(file)
            refuse_foreign(stream.peek(HEAD_BYTES))
            while block := stream.read(_BLOCK_BYTES):
                cut = block.rfind(b"\n") + 1
                lines += block.count(b"\n")
                if stream is file and cut and position + cut - start >= PART_BYTES:
                    end = position + cut
                    yield replace(self, start=start, end=end, first_line=first_line, row_limit=lines)
                    start, first_line, lines = end, first_line + lines, 0
                position += len(block)
        if stream is not file:
            yield replace(self, row_limit=lines + 1)
        elif position > start or position == 0:
            yield replace(self, start=start, end=position, first_line=first_line, row_limit=lines + 1)

    def _check_names(self) -> None:
        """Make sure that each name of the mapping occurs. The first line usually has all of them."""
        rename = Renaming(self.columns)
        is_empty = True
        for _, data, _ in self._lines() if self.columns.names else ():
            is_empty = False
            rename(data)
            if rename.is_complete:
                return
        if not is_empty:
            raise SourceError(*rename.missing())

    def notes(self) -> Sequence[Problem]:
        """Return what the names in the first records show, because there is no header."""
        notes: list[Problem] = []
        if self.columns.ignore_unmapped:
            rename = Renaming(self.columns, notes.append)
            for _, data, _ in islice(self._lines(), _NOTED_ROWS):
                rename(data)
        return notes


def _read_line(line: bytes, number: int) -> Row:
    try:
        return number, decode_json(line, first_line=number), ()
    except CustomerError as error:
        is_text = error.code != "customer.encoding"
        return number, None, error.problems if is_text else (encoding_problem("utf-8", line),)


@dataclass(frozen=True, slots=True)
class TextFile:
    """CSV, or JSON Lines that are not UTF-8. It is never cut: only a reader from the top knows where a row ends."""

    path: str
    source_format: Literal["csv", "jsonl"]
    encoding: str = "utf-8"
    delimiter: str | None = None
    columns: Columns = AS_NAMED
    consent_words: tuple[tuple[str, bool], ...] = ()
    row_limit: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows. A row's number is that of its first line."""
        return self._rows([])

    def _rows(self, notes: list[Problem]) -> Iterator[Row]:
        with opened(self.path) as stream:
            for record in read_raw_records(
                unpacked(stream),
                source_format=self.source_format,
                encoding=self.encoding,
                delimiter=self.delimiter,
                columns=self.columns,
                consent_words=dict(self.consent_words),
                note=notes.append,
            ):
                yield record.line or record.number, record.data, record.problems

    def parts(self) -> Iterator[TextFile]:
        """Check the first record, count the lines, and yield the file itself."""
        next(self.rows(), None)
        with opened(self.path) as stream:
            # The number may be too high: both halves of a line end between two blocks count.
            lines = sum(
                block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
                for block in iter(partial(unpacked(stream).read, _BLOCK_BYTES), b"")
            )
        yield replace(self, row_limit=lines + 1)

    def notes(self) -> Sequence[Problem]:
        """Return the notes about the header, or about the first record."""
        notes: list[Problem] = []
        next(self._rows(notes), None)
        return notes
