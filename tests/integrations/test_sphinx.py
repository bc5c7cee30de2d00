"""The extension for Sphinx, in builds of the example by Sphinx itself."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from rr_snippet.errors import MissingDependencyError
from rr_snippet.integrations._deferred import loader_text
from tests.integrations.missing import import_without
from tests.integrations.sites import ANNA, copy_example, customer_in, customers_in, replace_in
from tests.support.liars import MARK

BUILT = {
    "about.html": None,
    "boris.html": "100044--b",
    "genindex.html": None,
    "index.html": "100042",
    "orders/index.html": "100043",
    "search.html": None,
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return copy_example("sphinx_shop", tmp_path)


def run(shop: Path, builder: str = "html", *, parallel: int = 0) -> tuple[Path, str]:
    """Build the site as `sphinx-build -b` does, and return its folder and the warnings."""
    out = shop / "_build" / builder
    warnings = io.StringIO()
    with patch_docutils(shop), docutils_namespace():
        app = Sphinx(
            shop, shop, out, shop / "_build/doctrees", builder, status=None, warning=warnings, parallel=parallel
        )
        app.build()
    return out, re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())


def test_a_deferred_card_needs_no_customer(shop: Path) -> None:
    text = (shop / "conf.py").read_text("utf-8")
    (shop / "conf.py").write_text(f'{text}\nrr_snippet = {{"deferred": True}}\n', "utf-8")
    out, warnings = run(shop)
    tag = '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script></body>'
    page = re.sub(r"\s+</body>", "</body>", (out / "index.html").read_text("utf-8"))
    assert (page.count(tag), (out / "rr-snippet/loader.js").read_bytes()) == (1, loader_text()), warnings


def test_every_page_gets_its_block_in_each_build(shop: Path) -> None:
    out, warnings = run(shop)
    assert warnings == ""
    assert customers_in(out) == BUILT
    assert customer_in(out / "index.html") == ANNA
    assert customer_in(out / "boris.html") == {
        "customerId": "100044--b",
        "email": "boris.o'neil@shop.ru",
        "customData": {"first name": "Boris"},
        "isAgreedToReceiveMarketingMail": True,
    }, "quotes and dashes are as written"
    times = {page: (out / page).stat().st_mtime_ns for page in BUILT}
    run(shop)
    assert {page: (out / page).stat().st_mtime_ns for page in BUILT if BUILT[page]} == {
        page: times[page] for page in BUILT if BUILT[page]
    }, "a build without a change writes no page"
    replace_in(shop / "conf.py", "100042", "100052")
    replace_in(shop / "boris.rst", "100044--b", "100054")
    replace_in(shop / "customers.json", "100043", "100053")
    expected = {**BUILT, "index.html": "100052", "boris.html": "100054", "orders/index.html": "100053"}
    assert customers_in(run(shop)[0]) == expected


def test_a_customer_taken_away_is_gone(shop: Path) -> None:
    out, _ = run(shop)
    replace_in(shop / "conf.py", '    "customer": {"customerId": "100042", "email": "anna@shop.ru"},\n', "")
    replace_in(shop / "boris.rst", ":rr_customer_id: 100044--b\n", "")
    replace_in(shop / "boris.rst", ':rr_email: boris.o\'neil@shop.ru\n:rr_custom_data: {"first name": "Boris"}\n', "")
    replace_in(shop / "customers.json", "orders/*.html", "elsewhere.html")
    out, warnings = run(shop)
    assert customers_in(out) == dict.fromkeys(BUILT)
    assert warnings.startswith(
        "WARNING: customers.json: record 1: elsewhere.html: matches no page of the site [pattern.unused]"
    )
    assert warnings.count("\n") == 1


def test_a_site_may_do_without_a_file_of_customers(shop: Path) -> None:
    replace_in(shop / "conf.py", '    "customers": "customers.json",\n', "")
    replace_in(shop / "about.rst", ":rr_customer: null", ":author: Anna\n:status: draft")
    found = customers_in(run(shop)[0])
    assert found == {**BUILT, "about.html": "100042", "orders/index.html": "100042"}


def test_parallel_builds_and_other_builders(shop: Path) -> None:
    for number in range(12):
        (shop / f"orders/{number}.rst").write_text(f":orphan:\n:rr_customer_id: {number}\n\nOrder\n=====\n")
    replace_in(shop / "customers.json", "orders/*.html", "orders/index.html")
    out, warnings = run(shop, parallel=2)
    assert warnings == ""
    found = customers_in(out)
    assert {page: found[page] for page in BUILT} == BUILT
    assert [found[f"orders/{number}.html"] for number in range(12)] == [str(number) for number in range(12)]


def test_raw_html_and_sidecars(shop: Path) -> None:
    for folder in ("extra/raw", "static"):
        (shop / folder).mkdir(parents=True)
        for name in ("a", "b"):
            (shop / folder / f"{name}.html").write_text("<!doctype html><title>x</title><body></body>")
        (shop / folder / "b.html.rr.json").write_text('{"customerId": "side"}')
    (shop / "extra/about.html.rr.json").write_text('{"customerId": "side"}')
    replace_in(
        shop / "conf.py", "rr_snippet = {", 'html_extra_path = ["extra"]\nhtml_static_path = ["static"]\nrr_snippet = {'
    )
    raw = {"raw/a.html": "100042", "raw/b.html": "side", "_static/a.html": "100042", "_static/b.html": "side"}
    replace_in(shop / "about.rst", ":rr_customer: null", "")
    for _ in range(2):
        out, warnings = run(shop)
        assert warnings == ""
        assert customers_in(out) == {**BUILT, **raw, "about.html": "side"}
        assert not list(out.rglob("*.rr.json"))


@pytest.mark.filterwarnings("ignore:'sphinxcontrib.serializinghtml")  # its own business
@pytest.mark.parametrize("builder", ["singlehtml", "json", "dirhtml"])
def test_an_entry_is_of_use_in_whichever_builder(shop: Path, builder: str) -> None:
    replace_in(
        shop / "customers.json",
        '"orders/*.html"',
        '"boris/index.html": {"customerId": "dirhtml"}, "boris.html": {"customerId": "html"}, "orders/*.html"',
    )
    out, warnings = run(shop, builder)
    assert warnings == ""
    assert customers_in(out)["index.html"] == "100042" if builder != "json" else customers_in(out) == {}


def test_folders_for_pages(shop: Path) -> None:
    replace_in(shop / "customers.json", "orders/*.html", "orders/**")
    found = customers_in(run(shop, "dirhtml")[0])
    assert found["boris/index.html"] == "100044--b"
    assert found["orders/index.html"] == "100043"


@pytest.mark.parametrize("builder", ["epub", "text"])
def test_what_is_no_site_is_left_alone(shop: Path, builder: str) -> None:
    replace_in(shop / "conf.py", "rr_snippet = {", 'version = copyright = "1"\nrr_snippet = {')
    out, warnings = run(shop, builder)
    assert warnings == ""
    assert not [path for path in out.rglob("*") if path.is_file() and b"setCustomer" in path.read_bytes()]


def test_warnings_are_those_of_sphinx(shop: Path) -> None:
    replace_in(shop / "conf.py", '"allow_personal": True', '"allow_personal": False')
    out, warnings = run(shop)
    assert warnings.startswith(
        f"WARNING: {out}: customers' data goes into files that anyone who can fetch them can read; "
        "allow_personal confirms that this is meant [site.personal]"
    )
    assert warnings.count("\n") == 1
    replace_in(shop / "conf.py", "rr_snippet = {", 'suppress_warnings = ["rr_snippet.site.personal"]\nrr_snippet = {')
    assert run(shop)[1] == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("conf.py", '"100042"', '""', "customer: customerId: must not be blank"),
        ("conf.py", '"exclude"', '"exlude"', "exlude: unknown option; did you mean exclude?"),
        ("customers.json", '"100043"', "5.5", "customers.json: record 1: customerId: "),
        ("boris.rst", "boris.o'neil@shop.ru", MARK, "boris: email: has no @"),
    ],
)
def test_wrong_customers_fail_the_build(shop: Path, file: str, old: str, new: str, told: str) -> None:
    replace_in(shop / file, old, new)
    with pytest.raises(ExtensionError) as caught:
        run(shop)
    assert str(caught.value).startswith(f"rr-snippet: {told}")
    assert MARK not in str(caught.value)


def test_a_refused_page_fails_a_build_that_asks_for_it(shop: Path) -> None:
    (shop / "_templates").mkdir()
    (shop / "_templates/layout.html").write_text("<frameset>")
    replace_in(
        shop / "conf.py", "rr_snippet = {", 'templates_path = ["_templates"]\nrr_snippet = {"on_refuse": "fail",'
    )
    with pytest.raises(ExtensionError, match=r"index\.html: a frameset.*\[page\.frameset\]"):
        run(shop)


def test_a_build_that_failed_is_left_alone(shop: Path) -> None:
    replace_in(
        shop / "conf.py",
        "rr_snippet = {",
        "def setup(app):\n    app.connect('env-updated', lambda *_: 1 / 0)\n\nrr_snippet = {",
    )
    with pytest.raises(ExtensionError, match="division by zero"):
        run(shop)
    assert not list((shop / "_build/html").rglob("*.html"))


def test_the_command_of_sphinx_takes_it_as_parallel_safe(shop: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "2", str(shop), str(shop / "out")]
    done = subprocess.run(command, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert customers_in(shop / "out") == BUILT


@pytest.mark.parametrize(("missing", "error"), [(None, MissingDependencyError), ("babel", ModuleNotFoundError)])
def test_without_sphinx_it_says_what_to_install(
    missing: str | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(error) as caught:
        import_without(monkeypatch, "sphinx", "rr_snippet.integrations.sphinx", missing=missing)
    if missing is None:
        assert str(caught.value) == "Sphinx is needed: pip install 'rr-snippet[sphinx]' [dependency.missing]"
