"""What the subcommands share in reading: the options for inputs and rules, and the files themselves."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast, get_args

import click

from rr_snippet.bulk.inputs import RowSource, open_source
from rr_snippet.cli._output import failing
from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.customer.rules import CustomerRules
from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.files import reading
from rr_snippet.options import wrong_value
from rr_snippet.sources.columns import Columns
from rr_snippet.sources.encodings import encoding_problem
from rr_snippet.sources.kinds import HEAD_BYTES, FileFormat, format_of_name, kind_of, unpacked
from rr_snippet.sources.records import Record, read_records
from rr_snippet.sources.text_fields import all_consent_words, parse_read

_Command = TypeVar("_Command")


def _options(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read: what the options of `input_options` say."""

    source_format: FileFormat | None
    encoding: str
    delimiter: str | None
    columns: dict[str, str | None]
    ignore_unmapped: bool
    consent_words: dict[str, bool]

    def refuse_tables(self) -> None:
        """Refuse what says how tables are read, where the input is one JSON object.

        Raises:
            OptionError: `option.value`.
        """
        tables = (self.delimiter, self.columns, self.ignore_unmapped, self.consent_words, self.encoding != "utf-8")
        if any(tables) or self.source_format not in (None, "json"):
            raise OptionError(wrong_value("order", "a JSON object in UTF-8, and no options for tables"))

    def source(self, path: str) -> RowSource:
        """Return a file as a source for a bulk run.

        Raises:
            SourceError, OptionError: as `open_source`.
        """
        return open_source(path, **asdict(self))

    def records(self, path: str, *, rules: CustomerRules, note: Callable[[Problem], object]) -> Iterator[Record]:
        """Yield the customers of one input; `-` is standard input.

        Raises:
            SourceError, OptionError: as `open_source` and `read_raw_records`.
        """
        settings = asdict(self)
        columns = Columns.of(settings.pop("columns"), ignore_unmapped=settings.pop("ignore_unmapped"))
        settings["source_format"] = self.source_format or format_of_name(Path(path))
        with open_input(path) as stream:
            if self.source_format is None and path != "-" and (kind := kind_of(stream.peek(HEAD_BYTES))) in _TABLES:
                settings["source_format"] = kind
            if settings["source_format"] not in _TABLES:
                yield from read_records(stream, rules=rules, columns=columns, note=note, **settings)
                return
        source = replace(self, source_format=settings["source_format"]).source(path)
        for problem in source.notes():
            note(problem)
        for number, data, problems in source.rows():
            customer, problems = parse_read(data, rules, problems)
            yield Record(number, None, customer, problems)


_TABLES: Final = ("parquet", "arrow")


def input_options(formats: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options of inputs, of which the command gets one argument, `reading`."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def collected(
            *,
            delimiter: str | None,
            columns: tuple[tuple[str, str | None], ...],
            map_file: str | None,
            consent_words: dict[str, bool],
            **others: Any,
        ) -> None:
            with failing():
                reading = Reading(
                    source_format=others.pop("source_format"),
                    encoding=others.pop("encoding"),
                    delimiter="\t" if delimiter in {"tab", "\\t"} else delimiter,
                    columns=_read_mapping(columns, map_file),
                    ignore_unmapped=others.pop("ignore_unmapped"),
                    consent_words=consent_words,
                )
            command(reading=reading, **others)

        return _options(
            click.option(
                "--from",
                "source_format",
                type=click.Choice(list(formats)),
                help="The format of the input.  [default: by the file's name, else by how it begins]",
            ),
            click.option(
                "--encoding", default="utf-8", show_default=True, help="The encoding of the input, such as cp1251."
            ),
            click.option(
                "--delimiter", help="What stands between CSV cells, such as ';' or 'tab'.  [default: by the header]"
            ),
            click.option(
                "--map",
                "columns",
                multiple=True,
                metavar="NAME=FIELD",
                callback=_read_pairs,
                help="What a name in the input stands for: id=customerId, city=customData.city, card=softLinks.card; "
                "id= leaves it out. Can be repeated.",
            ),
            click.option("--map-file", metavar="FILE", help="The same, NAME=FIELD on each line; # begins a comment."),
            click.option("--ignore-unmapped", is_flag=True, help="Leave out all other names that are no field's."),
            click.option(
                "--consent-words",
                metavar="WORDS",
                callback=_read_consent_words,
                help='Words for consent in CSV, to the letter: "yes,1=true;no,0=false".',
            ),
        )(collected)

    return add


def _read_pairs(
    _context: click.Context, _parameter: click.Parameter, values: Iterable[str]
) -> tuple[tuple[str, str | None], ...]:
    with failing():
        return tuple(map(_read_pair, values))


def _read_pair(text: str) -> tuple[str, str | None]:
    name, sign, field = text.rpartition("=")
    if not sign or (field and not name):
        raise OptionError(wrong_value("columns", "NAME=FIELD, or NAME= to leave a column out"))
    return name, field.strip() or None


def _read_mapping(pairs: Iterable[tuple[str, str | None]], file: str | None) -> dict[str, str | None]:
    """Return the mapping of a file and of single options, of which each name has one place.

    Raises:
        OptionError: `option.value`, `column.target`.
        SourceError: `source.unreadable`, `customer.encoding`.
    """
    mapping: dict[str, str | None] = {}
    for name, field in (*(() if file is None else _read_map_file(file)), *pairs):
        if name in mapping:
            raise OptionError(wrong_value("columns", "each NAME once"))
        mapping[name] = field
    Columns.of(mapping)
    return mapping


def _read_map_file(file: str) -> Iterator[tuple[str, str | None]]:
    data = read_input(file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise SourceError(encoding_problem("utf-8", data))
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield _read_pair(line)


def _read_consent_words(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dict[str, bool]:
    words: dict[str, bool] = {}
    with failing():
        for group in value.split(";") if value is not None else ():
            listed, sign, flag = group.rpartition("=")
            for word in listed.split(","):
                if not sign or flag not in _FLAGS or word in words:
                    raise OptionError(wrong_value("consent_words", 'something like "yes,1=true;no,0=false"'))
                words[word] = _FLAGS[flag]
        all_consent_words(words)
    return words


_FLAGS: Final = {"true": True, "false": False}

order_option = click.option(
    "--order",
    "has_orders",
    is_flag=True,
    help="The input is an order: JSON with transaction, items, and customer or guest.",
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
    click.option("--phone-clean", is_flag=True, help="Take off phones what spreadsheets put around and into them."),
    click.option(
        "--drop-faulty",
        is_flag=True,
        help="Leave out a faulty e-mail, phone, push subscription or entry.",
    ),
    click.option("--require-consent", is_flag=True, help="Refuse customers without a consent of true or false."),
)


@contextmanager
def open_input(path: str) -> Iterator[io.BufferedReader]:
    """Open an input for reading, unpacked if it is packed by gzip; `-` is standard input, which stays open.

    Raises:
        SourceError: `source.unreadable`.
    """
    if path == "-" and sys.stdin is not None:
        with reading():
            stream = unpacked(cast("io.BufferedReader", sys.stdin.buffer))
        yield stream
        return
    if path == "-":
        raise SourceError(Problem.of("source.unreadable", reason="closed"))
    with reading():
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below; only the opening may fail here
    with stream:
        with reading():
            text = unpacked(stream)
        yield text


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
