"""The facts of an order's page in every framework. The test class of a framework inherits `OrderFacts`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from rr_snippet import CustomerError, render_order, render_snippet
from tests.integrations.people import ANNA, BROKEN, PEOPLE
from tests.integrations.support import records

ORDER = {
    "transaction": "A-17",
    "items": [{"id": 7, "qnt": 2, "price": 1990.5}, {"id": "ч-8", "qnt": 1, "price": 0}],
}
GUEST = {"email": "guest@shop.ru", "isAgreedToReceiveMarketingMail": False}

PAGE = "<!doctype html><title>Shop</title><body><h1>Thanks</h1>{}</body>"

# Each is written in Jinja2 and converted to Django's own language.
TEMPLATES = {
    name: PAGE.format(body)
    for name, body in {
        "order": "{{ rr_order(order) }}",
        "guest": "{{ rr_order(order, person=guest) }}",
        "other": "{{ rr_order(order, person=anna, nonce='abc', pretty=True) }}",
        "alone": "{{ rr_order(order, person=None) }}",
        "after": "{{ rr_order(order) }}{{ rr_customer() }}",
        "before": "{{ rr_customer() }}{{ rr_order(order) }}",
        "no-order": "{{ rr_order(guest) }}{{ rr_customer() }}",
        "no-person": "{{ rr_order(order, person=broken) }}",
        "neither": "{{ rr_order(guest, person=broken) }}",
        "deferred": "{{ rr_customer_deferred() }}{{ rr_order(order) }}{{ rr_customer_deferred() }}",
        "shared": "{{ rr_customer_deferred() }}",
    }.items()
}
CONTEXT = {"order": ORDER, "guest": GUEST, "anna": ANNA, "broken": BROKEN}
SETTINGS = {"DEFERRED": True, "DEFERRED_MARKER": "known", "RESPECT_GPC": True}


def in_django(source: str) -> str:
    """Convert one of these templates to Django's own language."""

    def tag(call: re.Match[str]) -> str:
        return "{% " + " ".join([call[1], *filter(None, call[2].split(", "))]) + " %}"

    return "{% load rr_snippet %}" + re.sub(r"\{\{ (\w+)\((.*?)\) \}\}", tag, source)


def failing_customer(_request: object) -> None:
    raise ZeroDivisionError


class OrderFacts:
    """`show` returns the text and the headers of a page for the visitor `who`. Names of headers are in lower case."""

    def show(
        self, name: str, who: str | None = "anna", *, debug: bool = False, settings: Any = None, **headers: str
    ) -> tuple[str, Mapping[str, str]]:
        raise NotImplementedError

    def body(self, name: str, who: str | None = "anna", **more: Any) -> str:
        text, headers = self.show(name, who, **more)
        assert headers.get("content-length", str(len(text.encode()))) == str(len(text.encode()))
        start, end = PAGE.split("{}")
        assert text.startswith(start)
        assert text.endswith(end)
        return text[len(start) : -len(end)]

    @pytest.mark.parametrize("who", ["anna", "boris", None])
    def test_who_has_bought_and_then_what(self, who: str | None) -> None:
        text, headers = self.show("order", who)
        assert text == PAGE.format(render_order(ORDER, PEOPLE.get(who or "")))
        assert (headers["cache-control"], headers["vary"]) == ("private", "Cookie")
        assert headers.get("set-cookie", "").startswith("known=1") is (who is not None)

    def test_the_person_may_be_given(self) -> None:
        assert self.body("guest", None) == render_order(ORDER, GUEST)
        assert self.body("other", None) == render_order(ORDER, ANNA, nonce="abc", pretty=True)
        assert self.body("alone") == render_order(ORDER, None)

    def test_a_guest_is_nobody_to_ask_for_again(self) -> None:
        for name in ("guest", "alone"):
            text, headers = self.show(name)
            assert (headers["cache-control"], "known=" in headers.get("set-cookie", "")) == ("private", False), name
            assert "<script" in text

    def test_the_person_is_told_once(self) -> None:
        assert self.body("after") == render_order(ORDER, ANNA)
        assert self.body("after", None) == render_order(ORDER, None)
        # The block above has sent the person already, but the vendor wants person and order in one call.
        assert self.body("before") == render_snippet(ANNA) + render_order(ORDER, ANNA)

    def test_in_debug_a_comment_says_so(self) -> None:
        comment = "<!-- rr-snippet: no block (ordered) -->"
        assert self.body("after", debug=True) == f"{render_order(ORDER, ANNA)}{comment}"

    def test_a_faulty_order_costs_no_person(self, caplog: pytest.LogCaptureFixture) -> None:
        assert self.body("no-order") == render_snippet(ANNA)
        ((level, text),) = records(caplog)
        assert (level, text.partition(": ")[0]) == ("WARNING", "order left out")

    def test_a_faulty_person_costs_no_order(self, caplog: pytest.LogCaptureFixture) -> None:
        assert self.body("no-person") == render_order(ORDER, None)
        assert self.body("order", settings={"CUSTOMER": failing_customer}) == render_order(ORDER, None)
        assert records(caplog) == [
            ("WARNING", "person left out: phone.shape"),
            ("ERROR", "person left out: site.failed ZeroDivisionError"),
        ]

    def test_what_is_left_of_neither_is_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        text, headers = self.show("neither")
        assert text == PAGE.format("")
        assert "private" not in headers.get("cache-control", "")
        assert [text.partition(": ")[0] for _, text in records(caplog)] == ["person left out", "no block"]

    @pytest.mark.parametrize("name", ["no-order", "no-person", "neither"])
    def test_in_debug_both_are_errors(self, name: str) -> None:
        with pytest.raises(CustomerError):
            self.show(name, debug=True)

    @pytest.mark.parametrize("name", ["order", "guest", "alone", "after"])
    def test_who_wants_no_card_has_no_order_told(self, name: str) -> None:
        assert self.body(name, sec_gpc="1") == ""
        assert self.body(name, settings={"EXCLUDE": lambda _: True}) == ""

    @pytest.mark.parametrize("who", ["anna", None])
    def test_the_loader_does_not_tell_of_the_person_again(self, who: str | None) -> None:
        assert self.body("deferred", who) == render_order(ORDER, PEOPLE.get(who or ""))
        assert 'data-customer="' in self.body("shared", who)
