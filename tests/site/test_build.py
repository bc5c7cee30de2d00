"""What the plugins share: settings read whole, faults told at their place, one engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rr_snippet import inject, render_snippet
from rr_snippet.errors import OptionError, SnippetError
from rr_snippet.site.build import SiteBuild
from tests.support.liars import MARK

PAGE = "<!doctype html><body><p>x</body>"
ONE = {"customer": {"customerId": 1}, "allow_personal": True}


def told(settings: Any, folder: Path) -> list[str]:
    with pytest.raises(SnippetError) as caught:
        SiteBuild(settings, folder)
    assert MARK not in str(caught.value)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ([], ["rr_snippet: not a mapping of names to values, one expected [option.type]"]),
        ({"CUSTOMMER": 1, "foo": 1, 5: None}, [
            "custommer: no such option, did you mean customer [option.unknown]", "foo: no such option [option.unknown]"]),
        ({"customers": "x.yaml", "include": "*", "exclude": [1], "on_refuse": "no", "allow_personal": 1}, [
            "customers: no such value, the path of a file that ends in .json, .jsonl, .ndjson, .csv, .tsv, .toml expected [option.value]",
            "include: no such value, a list of patterns expected [option.value]",
            "exclude: no such value, a list of patterns expected [option.value]",
            "on_refuse: no such value, warn, fail, ignore expected [option.value]",
            "allow_personal: no such value, True or False expected [option.value]"]),
        ({"customers": 5}, [
            "customers: no such value, the path of a file that ends in .json, .jsonl, .ndjson, .csv, .tsv, .toml expected [option.value]"]),
        ({"variant": "x"}, ["variant: no such value, auto, region, no-region expected [option.value]"]),
        ({"include": ["/x"]}, ["include: no path within the site and no pattern, one like shop/index.html or shop/** expected [pattern.shape]"]),
        ({"nonce": "a b"}, ["nonce: no CSP nonce, base64 characters with at most two closing = expected [nonce.shape]"]),
        ({"customer": {"customerId": "", "email": MARK}, "customers": "gone.json"}, [
            "customer: customerId: blank, a non-blank id expected [customer_id.blank]",
            "customer: email: no e-mail address, one like name@shop.ru expected [email.shape]",
            "gone.json: cannot be read: No such file or directory [source.unreadable]"]),
        ({"customers": "c.jsonl"}, [
            "c.jsonl:2: customerId: absent, but required: the customer's unique id [customer_id.missing]"]),
        ({"customers": Path("c.json")}, ["c.json: record 1: no customer, a mapping of field names to values expected [customer.type]"]),
        ({"customers": "c.csv"}, ["c.csv: nothing in it, a customer expected [source.empty]"]),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_at_once(settings: Any, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"page": "a", "customerId": 1}\n{"page": "b"}\n')
    (tmp_path / "c.json").write_text("[5]")
    (tmp_path / "c.csv").write_text("")
    assert told(settings, tmp_path) == lines


def test_names_are_read_in_any_letter_case(tmp_path: Path) -> None:
    build = SiteBuild({"CUSTOMER": {"customerId": 1}, "Nonce": "abc", "PRETTY": True, "phone_region": None}, tmp_path)
    block = render_snippet({"customerId": 1}, nonce="abc", pretty=True)
    assert build.inject("x.html", PAGE) == (inject(PAGE, block), [])


def test_pages_that_are_not_meant_stay_as_they_are(tmp_path: Path) -> None:
    build = SiteBuild({**ONE, "exclude": ["drafts/*"]}, tmp_path)
    assert build.inject("sitemap.xml", PAGE) == (PAGE, [])
    assert build.inject("drafts/x.html", PAGE) == (PAGE, [])
    assert build.inject("x.html", PAGE, "") == (PAGE, [])
    assert list(build.last_notices("out")) == []


@pytest.mark.parametrize(("choice", "severities"), [("warn", ["warning"]), ("fail", ["error"]), ("ignore", [])])
def test_a_refusal_is_taken_as_asked(choice: str, severities: list[str], tmp_path: Path) -> None:
    build = SiteBuild({**ONE, "on_refuse": choice}, tmp_path)
    text, notices = build.inject("x.html", "<p>")
    assert text == "<p>"
    assert [notice.severity for notice in notices] == severities
    if notices:
        assert str(notices[0]) == "x.html: a piece of a page, a whole document expected [page.fragment]"


def test_files_and_folders(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("a.html", "b.html"):
        (site / name).write_text(PAGE)
    (site / "b.html.gz").write_text("x")
    (site / "out").symlink_to(tmp_path)
    (tmp_path / "c.json").write_text('{"b.html": {"customerId": 2}, "c.html": null}')
    build = SiteBuild({**ONE, "customers": "c.json", "allow_personal": False}, tmp_path)
    assert list(map(str, build.inject_file(site, "a.html"))) == []
    assert list(build.inject_file(site, "a.txt")) == []
    assert [notice.problem.code for notice in build.inject_file(site, "gone.html")] == ["source.unreadable"]
    assert [(notice.severity, str(notice.problem.code)) for notice in build.inject_site(site, {})] == [
        ("warning", "site.link"), ("warning", "file.stale_copy")
    ]  # fmt: skip
    assert (site / "b.html").read_text() == inject(PAGE, render_snippet({"customerId": 2}))
    assert list(map(str, build.last_notices("out"))) == [
        "c.html: decides about no page of the site [pattern.unused]",
        "out: customers' data goes into files that whoever may fetch them can read; "
        "allow_personal says that this is meant [site.personal]",
    ]
    (site / "a.html.rr.json").write_text("{}")
    (site / "b.html").write_text(PAGE)
    assert [(notice.severity, notice.place) for notice in build.inject_site(site, {})] == [
        ("error", "a.html.rr.json"), ("warning", "out")
    ]  # fmt: skip
    assert (site / "b.html").read_text() == PAGE, "nothing is written before all customers are good"


def test_metadata_is_told_at_its_source(tmp_path: Path) -> None:
    build = SiteBuild({}, tmp_path)
    assert build.own_block("a.md", {"rr_customer": None}) == ""
    with pytest.raises(SnippetError) as caught:
        build.own_block("a.md", {"rr_customer": {"customerId": 1, "email": MARK}})
    assert str(caught.value) == "a.md: email: no e-mail address, one like name@shop.ru expected [email.shape]"
    assert caught.value.__context__ is None
    assert not isinstance(caught.value, OptionError)
