"""What the plugins share: all settings validated, problems reported at their place, one engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rr_snippet import inject, render_snippet
from rr_snippet.errors import OptionError, SnippetError
from rr_snippet.integrations._deferred import loader_text, site_loader
from rr_snippet.site.build import SiteBuild
from tests.support.liars import MARK

PAGE = "<!doctype html><body><p>x</body>"
ONE = {"customer": {"customerId": 1}, "allow_personal": True}


def told(settings: Any, folder: Path) -> list[str]:
    with pytest.raises(SnippetError) as caught:
        SiteBuild(settings, folder, site_loader)
    assert MARK not in str(caught.value)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ([], ["rr_snippet: not a mapping; expected a mapping of names to values [option.type]"]),
        ({"CUSTOMMER": 1, "foo": 1, 5: None}, [
            "custommer: unknown option; did you mean customer? [option.unknown]", "foo: unknown option [option.unknown]"]),
        ({"customers": "x.txt", "include": "*", "exclude": [1], "on_refuse": "no", "allow_personal": 1}, [
            "customers: wrong value; expected the path of a file that ends in .json, .jsonl, .ndjson, .csv, .tsv, .toml, .yaml, .yml [option.value]",
            "include: wrong value; expected a list of patterns [option.value]",
            "exclude: wrong value; expected a list of patterns [option.value]",
            "on_refuse: wrong value; expected warn, fail, ignore [option.value]",
            "allow_personal: wrong value; expected True or False [option.value]"]),
        ({"customers": 5}, [
            "customers: wrong value; expected the path of a file that ends in .json, .jsonl, .ndjson, .csv, .tsv, .toml, .yaml, .yml [option.value]"]),
        ({"variant": "x"}, ["variant: wrong value; expected auto, region, no-region [option.value]"]),
        ({"include": ["/x"]}, ["include: neither a path within the site nor a pattern; expected something like shop/index.html or shop/** [pattern.shape]"]),
        ({"nonce": "a b"}, ["nonce: not a CSP nonce; expected base64 characters with at most two = at the end [nonce.shape]"]),
        ({"customer": {"customerId": "", "email": MARK}, "customers": "gone.json"}, [
            "customer: customerId: must not be blank [customer_id.blank]",
            "customer: email: has no @; expected something like name@shop.ru [email.shape]",
            "gone.json: cannot be read: No such file or directory [source.unreadable]"]),
        ({"customers": "c.jsonl"}, [
            "c.jsonl:2: customerId: required: the customer's unique id [customer_id.missing]"]),
        ({"customers": Path("c.json")}, ["c.json: record 1: not customer data; expected a mapping of field names to values [customer.type]"]),
        ({"deferred": 1}, ["deferred: wrong value; expected True or False [option.value]"]),
        ({"deferred": True, "customer": {"customerId": 1}}, [
            "customer: wrong value; expected no customer beside deferred [option.value]"]),
        ({"deferred": True, "deferred_prefix": "//cdn.test/"}, [
            "deferred_prefix: wrong value; expected a path on this host such as /rr-snippet/, which a proxy may lead elsewhere"
            " [option.value]"]),
        ({"customers": "c.csv"}, ["c.csv: empty; expected a customer [source.empty]"]),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_at_once(settings: Any, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"page": "a", "customerId": 1}\n{"page": "b"}\n')
    (tmp_path / "c.json").write_text("[5]")
    (tmp_path / "c.csv").write_text("")
    assert told(settings, tmp_path) == lines


def site(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_text(PAGE)
    return folder / "site"


def finish(build: SiteBuild, root: Path, own: dict[str, str | None] | None = None, **options: Any) -> list[str]:
    return [f"{notice.severity}: {notice}" for notice in build.finish(root, own or {}, **options)]


def test_names_are_read_in_any_letter_case(tmp_path: Path) -> None:
    build = SiteBuild(
        {"CUSTOMER": {"customerId": 1}, "Nonce": "abc", "PRETTY": True, "phone_region": None, "Allow_Personal": True},
        tmp_path,
        site_loader,
    )
    root = site(tmp_path, "x.html")
    assert finish(build, root) == []
    assert (root / "x.html").read_text() == inject(PAGE, render_snippet({"customerId": 1}, nonce="abc", pretty=True))


def test_pages_that_are_not_meant_stay_as_they_are(tmp_path: Path) -> None:
    build = SiteBuild({**ONE, "exclude": ["drafts/*"]}, tmp_path, site_loader)
    root = site(tmp_path, "sitemap.xml", "drafts/x.html", "y.html")
    assert finish(build, root, {"y.html": ""}) == []
    assert {(root / name).read_text() for name in ("sitemap.xml", "drafts/x.html", "y.html")} == {PAGE}


@pytest.mark.parametrize(("choice", "severity"), [("warn", "warning"), ("fail", "error"), ("ignore", None)])
def test_a_refusal_is_taken_as_asked(choice: str, severity: str | None, tmp_path: Path) -> None:
    build = SiteBuild({**ONE, "on_refuse": choice}, tmp_path, site_loader)
    root = site(tmp_path, "x.html")
    (root / "x.html").write_text("<p>")
    told = f"{severity}: x.html: a piece of a page; expected a whole document [page.fragment]"
    assert finish(build, root) == ([told] if severity else [])
    assert (root / "x.html").read_text() == "<p>"


def test_every_source_counts_and_a_customer_who_is_gone_is_taken_out(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"map.html": {"customerId": "map"}, "none.html": null}')
    build = SiteBuild({**ONE, "customers": "c.json"}, tmp_path, site_loader)
    names = ["map.html", "side.html", "own.html", "raw/other.html", "none.html"]
    root = site(tmp_path, *names)
    (root / "side.html.rr.json").write_text('{"customerId": "side"}')
    (root / "none.html").write_text(inject(PAGE, render_snippet({"customerId": "gone"})))
    own = {name: str(render_snippet({"customerId": "own"})) for name in ("map.html", "side.html", "own.html")}
    assert finish(build, root, own) == []
    blocks = {"map.html": "map", "side.html": "side", "own.html": "own", "raw/other.html": 1}
    assert {name: (root / name).read_text() for name in names} == {
        **{name: inject(PAGE, render_snippet({"customerId": customer})) for name, customer in blocks.items()},
        "none.html": PAGE,
    }
    assert not list(root.rglob("*.rr.json")), "a sidecar must not be published"


def test_what_there_is_to_tell(tmp_path: Path) -> None:
    root = site(tmp_path, "a.html", "b.html")
    (root / "b.html.gz").write_text("x")
    (root / "out").symlink_to(tmp_path)
    (tmp_path / "c.jsonl").write_text(
        '{"page": "b.html", "customerId": 2}\n{"page": "c.html", "customerId": 3}\n{"page": "d/*", "customerId": 4}\n'
    )
    build = SiteBuild({**ONE, "customers": "c.jsonl", "allow_personal": False}, tmp_path, site_loader)
    assert finish(build, root, others=["d/e.html"]) == [
        "warning: out: a symbolic link that leads out of the site; left alone [site.link]",
        "warning: b.html: the .gz copy beside it is out of date; make it again [file.stale_copy]",
        "warning: c.jsonl:2: c.html: matches no page of the site [pattern.unused]",
        f"warning: {root}: customers' data goes into files that anyone who can fetch them can read; "
        "allow_personal confirms that this is meant [site.personal]",
    ]
    (root / "a.html.rr.json").write_text("{}")
    (root / "b.html").write_text(PAGE)
    assert finish(build, root) == [
        "error: a.html.rr.json: customerId: required: the customer's unique id [customer_id.missing]",
        "warning: out: a symbolic link that leads out of the site; left alone [site.link]",
    ]
    assert (root / "b.html").read_text() == PAGE, "nothing is written before all customers are valid"


def test_metadata_is_told_at_its_source(tmp_path: Path) -> None:
    build = SiteBuild({}, tmp_path, site_loader)
    assert build.own_block("a.md", {"rr_customer": None}) == ""
    with pytest.raises(SnippetError) as caught:
        build.own_block("a.md", {"rr_customer": {"customerId": 1, "email": MARK}})
    assert str(caught.value) == "a.md: email: has no @; expected something like name@shop.ru [email.shape]"
    assert caught.value.__context__ is None
    assert not isinstance(caught.value, OptionError)


def test_deferred_puts_the_loader_into_all_pages(tmp_path: Path) -> None:
    root = site(tmp_path, "x.html", "shop/y.html")
    for _ in range(2):
        build = SiteBuild({"deferred": True, "deferred_prefix": "/card/", "nonce": "abc"}, tmp_path, site_loader)
        assert finish(build, root) == []
    tag = '<script src="/card/loader.js" data-customer="/card/customer" nonce="abc" async></script>'
    assert {path.read_text() for path in root.rglob("*.html")} == {PAGE.replace("</body>", f"{tag}</body>")}
    assert (root / "card/loader.js").read_bytes() == loader_text()


def test_a_loader_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    root = site(tmp_path, "x.html")
    (root / "rr-snippet").write_text("a file")
    (told,) = finish(SiteBuild({"deferred": True}, tmp_path, site_loader), root)
    assert told.startswith("error: rr-snippet/loader.js: ")
    assert told.endswith("[output.unwritable]")
