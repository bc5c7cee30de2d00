"""The page of an order without any framework: what is reported, and what remains, if something is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from rr_snippet import Guest, Order, RenderOptions, render_order, render_snippet
from rr_snippet.integrations._deferred import write_card
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit
from tests.integrations.people import ANNA, BROKEN
from tests.integrations.support import records
from tests.support.order_facts import GUEST, ORDER


class Door(Visit):
    """A visit by Anna, with nothing known about the response."""

    def __init__(self, *, debug: bool = False, **settings: Any) -> None:
        self.said = Settings(**{"customer": lambda _: ANNA, **settings})
        self.debug = debug

    @property
    def is_debug(self) -> bool:
        return self.debug

    def settings(self) -> Settings:
        return self.said


@pytest.mark.parametrize("person", [ANNA, GUEST, Guest(**GUEST), None])
@pytest.mark.parametrize("order", [ORDER, Order(**ORDER)])
def test_models_and_mappings_are_taken_alike(order: Any, person: Any) -> None:
    assert Door().render_order(order, person=person) == render_order(order, person)


@pytest.mark.parametrize(
    ("order", "person", "options", "left", "told"),
    [
        (ORDER, BROKEN, {}, (ORDER, None), ["WARNING person left out: phone.shape"]),
        (ORDER, "anna@shop.ru", {}, (ORDER, None), ["ERROR person left out: customer.type str"]),
        (ORDER, {"email": "anna"}, {}, (ORDER, None), ["WARNING person left out: email.shape, guest.consent_missing"]),
        (ORDER, ANNA, {"variant": "region"}, (ORDER, None), ["ERROR person left out: variant.stock_missing"]),
        (None, ANNA, {}, (None, ANNA), ["ERROR order left out: order.type"]),
        (ANNA, GUEST, {}, (None, GUEST), None),
        ({**ORDER, "transaction": " "}, ANNA, {}, (None, ANNA), ["WARNING order left out: order.transaction_blank"]),
        (None, None, {}, None, ["ERROR no block: order.type"]),
        (None, BROKEN, {}, None, ["WARNING person left out: phone.shape", "ERROR no block: order.type"]),
        (None, ANNA, {"variant": "region"}, None, ["ERROR no block: order.type"]),
        (ORDER, ANNA, {"nonce": "<"}, None, ["ERROR no block: nonce.shape"]),
        (ORDER, ANNA, {"varian": "region"}, None, ["ERROR no block: option.unknown"]),
    ],
)
def test_what_is_left_when_something_is_wrong(
    order: Any, person: Any, options: Any, left: Any, told: Any, caplog: pytest.LogCaptureFixture
) -> None:
    block = Door().render_order(order, person=person, **options)
    if left is None:
        assert block == ""
    elif left[0] is None:
        assert "rrApi.order(" not in block
        if "customerId" in left[1]:
            assert block == render_snippet(left[1])
        else:
            assert block.count("rrApi.setProfile(") == 1
    else:
        assert block == render_order(*left)
    if told is not None:
        assert [f"{level} {text}" for level, text in records(caplog)] == told
    assert "anna@" not in caplog.text
    with pytest.raises(Exception, match=r"\["):
        Door(debug=True).render_order(order, person=person, **options)


class Unreachable:
    """A lazy object whose database is away."""

    @property
    def __class__(self) -> Any:
        raise ConnectionError("the database is away")


def test_a_lazy_order_that_cannot_be_read_leaves_the_person(caplog: pytest.LogCaptureFixture) -> None:
    assert Door().render_order(Unreachable()) == render_snippet(ANNA)
    assert records(caplog) == [("ERROR", "order left out: site.failed ConnectionError")]
    assert Door().render_order(Unreachable(), person=None) == ""
    with pytest.raises(ConnectionError):
        Door(debug=True).render_order(Unreachable())


def test_a_guest_is_somebody_on_the_page_of_an_order_alone(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(customer=lambda _: Guest(**GUEST))
    assert door.render_order(ORDER) == render_order(ORDER, GUEST)
    assert door.render() == door.render(Guest(**GUEST)) == ""
    assert write_card(door, None, is_secure=True).status == 204
    assert records(caplog) == [("ERROR", "no block: customer.type Guest")] * 3


def test_what_is_dropped_of_a_person_is_told(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(customer=lambda _: BROKEN, options=RenderOptions(drop_faulty=True))
    kept = {name: value for name, value in BROKEN.items() if name != "phone"}
    assert door.render_order(ORDER) == render_order(ORDER, kept)
    assert records(caplog) == [("WARNING", "left out of the block: phone.shape")]
    assert door.render_order(ORDER, person=GUEST) == render_order(ORDER, GUEST)
    assert len(records(caplog)) == 1


def test_a_fault_of_one_call_is_not_told_of_the_next(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(customer=lambda _: 1 / 0)
    door.render_order({})
    person, order = (record.__dict__["rr_setting"] for record in caplog.records if record.name == "rr_snippet")
    assert (person, order) == ("RR_SNIPPET.CUSTOMER", None)
