"""The order, with the items that were bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, overload

from pydantic import Field, SerializationInfo, ValidationError
from pydantic_core import core_schema

from rr_snippet.customer.faults import Fault, Faults, as_validation_error, one_fault, read_faults
from rr_snippet.customer.fields import read_line
from rr_snippet.customer.model import PrivateModel, build, plain_validator
from rr_snippet.customer.numbers import DIGITS_MAX, SAFE_MAX, is_exact, is_finite, read_number
from rr_snippet.customer.pairs import read_list
from rr_snippet.customer.texts import exact_text, is_really, text_fault
from rr_snippet.customer.translation import speak
from rr_snippet.customer.usual import TEXT_SCHEMA, Reader, fields_of, reader_of


def read_item_id(value: object) -> str | int:
    """Return a product's id: a text as it is, a whole number as a number.

    Raises:
        ValidationError: `order_item.id_type`, `order_item.id_too_large`, `text.surrogate`, `order_item.id_blank`.
    """
    text = exact_text(value)
    if text is None and is_really(value, int) and type(value) is not bool:
        number = int.__int__(value)
        if abs(number) > SAFE_MAX:
            raise one_fault("order_item.id_too_large", limit=SAFE_MAX)
        return number
    code = text_fault(text, "order_item.id_")
    if code is not None:
        raise one_fault(code)
    if text == "__proto__":
        raise one_fault("order_item.id_type", proto="__proto__")
    return text or ""


def read_quantity(value: object) -> int | Decimal:
    """Return the quantity of a product.

    Raises:
        ValidationError: `order_item.quantity_type`, `order_item.quantity_range`.
    """
    number = read_number(value, with_floats=False)
    if number is None:
        raise one_fault("order_item.quantity_type")
    if not number or not is_finite(number) or number < 0:
        raise one_fault("order_item.quantity_range")
    if not is_exact(number):
        raise one_fault("order_item.quantity_range", limit=DIGITS_MAX)
    return number


def read_price(value: object) -> int | Decimal:
    """Return the price of one piece.

    Raises:
        ValidationError: `order_item.price_type`, `order_item.price_range`.
    """
    number = read_number(value)
    if number is None:
        raise one_fault("order_item.price_type")
    if not is_finite(number) or number < 0:
        raise one_fault("order_item.price_range")
    if not is_exact(number):
        raise one_fault("order_item.price_range", limit=DIGITS_MAX)
    return number


def _dump_number(number: int | Decimal, info: SerializationInfo) -> int | float | Decimal:
    """Return a number for JSON, so that a dump can be read again. A float keeps all of 15 digits."""
    return float(number) if info.mode == "json" and type(number) is Decimal else number


_AS_NUMBER: Final = core_schema.plain_serializer_function_ser_schema(_dump_number, info_arg=True)


class OrderItem(PrivateModel):
    """A product in an order. Immutable.

    Raises:
        CustomerError: the codes `order_item.*`, `text.surrogate`, `field.twice`. It holds no value.
    Source: the tracking code of the order page (`order`).
    """

    TYPE_CODE: ClassVar[str] = "order_item.type"
    UNKNOWN_CODE: ClassVar[str] = "order_item.field_unknown"
    EXACT_NUMBERS: ClassVar[bool] = True

    id: Annotated[
        str | int,
        Reader(
            "id",
            None,
            read_item_id,
            {
                "anyOf": [
                    {**TEXT_SCHEMA, "not": {"const": "__proto__"}},
                    {"type": "integer", "minimum": -SAFE_MAX, "maximum": SAFE_MAX},
                ]
            },
            "order_item.id_missing",
        ),
    ] = Field(description="The product's id, exactly as in the product feed: a number is sent as a number.")
    quantity: Annotated[
        int | Decimal,
        Reader(
            "number",
            None,
            read_quantity,
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 10**DIGITS_MAX},
            "order_item.quantity_missing",
            _AS_NUMBER,
        ),
    ] = Field(alias="qnt", description="How many, greater than 0; at most 15 digits.")
    price: Annotated[
        int | Decimal,
        Reader(
            "number",
            None,
            read_price,
            {"type": "number", "minimum": 0, "exclusiveMaximum": 10**DIGITS_MAX},
            "order_item.price_missing",
            _AS_NUMBER,
        ),
    ] = Field(description="The price of one, not below 0; at most 15 digits.")

    if TYPE_CHECKING:

        @overload
        def __init__(self, *, id: str | int, quantity: int | Decimal, price: float | Decimal) -> None: ...
        @overload
        def __init__(self, *, id: str | int, qnt: int | Decimal, price: float | Decimal) -> None: ...
        def __init__(self, **data: Any) -> None: ...


ITEM_FIELDS: Final = fields_of(OrderItem)


def read_transaction(value: object) -> str:
    """Return the number of an order as text, neither trimmed nor folded.

    Raises:
        ValidationError: `order.transaction_type`, `text.surrogate`, `order.transaction_blank`,
            `order.transaction_control`.
    """
    return read_line(value, "order.transaction_")


def read_items(value: object) -> tuple[OrderItem, ...] | None:
    """Return the items of an order from a sequence of `OrderItem`s and mappings, `None` if there are none.

    Raises:
        ValidationError: the codes of `OrderItem`, at their places; `order_item.duplicate` for an id that comes again
            with another price. Observed: the tracker of 2020 merges such items and keeps the last price.
    """
    faults = Faults()
    items: list[OrderItem] = []
    prices: dict[str, float] = {}
    for position, each in enumerate(read_list(value) or ()):
        try:
            item = speak(OrderItem, each, plain_validator(OrderItem).validate_python)
        except ValidationError as error:
            for fault in read_faults(error):
                faults.add(fault.below(position))
            continue
        items.append(item)
        # To the tracker 7 and "7" are the same id, and a price is a double.
        if prices.setdefault(str(item.id), float(item.price)) != float(item.price):
            faults.add(Fault("order_item.duplicate", (position,)))
    if faults:
        raise as_validation_error(faults)
    return tuple(items) or None


def _dump_items(items: tuple[OrderItem, ...], info: SerializationInfo) -> list[dict[str, Any]]:
    return [item.model_dump(mode=info.mode, by_alias=bool(info.by_alias)) for item in items]


def _item_schema() -> dict[str, Any]:
    """Return the JSON Schema of an item, with the vendor's names."""
    readers = {field.alias: reader_of(OrderItem.model_fields[field.name]) for field in ITEM_FIELDS}
    properties = {alias: reader.json_schema for alias, reader in readers.items() if reader is not None}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


