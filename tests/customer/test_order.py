"""Guests and orders as models: what is taken, what is refused and how, and that no value shows."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, localcontext
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError, create_model

from rr_snippet import Customer, CustomerError, Guest, Order, OrderItem
from rr_snippet.customer.guest import read_person
from rr_snippet.customer.order import read_order
from tests.support.liars import (
    MARK,
    FailingKey,
    FailingMapping,
    FailingSequence,
    HostileName,
    Nobody,
    Proxy,
    Text,
    Whole,
)

ITEM: dict[str, Any] = {"id": 7, "qnt": 1, "price": 990}
ORDER: dict[str, Any] = {"transaction": "A-17", "items": [ITEM]}
GUEST: dict[str, Any] = {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True}


def item(**fields: Any) -> OrderItem:
    return OrderItem.model_validate({**ITEM, **fields})


def rows(names: str, table: list[Any]) -> pytest.MarkDecorator:
    """Run a test for each row of a table by its position: pytest must not ask the values what they are."""
    many = "," in names
    return pytest.mark.parametrize(
        names, [pytest.param(*(row if many else [row]), id=str(number)) for number, row in enumerate(table)]
    )


def faults(build: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(CustomerError) as caught:
        build()
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_both_spellings_give_the_same() -> None:
    guest = Guest(email="anna@shop.ru", default_stock_id="Москва", is_agreed_to_receive_marketing_mail=False)
    assert guest == Guest(email="anna@shop.ru", defaultStockId="Москва", isAgreedToReceiveMarketingMail=False)
    assert OrderItem(id=7, quantity=2, price=990) == OrderItem(id=7, qnt=2, price=990)
    by_models = Order(transaction=17, items=[OrderItem(id=7, qnt=1, price=990)])
    assert by_models == Order(transaction="17", items=({"id": 7, "quantity": 1, "price": 990},))
    assert by_models.items == (OrderItem(id=7, quantity=1, price=990),)
    assert (by_models.transaction, by_models.items[0].quantity, by_models.items[0].price) == ("17", 1, 990)


@pytest.mark.parametrize(
    ("email", "expected"),
    [(" anna@shop.ru ", "anna@shop.ru"), (Text("anna@shop.ru"), "anna@shop.ru"), ("анна@почта.рф", "анна@почта.рф")],
)
def test_a_guests_address_is_read_as_a_customers(email: str, expected: str) -> None:
    assert Guest(email=email, is_agreed_to_receive_marketing_mail=True).email == expected
    assert type(Guest(email=email, is_agreed_to_receive_marketing_mail=True).email) is str


class Product(IntEnum):
    SHOE = 7


@rows(
    "given, kept",
    [
        (7, 7),
        (0, 0),
        (-7, -7),
        (2**53 - 1, 2**53 - 1),
        (-(2**53) + 1, -(2**53) + 1),
        (Product.SHOE, 7),
        (Whole(7), 7),
        ("7", "7"),
        ("0042", "0042"),
        (" a ", " a "),
        (Text("a"), "a"),
        ("12345678901234567890", "12345678901234567890"),
        ("a\nb", "a\nb"),
    ],
)
def test_an_id_stays_what_it_is(given: Any, kept: object) -> None:
    read = item(id=given).id
    assert (read, type(read)) == (kept, type(kept))


class Money(Decimal):
    """A number that shows itself as markup."""

    def __str__(self) -> str:
        return f"</script>{MARK}"

    __repr__ = __format__ = __str__  # type: ignore[assignment]

    def is_finite(self) -> bool:
        return False

    def as_tuple(self) -> Any:
        raise RuntimeError(MARK)

    def __float__(self) -> float:
        raise RuntimeError(MARK)


class Share(float):
    """The same among floats, as numpy's are subclasses with a repr of their own."""

    def __repr__(self) -> str:
        return f"np.float64({MARK})"

    __str__ = __repr__


