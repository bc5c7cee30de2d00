"""The test kit for shops: what a page says about its customer. Real test clients are in tests/integrations."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import (
    Customer,
    CustomerError,
    FcmSubscription,
    Guest,
    HuaweiSubscription,
    Order,
    OrderItem,
    PageError,
    Renderer,
    inject,
    render_order,
    render_snippet,
)
from rr_snippet.testing import (
    TRACKER_JS,
    TRACKER_PATH,
    Snippets,
    assert_customer,
    assert_no_customer,
    assert_no_order,
    assert_order,
    parse_snippets,
    rr_snippets,
)
from tests.support.javascript import run_scripts

ANNA = Customer(
    customer_id=42,
    email="anna@shop.ru",
    phone="+7 (111) 222-33-44",
    custom_data={"город": "Москва"},
    default_stock_id="Москва",
    soft_links={"card": "77001"},
    mobile_push_subscription=FcmSubscription(
        creation_timestamp="2025-03-31T11:03:02Z", application_id="a", fcm_project_id="b", token="c"
    ),
    is_agreed_to_receive_marketing_mail=False,
)
EMPTY = "<!doctype html><title>Магазин</title><body></body>"
PAGE = inject(EMPTY, render_snippet(ANNA))
ORDER = Order(transaction="A-17", items=[{"id": 7, "qnt": 2, "price": 990.5}, {"id": "8", "qnt": 1, "price": 0}])
GUEST = Guest(email="anna@shop.ru", is_agreed_to_receive_marketing_mail=True)
THANKS = inject(EMPTY, render_order(ORDER, ANNA))
FOREIGN = '<script>rrApiOnReady.push(function () { rrApi.setCustomer({"customerId": "42"}); })</script>'


class WithData:
    """A response as Flask's test client gives it."""

    def __init__(self, page: str) -> None:
        self.data = page.encode()


class WithContent:
    """A response as the clients of Django, httpx and requests give it."""

    def __init__(self, page: str) -> None:
        self.content = page.encode()


class Streaming:
    """A streaming response of Django."""

    streaming = True

    def __init__(self, page: str) -> None:
        self.streaming_content = iter([page[:100].encode(), page[100:].encode()])


PAGES: dict[str, Callable[[str], Any]] = {
    "text": str,
    "bytes": str.encode,
    "bytearray": lambda page: bytearray(page.encode()),
    "cp1251": lambda page: page.encode("cp1251"),
    "UTF-16": lambda page: page.encode("utf-16"),
    "gzip": lambda page: gzip.compress(page.encode()),
    "data": WithData,
    "content": WithContent,
    "stream": Streaming,
}


@pytest.mark.parametrize("form", PAGES)
def test_pages_and_responses_are_taken_as_they_are(form):
    make = PAGES[form]
    assert parse_snippets(make(PAGE)) == [ANNA]
    assert assert_customer(make(PAGE), customer_id="42") == ANNA
    assert_no_customer(make(EMPTY))
    with pytest.raises(AssertionError):
        assert_no_customer(make(PAGE))


@pytest.mark.parametrize("options", [{"pretty": True}, {"debug": True}, {"nonce": "abc"}])
def test_every_form_of_our_block_is_read(options):
    assert parse_snippets(inject(EMPTY, render_snippet(ANNA, **options))) == [ANNA]


def test_several_blocks_come_in_order():
    blocks = "".join(render_snippet({"customerId": str(number)}) for number in range(3))
    assert [customer.customer_id for customer in parse_snippets(blocks)] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "page",
    [
        f"<!-- {render_snippet(ANNA)} -->",
        f"<template>{render_snippet(ANNA)}</template>",
        f"<textarea>{render_snippet(ANNA)}</textarea>",
        str(render_snippet(ANNA)).replace("text/javascript", "text/plain"),
        str(render_snippet(ANNA)).removesuffix("</script>"),
        str(render_snippet(ANNA)).replace("<script", '<script src="a.js"'),
        "<script>var a = 1;</script>",
    ],
)
def test_what_no_browser_runs_is_no_customer(page):
    assert parse_snippets(page) == []
    assert_no_customer(page)


