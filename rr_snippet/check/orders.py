"""Rules about the argument of `order`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rr_snippet.check.finding import Finding
from rr_snippet.check.template import Template
from rr_snippet.check.values import Member, Value
from rr_snippet.customer.texts import has_control, is_blank
from rr_snippet.options import suggestion

_FIELDS: Final = ("transaction", "items")
_ITEM_FIELDS: Final = ("id", "qnt", "price")
# https://tc39.es/ecma262/#sec-number.max_safe_integer
_SAFE_MAX: Final = 2**53 - 1


def order_findings(value: Value, template: Template) -> Iterator[Finding]:
    """Yield what is wrong with the argument of an order call."""
    for variant in value.variants():
        if variant.kind == "object":
            yield from _object_findings(variant, template)
        elif not variant.is_opaque:
            yield Finding.of(variant.start, "order.type")


def _object_findings(value: Value, template: Template) -> Iterator[Finding]:
    yield from _near_misses(value, _FIELDS, "field.unknown")
    transaction, items = value.member("transaction"), value.member("items")
    if _is_missing(value, transaction):
        yield Finding.of(value.start, "order.transaction_missing", "transaction")
    elif transaction is not None:
        yield from _transaction_findings(transaction.value)
    if _is_missing(value, items):
        yield Finding.of(value.start, "order.items_missing", "items")
    elif items is not None and items.value.kind == "array":
        # A loop of the template may have filled the array.
        if not items.value.items and not template.tags_within(items.value.start, items.value.stop):
            yield Finding.of(items.value.start, "order.items_missing", "items")
        yield from _items_findings(items.value)
    elif items is not None and not items.value.is_opaque:
        yield Finding.of(items.value.start, "order.items_missing", "items")


def _is_missing(whole: Value, member: Member | None) -> bool:
    return not whole.is_open if member is None else member.value.kind == "null"


def _near_misses(value: Value, known: tuple[str, ...], code: str, path: str = "") -> Iterator[Finding]:
    """Yield the names that are close to that of a missing field. Other names may be fields that are not known here."""
    lacking = [name for name in known if value.member(name) is None]
    for position, member in enumerate(value.members):
        if member.key is None or member.key in known:
            continue
        near = (
            {"suggestion": "qnt"} if member.key == "quantity" and "qnt" in lacking else suggestion(member.key, lacking)
        )
        if near:
            yield Finding.of(member.start, code, f"{path}[{position}]", **near)


def _transaction_findings(value: Value) -> Iterator[Finding]:
    if value.kind == "string":
        if isinstance(value.plain, str) and is_blank(value.plain):
            yield Finding.of(value.start, "order.transaction_blank", "transaction")
        elif isinstance(value.plain, str) and has_control(value.plain):
            yield Finding.of(value.start, "order.transaction_control", "transaction")
    elif not value.is_opaque:
        yield Finding.of(value.start, "order.transaction_type", "transaction")


def _items_findings(items: Value) -> Iterator[Finding]:
    prices: dict[str | float, float] = {}
    for position, item in enumerate(items.items):
        path = f"items[{position}]"
        if item.kind != "object":
            if not item.is_opaque:
                yield Finding.of(item.start, "order_item.type", path)
            continue
        yield from _near_misses(item, _ITEM_FIELDS, "order_item.field_unknown", path)
        yield from _id_findings(item, path)
        yield from _number_findings(item, "qnt", "quantity", path)
        yield from _number_findings(item, "price", "price", path)
        product, price = item.member("id"), item.member("price")
        if product is None or price is None or product.value.plain is None or not _is_number(price.value):
            continue
        key = product.value.plain
        # The tracker treats "7" and 7 as the same product.
        key = str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)
        known = prices.setdefault(key, _number(price.value))
        if known != _number(price.value):
            yield Finding.of(item.start, "order_item.duplicate", path)


def _id_findings(item: Value, path: str) -> Iterator[Finding]:
    member = item.member("id")
    if member is None:
        if not item.is_open:
            yield Finding.of(item.start, "order_item.id_missing", f"{path}.id")
        return
    value = member.value
    path = f"{path}.id"
    if value.kind == "string":
        if value.plain is not None and is_blank(str(value.plain)):
            yield Finding.of(value.start, "order_item.id_blank", path)
    elif value.kind == "number":
        if _is_number(value) and abs(_number(value)) > _SAFE_MAX:
            yield Finding.of(value.start, "order_item.id_too_large", path)
    elif not value.is_opaque:
        yield Finding.of(value.start, "order_item.id_type", path)


def _number_findings(item: Value, name: str, subject: str, path: str) -> Iterator[Finding]:
    member = item.member(name)
    if member is None:
        if not item.is_open and not (name == "qnt" and item.member("quantity")):
            yield Finding.of(item.start, f"order_item.{subject}_missing", f"{path}.{name}")
        return
    value = member.value
    path = f"{path}.{name}"
    if value.kind == "number":
        is_low = _is_number(value) and (_number(value) < 0 or (name == "qnt" and _number(value) == 0))
        if is_low:
            yield Finding.of(value.start, f"order_item.{subject}_range", path)
    elif not value.is_opaque:
        yield Finding.of(value.start, f"order_item.{subject}_type", path)


def _is_number(value: Value) -> bool:
    return isinstance(value.plain, (int, float)) and not isinstance(value.plain, bool)


def _number(value: Value) -> float:
    return float(value.plain or 0)
