"""The example shops start with the commands and the packages that their docstrings name."""

from __future__ import annotations

import ast
import shlex
import sys
import urllib.request
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.shop_facts import commands, running

ROOT = Path(__file__).parents[1]
SHOPS = sorted(path.name for path in (ROOT / "examples").glob("*_shop.py"))


def required(requirement: Requirement) -> Iterator[str]:
    """Yield the names of a distribution with its extras, and of everything that it needs."""
    yield canonicalize_name(requirement.name)
    for line in requires(requirement.name) or ():
        needed = Requirement(line)
        extras = requirement.extras or {""}
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield from required(needed)


def test_there_is_a_shop_for_each_framework() -> None:
    assert SHOPS == ["django_shop.py", "fastapi_shop.py", "flask_shop.py", "litestar_shop.py"]


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_needs_nothing_but_what_its_line_installs(shop: str) -> None:
    install, start = commands(shop)
    assert shlex.split(start) == ["python", f"examples/{shop}"]
    program, verb, *wanted = shlex.split(install)
    assert (program, verb) == ("pip", "install")
    installed = {name for line in wanted for name in required(Requirement(line))}
    homes = packages_distributions()
    tree = ast.parse((ROOT / "examples" / shop).read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"rr_snippet"}
    assert {root for root in roots if not installed & {canonicalize_name(home) for home in homes[root]}} == set()


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_starts_says_where_and_shows_the_block(shop: str, tmp_path: Path) -> None:
    with running(shop, tmp_path / "log") as address:
        request = urllib.request.Request(address, headers={"Cookie": "name=anna"})
        with urllib.request.urlopen(request, timeout=10) as response:
            page = response.read().decode()
    assert page.count('rrApi.setCustomer({"customerId":"42","email":"anna@shop.ru","phone":"+71112223344",') == 1