@pytest.mark.parametrize(
    "page",
    [
        FOREIGN,
        str(render_snippet(ANNA)).replace("catch (e) {}", "catch (e) { }"),
        str(render_snippet(ANNA)).replace('"42"', '"\\u0034\\u0032"'),
        f"<svg>{render_snippet(ANNA)}</svg>",
        str(render_snippet(ANNA)) + FOREIGN,
    ],
)
def test_a_call_that_is_not_ours_is_refused(page):
    with pytest.raises(PageError) as caught:
        parse_snippets(page)
    assert caught.value.code == "page.foreign_call"
    with pytest.raises(PageError):
        assert_customer(page, customer_id="42")
    with pytest.raises(
        AssertionError, match=r"^expected no setCustomer call in the page, found one that this library did not write$"
    ):
        assert_no_customer(page)


def test_a_page_that_cannot_be_read_has_no_customer_but_says_so():
    for check in (parse_snippets, assert_no_customer, assert_customer):
        with pytest.raises(PageError) as caught:
            check("<p>".encode("utf-32"))
        assert caught.value.code == "page.encoding"


def test_values_that_break_the_rules_of_today_are_told():
    block = str(render_snippet({"customerId": "42", "phone": "71112223344"})).replace("71112223344", "7-1")
    with pytest.raises(CustomerError) as caught:
        parse_snippets(block)
    assert caught.value.code == "phone.too_short"


@pytest.mark.parametrize("page", [None, 42, ["<p>"], object()])
def test_no_page_is_a_mistake_of_the_test(page):
    with pytest.raises(TypeError, match=r"^no page and no response with a content: "):
        parse_snippets(page)


@pytest.mark.parametrize(
    "fields",
    [
        {"customer_id": "42"},
        {"customer_id": 42, "email": "anna@shop.ru", "is_agreed_to_receive_marketing_mail": False},
        {"customerId": "42", "softLinks": [{"Name": "card", "Value": "77001"}]},
        {"custom_data": {"город": "Москва"}, "mobile_push_subscription": ANNA.mobile_push_subscription},
        {"defaultStockId": "Москва"},
        {},
    ],
)
def test_named_fields_are_compared_in_either_spelling(fields):
    assert assert_customer(PAGE, **fields) == ANNA


def test_a_whole_customer_is_compared_in_every_field():
    assert assert_customer(PAGE, ANNA) == ANNA
    assert_customer(render_snippet({"customerId": 42}), {"customer_id": "42"})
    assert_customer(
        render_snippet({"customerId": 42}), Customer(customer_id="42", is_agreed_to_receive_marketing_mail=None)
    )
    with pytest.raises(AssertionError) as caught:
        assert_customer(PAGE, ANNA.model_copy(update={"phone": None, "email": "ivan@shop.ru"}))
    assert (
        str(caught.value)
        == """the customer in the page differs from the expected one
  email:
    expected 'ivan@shop.ru'
    found    'anna@shop.ru'
  phone:
    expected absent
    found    '+7 (111) 222-33-44'"""
    )


def test_a_failure_shows_the_difference_field_by_field():
    with pytest.raises(AssertionError) as caught:
        assert_customer(
            PAGE, customer_id="42", email=None, softLinks={"card": "1"}, is_agreed_to_receive_marketing_mail=True
        )
    assert (
        str(caught.value)
        == """the customer in the page differs from the expected one
  email:
    expected absent
    found    'anna@shop.ru'
  softLinks:
    expected {'card': '1'}
    found    {'card': '77001'}
  isAgreedToReceiveMarketingMail:
    expected True
    found    False"""
    )


def test_a_failure_shows_a_push_subscription_with_its_values():
    push = {"huaweiSubscription": {"creationTimestamp": "2025-03-31T11:03:02Z", "applicationId": "a", "token": "d"}}
    with pytest.raises(AssertionError) as caught:
        assert_customer(PAGE, mobilePushSubscription=push)
    assert (
        str(caught.value)
        == """the customer in the page differs from the expected one
  mobilePushSubscription:
    expected {'HuaweiSubscription': {'creation_timestamp': '2025-03-31T11:03:02Z', 'application_id': 'a', 'token': 'd'}}
    found    {'FcmSubscription': {'creation_timestamp': '2025-03-31T11:03:02Z', 'application_id': 'a', 'fcm_project_id': 'b', 'token': 'c'}}"""
    )