class Order(PrivateModel):
    """An order, as the vendor's `order` accepts it. Immutable.

    Raises:
        CustomerError: the codes `order.*` and `order_item.*`, `text.surrogate`, `field.unknown`, `field.twice`. It
            holds no value.
    Source: the tracking code of the order page (`order`).
    """

    TYPE_CODE: ClassVar[str] = "order.type"
    UNKNOWN_CODE: ClassVar[str] = "field.unknown"
    EXACT_NUMBERS: ClassVar[bool] = True

    transaction: Annotated[
        str,
        Reader(
            "text",
            None,
            read_transaction,
            {"anyOf": [TEXT_SCHEMA, {"type": "integer"}]},
            "order.transaction_missing",
        ),
    ] = Field(description="The shop's own number of the order, required. A number is sent as text.")
    items: Annotated[
        tuple[OrderItem, ...],
        Reader(
            "array",
            None,
            read_items,
            {"type": "array", "items": _item_schema(), "minItems": 1},
            "order.items_missing",
            core_schema.plain_serializer_function_ser_schema(_dump_items, info_arg=True),
        ),
    ] = Field(description="What was bought, at least one product, each with its own price.")

    if TYPE_CHECKING:

        def __init__(self, *, transaction: str | int, items: Sequence[OrderItem | Mapping[str, Any]]) -> None: ...


ORDER_FIELDS: Final = fields_of(Order)


def read_order(data: Order | Mapping[str, Any]) -> Order:
    """Build an order from a mapping, or return an existing one.

    Raises:
        CustomerError: the problems found.
    """
    return data if is_really(data, Order) else build(Order, data)
