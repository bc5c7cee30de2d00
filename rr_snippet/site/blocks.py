"""Which block belongs into which page: by its path, by a pattern, by what the page says of itself, or by default."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, Literal

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.render import Renderer
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.customer.texts import object_of, read_pairs
from rr_snippet.errors import CustomerError, Problem, SnippetError, SourceError
from rr_snippet.files import unreadable
from rr_snippet.site.patterns import compile_pattern, is_pattern, pattern_problem
from rr_snippet.sources.records import read_raw_records
from rr_snippet.sources.text_fields import decode_text_fields

EntryFormat = Literal["json", "jsonl", "csv", "toml"]

FORMAT_OF_SUFFIX: Final[dict[str, EntryFormat]] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".toml": "toml",
}

# What stands for "this page gets none"; `None` in the same place says nothing of the page.
NO_BLOCK: Final = ""

_PAGE: Final = "page"
_METADATA_PREFIX: Final = "rr_"
_METADATA_NAME: Final = "rr_customer"
# Before Python 3.14 the place is in the text alone, and the text may quote the document.
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a pattern, and the customer for it, `None` for no block at all; nothing is checked yet.

    `number` counts the entries of a source, `line` is where it begins in a format made of lines; both from 1.
    """

    number: int
    line: int | None
    pattern: object
    customer: object
    problems: tuple[Problem, ...] = ()


def read_entries(
    stream: IO[bytes],
    *,
    source_format: EntryFormat,
    encoding: str = "utf-8",
    delimiter: str | None = None,
) -> Iterator[Entry]:
    """Yield the entries of a stream of bytes in their order.

    JSON and TOML hold one object of pages and customers, where JSON has `null` for no block. JSON may also hold an
    array of records, and JSON Lines and CSV do: a customer's fields, and the page beside them as `page`.

    Raises:
        SourceError: `source.empty`, `source.unreadable`, `source.toml`, `customer.encoding`; for the header of a CSV
            file `field.unknown`, `field.twice`, `customer.csv`.
        OptionError: `option.value`.
    """
    if source_format == "toml":
        for number, (page, table) in enumerate(_read_toml(stream).items(), start=1):
            yield Entry(number, None, page, table)
        return
    records = read_raw_records(
        stream, source_format=source_format, encoding=encoding, delimiter=delimiter, beside=frozenset({_PAGE})
    )
    for record in records:
        pairs = read_pairs(record.data)
        if pairs is None:
            problems = record.problems or (Problem.of("customer.type"),)
            yield Entry(record.number, record.line, _PAGE, None, problems)
        elif source_format == "json" and all(isinstance(value, Mapping | None) for _, value in pairs):
            for number, (pattern, customer) in enumerate(pairs, start=1):
                yield Entry(number, None, pattern, customer)
        else:
            pages = [value for name, value in pairs if name == _PAGE]
            rest = object_of([(str(name), value) for name, value in pairs if name != _PAGE])
            twice = (Problem.of("field.twice", _PAGE),) if len(pages) > 1 else ()
            pattern = pages[0] if pages else None
            yield Entry(record.number, record.line, pattern, rest, (*record.problems, *twice))


