"""The block of an order: its rendering, the writer's own checks, and every kind of number."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import (
    Customer,
    CustomerError,
    Guest,
    OptionError,
    Order,
    OrderItem,
    Renderer,
    RenderError,
    csp_source,
    render_order,
    render_snippet,
    to_payload,
)
from rr_snippet.block.escape import number_literal
from rr_snippet.block.read_back import read_block
from rr_snippet.errors import PageError
from tests.support.javascript import run_html, run_scripts
from tests.support.liars import MARK, Text
from tests.support.outcome import Odd

GUEST = Guest(email="anna@shop.ru", default_stock_id="Москва", is_agreed_to_receive_marketing_mail=True)
CUSTOMER = Customer(customer_id="42", email="anna@shop.ru", soft_links={"card": "7"})
ORDER = Order(transaction="A-17", items=[{"id": 1001, "qnt": 2, "price": Decimal("990.50")}])

OPENING = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
"""
CLOSING = """      } catch (e) {}
  })
</script>"""
PROFILE = (
    '        rrApi.setProfile({"email":"anna@shop.ru","defaultStockId":"\\u041c\\u043e\\u0441\\u043a\\u0432\\u0430",'
    '"isAgreedToReceiveMarketingMail":true});\n'
)
BOUGHT = '        rrApi.order({"transaction":"A-17","items":[{"id":1001,"qnt":2,"price":990.50}]});\n'

