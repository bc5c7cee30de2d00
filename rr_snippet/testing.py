"""For a shop's own tests: what its pages send to the tracker about a customer and an order.

A page is a text, bytes, or the response of a test client (Django, Starlette, httpx, Flask). Only blocks that are this
library's to the byte are read. A page with any other `setCustomer` call is refused. Unlike all other messages, those of
failed assertions show values, because they are a test's.

    def test_the_account_page_names_its_customer(client):
        assert_customer(client.get("/account/"), customer_id="42", email="anna@shop.ru")

    def test_the_page_of_thanks_tells_the_order_once(client):
        assert_order(client.get("/thanks/"), transaction="A-17", person=Customer(customer_id="42"))
        assert_no_order(client.get("/thanks/"))

`TRACKER_JS` is a stand-in for the tracker in plain JavaScript, for end-to-end tests; its file is `TRACKER_PATH`. A page
that loads it records its calls in `window.rrStandIn.calls`, and in `window.rrStandIn.orders` each order as the tracker
of 2020 would have sent it.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from rr_snippet.customer.customer import SPELLINGS, Customer
from rr_snippet.customer.guest import Guest, Person, read_person
from rr_snippet.customer.order import Order, read_order
from rr_snippet.customer.translation import is_ours
from rr_snippet.customer.usual import fields_of
from rr_snippet.errors import PageError, Problem
from rr_snippet.html.scan import scan_units
from rr_snippet.html.units import read_units
from rr_snippet.page.existing_call import CARD, ORDER_PAGE, find_calls

TRACKER_JS: Final = (files("rr_snippet") / "tracker.js").read_text("utf-8")
TRACKER_PATH: Final = Path(__file__).with_name("tracker.js")

Told = Customer | Guest | Order

_MODELS: Final[dict[str, type[Told]]] = {"setCustomer": Customer, "setProfile": Guest, "order": Order}

# The values of required fields that a test does not name.
_STAND_INS: Final[dict[type[Told], dict[str, Any]]] = {
    Customer: {"customer_id": "-"},
    Order: {"transaction": "-", "items": [{"id": "-", "quantity": 1, "price": 0}]},
}

_NOT_LOOKED_AT: Final[Any] = object()


def parse_snippets(page: Any) -> list[Told]:
    """Return the customers, guests and orders whose blocks a browser would run in `page`, in the page's order.

    Raises:
        PageError: `page.foreign_call` for a `setCustomer` call that this library did not write; `page.encoding`.
        CustomerError: a block has values that break the current rules.
        TypeError: `page` is neither a page nor a response.
    """
    return [told for block in _blocks_in(page) for told in block]


def _blocks_in(page: Any, *, refused: frozenset[str] = CARD) -> list[list[Told]]:
    """Return the models in each block of ours in `page`.

    Raises:
        PageError: `page.foreign_call` for a call of the `refused` methods that this library did not write.
    """
    units = read_units(_content(page))
    scan = scan_units(units)
    if find_calls(units, scan, refused).foreign:
        raise PageError(Problem.of("page.foreign_call"))
    blocks = find_calls(units, scan, ORDER_PAGE).blocks
    return [[_MODELS[method].model_validate(told) for method, told in objects.items()] for _, objects in blocks]


def _content(page: Any) -> bytes | str:
    """Return what a browser would get: the page itself, or the whole content of a response."""
    content = page
    if not isinstance(page, (bytes, bytearray, str)):
        # Django's streams have no `content`; httpx, which is Starlette's client, has it; Flask calls it `data`.
        if getattr(page, "streaming", False):
            content = b"".join(page.streaming_content)
        else:
            content = getattr(page, "content", getattr(page, "data", None))
    if isinstance(content, str):
        return str.__str__(content)
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(f"no page and no response with a content: {type(page).__name__}")
    content = bytes(content)
    # A test client may ask for gzip, and no customer would be found in a packed page.
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def assert_customer(page: Any, expected: Customer | Mapping[str, Any] | None = None, /, **fields: Any) -> Customer:
    """Assert that `page` sends exactly one customer, the expected one, and return that customer.

    With `expected` the customers must be equal. With `fields`, in either spelling, only these must be equal; `None`
    means that a field must be absent.

    Raises:
        AssertionError: with the differences, field by field.
        CustomerError: the expected customer is not valid.
    """
    customers = [told for told in parse_snippets(page) if isinstance(told, Customer)]
    if len(customers) != 1:
        raise AssertionError(f"expected one customer in the page, found {len(customers)}")
    _assert_same("customer", customers[0], None if expected is None else Customer.parse(expected), fields)
    return customers[0]


def assert_no_customer(page: Any) -> None:
    """Assert that `page` sends no customer and no guest, neither in a block of ours nor in another `setCustomer` call.

    Raises:
        AssertionError: with the ids of the customers that it sends.
    """
    try:
        told = parse_snippets(page)
    except PageError as error:
        if error.code != "page.foreign_call":
            raise
        told = None
    if told is None:
        raise AssertionError("expected no setCustomer call in the page, found one that this library did not write")
    people = [one.customer_id if isinstance(one, Customer) else one.email for one in told if not isinstance(one, Order)]
    if people:
        raise AssertionError(f"expected no customer in the page, found {len(people)}: {', '.join(map(repr, people))}")


def assert_order(
    page: Any,
    expected: Order | Mapping[str, Any] | None = None,
    /,
    *,
    person: Person | Mapping[str, Any] | None = _NOT_LOOKED_AT,
    **fields: Any,
) -> Order:
    """Assert that `page` sends exactly one order, the expected one, and return that order.

    `expected` and `fields` are as in `assert_customer`. `person` is the customer or guest before the order in the same
    block; `None` means that there must be none.

    Raises:
        AssertionError: with the differences, field by field.
        CustomerError: the expected order or person is not valid.
        PageError: as `parse_snippets`, and for a `setProfile` or `order` call too.
    """
    orders = [block for block in _blocks_in(page, refused=ORDER_PAGE) if isinstance(block[-1], Order)]
    if len(orders) != 1:
        raise AssertionError(f"expected one order in the page, found {len(orders)}")
    *people, order = orders[0]
    assert isinstance(order, Order), "only blocks with an order were chosen"
    _assert_same("order", order, None if expected is None else read_order(expected), fields)
    if person is not _NOT_LOOKED_AT:
        found = people[0] if people else None
        wanted = None if person is None else read_person(person)
        if _kind_of(found) != _kind_of(wanted):
            raise AssertionError(f"expected {_kind_of(wanted)} before the order, found {_kind_of(found)}")
        if found is not None:
            _assert_same("person", found, wanted, {})
    return order


def assert_no_order(page: Any) -> None:
    """Assert that `page` sends no order, neither in a block of ours nor in another `order` call.

    Raises:
        AssertionError: with the numbers of the orders that it sends.
        PageError: as `assert_order`.
    """
    orders = [told for block in _blocks_in(page, refused=ORDER_PAGE) for told in block if isinstance(told, Order)]
    if orders:
        numbers = ", ".join(repr(order.transaction) for order in orders)
        raise AssertionError(f"expected no order in the page, found {len(orders)}: {numbers}")


def _kind_of(person: Told | None) -> str:
    return "nobody" if person is None else f"a {_our_class(person).__name__.lower()}"


def _our_class(model: BaseModel) -> type[BaseModel]:
    """Return the class of ours that a model is of, because a shop may expect a model of its own subclass."""
    return next(base for base in type(model).__mro__ if is_ours(base))


def _assert_same(what: str, found: Told, wanted: Told | None, fields: Mapping[str, Any]) -> None:
    """Assert that a model equals `wanted`, or has the values in `fields` if `wanted` is `None`."""
    table = fields_of(type(found))
    if wanted is None:
        table = tuple(field for field in table if field.name in fields or field.alias in fields)
        missing = {name: value for name, value in _STAND_INS[type(found)].items() if _is_missing(name, fields)}
        wanted = type(found).model_validate({**fields, **missing})
    different = [
        f"  {field.alias}:\n    expected {_shown(wanted, field.name)}\n    found    {_shown(found, field.name)}"
        for field in table
        if _value(wanted, field.name) != _value(found, field.name)
    ]
    if different:
        raise AssertionError("\n".join([f"the {what} in the page differs from the expected one", *different]))


def _is_missing(name: str, fields: Mapping[str, Any]) -> bool:
    return fields.get(name, fields.get(SPELLINGS[name].alias if name in SPELLINGS else name)) is None


def _shown(model: Told, name: str) -> str:
    value = _value(model, name)
    return "absent" if value is None else repr(value)


def _value(model: Told, name: str) -> Any:
    value = getattr(model, name)
    if name == "is_agreed_to_receive_marketing_mail" and value is None:
        return True  # as it is sent
    if isinstance(value, tuple):
        return [_values_of(item) for item in value]
    return {_our_class(value).__name__: _values_of(value)} if isinstance(value, BaseModel) else value


def _values_of(model: BaseModel) -> dict[str, Any]:
    # The `repr` of our models shows no values.
    return {field: getattr(model, field) for field in _our_class(model).model_fields}


@dataclass(frozen=True, slots=True)
class Snippets:
    """The functions of this module, as the pytest fixture `rr_snippets` gives them to a test."""

    parse = staticmethod(parse_snippets)
    assert_customer = staticmethod(assert_customer)
    assert_no_customer = staticmethod(assert_no_customer)
    assert_order = staticmethod(assert_order)
    assert_no_order = staticmethod(assert_no_order)
    tracker_js = TRACKER_JS


if TYPE_CHECKING:

    def rr_snippets() -> Snippets:
        """A pytest fixture. Import it into `conftest.py`, or into a module of tests."""


def __getattr__(name: str) -> Any:
    """Make the fixture when it is imported, so that this module needs no pytest and registers nothing."""
    if name != "rr_snippets":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pytest

    def rr_snippets() -> Snippets:
        """Return the assertions about the blocks in a page."""
        return Snippets()

    return pytest.fixture(rr_snippets)
