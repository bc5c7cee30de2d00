"""Files of customers: JSON Lines and CSV read by the standard library, Parquet and Arrow IPC read by pyarrow.

A source can be pickled, and cuts itself into parts. Each part is a source again, which any process can read alone. The
cuts depend on the file, never on its reader.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from rr_snippet.bulk.rows import Row
from rr_snippet.bulk.table_files import ArrowFile, ParquetFile
from rr_snippet.bulk.text_files import JsonLinesFile, TextFile, opened
from rr_snippet.errors import Problem, SourceError
from rr_snippet.options import refuse, wrong_choice
from rr_snippet.sources.columns import Columns
from rr_snippet.sources.kinds import HEAD_BYTES, format_of_name, kind_of, refuse_foreign
from rr_snippet.sources.text_fields import ConsentWords, all_consent_words

RowFormat = Literal["jsonl", "csv", "parquet", "arrow"]


class RowSource(Protocol):
    """A file of customers, or a part of one."""

    @property
    def path(self) -> str:
        """The path of the file."""

    @property
    def row_limit(self) -> int | None:
        """The largest possible number of rows, `None` if unknown."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows as they are read.

        Raises:
            SourceError: the source as a whole cannot be read.
        """

    def parts(self) -> Iterator[RowSource]:
        """Yield the parts in their order. Together they have all rows, numbered as in the whole.

        Raises:
            SourceError: the source as a whole cannot be read, as far as that shows before its rows are read. A name of
                the mapping that the source does not have always shows.
        """

    def notes(self) -> Sequence[Problem]:
        """Return notes about input that is no fault, before the rows are read: `column.left_out`.

        Raises:
            SourceError: as `parts`.
        """


def open_source(
    path: str | Path,
    *,
    source_format: RowFormat | None = None,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    ignore_unmapped: bool = False,
    consent_words: ConsentWords | None = None,
) -> RowSource:
    """Return the file at `path` as a source. The format shows in the suffix of the name, or else in the first bytes.

    `columns` maps a name in the file to a field (`{"id": "customerId"}`), to an entry of a field
    (`{"city": "customData.city"}`), or to `None`, which leaves it out. `ignore_unmapped` leaves out all other names
    that are no field. `encoding` is for text; `delimiter` and `consent_words` (`{"yes": True, "no": False}`) are for
    CSV. A file packed by gzip is unpacked.

    Raises:
        OptionError: `option.value`, `column.target`.
        SourceError: `source.format`, `source.foreign`, `source.unreadable`, if the suffix is unknown.
    """
    if source_format is not None:
        refuse(wrong_choice("source_format", source_format, get_args(RowFormat)))
    mapping = Columns.of(columns, ignore_unmapped=ignore_unmapped)
    words = tuple(all_consent_words(consent_words).items())
    source_format = source_format or _format_of(Path(path))
    if source_format == "jsonl" and _is_utf_8(encoding):
        return JsonLinesFile(str(path), mapping)
    if source_format in ("csv", "jsonl"):
        return TextFile(str(path), source_format, encoding, delimiter, mapping, words)
    return (ParquetFile if source_format == "parquet" else ArrowFile)(str(path), mapping)


def _is_utf_8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    except LookupError:
        return False


def _format_of(path: Path) -> RowFormat:
    found = format_of_name(path)
    if found is None:
        with opened(str(path)) as stream:
            head = stream.read(HEAD_BYTES)
        if kind_of(head) not in {"parquet", "arrow"}:
            refuse_foreign(head)
            raise SourceError(Problem.of("source.format", formats=", ".join(get_args(RowFormat))))
        return cast("RowFormat", kind_of(head))
    return cast("RowFormat", found)  # no suffix stands for JSON
