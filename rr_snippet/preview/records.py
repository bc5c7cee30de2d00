"""Read customers from typed or dropped text: one JSON object, or several as an array, JSON Lines or CSV."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.rules import CustomerRules
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import Problem, SnippetError
from rr_snippet.sources.columns import shown
from rr_snippet.sources.kinds import HEAD_BYTES, kind_of
from rr_snippet.sources.records import RawRecord, read_raw_records
from rr_snippet.sources.text_fields import parse_read

# Nobody chooses from a longer list.
LISTED_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several records, with its name in a list."""

    number: int
    line: int | None
    customer_id: str
    is_bad: bool


def read_text(text: str) -> tuple[Sequence[RawRecord], tuple[Problem, ...]]:
    """Return the records in a text, or the reason why it cannot be read."""
    if not text.lstrip().startswith(("{", "[")):
        try:
            return [RawRecord(1, None, decode_json(text))], ()
        except SnippetError as error:
            problems = error.problems
        # A header of one column does not show that the text is a table.
        details = dict(problems[0].details)
        is_table = "table" in details or "\n" in text.strip() or kind_of(text[:HEAD_BYTES].encode("utf-8", "replace"))
        if "call" in details or not is_table:
            return (), problems
    try:
        records = list(read_raw_records(io.BytesIO(text.encode("utf-8", "replace"))))
    except SnippetError as error:
        return (), error.problems
    return (records, ()) if records else ((), (Problem.of("source.empty"),))


def list_records(records: Iterable[RawRecord], rules: CustomerRules) -> list[Entry]:
    """Return the entries of a list of records: which customer each is, and whether it has problems."""
    entries = []
    for record in records:
        customer = None
        if record.data is not None or not record.problems:
            customer, _ = parse_read(record.data, rules, record.problems)
        entries.append(Entry(record.number, record.line, _id_in(record.data), is_bad=customer is None))
    return entries


def _id_in(data: object) -> str:
    pairs = dict(read_pairs(data) or ())
    return shown(str(pairs.get("customerId", pairs.get("customer_id", ""))))