D = Decimal
EXACT = [
    (1, 1), (10**15 - 1, 10**15 - 1), (Whole(5), 5), (Product.SHOE, 7),
    (D("1.50"), D("1.50")), (D("1E+3"), D("1E+3")), (D("1E+14"), D("1E+14")), (D("990.0000000000000000000"), D(990)),
    (D("1E-300"), D("1E-300")), (D("123456789.012345"), D("123456789.012345")), (Money("9.5"), D("9.5")),
]  # fmt: skip
FLOATS = [(0.1, D("0.1")), (990.0, D(990)), (1e-7, D("1E-7")), (1e14, D("1E+14")), (Share(2.5), D("2.5"))]
ZEROS = [0, -0, D(0), D("-0"), D("0E-99999"), D("0E+99999"), D("-0.00"), 0.0, -0.0]
TOO_LONG = [
    10**15, 10**5000, D(10**15), D("1E+15"), D("1E+999999"), D("1E-999999"), D("1E-400"), D("1.23456789012345E-320"),
    D("0.1234567890123456"), D("1000000000.0000001"), D("1" * 5000),
]  # fmt: skip
NOT_FINITE = [D("NaN"), D("-NaN"), D("sNaN"), D("NaN123"), D("Infinity"), D("-Infinity")]
NO_NUMBERS = [
    "1", "1 200,50", "", b"1", True, False, [], {}, 1j, Fraction(1, 2), Text("1"), Proxy(1), Nobody(), object(),
]  # fmt: skip


@rows("given, kept", EXACT)
def test_exact_numbers_are_kept(given: Any, kept: object) -> None:
    for name, field in (("quantity", "qnt"), ("price", "price")):
        read = getattr(item(**{field: given}), name)
        assert read == kept
        assert type(read) in (int, Decimal)


@rows("given, kept", FLOATS)
def test_floats_are_prices_as_their_repr_has_them_and_no_quantities(given: float, kept: Decimal) -> None:
    read = item(price=given).price
    assert (read, type(read)) == (kept, Decimal)
    assert faults(lambda: item(qnt=given)) == [("qnt", "order_item.quantity_type")]


@pytest.mark.parametrize("zero", ZEROS)
def test_every_zero_is_the_plain_one_and_no_quantity(zero: Any) -> None:
    read = item(price=zero).price
    assert (repr(read), type(read)) == ("0", int)
    if type(zero) is not float:
        assert faults(lambda: item(qnt=zero)) == [("qnt", "order_item.quantity_range")]


def code_and_details(build: Callable[[], object]) -> list[tuple[str, tuple[tuple[str, object], ...]]]:
    with pytest.raises(CustomerError) as caught:
        build()
    return [(problem.code, problem.details) for problem in caught.value.problems]


@rows("number", [*TOO_LONG, 0.1 + 0.2, 1e15, 1.2345678901234567e-5])
def test_a_number_with_more_digits_than_javascript_keeps_is_refused(number: Any) -> None:
    assert code_and_details(lambda: item(price=number)) == [("order_item.price_range", (("limit", 15),))]
    if type(number) is not float:
        assert code_and_details(lambda: item(qnt=number)) == [("order_item.quantity_range", (("limit", 15),))]


@rows("number", [*NOT_FINITE, -1, D("-0.01"), -(10**5000), D("-1E+999999")])
def test_a_number_that_is_negative_or_none_is_refused(number: Any) -> None:
    assert code_and_details(lambda: item(price=number)) == [("order_item.price_range", ())]
    assert code_and_details(lambda: item(qnt=number)) == [("order_item.quantity_range", ())]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), -0.5])
def test_a_float_that_is_negative_or_none_is_no_price(number: float) -> None:
    assert code_and_details(lambda: item(price=number)) == [("order_item.price_range", ())]


@rows("number", NO_NUMBERS)
def test_what_is_no_number_is_refused(number: Any) -> None:
    assert faults(lambda: item(price=number, qnt=number)) == [
        ("qnt", "order_item.quantity_type"),
        ("price", "order_item.price_type"),
    ]


