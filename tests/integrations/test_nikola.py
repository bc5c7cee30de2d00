"""A site built by a generator without a plugin of ours, finished by the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from rr_snippet.cli import main
from tests.integrations.sites import customers_in


def nikola(folder: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "nikola", *arguments], cwd=folder, check=True, capture_output=True)


def test_a_site_by_nikola_is_finished_by_the_command(tmp_path: Path) -> None:
    nikola(tmp_path, "init", "-q", "shop")
    shop = tmp_path / "shop"
    (shop / "pages/orders.rst").write_text(".. title: Orders\n.. slug: orders\n\nNothing yet.\n")
    for number in ("1", "2"):
        customers = {"pages/orders/*": {"customerId": f"orders-{number}"}}
        (tmp_path / "customers.json").write_text(json.dumps(customers))
        nikola(shop, "build", "-q")
        arguments = ["--customers", str(tmp_path / "customers.json"), "--customer", f'{{"customerId": "{number}"}}']
        code = main(
            ["inject", str(shop / "output"), *arguments, "--if-present", "replace", "-q", "--on-refuse", "fail"]
        )
        assert code == 0
        found = customers_in(shop / "output")
        assert found.pop("pages/orders/index.html") == f"orders-{number}"
        assert set(found.values()) == {number}
        assert len(found) > 3
    # Nikola does not rebuild a page with an unchanged source, so the old block is still there.
    nikola(shop, "build", "-q")
    (tmp_path / "customers.json").write_text('{"pages/orders/*": {"customerId": "orders-2"}}')
    arguments = ["--customers", str(tmp_path / "customers.json"), "--if-present", "replace", "-q"]
    assert main(["inject", str(shop / "output"), *arguments, "--check"]) == 1
    assert main(["inject", str(shop / "output"), *arguments]) == 0
    found = customers_in(shop / "output")
    assert found.pop("pages/orders/index.html") == "orders-2"
    assert set(found.values()) == {None}
