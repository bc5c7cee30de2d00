"""What a call sends to the tracker, if that is all in the code."""

from __future__ import annotations

import pytest

from rr_snippet import render_snippet
from rr_snippet.check.given import given_customers
from rr_snippet.customer.pairs import RepeatedKeys


def in_page(call: str) -> str:
    return f"<p>x</p><script>(window.rrApiOnReady ||= []).push(() => {{ try {{ {call} }} catch (e) {{}} }})</script>"


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("rrApi.setCustomer({customerId: '1', n: 2, f: 1.5, t: true, x: null, l: [{a: `b`}]})",
         [{"customerId": "1", "n": 2, "f": 1.5, "t": True, "x": None, "l": [{"a": "b"}]}]),
        ("var c = {customerId: '1'}; rrApi.setCustomer(c)", [{"customerId": "1"}]),
        ("rrApi.setCustomer({customerId: id})", [None]),
        ("rrApi.setCustomer({customerId: 'a' + b})", [None]),
        ("rrApi.setCustomer({customerId: '1', ...more})", [None]),
        ("rrApi.setCustomer({customerId: '1', f: function () {}})", [None]),
        ("rrApi.setCustomer({customerId: '{{ user.id }}'})", [None]),
        ("rrApi.setCustomer()", [None]),
        ("rrApi.setCustomer({customerId: '1'}); rrApi.setCustomer({customerId: '2'})",
         [{"customerId": "1"}, {"customerId": "2"}]),
        ("rrApi.setEmail('a@shop.ru')", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_given_is_read_where_it_stands_in_the_code(call: str, given: list[object]) -> None:
    assert given_customers(in_page(call), name="page.html") == given


def test_a_key_that_stands_twice_stands_twice() -> None:
    (given,) = given_customers("rrApi.setCustomer({a: '1', a: '2'})", name="call.js")
    assert isinstance(given, RepeatedKeys)
    assert given.pairs == [("a", "1"), ("a", "2")]


def test_a_block_of_ours_gives_what_stands_in_it() -> None:
    customer = {"customerId": "1", "customData": {"имя": "</script>"}, "isAgreedToReceiveMarketingMail": False}
    assert given_customers(render_snippet(customer)) == [customer]
