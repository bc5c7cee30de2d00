"""Customers for the tests of all integrations, and checks of pages with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.support.javascript import run_html

ANNA = {"customerId": "anna-1", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44"}
BORIS = {"customerId": "boris-2", "email": "boris@shop.ru", "defaultStockId": "Москва"}
# Its phone is wrong, and its value must not be shown anywhere.
BROKEN = {"customerId": "secret-id", "email": "secret@shop.ru", "phone": "secret"}

PEOPLE = {"anna": ANNA, "boris": BORIS, "broken": BROKEN}


def sent(customer: dict[str, str]) -> dict[str, Any]:
    """Return what the tracker receives for one of these customers."""
    return {**customer, "isAgreedToReceiveMarketingMail": True}


def customer_in(page: str) -> Any:
    """Return what the page's scripts send to the tracker, `None` if they leave no trace."""
    outcome = run_html(page)
    return None if outcome.is_empty else outcome.customer()


def nonces_in(page: str) -> list[str]:
    return re.findall(r'nonce="([^"]*)"', page)


def assert_nobody_gets_another_card(get: Callable[[str | None], str]) -> None:
    """Visit twice as one customer, as another and as an anonymous visitor. Each gets their own card, or none."""
    for _ in range(2):
        assert customer_in(get("anna")) in (sent(ANNA), None)
        assert customer_in(get("boris")) in (sent(BORIS), None)
        assert customer_in(get(None)) is None
