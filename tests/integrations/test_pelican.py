"""The plugin for Pelican, in builds of the example by Pelican itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rr_snippet.errors import MissingDependencyError
from rr_snippet.integrations._deferred import loader_text
from tests.integrations.missing import import_without
from tests.integrations.sites import ANNA, copy_example, customer_in, customers_in, replace_in
from tests.support.liars import MARK

LISTS = ["archives.html", "authors.html", "categories.html", "category/shop.html", "index.html", "tags.html"]
BUILT = {
    "a-page-for-boris.html": "100044",
    "orders.html": "100043",
    "pages/about-us-for-nobody-in-particular.html": None,
    **dict.fromkeys(LISTS, "100042"),
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return copy_example("pelican_shop", tmp_path)


def run(shop: Path, *options: str) -> tuple[int, str]:
    """Build the site in its own process, because Pelican sets up signals and logging for the whole process."""
    command = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "--fatal=warnings", *options]
    one_line = {**os.environ, "COLUMNS": "1000"}
    done = subprocess.run(command, cwd=shop, capture_output=True, check=False, env=one_line)
    return done.returncode, " ".join((done.stdout + done.stderr).decode().split())


def test_every_page_gets_its_block_in_each_build(shop: Path) -> None:
    assert run(shop)[0] == 0
    assert customers_in(shop / "output") == BUILT
    assert customer_in(shop / "output/index.html") == ANNA
    assert customer_in(shop / "output/a-page-for-boris.html") == {
        "customerId": "100044",
        "email": "boris@shop.ru",
        "customData": {"Имя": "Борис"},
        "isAgreedToReceiveMarketingMail": True,
    }
    replace_in(shop / "pelicanconf.py", "100042", "100052")
    replace_in(shop / "content/boris.md", "100044", "100054")
    replace_in(shop / "customers.jsonl", "100043", "100053")
    assert run(shop)[0] == 0
    assert customers_in(shop / "output") == {page: number and f"10005{number[-1]}" for page, number in BUILT.items()}


def test_a_deferred_card_needs_no_customer(shop: Path) -> None:
    text = (shop / "pelicanconf.py").read_text("utf-8")
    (shop / "pelicanconf.py").write_text(f'{text}\nRR_SNIPPET = {{"deferred": True}}\n', "utf-8")
    for page in ("boris.md", "orders.rst"):
        (shop / "content" / page).unlink()
    assert run(shop)[0] == 0
    tag = '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script></body>'
    pages = [page for page in (shop / "output").rglob("*.html") if page.name != "about.html"]
    assert {page.read_text("utf-8").count(tag) for page in pages} <= {0, 1}
    assert (shop / "output/index.html").read_text("utf-8").count(tag) == 1
    assert (shop / "output/rr-snippet/loader.js").read_bytes() == loader_text()


def test_fields_of_restructured_text(shop: Path) -> None:
    replace_in(
        shop / "content/orders.rst",
        ":category: shop\n",
        ":category: shop\n:rr_customer_id: a--b\n:rr_email: o'neil@shop.ru\n",
    )
    replace_in(shop / "customers.jsonl", "orders.html", "tags.html")
    replace_in(shop / "pelicanconf.py", 'PATH = "content"', 'PATH = "content"\nTYPOGRIFY = False')
    assert run(shop)[0] == 0
    assert customers_in(shop / "output") == {**BUILT, "orders.html": "a--b", "tags.html": "100043"}
    assert customer_in(shop / "output/orders.html")["email"] == "o'neil@shop.ru"


def test_raw_html_sidecars_and_a_customer_who_is_gone(shop: Path) -> None:
    (shop / "content/extra").mkdir()
    for name in ("a", "b"):
        (shop / f"content/extra/{name}.html").write_text("<!doctype html><title>x</title><body></body>")
    (shop / "content/extra/b.html.rr.json").write_text('{"customerId": "side"}')
    replace_in(
        shop / "pelicanconf.py",
        'PATH = "content"',
        'PATH = "content"\nSTATIC_PATHS = ["extra"]\nREADERS = {"html": None}\nSTATIC_CHECK_IF_MODIFIED = True\n'
        "CACHE_CONTENT = LOAD_CONTENT_CACHE = True",
    )
    raw = {"extra/a.html": "100042", "extra/b.html": "side"}
    for _ in range(2):
        assert run(shop)[0] == 0
        assert customers_in(shop / "output") == {**BUILT, **raw}
        assert not list((shop / "output").rglob("*.rr.json"))
    replace_in(shop / "pelicanconf.py", '    "CUSTOMER": {"customerId": "100042", "email": "anna@shop.ru"},\n', "")
    assert run(shop)[0] == 0
    assert customers_in(shop / "output") == {
        page: None if number == "100042" else number for page, number in {**BUILT, **raw}.items()
    }


def test_warnings_are_those_of_pelican(shop: Path) -> None:
    replace_in(shop / "pelicanconf.py", '"ALLOW_PERSONAL": True', '"ALLOW_PERSONAL": False')
    code, told = run(shop)
    assert code == 1
    assert "customers' data goes into files" in told
    code, told = run(shop, "--fatal=errors")
    assert code == 0
    assert customers_in(shop / "output") == BUILT


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("pelicanconf.py", '"100042"', '""', "customer: customerId: must not be blank"),
        ("pelicanconf.py", '"CUSTOMERS"', '"CUSTOMMERS"', "custommers: unknown option; did you mean customers?"),
        ("customers.jsonl", "orders.html", "../x.html", "customers.jsonl:1: page: neither a path within the site"),
        ("content/boris.md", "boris@shop.ru", MARK, "boris.md: email: has no @"),
        ("pelicanconf.py", '"CUSTOMERS"', '"ON_REFUSE": "fail", "CUSTOMERS"', "index.html: a frameset page"),
    ],
)
def test_faults_fail_the_build(shop: Path, file: str, old: str, new: str, told: str) -> None:
    if "frameset" in told:
        (shop / "templates").mkdir()
        (shop / "templates/index.html").write_text("<frameset>")
        replace_in(
            shop / "pelicanconf.py", 'PATH = "content"', 'PATH = "content"\nTHEME_TEMPLATES_OVERRIDES = ["templates"]'
        )
    replace_in(shop / file, old, new)
    code, said = run(shop)
    assert code == 1
    assert told in said
    assert MARK not in said


@pytest.mark.parametrize(("missing", "error"), [(None, MissingDependencyError), ("blinker", ModuleNotFoundError)])
def test_without_pelican_it_says_what_to_install(
    missing: str | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(error) as caught:
        import_without(monkeypatch, "pelican", "rr_snippet.integrations.pelican", missing=missing)
    if missing is None:
        assert str(caught.value) == "Pelican is needed: pip install 'rr-snippet[pelican]' [dependency.missing]"
