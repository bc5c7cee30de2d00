"""The Django example as it stands, started by its one command and visited by Chromium under its own policy."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.browser import OpenPage

SHOP = Path(__file__).parents[2] / "examples" / "django_shop" / "shop.py"
START_TIMEOUT_S = 30


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = tmp_path_factory.mktemp("shop") / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-W", "error", str(SHOP), "runserver", "--noreload", address]
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait_for(f"http://{address}/", server, log)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(10)
    assert "Traceback" not in log.read_text("utf-8")


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


@pytest.mark.parametrize("tracker", ["after", "before"])
@pytest.mark.parametrize("name", CUSTOMERS)
def test_tracker_receives_exactly_the_customer(
    open_url: Callable[..., OpenPage], shop: str, name: str, tracker: str
) -> None:
    page = open_url(f"{shop}/visit/{name}", tracker=tracker)
    assert page.outcome().customer() == CUSTOMERS[name]
    assert page.evaluate("document.title") == "Магазин"


def test_anonymous_visitor_runs_nothing(open_url: Callable[..., OpenPage], shop: str) -> None:
    page = open_url(f"{shop}/")
    assert page.outcome().is_empty
    assert page.status == 200


def test_reloading_and_logging_out_change_the_customer(open_url: Callable[..., OpenPage], shop: str) -> None:
    page = open_url(f"{shop}/visit/anna", tracker="before")
    page.use(lambda driver: driver.reload())
    assert page.outcome().customer() == CUSTOMERS["anna"]
    page.use(lambda driver: driver.goto(f"{shop}/visit/boris"))
    assert page.outcome().customer() == CUSTOMERS["boris"]
    page.use(lambda driver: driver.click("text=Выйти"))
    assert page.outcome().is_empty
