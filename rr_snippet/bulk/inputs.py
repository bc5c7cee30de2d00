"""Files of customers: JSON Lines and CSV, read by the standard library, Parquet and Arrow IPC, read by pyarrow.

A source can be pickled and knows how to cut itself into parts, each a source again, that any process can read alone.
Where the cuts are depends on the file, never on who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol, cast, get_args

from rr_snippet.bulk.rows import Row
from rr_snippet.bulk.table_files import ArrowFile, ParquetFile
from rr_snippet.bulk.text_files import CsvFile, JsonLinesFile, opened
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
        """Where the file is."""

    @property
    def row_limit(self) -> int | None:
        """How many rows there are at most, where that is known."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows, as they are read.

        Raises:
            SourceError: what makes the whole unreadable.
        """

    def parts(self) -> Iterator[RowSource]:
        """Yield the parts, in their order; together they have all rows, each numbered as in the whole.

        Raises:
            SourceError: what makes the whole unreadable, as far as that shows before the rows are read; a name of the
                mapping that is nowhere in it always does.
        """

    def notes(self) -> Sequence[Problem]:
        """Return what is worth a word before the rows are read, and no fault: `column.left_out`.

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
    """Return the file at `path` as a source; without `source_format` the ending of its name tells, or its first bytes.

    `columns` tells what a name in the file stands for: a field (`{"id": "customerId"}`), an entry of one
    (`{"city": "customData.city"}`), or `None` to leave it out; `ignore_unmapped` leaves out all other names that are no
    field's. `encoding`, `delimiter` and `consent_words` (`{"yes": True, "no": False}`) are for CSV: JSON Lines are
    UTF-8 always. What is packed by gzip is unpacked.

    Raises:
        OptionError: `option.value`, `column.target`.
        SourceError: `source.format`, `source.foreign`, `source.unreadable`, where the ending of the name is unknown.
    """
    if source_format is not None:
        refuse(wrong_choice("source_format", source_format, get_args(RowFormat)))
    mapping = Columns.of(columns, ignore_unmapped=ignore_unmapped)
    words = tuple(all_consent_words(consent_words).items())
    source_format = source_format or _format_of(Path(path))
    if source_format == "csv":
        return CsvFile(str(path), encoding, delimiter, mapping, words)
    if source_format == "jsonl":
        return JsonLinesFile(str(path), mapping)
    return (ParquetFile if source_format == "parquet" else ArrowFile)(str(path), mapping)


def _format_of(path: Path) -> RowFormat:
    found = format_of_name(path)
    if found is None:
        with opened(str(path)) as stream:
            head = stream.read(HEAD_BYTES)
        if kind_of(head) not in {"parquet", "arrow"}:
            refuse_foreign(head)
            raise SourceError(Problem.of("source.format", formats=", ".join(get_args(RowFormat))))
        return cast("RowFormat", kind_of(head))
    return cast("RowFormat", found)  # JSON is none that a name stands for
