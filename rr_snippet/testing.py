"""For a shop's own tests: what its pages tell the tracker about a customer.

A page is a text, bytes, or the response of a test client (Django, Starlette, httpx, Flask) as it is. Only blocks that
are this library's to the byte are read; a page with any other `setCustomer` call is refused. Unlike everywhere else,
the messages of a failed assertion show values: they are those of a test.

    def test_the_account_page_names_its_customer(client):
        assert_customer(client.get("/account/"), customer_id="42", email="anna@shop.ru")

`TRACKER_JS` is a stand-in for the tracker, in plain JavaScript, to be put in front of an end-to-end test; it is the
file `TRACKER_PATH`. A page that loads it records its calls in `window.rrStandIn.calls`.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rr_snippet.block.read_back import read_block
from rr_snippet.customer.customer import FIELDS, Customer
from rr_snippet.errors import PageError, Problem
from rr_snippet.html.scan import scan_units
from rr_snippet.html.units import read_units
from rr_snippet.page.existing_call import find_calls

TRACKER_JS: Final = (files("rr_snippet") / "tracker.js").read_text("utf-8")
TRACKER_PATH: Final = Path(__file__).with_name("tracker.js")

_STAND_IN_ID: Final = "-"


def parse_snippets(page: Any) -> list[Customer]:
    """Return the customers whose blocks a browser would run in `page`, in its order.

    Raises:
        PageError: `page.foreign_call` for a `setCustomer` call that this library did not write; `page.encoding`.
        CustomerError: a block whose values break the rules of today.
        TypeError: `page` is neither a page nor a response.
    """
    units = read_units(_content(page))
    calls = find_calls(units, scan_units(units))
    if calls.foreign:
        raise PageError(Problem.of("page.foreign_call"))
    return [
        Customer.model_validate(read_block(units.text(block.start, block.stop))["setCustomer"]) for block in calls.ours
    ]


def _content(page: Any) -> bytes | str:
    """Return what a browser would get: of a response its whole content."""
    content = page
    if not isinstance(page, (bytes, bytearray, str)):
        # Django streams without `content`; httpx, Starlette's client, has it; Flask calls it `data`.
        if getattr(page, "streaming", False):
            content = b"".join(page.streaming_content)
        else:
            content = getattr(page, "content", getattr(page, "data", None))
    if isinstance(content, str):
        return str.__str__(content)
    if not isinstance(content, (bytes, bytearray)):
        raise TypeError(f"no page and no response with a content: {type(page).__name__}")
    content = bytes(content)
    # A test client that asks for it is answered in gzip, and a page that cannot be read has no customer in it.
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def assert_customer(page: Any, expected: Customer | Mapping[str, Any] | None = None, /, **fields: Any) -> Customer:
    """Assert that `page` tells of exactly one customer, and of which; return that one.

    With `expected` the customers must be equal. With `fields`, in either spelling, those named must be, and others are
    not looked at; `None` says that a field must be absent.

    Raises:
        AssertionError: with the difference, field by field.
        CustomerError: what is expected is no customer itself.
    """
    customers = parse_snippets(page)
    if len(customers) != 1:
        raise AssertionError(f"{len(customers)} customers in the page, one expected")
    found = customers[0]
    aliases = {field.name: field.alias for field in FIELDS}
    if expected is not None:
        wanted = Customer.parse(expected)
        names = list(aliases)
    else:
        has_id = fields.get("customer_id", fields.get("customerId")) is not None
        wanted = Customer.model_validate(fields if has_id else {**fields, "customer_id": _STAND_IN_ID})
        names = [name for name, alias in aliases.items() if name in fields or alias in fields]
    different = [
        f"  {aliases[name]}:\n    expected {_shown(wanted, name)}\n    found    {_shown(found, name)}"
        for name in names
        if _shown(wanted, name) != _shown(found, name)
    ]
    if different:
        raise AssertionError("\n".join(["another customer in the page than expected", *different]))
    return found


def _shown(customer: Customer, name: str) -> str:
    value = getattr(customer, name)
    if name == "is_agreed_to_receive_marketing_mail" and value is None:
        value = True  # as it is sent
    if name == "mobile_push_subscription" and value is not None:
        # The repr of our models shows no values.
        value = {type(value).__name__: {field: getattr(value, field) for field in type(value).model_fields}}
    return "absent" if value is None else repr(value)


def assert_no_customer(page: Any) -> None:
    """Assert that `page` tells of no customer, in no block of ours and in no other `setCustomer` call.

    Raises:
        AssertionError: with the ids of those it tells of.
    """
    try:
        customers = parse_snippets(page)
    except PageError as error:
        if error.code != "page.foreign_call":
            raise
        customers = None
    if customers is None:
        raise AssertionError("a setCustomer call in the page that this library did not write, none expected")
    if customers:
        ids = ", ".join(repr(customer.customer_id) for customer in customers)
        raise AssertionError(f"{len(customers)} customers in the page, none expected: {ids}")


@dataclass(frozen=True, slots=True)
class Snippets:
    """The functions of this module, as the pytest fixture `rr_snippets` hands them to a test."""

    parse = staticmethod(parse_snippets)
    assert_customer = staticmethod(assert_customer)
    assert_no_customer = staticmethod(assert_no_customer)
    tracker_js = TRACKER_JS


if TYPE_CHECKING:

    def rr_snippets() -> Snippets:
        """A pytest fixture, to be imported where tests shall have it: in `conftest.py`, or beside them."""


def __getattr__(name: str) -> Any:
    """Make the fixture when it is imported: this module itself needs no pytest, and registers nothing."""
    if name != "rr_snippets":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pytest

    def rr_snippets() -> Snippets:
        """Return the assertions about the blocks in a page."""
        return Snippets()

    return pytest.fixture(rr_snippets)
