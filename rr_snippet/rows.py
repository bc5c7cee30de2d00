"""One row of data in, one result out, wherever rows come from and wherever results go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from markupsafe import Markup
from pydantic import ValidationError

from rr_snippet.customer import Customer
from rr_snippet.errors import CustomerError, OptionError, Problem, RenderError
from rr_snippet.fields import read_customer_id
from rr_snippet.render import Renderer
from rr_snippet.text_fields import FIELD_SPELLINGS
from rr_snippet.text_rules import object_of, read_pairs

FIELDS: Final = tuple(field.alias or name for name, field in Customer.model_fields.items())
"""The fields of a customer by the vendor's names, in the vendor's order."""

# A source's name for a field -> the field, or None for a column to leave out.
Columns = Mapping[str, str | None]


class Row(NamedTuple):
    """A row as it was read: its number in its source, and what was wrong with it then. No data: it is unreadable."""

    number: int
    data: object
    problems: tuple[Problem, ...] = ()


class RowResult(NamedTuple):
    """What became of a row: either `snippet` is set, or `problems` says why not.

    `row` counts from 1: lines in JSON Lines and CSV, rows elsewhere. `customer_id` is the id as it would be sent, also
    for a rejected row whose id is sound.
    """

    row: int
    customer_id: str | None
    snippet: Markup | None
    problems: tuple[Problem, ...]


def check_columns(columns: Columns) -> None:
    """Make sure that whatever `columns` leads to is a field.

    Raises:
        OptionError: `option.value`.
    """
    if any(field is not None and field not in FIELD_SPELLINGS for field in columns.values()):
        raise OptionError(Problem.of("option.value", "columns", expected=", ".join(FIELDS)))


def rename_columns(data: object, columns: Columns) -> object:
    """Return a mapping under the names of the fields; anything else is returned as it is."""
    pairs = read_pairs(data) if columns else None
    if pairs is None:
        return data
    renamed = [(columns.get(name, name) if isinstance(name, str) else name, value) for name, value in pairs]
    return object_of([(name, value) for name, value in renamed if name is not None])  # type: ignore[misc] # or no text


def render_each(rows: Iterable[Row], renderer: Renderer) -> Iterator[RowResult]:
    """Yield the result of each row, in their order.

    Only what is wrong with a customer becomes a result. Any other exception is a fault of ours and passes through.
    """
    for number, data, problems in rows:
        snippet = None
        if data is not None or not problems:
            try:
                snippet = renderer.render(data)  # type: ignore[arg-type] # what is no customer is refused there
            except (CustomerError, RenderError) as error:
                problems = (*error.problems, *problems)
        yield RowResult(number, _customer_id(data), None if problems else snippet, problems)


def _customer_id(data: object) -> str | None:
    """Return the id as it would be sent, or `None` where it is not sound."""
    if type(data) is not dict:
        data = data.__dict__ if isinstance(data, Customer) else dict(read_pairs(data) or ())
    value = data.get("customerId")
    try:
        return read_customer_id(data.get("customer_id") if value is None else value)
    except ValidationError:
        return None