def test_one_customer_is_expected_and_no_other_number():
    with pytest.raises(AssertionError, match=r"^expected one customer in the page, found 0$"):
        assert_customer(EMPTY, customer_id="42")
    with pytest.raises(AssertionError, match=r"^expected one customer in the page, found 2$"):
        assert_customer(PAGE + str(render_snippet(ANNA)), customer_id="42")
    with pytest.raises(AssertionError, match=r"^expected no customer in the page, found 1: '42'$"):
        assert_no_customer(PAGE)


# Orders


def test_the_page_of_an_order_tells_who_and_then_what():
    assert parse_snippets(THANKS) == [ANNA, ORDER]
    assert parse_snippets(inject(EMPTY, render_order(ORDER, GUEST, pretty=True))) == [GUEST, ORDER]
    assert parse_snippets(render_order(ORDER, None)) == [ORDER]
    assert parse_snippets(Renderer().render_person(GUEST)) == [GUEST]
    assert parse_snippets(PAGE + str(render_order(ORDER, GUEST)) + PAGE) == [ANNA, GUEST, ORDER, ANNA]
    assert assert_customer(THANKS, ANNA) == ANNA
    assert_no_customer(render_order(ORDER, None))
    with pytest.raises(AssertionError, match=r"^expected no customer in the page, found 1: 'anna@shop.ru'$"):
        assert_no_customer(render_order(ORDER, GUEST))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"transaction": "A-17"},
        {"items": [{"id": 7, "quantity": 2, "price": 990.50}, {"id": "8", "qnt": 1, "price": 0.0}]},
        {"transaction": "A-17", "items": ORDER.items},
        {"person": ANNA},
        {"person": ANNA.model_dump(), "transaction": "A-17"},
    ],
)
def test_an_order_is_compared_in_what_is_named(fields):
    assert assert_order(THANKS, **fields) == ORDER


