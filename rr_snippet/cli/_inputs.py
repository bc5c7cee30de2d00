"""What the subcommands share in reading: the options for inputs and rules, and the files themselves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, TypeVar, get_args

import click

from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.errors import Problem, SourceError
from rr_snippet.files import reading
from rr_snippet.sources.records import Record, SourceFormat

_Command = TypeVar("_Command")

_FORMAT_OF_SUFFIX: Final[dict[str, SourceFormat]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}


def _options(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


input_options = _options(
    click.option(
        "--from",
        "source_format",
        type=click.Choice(get_args(SourceFormat)),
        help="The format of the input.  [default: by the file's name, else by its first line]",
    ),
    click.option("--encoding", default="utf-8", show_default=True, help="The encoding of the input, such as cp1251."),
    click.option("--delimiter", help="What stands between CSV cells, such as ';' or 'tab'.  [default: by the header]"),
)

rule_options = _options(
    click.option("--phone-region", metavar="CC", help="Send phones as E.164; RU reads 8 911 ... as Russian."),
    click.option(
        "--phone-check",
        type=click.Choice(get_args(PhoneCheck)),
        default="shape",
        show_default=True,
        help="How closely phones are looked at.",
    ),
    click.option("--require-consent", is_flag=True, help="Refuse customers without a consent of true or false."),
)


def input_settings(path: str, *, source_format: str | None, encoding: str, delimiter: str | None) -> dict[str, Any]:
    """Return the keyword arguments of `read_records` for one input; `-` is standard input."""
    suffix = Path(path).suffix.lower()
    return {
        "source_format": source_format or _FORMAT_OF_SUFFIX.get(suffix),
        "encoding": encoding,
        "delimiter": "\t" if delimiter in {"tab", "\\t"} else delimiter,
    }


@contextmanager
def open_input(path: str) -> Iterator[IO[bytes]]:
    """Open an input for reading; `-` is standard input, which stays open.

    Raises:
        SourceError: `source.unreadable`.
    """
    if path == "-" and sys.stdin is not None:
        yield sys.stdin.buffer
        return
    if path == "-":
        raise SourceError(Problem.of("source.unreadable", reason="closed"))
    with reading():
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below; only the opening may fail here
    with stream:
        yield stream


def read_input(path: str) -> bytes:
    """Return the whole of an input.

    Raises:
        SourceError: `source.unreadable`.
    """
    with open_input(path) as stream, reading():
        return stream.read()


def input_name(path: str) -> str:
    """Return how messages call an input."""
    if path == "-":
        return "standard input"
    # A line end in a name would look like another message.
    return path if path.isprintable() else ascii(path)[1:-1]


def record_place(path: str, record: Record) -> str:
    """Return where a record stands: the line in a format of lines, else its number; both count from 1."""
    return f"{input_name(path)}:{record.line}" if record.line else f"{input_name(path)}: record {record.number}"