# The samples on the vendor's page about the order, for both kinds of shops and with regions.
SAMPLES = {
    "customer": (
        {"customerId": "customerId", "email": "anna@shop.ru"},
        'rrApi.setCustomer({"customerId": "customerId", "email": "anna@shop.ru", isAgreedToReceiveMarketingMail: true});',
    ),
    "customer-region": (
        {"customerId": "customerId", "email": "anna@shop.ru", "defaultStockId": "defaultStockId"},
        'rrApi.setCustomer({"customerId": "customerId", "email": "anna@shop.ru", "defaultStockId": "defaultStockId",'
        " isAgreedToReceiveMarketingMail: true});",
    ),
    "guest": (
        {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True},
        'rrApi.setProfile({"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": true});',
    ),
    "guest-region": (
        {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": False, "defaultStockId": "defaultStockId"},
        'rrApi.setProfile({"email": "anna@shop.ru", "defaultStockId": "defaultStockId",'
        ' "isAgreedToReceiveMarketingMail": false});',
    ),
    "nobody": (None, ""),
}
SAMPLE_ORDER = """
rrApi.order({
  transaction: "transaction",
  items: [
    { id: 1, qnt: 2, price: 300 },
    { id: 2, qnt: 1, price: 99.9, },
  ]
});
"""


@pytest.mark.parametrize("name", SAMPLES)
def test_the_calls_are_the_vendors(name: str) -> None:
    person, sample = SAMPLES[name]
    items = [{"id": 1, "qnt": 2, "price": 300}, {"id": 2, "qnt": 1, "price": 99.9}]
    block = render_order({"transaction": "transaction", "items": items}, person)
    received = run_scripts(
        f"(window.rrApiOnReady = window.rrApiOnReady || []).push(function() {{{sample}{SAMPLE_ORDER}}})"
    )
    assert run_html(block).said() == received.said()
    assert [(method, list(object)) for method, object in run_html(block).said()] == [
        (method, list(object)) for method, object in received.said()
    ]


def test_every_way_to_ask_gives_the_same() -> None:
    expected = f"{OPENING}{PROFILE}{BOUGHT}{CLOSING}"
    assert render_order(ORDER, GUEST) == expected
    assert render_order(ORDER.model_dump(), GUEST.model_dump(by_alias=True)) == expected
    assert Renderer().render_order(ORDER, GUEST) == expected
    assert render_order(ORDER, None) == f"{OPENING}{BOUGHT}{CLOSING}"
    assert Renderer().render_person(GUEST) == f"{OPENING}{PROFILE}{CLOSING}"
    assert Renderer().render_person(CUSTOMER.model_dump()) == render_snippet(CUSTOMER)
    with_nonce = expected.replace(">", ' nonce="abc">', 1)
    assert render_order(ORDER, GUEST, nonce="abc") == Renderer().render_order(ORDER, GUEST, nonce="abc") == with_nonce
    person_alone = f"{OPENING}{PROFILE}{CLOSING}".replace(">", ' nonce="abc">', 1)
    assert Renderer().render_person(GUEST, nonce="abc") == person_alone
    assert render_order(ORDER, GUEST, debug=True) == expected.replace("{}", "{ console.error(e); }")
    assert csp_source(render_order(ORDER, GUEST)).startswith("'sha256-")
    assert type(render_order(ORDER, GUEST)).__name__ == "Markup"


def test_what_each_call_receives_is_told() -> None:
    assert to_payload(ORDER) == {"transaction": "A-17", "items": [{"id": 1001, "qnt": 2, "price": 990.5}]}
    assert to_payload(GUEST) == {
        "email": "anna@shop.ru", "defaultStockId": "Москва", "isAgreedToReceiveMarketingMail": True,
    }  # fmt: skip
    assert list(to_payload(GUEST)) == ["email", "defaultStockId", "isAgreedToReceiveMarketingMail"]
    assert json.loads(Renderer().payload_text(ORDER)) == to_payload(ORDER)


@pytest.mark.parametrize(
    ("person", "options", "code"),
    [
        (GUEST, {"variant": "no-region"}, "variant.stock_unexpected"),
        (GUEST.model_copy(update={"default_stock_id": None}), {"variant": "region"}, "variant.stock_missing"),
        (CUSTOMER, {"variant": "region"}, "variant.stock_missing"),
        (GUEST, {"nonce": "a b"}, "nonce.shape"),
        (GUEST, {"payload_max_chars": 30}, "payload.too_large"),
        (None, {"payload_max_chars": 30}, "payload.too_large"),
    ],
)
def test_what_cannot_be_rendered_as_asked(person: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(RenderError) as caught:
        render_order(ORDER, person, **options)
    assert caught.value.code == code


def test_options_are_those_of_a_customer() -> None:
    person = {"customerId": "1", "phone": "8 (911) 222-33-44"}
    assert read_block(render_order(ORDER, person, phone_region="RU"))["setCustomer"]["phone"] == "+79112223344"
    with pytest.raises(CustomerError) as caught:
        render_order(ORDER, person, require_consent=True)
    assert caught.value.code == "consent.missing"
    dropping = {"drop_faulty": True}
    assert render_order(ORDER, {"customerId": "1", "phone": "1"}, **dropping) == render_order(
        ORDER, {"customerId": "1"}
    )
    with pytest.raises(CustomerError):
        render_order(ORDER, {"email": "1", "isAgreedToReceiveMarketingMail": True}, **dropping)
    with pytest.raises(OptionError):
        render_order(ORDER, person, prety=True)


# Past validation


def leaves(order: Order | None = None, guest: Guest | None = None) -> list[tuple[str, str]]:
    with pytest.raises(RenderError) as caught:
        render_order(order or ORDER, guest)
    assert MARK not in f"{caught.value} {caught.value!r} {caught.value.__context__!r}"
    return [(problem.path, problem.code) for problem in caught.value.problems]


def bought(**fields: Any) -> Order:
    item = OrderItem.model_construct(**{"id": 7, "quantity": 1, "price": 990, **fields})
    return Order.model_construct(transaction="1", items=(item,))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None), ("id", 1.5), ("id", True), ("id", 2**53), ("id", [MARK]),
        ("qnt", None), ("qnt", "1"), ("qnt", 1.5), ("qnt", True), ("qnt", Decimal("NaN")), ("qnt", 2**53),
        ("price", float("inf")), ("price", Decimal("Infinity")), ("price", Decimal("sNaN")),
        ("price", Decimal("1E+999999")), ("price", Decimal("1E-999999")), ("price", "</script>"), ("price", [MARK]),
    ],
)  # fmt: skip
def test_a_leaf_of_an_item_is_looked_at_again(field: str, value: Any) -> None:
    name = {"qnt": "quantity"}.get(field, field)
    assert leaves(bought(**{name: value})) == [(f"items[0].{field}", "payload.leaf")]