def test_the_context_of_decimals_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        context.traps = dict.fromkeys(context.traps, True)
        assert item(price=D("123456789.012345"), qnt=D("0.123456")).price == D("123456789.012345")
        assert faults(lambda: item(price=D("sNaN"), qnt=D("0.1234567890123456"))) == [
            ("qnt", "order_item.quantity_range"),
            ("price", "order_item.price_range"),
        ]


@rows(
    "value, code",
    [
        (1.5, "type"),
        (True, "type"),
        (UUID(int=1), "type"),
        (D(7), "type"),
        (b"7", "type"),
        (Proxy("7"), "type"),
        (Proxy(7), "type"),
        ("__proto__", "type"),
        ("", "blank"),
        ("\u3000", "blank"),
        (2**53, "too_large"),
        (-(2**53), "too_large"),
        (10**5000, "too_large"),
        (Whole(2**53), "too_large"),
        (None, "missing"),
    ],
)
def test_what_is_no_id_is_refused(value: Any, code: str) -> None:
    assert faults(lambda: item(id=value)) == [("id", f"order_item.id_{code}")]


@rows(
    "items, expected",
    [
        ([{}], [("items[0].id", "order_item.id_missing"), ("items[0].qnt", "order_item.quantity_missing"),
                ("items[0].price", "order_item.price_missing")]),
        ([5, ITEM, None], [("items[0]", "order_item.type"), ("items[2]", "order_item.type")]),
        ([FailingMapping()], [("items[0]", "order_item.type")]),
        ([Nobody()], [("items[0]", "order_item.type")]),
        ([FailingKey("qnt")], [("items[0]", "order_item.type")]),
        ([{**ITEM, "a": 1}, {**ITEM, "b": 1}],
         [("items[0][3]", "order_item.field_unknown"), ("items[1][3]", "order_item.field_unknown")]),
        ([{**ITEM, "quantity": 1}], [("items[0].qnt", "field.twice")]),
        ([ITEM, {**ITEM, "id": "7", "price": 1}], [("items[1]", "order_item.duplicate")]),
        ([ITEM, {**ITEM, "price": 991}, ITEM], [("items[1]", "order_item.duplicate")]),
        ([], [("items", "order.items_missing")]),
        ("77", [("items", "order.items_missing")]),
        (b"77", [("items", "order.items_missing")]),
        ({"id": 7}, [("items", "order.items_missing")]),
        (iter([ITEM]), [("items", "order.items_missing")]),
        (FailingSequence(), [("items", "order.items_missing")]),
        (Nobody(), [("items", "order.items_missing")]),
    ],
)  # fmt: skip
def test_every_fault_of_the_items_has_its_place(items: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(lambda: Order(transaction="1", items=items)) == expected


def test_the_same_id_with_the_same_price_is_two_lines_of_one_order() -> None:
    items = [{**ITEM, "price": price} for price in (990, 990.0, D("990.00"))]
    assert [each.price for each in Order(transaction="1", items=items).items] == [990, 990, 990]


def test_of_many_faults_a_hundred_are_told() -> None:
    with pytest.raises(CustomerError) as caught:
        Order(transaction="1", items=[5] * 900)
    assert len(caught.value.problems) == 101
    assert caught.value.problems[-1].details == (("count", 800),)


class Lines(Mapping[str, Any]):
    """A shop's own mapping."""

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def test_mappings_of_every_kind_are_read() -> None:
    given = Lines(transaction="A-17", items=(MappingProxyType(ITEM), Lines(**ITEM), OrderItem(**ITEM)))
    assert read_order(given) == Order(transaction="A-17", items=[ITEM] * 3)
    assert read_order({HostileName("transaction"): "A-17", HostileName("items"): [ITEM]}) == Order(**ORDER)


def test_json_is_read_to_the_last_digit_and_strictly() -> None:
    text = (
        '{"transaction": "1", "items": [{"id": 7, "qnt": 1.50, "price": 1E+2}, {"id": "8", "qnt": 2, "price": 0.10}]}'
    )
    order = Order.model_validate_json(text)
    assert [(each.quantity, each.price) for each in order.items] == [(D("1.50"), 100), (2, D("0.10"))]
    assert str(order.items[1].price) == "0.10"
    for broken, expected in (
        ('{"transaction": "1", "transaction": "2", "items": [{"id": 7, "qnt": 1, "price": 1}]}', ("transaction", "field.twice")),
        ('{"transaction": "1", "items": [{"id": 7, "qnt": 1, "price": 1, "price": 2}]}', ("items[0].price", "field.twice")),
        ('{"transaction": "1", "items": [{"id": 7, "qnt": 1, "price": 0.30000000000000004}]}', ("items[0].price", "order_item.price_range")),
        ('{"transaction": "1", "items": [{"id": 7, "qnt": 1, "price": 1e99999999999999999999}]}', ("items[0].price", "order_item.price_range")),
        ('{"transaction": "1", "items": [{"id": 7, "qnt": 1, "price": NaN}]}', ("", "customer.json")),
    ):  # fmt: skip
        assert faults(lambda broken=broken: Order.model_validate_json(broken)) == [expected]
    assert OrderItem.model_validate_json('{"id": 7, "qnt": 0.5, "price": 1}').quantity == D("0.5")
    assert Guest.model_validate_json(json.dumps(GUEST)) == Guest(**GUEST)


FULL = Order(
    transaction="A-17",
    items=[OrderItem(id=7, qnt=D("1.50"), price=990), OrderItem(id="8", qnt=2, price=0.1)],
)


def test_what_is_dumped_can_be_read_again() -> None:
    assert FULL.model_dump() == {
        "transaction": "A-17",
        "items": [
            {"id": 7, "quantity": D("1.50"), "price": 990},
            {"id": "8", "quantity": 2, "price": D("0.1")},
        ],
    }
    assert FULL.model_dump_json(by_alias=True) == (
        '{"transaction":"A-17","items":[{"id":7,"qnt":1.5,"price":990},{"id":"8","qnt":2,"price":0.1}]}'
    )
    for by_alias in (False, True):
        assert Order.model_validate(FULL.model_dump(by_alias=by_alias)) == FULL
        assert Order.model_validate_json(FULL.model_dump_json(by_alias=by_alias)) == FULL
    for model in (FULL, FULL.items[0], Guest(**GUEST)):
        for same in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), model.model_copy(deep=True)):
            assert same == model
            assert hash(same) == hash(model)


