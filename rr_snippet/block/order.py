"""Write the other objects of the order page: a guest and an order. This is loaded when the first one is rendered.

Like texts, numbers are checked where they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from rr_snippet.block.escape import Gaps, number_literal
from rr_snippet.block.payload import field_problems, flag_text, text_problems, write_object
from rr_snippet.customer.guest import GUEST_FIELDS
from rr_snippet.customer.order import ITEM_FIELDS
from rr_snippet.errors import Problem

_guest_problems: Final = partial(field_problems, GUEST_FIELDS)


def write_profile(fields: Mapping[str, Any], *, max_chars: int | None = None) -> str:
    """Return a guest's object as compact JSON text. `fields` are its attributes; each leaf is checked again here.

    Raises:
        RenderError: as `write_order`.
    """
    return write_object(fields, max_chars, _guest_problems, _take_guest_apart)


def _take_guest_apart(fields: Mapping[str, Any]) -> tuple[Gaps, list[str]]:
    fixed, texts = ['{"email":'], [fields["email"]]
    if (stock_id := fields["default_stock_id"]) is not None and stock_id != "":
        fixed.append(',"defaultStockId":')
        texts.append(stock_id)
    agreed = flag_text(fields["is_agreed_to_receive_marketing_mail"])
    fixed.append(f',"isAgreedToReceiveMarketingMail":{agreed}}}')
    return Gaps.between(fixed), texts


def write_order(fields: Mapping[str, Any], *, max_chars: int | None = None) -> str:
    """Return an order as compact JSON text. `fields` are its attributes; each leaf is checked again here.

    Raises:
        RenderError: `payload.leaf` for a leaf that is not the text or the number it must be; `text.surrogate`;
            `payload.too_large`.
    """
    return write_object(fields, max_chars, _problems_in, _take_apart)


def _take_apart(fields: Mapping[str, Any]) -> tuple[Gaps, list[str]]:
    fixed, texts = ['{"transaction":'], [fields["transaction"]]
    after = ',"items":['
    for item in fields["items"]:
        values = item.__dict__
        after += '{"id":'
        if type(product_id := values["id"]) is int:
            after += number_literal(product_id)
        else:
            fixed.append(after)
            texts.append(product_id)
            after = ""
        after += f',"qnt":{number_literal(values["quantity"])},"price":{number_literal(values["price"])}}},'
    fixed.append(f"{_without_comma(after)}]}}")
    return Gaps.between(fixed), texts


def _without_comma(items: str) -> str:
    if not items.endswith(","):
        raise ValueError("an order of nothing")
    return items[:-1]


def _problems_in(fields: Mapping[str, Any]) -> Iterator[Problem]:
    yield from text_problems(fields.get("transaction"), "transaction")
    items = fields.get("items")
    if type(items) is not tuple or not items:
        yield Problem.of("payload.leaf", "items")
        return
    for position, item in enumerate(items):
        values = getattr(item, "__dict__", {})
        for name, alias, _kind, _is_required in ITEM_FIELDS:
            value, path = values.get(name), f"items[{position}].{alias}"
            if name == "id" and type(value) is not int:
                yield from text_problems(value, path)
            elif not _can_be_written(value):
                yield Problem.of("payload.leaf", path)


def _can_be_written(number: Any) -> bool:
    try:
        number_literal(number)
    except (TypeError, ValueError):
        return False
    return True