def test_the_rules_are_not_asked_again() -> None:
    order = bought(id="__proto__", quantity=-1, price=Decimal("-0.50"))
    assert run_html(render_order(order, None)).said() == [
        ("order", {"transaction": "1", "items": [
            {"id": "__proto__", "qnt": Odd("number", "-1"), "price": Odd("number", "-0.5")}
        ]})
    ]  # fmt: skip


def test_every_leaf_is_told() -> None:
    items = (OrderItem.model_construct(id="\ud800", quantity="1"), OrderItem.model_construct(), MARK)
    broken = Order.model_construct(transaction=5, items=items)
    assert leaves(broken) == [
        ("transaction", "payload.leaf"),
        ("items[0].id", "text.surrogate"),
        ("items[0].qnt", "payload.leaf"),
        ("items[0].price", "payload.leaf"),
        ("items[1].id", "payload.leaf"),
        ("items[1].qnt", "payload.leaf"),
        ("items[1].price", "payload.leaf"),
        ("items[2].id", "payload.leaf"),
        ("items[2].qnt", "payload.leaf"),
        ("items[2].price", "payload.leaf"),
    ]
    for items in ((), [], None, MARK, 5):
        assert leaves(Order.model_construct(transaction="1", items=items)) == [("items", "payload.leaf")]
    assert leaves(Order.model_construct()) == [("transaction", "payload.leaf"), ("items", "payload.leaf")]


def test_a_guest_built_without_validation() -> None:
    assert leaves(guest=Guest.model_construct()) == [
        ("email", "payload.leaf"),
        ("isAgreedToReceiveMarketingMail", "payload.leaf"),
    ]
    broken = Guest.model_construct(email=5, default_stock_id="\udc00", is_agreed_to_receive_marketing_mail="true")
    assert leaves(guest=broken) == [
        ("email", "payload.leaf"),
        ("defaultStockId", "text.surrogate"),
        ("isAgreedToReceiveMarketingMail", "payload.leaf"),
    ]
    shown = Guest.model_construct(email=Text("a"), default_stock_id="", is_agreed_to_receive_marketing_mail=False)
    assert to_payload(shown) == {"email": "a", "isAgreedToReceiveMarketingMail": False}


@pytest.mark.parametrize("value", ["1", 1.5, True, None, Decimal("NaN"), Decimal("1E+15"), 2**53, -(2**53)])
def test_what_is_no_number_to_write_has_no_text(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        number_literal(value)


# Numbers


def decimals() -> st.SearchStrategy[Decimal]:
    """Return the numbers that an order accepts: up to 15 digits, close to the point or far behind it."""
    return st.builds(
        lambda digits, exponent: Decimal((0, tuple(map(int, str(digits))), exponent)),
        st.integers(1, 10**15 - 1),
        st.one_of(st.integers(-15, 0), st.integers(-290, 0)),
    )


@given(st.lists(st.one_of(decimals(), st.integers(1, 10**15 - 1)), min_size=1, max_size=20))
def test_every_number_in_range_arrives_to_its_last_digit(numbers: list[Decimal | int]) -> None:
    items = [{"id": position, "qnt": number, "price": number} for position, number in enumerate(numbers)]
    block = render_order({"transaction": "1", "items": items}, None)
    ((_, received),) = run_html(block).said()
    for number, item in zip(numbers, received["items"], strict=True):
        assert Decimal(item["price"].text) == Decimal(item["qnt"].text) == number
    assert read_block(block)["order"]["items"] == items
    written = re.findall(r'"(?:qnt|price)":([^,}]*)', block)
    assert all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) for text in written)
    assert len(written) == 2 * len(numbers)