def test_a_copy_is_read_anew() -> None:
    changed = FULL.model_copy(update={"transaction": 18})
    assert (changed.transaction, changed.items) == ("18", FULL.items)
    assert FULL.items[0].model_copy(update={"quantity": 3}) == OrderItem(id=7, qnt=3, price=990)
    assert faults(lambda: FULL.model_copy(update={"items": []})) == [("items", "order.items_missing")]
    assert faults(lambda: FULL.items[0].model_copy(update={"qnt": 0, "price": -1})) == [
        ("qnt", "order_item.quantity_range"),
        ("price", "order_item.price_range"),
    ]


@pytest.mark.parametrize("model", [FULL, FULL.items[0], Guest(**GUEST)], ids=lambda model: type(model).__name__)
def test_none_can_be_changed(model: Any) -> None:
    for name in type(model).model_fields:
        with pytest.raises(CustomerError) as caught:
            setattr(model, name, "x")
        assert caught.value.code == "customer.frozen"


def test_who_buys_is_told_by_the_id() -> None:
    assert read_person({"customer_id": "1"}) == read_person({"customerId": "1"}) == Customer(customer_id="1")
    assert read_person({HostileName("customerId"): "1"}) == Customer(customer_id="1")
    assert read_person(GUEST) == read_person(MappingProxyType(GUEST)) == Guest(**GUEST)
    guest, customer = Guest(**GUEST), Customer(customer_id="1")
    assert read_person(guest) is guest
    assert read_person(customer) is customer
    assert faults(lambda: read_person({"customerId": None})) == [("customerId", "customer_id.missing")]
    for nobody in (5, None, Nobody(), FailingMapping(), "anna@shop.ru"):
        assert faults(lambda nobody=nobody: read_person(nobody)) == [("", "customer.type")]
    assert faults(lambda: read_person({FailingKey("email"): "1"})) == [("", "guest.type")]


