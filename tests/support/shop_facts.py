"""What the example shops of all frameworks do in Chromium, under their own Content-Security-Policy.

The test module of a shop defines a fixture `shop` (its address) and a class that inherits the facts.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.browser import OpenPage
from tests.support.outcome import Call, Odd

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 30

CUSTOMERS = {
    "anna": {
        "customerId": "42",
        "email": "anna@shop.ru",
        "phone": "+71112223344",
        "defaultStockId": "Москва",
        "isAgreedToReceiveMarketingMail": True,
    },
    "boris": {
        "customerId": "43",
        "email": "boris@shop.ru",
        "softLinks": [{"name": "карта", "value": "7700"}],
        "isAgreedToReceiveMarketingMail": True,
    },
}


def commands(example: str) -> list[str]:
    """Return the commands in the docstring of an example: what to install, and how to start it."""
    docstring = ast.get_docstring(ast.parse((ROOT / "examples" / example).read_text("utf-8"))) or ""
    return docstring.splitlines()[2:]


@contextmanager
def running(example: str, log: Path) -> Iterator[str]:
    """Start an example as its docstring says, and yield the address that it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "error",
    }
    command = shlex.split(commands(example)[-1])
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(f"http://127.0.0.1:{port}/", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
    assert "Traceback" not in log.read_text("utf-8")
    assert re.search(rf"http://127\.0\.0\.1:{port}\b", log.read_text("utf-8"))


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        assert server.poll() is None, log.read_text("utf-8")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.1)
        else:
            return


class CheckoutFacts:
    """The facts of a shop that sells: a kettle, to a customer or to a guest."""

    @pytest.mark.parametrize(("name", "agrees"), [("anna", False), ("nobody", True), ("nobody", False)])
    def test_tracker_receives_who_has_bought_and_then_what(
        self, open_url: Callable[..., OpenPage], shop: str, name: str, agrees: bool
    ) -> None:
        page = open_url(f"{shop}/visit/{name}", tracker="before")
        if agrees:
            page.use(lambda driver: driver.check("[name=agreed]"))
        page.use(lambda driver: driver.click("text=Купить"))
        person, order = page.outcome().calls
        guest = {"email": "guest@shop.ru", "isAgreedToReceiveMarketingMail": agrees}
        expected = Call("setCustomer", (CUSTOMERS[name],)) if name in CUSTOMERS else Call("setProfile", (guest,))
        assert person == expected
        number = page.evaluate("location.pathname").removeprefix("/thanks/")
        item = {"id": Odd("number", "7"), "qnt": Odd("number", "1"), "price": Odd("number", "1990")}
        assert order == Call("order", ({"transaction": number, "items": [item]},))
        # A reload must not send the order again.
        page.use(lambda driver: driver.reload())
        assert page.outcome().calls == ((expected,) if name in CUSTOMERS else ())


class ShopFacts:
    """The facts of a shop. A class that inherits them is beside a fixture `shop`."""

    @pytest.mark.parametrize("tracker", ["after", "before"])
    @pytest.mark.parametrize("name", CUSTOMERS)
    def test_tracker_receives_exactly_the_customer(
        self, open_url: Callable[..., OpenPage], shop: str, name: str, tracker: str
    ) -> None:
        page = open_url(f"{shop}/visit/{name}", tracker=tracker)
        assert page.outcome().customer() == CUSTOMERS[name]
        assert page.evaluate("document.title") == "Магазин"

    def test_policy_is_in_force(self, open_url: Callable[..., OpenPage], shop: str) -> None:
        page = open_url(f"{shop}/visit/anna")
        page.use(lambda driver: driver.evaluate("document.body.append(document.createElement('script'))"))
        page.evaluate("(document.scripts[document.scripts.length - 1].textContent = 'window.ran = 1', 0)")
        outcome = page.outcome()
        assert [violation.directive for violation in outcome.violations] == ["script-src-elem"]
        assert "ran" not in outcome.strays

    def test_anonymous_visitor_runs_nothing(self, open_url: Callable[..., OpenPage], shop: str) -> None:
        page = open_url(f"{shop}/")
        assert page.outcome().is_empty
        assert page.status == 200

    def test_reloading_and_logging_out_change_the_customer(self, open_url: Callable[..., OpenPage], shop: str) -> None:
        page = open_url(f"{shop}/visit/anna", tracker="before")
        page.use(lambda driver: driver.reload())
        assert page.outcome().customer() == CUSTOMERS["anna"]
        page.use(lambda driver: driver.goto(f"{shop}/visit/boris"))
        assert page.outcome().customer() == CUSTOMERS["boris"]
        page.use(lambda driver: driver.click("text=Выйти"))
        assert page.outcome().is_empty
