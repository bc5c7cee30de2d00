"""One row of data in, one result out, wherever rows come from and wherever results go."""

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

# A row as it was read: its number in its source, its data, and what was wrong with it then; no data if it is
# unreadable. A plain tuple, as is what becomes of it on its way into a file: to make one of a class, and Markup of each
# block, takes as long as to read the line.
Row = tuple[int, object, tuple[Problem, ...]]
# Its number, the id, the block, what speaks against one, and who was rendered; `RowResult` is the same for callers.
RenderedRow = tuple[int, str | None, str | None, tuple[Problem, ...], Customer | None]


class RowResult(NamedTuple):
    """What became of a row: either `snippet` is set, or `problems` says why not.

    `row` counts from 1: lines in JSON Lines and CSV, rows elsewhere. `customer_id` is the id as it would be sent, also
    for a rejected row whose id is sound.
    """

    row: int
    customer_id: str | None
    snippet: Markup | None
    problems: tuple[Problem, ...]


def render_each(rows: Iterable[Row], renderer: Renderer) -> Iterator[RenderedRow]:
    """Yield the result of each row, in their order.

    Only what is wrong with a customer becomes a result. Any other exception is a fault of ours and passes through.
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
    """Return the id as it would be sent, or `None` where it is not sound."""
    if type(data) is dict or isinstance(data, Customer):
        given = data if isinstance(data, dict) else data.__dict__
        value = given.get("customerId")
        value = given.get("customer_id") if value is None else value
    else:
        # No dict of the pairs: keys may be of any kind. Of two ids neither is sent.
        names = ("customerId", "customer_id")
        ids = [_sound_id(value) for name, value in read_pairs(data) or () if exact_text(name) in names]
        return ids[0] if ids and ids.count(ids[0]) == len(ids) else None
    return _sound_id(value)


def _sound_id(value: object) -> str | None:
    try:
        return read_customer_id(value)
    except ValidationError:
        return None