# Privacy


def bad_orders() -> list[Any]:
    mark = f"{MARK}\ud800"
    return [
        {**ORDER, "transaction": mark},
        {**ORDER, "transaction": [MARK]},
        {**ORDER, "transaction": f"{MARK}\n", MARK: MARK},
        {**ORDER, "items": MARK},
        {**ORDER, "items": [MARK, {MARK: MARK}, {**ITEM, "id": mark}, {**ITEM, "id": [MARK]}]},
        {**ORDER, "items": [{**ITEM, "qnt": MARK, "price": MARK}, {**ITEM, "price": Money("-1")}, Proxy(ITEM)]},
        {**ORDER, "items": [{**ITEM, "id": MARK}, {**ITEM, "id": MARK, "price": 1}]},
        {**ORDER, "items": [FailingMapping(), FailingKey("id"), {FailingKey("id"): MARK}]},
        {FailingKey("transaction"): MARK},
        FailingMapping(),
        MARK,
    ]


def assert_silent(error: BaseException) -> None:
    shown = [str(error), repr(error), repr(error.args), repr(vars(error)), repr(pickle.dumps(error))]
    assert error.__cause__ is None
    assert error.__context__ is None
    shown += ["".join(traceback.format_exception_only(error))]
    assert MARK not in "\n".join(shown)


@pytest.mark.parametrize("number", range(len(bad_orders())))
def test_no_value_shows_in_an_error(number: int) -> None:
    for build in (Order.model_validate, read_order):
        with pytest.raises(CustomerError) as caught:
            build(bad_orders()[number])
        assert_silent(caught.value)


@pytest.mark.parametrize(
    "data", [{"email": MARK}, {**GUEST, MARK: MARK}, {**GUEST, "isAgreedToReceiveMarketingMail": MARK}, MARK, {MARK: 1}]
)
def test_no_value_of_a_guest_shows_in_an_error(data: Any) -> None:
    with pytest.raises(CustomerError) as caught:
        Guest.model_validate(data)
    assert_silent(caught.value)


class Host(BaseModel):
    """A shop's own model."""

    order: Order
    guest: Guest | None = None


@pytest.mark.parametrize("number", range(len(bad_orders())))
def test_a_hosts_error_gets_no_value(number: int) -> None:
    for build in (
        lambda data: Host.model_validate({"order": data, "guest": {"email": MARK, MARK: MARK}}),
        TypeAdapter(dict[str, Order]).validate_python,
        TypeAdapter(Order | Guest).validate_python,
    ):
        data = bad_orders()[number]
        with pytest.raises(ValidationError) as caught:
            build({"a": data} if "dict" in repr(build) else data)
        assert MARK not in f"{caught.value} {caught.value!r} {caught.value.errors()!r} {caught.value.json()}"


def test_a_host_gets_codes_and_places() -> None:
    with pytest.raises(ValidationError) as caught:
        Host.model_validate({"order": {**ORDER, "items": [{**ITEM, "price": "1"}]}, "guest": {}})
    assert [(line["type"], line["loc"], line["input"]) for line in caught.value.errors()] == [
        ("order_item.price_type", ("order", "items", 0, "price"), None),
        ("guest.email_missing", ("guest", "email"), None),
        ("guest.consent_missing", ("guest", "isAgreedToReceiveMarketingMail"), None),
    ]
    host = Host.model_validate({"order": ORDER, "guest": GUEST})
    assert Host.model_validate(host.model_dump()) == host
    assert Host.model_validate_json(host.model_dump_json(by_alias=True)) == host


