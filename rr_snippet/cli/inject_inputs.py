"""What `rr-snippet inject` reads before it looks at any page: customers, and lists of pages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from rr_snippet.cli._inputs import input_name, open_input, read_input
from rr_snippet.cli._output import fail
from rr_snippet.cli._report import Finding
from rr_snippet.errors import OptionError, Problem, SnippetError, SourceError
from rr_snippet.options import wrong_value
from rr_snippet.site.blocks import FORMAT_OF_SUFFIX, EntryFormat, PageBlocks, read_entries
from rr_snippet.site.patterns import pattern_problem


def read_customers(
    file: str, blocks: PageBlocks, source_format: EntryFormat | None, encoding: str, delimiter: str | None
) -> Iterator[Finding]:
    """Add the entries of a file to `blocks`, and yield what speaks against them.

    Raises:
        Exit: the file cannot be read as a whole.
    """
    name = input_name(file)
    found = source_format or FORMAT_OF_SUFFIX.get(Path(file).suffix.lower())
    try:
        if found is None:
            raise OptionError(wrong_value("--from", ", ".join(get_args(EntryFormat))))
        delimiter = "\t" if delimiter in {"tab", "\\t"} else delimiter
        with open_input(file) as stream:
            for entry in read_entries(stream, source_format=found, encoding=encoding, delimiter=delimiter):
                for problem in blocks.add(entry):
                    yield Finding(name, entry.number, entry.line, "error", problem)
    except (SourceError, OptionError) as error:
        fail(error, name)


def unused_entries(file: str, blocks: PageBlocks, pages: Iterable[str]) -> Iterator[Finding]:
    """Yield a warning for each entry of `file` that decides about none of `pages`."""
    for entry in blocks.unused(pages):
        yield Finding(input_name(file), entry.number, entry.line, "warning", Problem.of("pattern.unused"))


def read_default(customer: str, blocks: PageBlocks) -> Iterator[Finding]:
    """Make a customer, in JSON or in a file of it, that of all other pages, and yield what speaks against that.

    Raises:
        Exit: the file cannot be read.
    """
    is_json = customer.lstrip().startswith("{")
    name = "--customer" if is_json else input_name(customer)
    try:
        blocks.default = blocks.read(customer if is_json else read_input(customer))
    except SourceError as error:
        fail(error, name)
    except SnippetError as error:
        for problem in error.problems:
            yield Finding(name, None, None, "error", problem)


def read_paths(file: str) -> set[str]:
    """Return the paths of pages in a list, one a line, or with NUL between them as `find -print0` writes.

    They are within the site; `./` before them, which `find .` writes, is taken off.

    Raises:
        Exit: the list cannot be read, or a path leads out of the site.
    """
    try:
        text = os.fsdecode(read_input(file).removeprefix(b"\xef\xbb\xbf"))
        names = text.split("\0") if "\0" in text else text.replace("\r\n", "\n").split("\n")
        paths = [name.removeprefix("./") for name in names if name]
        problems = [
            problem.at(f"[{number}]")
            for number, path in enumerate(paths)
            if (problem := pattern_problem(path)) is not None
        ]
        if problems:
            raise SourceError(*problems)
    except SourceError as error:
        fail(error, input_name(file))
    return set(paths)