@given(st.floats(min_value=0, max_value=1e15, exclude_max=True))
def test_every_float_arrives_or_is_refused(price: float) -> None:
    try:
        block = render_order({"transaction": "1", "items": [{"id": 1, "qnt": 1, "price": price}]}, None)
    except CustomerError:
        assert len(repr(price).replace(".", "").partition("e")[0].strip("0")) > 15 or price < 1e-300
    else:
        ((_, received),) = run_html(block).said()
        assert float(received["items"][0]["price"].text) == price


# What is ours


SOUND = f"{OPENING}{PROFILE}{BOUGHT}{CLOSING}"


def test_a_block_is_read_back_by_its_calls() -> None:
    assert read_block(SOUND) == {
        "setProfile": {
            "email": "anna@shop.ru", "defaultStockId": "Москва", "isAgreedToReceiveMarketingMail": True,
        },
        "order": {"transaction": "A-17", "items": [{"id": 1001, "qnt": 2, "price": Decimal("990.50")}]},
    }  # fmt: skip
    assert list(read_block(SOUND)) == ["setProfile", "order"]
    assert read_block(f"{OPENING}{PROFILE}{CLOSING}").keys() == {"setProfile"}
    assert read_block(render_order(ORDER, CUSTOMER, pretty=True, debug=True, nonce="abc")).keys() == {
        "setCustomer",
        "order",
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{OPENING}{CLOSING}", "no call"),
        (f"{OPENING}{BOUGHT}{PROFILE}{CLOSING}", "the order first"),
        (f"{OPENING}{BOUGHT}{BOUGHT}{CLOSING}", "two orders"),
        (f"{OPENING}{PROFILE}{PROFILE}{BOUGHT}{CLOSING}", "two people"),
        (SOUND.replace("setProfile", "setCustomer"), "no id"),
        (SOUND.replace("rrApi.order", "rrApi.orders"), "another method"),
        (SOUND.replace("        rrApi.order", "       rrApi.order"), "a space too few"),
        (SOUND.replace("990.50", "0990.50"), "a zero in front"),
        (SOUND.replace("990.50", "9.905e2"), "an exponent"),
        (SOUND.replace("990.50", "990."), "no digit behind the point"),
        (SOUND.replace("990.50", "+990.50"), "a plus"),
        (SOUND.replace("990.50", "-0"), "the zero with a sign"),
        (SOUND.replace("990.50", "9905000000000000"), "more digits than a price has"),
        (SOUND.replace("990.50", '"990.50"'), "a text for a number"),
        (SOUND.replace("990.50", "true"), "a flag for a number"),
        (SOUND.replace('"id":1001', '"id":9007199254740993'), "an id past the safe ones"),
        (SOUND.replace('"qnt":2,', ""), "no quantity"),
        (SOUND.replace('"qnt":2,"price":990.50', '"price":990.50,"qnt":2'), "another order of keys"),
        (SOUND.replace('[{"id":1001,"qnt":2,"price":990.50}]', "[]"), "no items"),
        (SOUND.replace('[{"id":1001,"qnt":2,"price":990.50}]', "{}"), "no list"),
        (SOUND.replace('[{"id":1001,"qnt":2,"price":990.50}]', '"x"'), "a text for items"),
        (SOUND.replace('{"id":1001,"qnt":2,"price":990.50}', "5"), "a number for an item"),
        (SOUND.replace('"A-17"', "17"), "a number for a transaction"),
        (SOUND.replace('"anna@shop.ru"', "5"), "a number for an address"),
        (SOUND.replace(',"isAgreedToReceiveMarketingMail":true', ""), "no consent"),
        (SOUND.replace('"items":', '"stockId":"1","items":'), "a field that is none"),
    ],
)  # fmt: skip
def test_anything_else_is_not_ours(text: str, why: str) -> None:
    with pytest.raises(PageError) as caught:
        read_block(text)
    assert caught.value.code == "block.not_ours", why
