"""The FastAPI example as it stands, started by its one command."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.shop_facts import CheckoutFacts, ShopFacts, running


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("shop") / "log"
    with running("fastapi_shop.py", log) as address:
        yield address


class TestShop(ShopFacts, CheckoutFacts):
    """See `ShopFacts` and `CheckoutFacts`."""
