"""Render rows: one row of data in, one result out, from any source and for any target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup
from pydantic import ValidationError

from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.fields import read_customer_id
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.texts import exact_text
from rr_snippet.errors import CustomerError, Problem, RenderError
from rr_snippet.sources.text_fields import join_problems

# A row as it was read: its number in its source, its data (`None` if it is unreadable), and the problems of reading it.
# Rows and their results are plain tuples on their way into a file: to build instances of a class, and Markup of each
# block, would take as long as reading the line.
Row = tuple[int, object, tuple[Problem, ...]]
# The row's number, the id, the block, the problems, and the rendered customer. Callers get a `RowResult` instead.
RenderedRow = tuple[int, str | None, str | None, tuple[Problem, ...], Customer | None]


class RowResult(NamedTuple):
    """The result of a row: either `snippet` is set, or `problems` says why not.

    `row` counts from 1: lines in JSON Lines and CSV, rows elsewhere. `customer_id` is the id as it would be sent, even
    for a rejected row if its id is valid.
    """

    row: int
    customer_id: str | None
    snippet: Markup | None
    problems: tuple[Problem, ...]


def render_each(rows: Iterable[Row], renderer: Renderer) -> Iterator[RenderedRow]:
    """Yield the results of the rows in the same order.

    Only a customer's problems become results. Any other exception is a bug of ours and passes through.
    """
    for number, data, problems in rows:
        customer_id = block = customer = None
        if data is not None or not problems:
            try:
                block, customer = renderer.render_text(data)
            except (CustomerError, RenderError) as error:
                problems = join_problems(error.problems, problems)
        if customer is None or problems:
            customer_id, block, customer = _customer_id(data), None, None
        else:
            customer_id = exact_text(customer.__dict__["customer_id"])
        yield number, customer_id, block, problems, customer


def _customer_id(data: object) -> str | None:
    """Return the id as it would be sent, `None` if it is not valid."""
    if type(data) is dict or isinstance(data, Customer):
        given = data if isinstance(data, dict) else data.__dict__
        value = given.get("customerId")
        value = given.get("customer_id") if value is None else value
    else:
        # The pairs make no dict, because keys may be of any type. If two ids differ, neither is sent.
        names = ("customerId", "customer_id")
        ids = [_sound_id(value) for name, value in read_pairs(data) or () if exact_text(name) in names]
        return ids[0] if ids and ids.count(ids[0]) == len(ids) else None
    return _sound_id(value)


def _sound_id(value: object) -> str | None:
    try:
        return read_customer_id(value)
    except ValidationError:
        return None