def test_a_whole_order_is_compared():
    assert assert_order(THANKS, ORDER) == assert_order(THANKS, ORDER.model_dump(), person=ANNA) == ORDER
    assert assert_order(render_order(ORDER, None), ORDER, person=None) == ORDER
    guest = {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": True}
    assert assert_order(PAGE + str(render_order(ORDER, GUEST)), person=guest) == ORDER
    with pytest.raises(AssertionError) as caught:
        assert_order(THANKS, {"transaction": 18, "items": [{"id": 7, "qnt": 2, "price": 990}]})
    assert (
        str(caught.value)
        == """the order in the page differs from the expected one
  transaction:
    expected '18'
    found    'A-17'
  items:
    expected [{'id': 7, 'quantity': 2, 'price': 990}]
    found    [{'id': 7, 'quantity': 2, 'price': Decimal('990.5')}, {'id': '8', 'quantity': 1, 'price': 0}]"""
    )


def test_the_person_before_an_order_is_compared():
    with pytest.raises(AssertionError) as caught:
        assert_order(THANKS, person=ANNA.model_copy(update={"email": "ivan@shop.ru"}))
    assert (
        str(caught.value)
        == """the person in the page differs from the expected one
  email:
    expected 'ivan@shop.ru'
    found    'anna@shop.ru'"""
    )
    for page, person, said in (
        (THANKS, None, "expected nobody before the order, found a customer"),
        (THANKS, GUEST, "expected a guest before the order, found a customer"),
        (render_order(ORDER, GUEST), ANNA, "expected a customer before the order, found a guest"),
        (PAGE + str(render_order(ORDER, None)), ANNA, "expected a customer before the order, found nobody"),
    ):
        with pytest.raises(AssertionError) as caught:
            assert_order(page, person=person)
        assert str(caught.value) == said


def test_a_shops_own_models_are_expected_as_ours():
    class Buyer(Customer):
        tier: int = 1

    class Visitor(Guest):
        tier: int = 1

    class Piece(OrderItem):
        colour: str = "red"

    class Purchase(Order):
        shop: str = "north"

    class Phone(HuaweiSubscription):
        model: str = "P30"

    push = Phone(creation_timestamp="2025-03-31T11:03:02Z", application_id="a", token="t")
    order = Purchase(transaction="A-17", items=[Piece(id=7, quantity=1, price=990)])
    buyer = Buyer(customer_id="42", mobile_push_subscription=push)
    visitor = Visitor(**GUEST.model_dump())
    for person in (buyer, visitor):
        page = PAGE + str(render_order(order, person))
        assert assert_order(page, order, person=person) == Order(
            transaction="A-17", items=[{"id": 7, "qnt": 1, "price": 990}]
        )
    assert assert_customer(render_snippet(buyer), buyer).customer_id == "42"
    with pytest.raises(AssertionError, match=r"^expected a guest before the order, found a customer$"):
        assert_order(THANKS, person=visitor)


def test_one_order_is_expected_and_no_other_number():
    with pytest.raises(AssertionError, match=r"^expected one order in the page, found 0$"):
        assert_order(PAGE)
    with pytest.raises(AssertionError, match=r"^expected one order in the page, found 2$"):
        assert_order(THANKS + str(render_order(ORDER, None)))
    with pytest.raises(AssertionError, match=r"^expected no order in the page, found 1: 'A-17'$"):
        assert_no_order(THANKS)
    assert_no_order(PAGE)
    assert_no_order(EMPTY)


@pytest.mark.parametrize(
    "call",
    [
        'rrApi.order({"transaction": "1", "items": []})',
        'window.rrApi["order"]({})',
        "var api = rrApi; api.order({})",
        'rrApi.setProfile({"email": "a@shop.ru"})',
    ],
)
def test_a_call_of_the_order_page_that_is_not_ours_is_refused(call):
    page = f"{THANKS}<script>{call}</script>"
    for check in (assert_order, assert_no_order):
        with pytest.raises(PageError) as caught:
            check(page)
        assert caught.value.code == "page.foreign_call"
    # The checks of customers accept such a call.
    assert parse_snippets(page) == [ANNA, ORDER]
    assert assert_customer(page, customer_id="42") == ANNA


@pytest.mark.parametrize("call", ["basket.order({})", "// rrApi.order({})", "var border = 'rrApi.order(1)'"])
def test_what_only_looks_like_a_call_of_the_order_page_is_none(call):
    assert assert_order(f"{THANKS}<script>{call}</script>") == ORDER
    assert_no_order(f"<script>{call}</script>")


@pytest.mark.parametrize("fields", [{"total": 5}, {"items": []}, {"person": {"email": "x"}}, {"transaction": " "}])
def test_an_expectation_that_is_no_order_is_told(fields):
    with pytest.raises(CustomerError):
        assert_order(THANKS, **fields)


@pytest.mark.parametrize(
    "fields", [{"nickname": "a"}, {"email": "anna"}, {"is_agreed_to_receive_marketing_mail": "false"}]
)
def test_an_expectation_that_is_no_customer_is_told(fields):
    with pytest.raises(CustomerError):
        assert_customer(PAGE, **fields)


def test_the_stand_in_tracker_is_a_text_and_a_file():
    assert TRACKER_PATH.name == "tracker.js"
    assert TRACKER_PATH.read_text("utf-8") == TRACKER_JS
    received = run_scripts("rrApiOnReady = [function () { rrApi.setCustomer({}); }];", TRACKER_JS, tracker="none")
    assert len(received.calls) == 1


def test_the_fixture_is_one_where_it_is_imported(rr_snippets):
    assert isinstance(rr_snippets, Snippets)
    assert rr_snippets.parse(PAGE) == [ANNA]
    assert rr_snippets.assert_customer(PAGE, email="anna@shop.ru") == ANNA
    rr_snippets.assert_no_customer(EMPTY)
    assert rr_snippets.assert_order(THANKS, transaction="A-17") == ORDER
    rr_snippets.assert_no_order(EMPTY)
    assert rr_snippets.tracker_js == TRACKER_JS


def test_the_fixture_is_not_loaded_by_itself(tmp_path: Path):
    (tmp_path / "test_it.py").write_text("def test_it(rr_snippets): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert (
        "fixture 'rr_snippets' not found" in subprocess.run(command, capture_output=True, text=True, check=False).stdout
    )
    (tmp_path / "conftest.py").write_text("from rr_snippet.testing import rr_snippets\n")
    assert "1 passed" in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_the_module_needs_neither_pytest_nor_a_parser():
    program = (
        "import sys, rr_snippet.testing as kit; kit.parse_snippets('<p>')\n"
        "print([name for name in ('pytest', '_pytest', 'bs4', 'html5lib', 'tree_sitter') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_other_names_are_none():
    import rr_snippet.testing

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rr_snippet.testing.nothing


__all__ = ["rr_snippets"]