def _read_toml(stream: IO[bytes]) -> dict[str, Any]:
    try:
        return tomllib.loads(stream.read().decode("utf-8-sig"))
    except OSError as error:
        problem = unreadable(error)
    except UnicodeDecodeError:
        problem = Problem.of("customer.encoding", encoding="utf-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _TOML_PLACE.search(str(error))
        problem = (
            Problem.of("source.toml", line=int(place[1]), column=int(place[2])) if place else Problem.of("source.toml")
        )
    # Outside of the except blocks: the errors caught there hold the document.
    raise SourceError(problem)


class PageBlocks:
    """The blocks of a site, each rendered and so validated when it is added.

    Which of them a page gets: the one entered under its path; else that of the first pattern it matches, in the order
    of their adding; else what the page says of itself; else `default`.
    """

    def __init__(self, renderer: Renderer, *, nonce: str | None = None) -> None:
        """Take what renders the blocks, and the nonce they all get.

        Raises:
            RenderError: `nonce.shape`.
        """
        if nonce is not None:
            check_nonce(nonce)
        self.default: str | None = None
        self._renderer = renderer
        self._nonce = nonce
        # All by the text of their path or pattern, in the order of their adding.
        self._blocks: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def render(self, customer: object) -> str:
        """Return the block of a customer, `NO_BLOCK` for `None`.

        Raises:
            CustomerError, RenderError: as `Renderer.render`.
        """
        if customer is None:
            return NO_BLOCK
        # No Markup: what is joined with that is escaped.
        return str.__str__(self._renderer.render(customer, nonce=self._nonce))  # type: ignore[arg-type]

    def read(self, customer_json: str | bytes) -> str:
        """Return the block of a customer in JSON, `NO_BLOCK` for `null`.

        Raises:
            CustomerError, RenderError: as `Renderer.render`; `customer.json`, `customer.encoding`.
        """
        return self.render(decode_json(customer_json))

    def read_metadata(self, metadata: Mapping[str, object]) -> str | None:
        """Return the block that the metadata of a page asks for, `None` if it asks for nothing.

        Either `rr_customer` has the customer, as a mapping, as JSON, or as `None` or `null` for no block; or there are
        its fields as texts, each under its Python name: `rr_customer_id`, `rr_email`, `rr_default_stock_id`.

        Raises:
            CustomerError, RenderError: as `Renderer.render`; `field.twice`, where both are there.
        """
        flat = {
            name.removeprefix(_METADATA_PREFIX): value
            for name, value in metadata.items()
            if name.startswith(_METADATA_PREFIX) and name != _METADATA_NAME
        }
        if _METADATA_NAME in metadata:
            if flat:
                raise CustomerError(Problem.of("field.twice", _METADATA_NAME))
            given = metadata[_METADATA_NAME]
            return self.read(given) if isinstance(given, str) else self.render(given)
        if not flat:
            return None
        texts = [(name, value) for name, value in flat.items() if isinstance(value, str)]
        data, problems = decode_text_fields(texts)
        others = {name: value for name, value in flat.items() if not isinstance(value, str)}
        try:
            block = self.render({**data, **others})
        except CustomerError as error:
            problems = (*error.problems, *problems)
        if problems:
            raise CustomerError(*problems)
        return block

    def add(self, entry: Entry) -> tuple[Problem, ...]:
        """Enter a customer for a page or a pattern, and return what speaks against it, if anything does.

        Codes: those of a customer and a rendering; `pattern.missing`, `pattern.shape`, `pattern.twice`.
        """
        problems = list(entry.problems)
        pattern = entry.pattern
        if not isinstance(pattern, str):
            problems.append(Problem.of("pattern.missing", _PAGE))
        elif (problem := pattern_problem(pattern)) is not None:
            problems.append(problem.at(_PAGE))
        elif pattern in self._entries:
            problems.append(Problem.of("pattern.twice", _PAGE))
        block = NO_BLOCK
        if entry.customer is not None or not problems:
            try:
                block = self.render(entry.customer)
            except SnippetError as error:
                problems += error.problems
        if isinstance(pattern, str) and not problems:
            self._entries[pattern] = entry
            self._blocks[pattern] = block
            if is_pattern(pattern):
                self._patterns[pattern] = compile_pattern(pattern)
        return tuple(problems)

    def find(self, page: str, own: str | None = None) -> str:
        """Return the block for `page`, or `NO_BLOCK`; `own` is what the page says of itself."""
        for block in (self._blocks.get(self._deciding(page)), own, self.default):
            if block is not None:
                return block
        return NO_BLOCK

    def unused(self, pages: Iterable[str]) -> list[Entry]:
        """Return the entries that decide about none of `pages`."""
        used = {self._deciding(page) for page in pages}
        return [entry for pattern, entry in self._entries.items() if pattern not in used]

    def _deciding(self, page: str) -> str:
        """Return the path or pattern that decides about `page`, or an empty text, which is neither."""
        if page in self._blocks:
            return page
        return next((text for text, pattern in self._patterns.items() if pattern.fullmatch(page)), "")
