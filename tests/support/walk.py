"""Walk a shop in a browser: login, pages, logout, back, another login. Only the present visitor's calls are allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.pages import PEOPLE
from tests.support.browser import OpenPage


class Walk:
    """One browser profile in a shop. `call` is the id that the present page has sent, `None` without a call."""

    def __init__(self, open_url: Callable[..., OpenPage], address: str) -> None:
        self._address = address
        self._page = open_url(f"{address}/plain?start", tracker="before")

    def log_in(self, who: str) -> None:
        cookie = {"name": "as", "value": who, "url": self._address}
        self._page.use(lambda page: page.context.add_cookies([cookie]))  # type: ignore[list-item]

    def log_out(self) -> None:
        self._page.use(lambda page: page.context.clear_cookies(name="as"))

    def visit(self, path: str) -> str | None:
        self._page.use(lambda page: page.goto(f"{self._address}/{path}"))
        return self.call()

    def back(self) -> str | None:
        self._page.use(lambda page: page.go_back())
        return self.call()

    def call(self) -> str | None:
        outcome = self._page.outcome()
        assert outcome.thrown == ()
        sent: dict[str, Any] | None = None if outcome.is_empty else outcome.customer()
        return None if sent is None else sent["customerId"]


def calls_of(walk: Walk, path: str) -> list[str | None]:
    """Return the call of each step of the walk; see `expected_calls`."""
    calls = [walk.visit(path)]
    walk.log_in("anna")
    calls += [walk.visit(path), walk.visit(path), walk.visit("plain?between")]
    walk.log_out()
    calls += [walk.back(), walk.visit(path), walk.visit("plain?between-again"), walk.back()]
    walk.log_in("boris")
    calls += [walk.visit(path), walk.back(), walk.visit(path)]
    walk.log_in("anna")
    calls.append(walk.visit(path))
    walk.log_out()
    return calls


def expected_calls() -> list[str | None]:
    anna, boris = (PEOPLE[who]["customerId"] for who in ("anna", "boris"))
    # Before any login, three times as Anna, after her logout, as Boris, as Anna again.
    return [None, anna, anna, anna, None, None, None, None, boris, boris, boris, anna]
