"""The options that several commands share: how inputs are read, and the rules for customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, Final, TypeVar, get_args

import click

from rr_snippet.cli._inputs import Reading, input_name, read_input
from rr_snippet.cli._output import failing
from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.errors import OptionError, SourceError
from rr_snippet.options import wrong_value
from rr_snippet.sources.columns import Columns
from rr_snippet.sources.encodings import encoding_problem
from rr_snippet.sources.kinds import FileFormat
from rr_snippet.sources.text_fields import all_consent_words

_Command = TypeVar("_Command")

# For completion with the names of files. An unreadable file is reported when it is read, in our words.
FILE: Final = click.Path(readable=False, allow_dash=True)
VARIANT_HELP: Final = "With regions, without, or (auto) by the defaultStockId of the customer."


def _options(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def text_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for reading text and for the names in it: `encoding`, `delimiter` and `columns`."""

    @wraps(command)
    def collected(
        *,
        delimiter: str | None,
        columns: tuple[tuple[str, str | None], ...],
        map_file: str | None,
        ignore_unmapped: bool,
        **others: Any,
    ) -> None:
        with failing():
            mapping = _read_mapping(columns, map_file, ignore_unmapped=ignore_unmapped)
        command(delimiter="\t" if delimiter in {"tab", "\\t"} else delimiter, columns=mapping, **others)

    return _options(
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
        click.option(
            "--map-file", metavar="FILE", type=FILE, help="The same, NAME=FIELD on each line; # begins a comment."
        ),
        click.option("--ignore-unmapped", is_flag=True, help="Leave out all other names that are no field's."),
    )(collected)


def input_options(formats: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options of inputs. The command gets them as one argument, `reading`."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def collected(
            *,
            source_format: FileFormat | None,
            encoding: str,
            delimiter: str | None,
            columns: Columns,
            consent_words: dict[str, bool],
            **others: Any,
        ) -> None:
            command(reading=Reading(source_format, encoding, delimiter, columns, consent_words), **others)

        return _options(
            click.option(
                "--from",
                "source_format",
                type=click.Choice(list(formats)),
                help="The format of the input.  [default: by the file's name, else by how it begins]",
            ),
            text_options,
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


def _read_pair(text: str, option: str = "columns") -> tuple[str, str | None]:
    name, sign, field = text.rpartition("=")
    if not sign or (field and not name):
        raise OptionError(wrong_value(option, "NAME=FIELD, or NAME= to leave a column out"))
    return name, field.strip() or None


def _read_mapping(pairs: Iterable[tuple[str, str | None]], file: str | None, *, ignore_unmapped: bool) -> Columns:
    """Return the mapping from a file and from single options. A name may be in only one of them.

    Raises:
        OptionError: `option.value`, `column.target`.
        SourceError: `source.unreadable`, `customer.encoding`.
    """
    mapping: dict[str, str | None] = {}
    for name, field in (*(() if file is None else _read_map_file(file)), *pairs):
        if name in mapping:
            raise OptionError(wrong_value("columns", "each NAME once"))
        mapping[name] = field
    return Columns.of(mapping, ignore_unmapped=ignore_unmapped)


def _read_map_file(file: str) -> Iterator[tuple[str, str | None]]:
    with failing(input_name(file)):
        data = read_input(file)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = None
        if text is None:
            # Without a guess, because --encoding is not about this file.
            raise SourceError(encoding_problem("utf-8"))
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield _read_pair(line, f"map_file: {input_name(file)}:{number}")


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