def places_in(build: Callable[[], object]) -> list[tuple[str, tuple[int | str, ...], object]]:
    with pytest.raises(ValidationError) as caught:
        build()
    return [(line["type"], line["loc"], line["input"]) for line in caught.value.errors()]


BAD: list[tuple[type[BaseModel], dict[str, Any], str, str]] = [
    (Customer, {"customerId": f"\x01{MARK}"}, "customer_id.control", "customerId"),
    (Guest, {**GUEST, "email": MARK}, "email.shape", "email"),
    (Order, {**ORDER, "transaction": f"\x01{MARK}"}, "order.transaction_control", "transaction"),
    (OrderItem, {**ITEM, "price": MARK}, "order_item.price_type", "price"),
]


@pytest.mark.parametrize(("model", "data", "code", "field"), BAD)
def test_a_host_may_use_a_model_in_several_places(
    model: type[BaseModel], data: dict[str, Any], code: str, field: str
) -> None:
    # Also a model that pydantic has built before, as after a dump.
    for _ in range(2):
        shop = create_model(
            "Shop",
            first=(model, ...),
            second=(model, ...),
            maybe=(model | None, None),
            many=(list[model], ...),  # type: ignore[valid-type]
        )
        assert places_in(lambda: shop(first=data, second=data, maybe=data, many=[data])) == [  # noqa: B023
            (code, (*place, field), None) for place in (("first",), ("second",), ("maybe",), ("many", 0))
        ]
        assert places_in(lambda: TypeAdapter(model | int).validate_python(data))[0] == (  # type: ignore[operator]
            code,
            (f"function-wrap[{model.__name__}()]", field),
            None,
        )
        assert list(shop.model_json_schema()["$defs"]) == [model.__name__]
        model.model_rebuild()


@pytest.mark.parametrize(
    ("model", "data", "code"),
    [
        (Order, ORDER, "order.type"),
        (Guest, GUEST, "guest.type"),
        (OrderItem, ITEM, "order_item.type"),
        (Customer, {"customerId": 5}, "customer.type"),
    ],
)
def test_what_is_no_mapping_of_texts_breaks_no_rule_of_a_shop(model: Any, data: dict[str, Any], code: str) -> None:
    assert faults(lambda: model.model_validate_strings(data)) == [("", code)]


def test_no_value_shows_in_a_repr() -> None:
    assert repr(FULL) == "Order(transaction=…, items=…)"
    assert repr(FULL.items[0]) == "OrderItem(id=…, quantity=…, price=…)"
    assert repr(Guest(**GUEST)) == "Guest(email=…, is_agreed_to_receive_marketing_mail=…)"


class Gift(OrderItem):
    """A shop's own item."""

    wrapping: str = "none"


class Sale(Order):
    """A shop's own order."""

    channel: str = "site"


def test_subclasses_have_fields_of_their_own() -> None:
    gift = Gift.model_validate({**ITEM, "wrapping": "red"})
    sale = Sale.model_validate({"transaction": 1, "items": [gift], "channel": "phone"})
    assert (sale.channel, sale.items) == ("phone", (gift,))
    assert read_order(sale) is sale
    assert faults(lambda: Sale.model_validate({**ORDER, "chanel": "phone"})) == [("[2]", "field.unknown")]


def test_the_schema_of_each_can_be_had() -> None:
    # For tools: FastAPI asks for it where a model is a body.
    for model in (Guest, OrderItem):
        assert model.model_json_schema()["additionalProperties"] is False
    assert list(Guest.model_json_schema()["properties"]) == [
        "email", "defaultStockId", "isAgreedToReceiveMarketingMail",
    ]  # fmt: skip
