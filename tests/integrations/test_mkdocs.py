"""The plugin for MkDocs, in builds of the example by MkDocs itself."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, ConfigurationError

from rr_snippet.errors import MissingDependencyError
from rr_snippet.integrations._deferred import loader_text
from tests.integrations.missing import import_without
from tests.integrations.sites import ANNA, copy_example, customer_in, customers_in, replace_in
from tests.support.liars import MARK

BUILT = {
    "404.html": "100042",
    "about/index.html": None,
    "boris/index.html": "100044",
    "index.html": "100042",
    "orders/index.html": "100043",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return copy_example("mkdocs_shop", tmp_path)


def run(shop: Path, *, dirty: bool = False, strict: bool = True) -> Path:
    """Build the site as `mkdocs build` does, and return its folder."""
    config = load_config(str(shop / "mkdocs.yml"), strict=strict)
    config.plugins.on_startup(command="build", dirty=dirty)
    build(config, dirty=dirty)
    return shop / "site"


def test_every_page_gets_its_block_in_each_build(shop: Path) -> None:
    site = run(shop)
    assert customers_in(site) == BUILT
    assert customer_in(site / "index.html") == ANNA
    assert customer_in(site / "orders/index.html") == {
        "customerId": "100043",
        "defaultStockId": "Москва",
        "softLinks": [{"Name": "loyalty card", "Value": "7700123457"}],
        "isAgreedToReceiveMarketingMail": True,
    }
    assert customer_in(site / "boris/index.html")["customData"] == {"Имя": "Борис"}
    replace_in(shop / "mkdocs.yml", '"100042"', '"100052"')
    replace_in(shop / "docs/boris.md", '"100044"', '"100054"')
    replace_in(shop / "customers.toml", '"100043"', '"100053"')
    assert customers_in(run(shop)) == {page: number and f"10005{number[-1]}" for page, number in BUILT.items()}


def test_a_deferred_card_needs_no_customer(shop: Path) -> None:
    text = (shop / "mkdocs.yml").read_text("utf-8")
    settings = "plugins:\n  - rr-snippet:\n      deferred: true\n      deferred_prefix: /card/\n"
    (shop / "mkdocs.yml").write_text(text.partition("plugins:")[0] + settings, "utf-8")
    (shop / "docs/boris.md").unlink()
    (shop / "docs/about.md").unlink()
    site = run(shop)
    tag = '<script src="/card/loader.js" data-customer="/card/customer" async></script></body>'
    assert {page.read_text("utf-8").count(tag) for page in site.rglob("*.html")} == {1}
    assert (site / "card/loader.js").read_bytes() == loader_text()


def test_a_dirty_build_leaves_no_old_customer(shop: Path) -> None:
    site = run(shop)
    for page in site.rglob("*.html"):
        os.utime(page, (2_000_000_000, 2_000_000_000))  # newer than its source
    replace_in(shop / "mkdocs.yml", '"100042"', '"100052"')
    replace_in(shop / "customers.toml", '"100043"', '"100053"')
    expected = {**BUILT, "404.html": "100052", "index.html": "100052", "orders/index.html": "100053"}
    assert customers_in(run(shop, dirty=True, strict=False)) == expected
    assert (site / "boris/index.html").stat().st_mtime == 2_000_000_000
    replace_in(shop / "docs/boris.md", '"100044"', '"100054"')
    os.utime(shop / "docs/boris.md", (2_000_000_001, 2_000_000_001))
    assert customers_in(run(shop, dirty=True, strict=False)) == {**expected, "boris/index.html": "100054"}


def test_a_customer_who_is_gone_is_taken_out_in_a_dirty_build_too(shop: Path) -> None:
    site = run(shop)
    without = {page: page == "index.html" for page in BUILT}
    before = {page: (site / page).read_text("utf-8") for page in BUILT}
    for page in site.rglob("*.html"):
        os.utime(page, (2_000_000_000, 2_000_000_000))
    replace_in(shop / "mkdocs.yml", '      customer:\n        customerId: "100042"\n        email: anna@shop.ru\n', "")
    (shop / "customers.toml").write_text('["index.html"]\ncustomerId = "100042"\nemail = "anna@shop.ru"\n')
    text = (shop / "docs/boris.md").read_text("utf-8")
    (shop / "docs/boris.md").write_text(text[text.index("---", 3) + 4 :], "utf-8")
    assert {page: bool(found) for page, found in customers_in(run(shop, dirty=True, strict=False)).items()} == without
    # As in a build without the plugin.
    replace_in(shop / "mkdocs.yml", "customers: customers.toml", "enabled: false")
    after = {page: (site / page).read_text("utf-8") for page in ("orders/index.html", "about/index.html")}
    site = run(shop)
    assert {page: (site / page).read_text("utf-8") for page in after} == after
    assert before["about/index.html"] == after["about/index.html"]


def test_raw_html_and_sidecars(shop: Path) -> None:
    (shop / "docs/raw").mkdir()
    for name in ("a", "b"):
        (shop / f"docs/raw/{name}.html").write_text("<!doctype html><title>x</title><body></body>")
    (shop / "docs/raw/b.html.rr.json").write_text('{"customerId": "side"}')
    (shop / "docs/about").mkdir()
    (shop / "docs/about/index.html.rr.json").write_text('{"customerId": "side"}')
    expected = {**BUILT, "about/index.html": "side", "raw/a.html": "100042", "raw/b.html": "side"}
    for dirty in (False, True):
        site = run(shop, dirty=dirty, strict=not dirty)
        assert customers_in(site) == expected
        assert not list(site.rglob("*.rr.json"))


def test_several_languages_are_one_site(shop: Path) -> None:
    for page in ("index.md", "about.md"):
        (shop / "docs" / page.replace(".md", ".ru.md")).write_text("# По-русски\n")
    languages = "  - i18n:\n      languages:\n" + "".join(
        f"        - {{locale: {locale}, name: {locale}, default: {str(locale == 'en').lower()}}}\n"
        for locale in ("en", "ru")
    )
    for order in ("before", "behind"):
        configuration = (copy_example("mkdocs_shop", shop.parent / order) / "mkdocs.yml").read_text()
        mine = configuration[configuration.index("  - rr-snippet") :]
        (shop / "mkdocs.yml").write_text(
            "site_name: A shop\ntheme: mkdocs\nplugins:\n"
            + (languages + mine if order == "behind" else mine.rstrip("\n") + "\n" + languages)
        )
        (shop / "customers.toml").write_text(
            '["orders/**"]\ncustomerId = "100043"\n["ru/**"]\ncustomerId = "ru"\n["about/**"]\ncustomerId = "en"\n'
        )
        found = customers_in(run(shop))
        assert {page: found[page] for page in BUILT} == {**BUILT, "about/index.html": "en"}
        assert {found[page] for page in found if page.startswith("ru/")} == {"ru"}


def test_a_build_that_failed_is_forgotten(shop: Path) -> None:
    config = load_config(str(shop / "mkdocs.yml"))
    config.plugins.on_startup(command="serve", dirty=False)
    page = shop / "docs/boris.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("boris@shop.ru", "nobody"), "utf-8")
    with pytest.raises(Abort):
        build(config)
    page.write_text(text, "utf-8")
    config = load_config(str(shop / "mkdocs.yml"))
    build(config)
    assert customers_in(shop / "site") == BUILT


def test_disabled_it_does_nothing(shop: Path) -> None:
    replace_in(shop / "mkdocs.yml", "customers: customers.toml", "enabled: false")
    assert set(customers_in(run(shop)).values()) == {None}


def test_strict_fails_on_what_is_only_warned_of(shop: Path, caplog: pytest.LogCaptureFixture) -> None:
    replace_in(shop / "mkdocs.yml", "allow_personal: true", "allow_personal: false")
    with caplog.at_level(logging.WARNING):
        assert customers_in(run(shop, strict=False)) == BUILT
    assert [record.getMessage() for record in caplog.records] == [
        f"rr-snippet: {shop / 'site'}: customers' data goes into files that anyone who can fetch them can read; "
        "allow_personal confirms that this is meant [site.personal]"
    ]
    with pytest.raises(Abort, match="strict mode"):
        run(shop)


def test_a_refused_page_fails_a_build_that_asks_for_it(shop: Path) -> None:
    (shop / "theme").mkdir()
    (shop / "theme/main.html").write_text("<frameset>")
    replace_in(shop / "mkdocs.yml", "theme: mkdocs", "theme:\n  name: mkdocs\n  custom_dir: theme")
    assert customers_in(run(shop, strict=False))["index.html"] is None
    replace_in(shop / "mkdocs.yml", "allow_personal: true", "on_refuse: fail")
    with pytest.raises(Abort):
        run(shop, strict=False)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("mkdocs.yml", '"100042"', '""'),
        ("customers.toml", '"100043"', "[]"),
        ("docs/boris.md", "email: boris@shop.ru", f"email: {MARK}"),
    ],
)
def test_wrong_customers_fail_the_build(
    shop: Path, file: str, old: str, new: str, caplog: pytest.LogCaptureFixture
) -> None:
    replace_in(shop / file, old, new)
    with caplog.at_level(logging.ERROR), pytest.raises(Abort):
        run(shop, strict=False)
    assert "rr-snippet: " in caplog.text
    assert MARK not in caplog.text


@pytest.mark.parametrize(
    ("setting", "told"),
    [("variant: nope", "variant"), ("customers: gone.toml", "customers"), ("custommer: 1", "custommer")],
)
def test_wrong_settings_fail_the_build(shop: Path, setting: str, told: str, caplog: pytest.LogCaptureFixture) -> None:
    replace_in(shop / "mkdocs.yml", "customers: customers.toml", setting)
    with caplog.at_level(logging.WARNING), pytest.raises((Abort, ConfigurationError)):
        run(shop)
    assert told in caplog.text


def test_the_command_of_mkdocs_finds_the_plugin(shop: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-f", str(shop / "mkdocs.yml")]
    subprocess.run(command, check=True, capture_output=True)
    assert customers_in(shop / "site") == BUILT


@pytest.mark.parametrize(("missing", "error"), [(None, MissingDependencyError), ("yaml", ModuleNotFoundError)])
def test_without_mkdocs_it_says_what_to_install(
    missing: str | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(error) as caught:
        import_without(monkeypatch, "mkdocs", "rr_snippet.integrations.mkdocs", missing=missing)
    if missing is None:
        assert str(caught.value) == "MkDocs is needed: pip install 'rr-snippet[mkdocs]' [dependency.missing]"
