"""Files of results: JSON Lines by the standard library, Parquet by pyarrow. A file is whole, or not there at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Final, Literal

from pydantic_core import to_json

from rr_snippet.bulk.rows import RenderedRow
from rr_snippet.errors import OptionError, Problem
from rr_snippet.files import replaced, writing
from rr_snippet.options import wrong_value

ResultFormat = Literal["jsonl", "parquet"]

_FORMAT_OF_SUFFIX: Final[dict[str, ResultFormat]] = {".jsonl": "jsonl", ".parquet": "parquet"}

# Smaller row groups compress worse and read more slowly.
_ROWS_PER_GROUP: Final = 32_768
# With long blocks a group has fewer rows, because they wait in memory.
_CHARS_PER_GROUP: Final = 64 * 1024 * 1024

WriteResults = Callable[[Sequence[RenderedRow]], object]


def result_format(path: str | Path) -> ResultFormat:
    """Return the format that the suffix of a file's name stands for.

    Raises:
        OptionError: `option.value`.
        MissingDependencyError: pyarrow is not installed, and the format is Parquet.
    """
    found = _FORMAT_OF_SUFFIX.get(Path(path).suffix)
    if found is None:
        raise OptionError(wrong_value("target", "a name ending in .jsonl or .parquet"))
    if found == "parquet":
        import_module("rr_snippet.bulk.columns")
    return found


@contextmanager
def open_results(path: Path, file_format: ResultFormat, *, source: str) -> Iterator[WriteResults]:
    """Open a file for the results of the rows in the file `source`, and yield the function that writes them."""
    if file_format == "jsonl":
        source_text = json.dumps(source)
        with path.open("wb") as stream:
            yield lambda results: stream.write(
                "".join(_json_line(result, source_text) for result in results).encode("ascii")
            )
        return
    from rr_snippet.bulk.columns import NUMBERED_SCHEMA, pq, result_batch

    waiting: list[RenderedRow] = []
    waiting_chars = 0

    def write(results: Sequence[RenderedRow], *, least: int = _ROWS_PER_GROUP) -> None:
        nonlocal waiting_chars
        waiting.extend(results)
        waiting_chars += sum(len(block or "") for _, _, block, _, _ in results)
        if len(waiting) >= least or waiting_chars >= _CHARS_PER_GROUP:
            writer.write_batch(result_batch(waiting, source=source))
            waiting.clear()
            waiting_chars = 0

    # Opened here, because pyarrow accepts only paths in UTF-8.
    with path.open("wb") as stream, pq.ParquetWriter(stream, NUMBERED_SCHEMA, compression="zstd") as writer:
        yield write
        write((), least=1)


def join_results(parts: Iterable[Path], target: Path) -> None:
    """Join the results in `parts` into one file of the same format, with only a piece in memory at a time.

    Raises:
        OutputError: `output.unwritable`.
    """
    with writing(), replaced(target) as temporary:
        if result_format(target) == "jsonl":
            with temporary.open("wb") as joined:
                for part in parts:
                    with part.open("rb") as stream:
                        shutil.copyfileobj(stream, joined, 1024 * 1024)
            return
        from rr_snippet.bulk.columns import NUMBERED_SCHEMA, pq

        with (
            temporary.open("wb") as joined,
            pq.ParquetWriter(joined, NUMBERED_SCHEMA, compression="zstd") as writer,
        ):
            for part in parts:
                with part.open("rb") as stream, pq.ParquetFile(stream) as file:
                    for group in range(file.num_row_groups):
                        # In one thread: the memory that pyarrow's threads retain grows with the rows.
                        writer.write_table(file.read_row_group(group, use_threads=False))


def _json_line(result: RenderedRow, source_text: str) -> str:
    """Return a result as one line of JSON in ASCII. JSON's own escapes stand for other characters."""
    row, customer_id, block, problems, _ = result
    id_text = "null" if customer_id is None else encode_basestring_ascii(customer_id)
    # This encoder leaves other characters as they are, but a block is ASCII already, and it takes two thirds of the
    # time.
    block_text = "null" if block is None else to_json(block).decode("ascii")
    error_text = _json_error(problems) if problems else "null"
    return (
        f'{{"customerId":{id_text},"snippet":{block_text},"error":{error_text},"source":{source_text},"row":{row}}}\n'
    )


def _json_error(problems: Sequence[Problem]) -> str:
    return json.dumps(
        [{"code": problem.code, "path": problem.path, "message": problem.message} for problem in problems],
        separators=(",", ":"),
    )
