"""`rr-snippet inject` as people run it: its messages and files, and that it can be interrupted at any moment."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import inject, render_snippet
from rr_snippet.cli import main
from rr_snippet.errors import Problem
from rr_snippet.files import replaced
from rr_snippet.integrations._deferred import loader_text
from rr_snippet.site import work as site_work
from tests.support.liars import MARK

PAGE = b"<!doctype html>\n<title>x</title>\n<body>\n<p>\xd1\x8f\n</body>\n"
PERSONAL = (
    "{site}: warning: customers' data goes into files that anyone who can fetch them can read; "
    "--allow-personal confirms that this is meant [site.personal]"
)
LEFT = ".rr-snippet-01234567-89abcdef.tmp"


def block(customer_id: object, **options: Any) -> str:
    return str.__str__(render_snippet({"customerId": customer_id}, **options))


def page(customer_id: object, **options: Any) -> bytes:
    return inject(PAGE, block(customer_id, **options))


LOADER_TAG = b'<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    for path in ("index.html", "shop/a.html", "shop/b.html"):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(PAGE)
    (site / "style.css").write_text("x")
    return site


def call(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run the command in this process; return its exit code, standard output and standard error."""
    code = main(["inject", *map(str, arguments)])
    return (code, *capfd.readouterr())


def pages(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*.html"))}


def customers(tmp_path: Path, name: str, text: str) -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.json", '{"index.html": {"customerId": 1}, "shop/**": {"customerId": 2}}'),
        ("c.jsonl", '{"page": "index.html", "customerId": 1}\n{"page": "shop/**", "customerId": 2}\n'),
        ("c.csv", "page,customerId\nindex.html,1\nshop/**,2\n"),
        ("c.yml", "index.html: {customerId: 1}\nshop/**:\n  customerId: 2\n"),
        ("c.toml", '["index.html"]\ncustomerId = 1\n["shop/**"]\ncustomerId = 2\n'),
    ],
)
def test_each_page_gets_its_block(
    name: str, text: str, site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = customers(tmp_path, name, text)
    summary = "refused: 0, failed: 0, without a customer: 0; errors: 0, warnings: 1\n"
    assert call(capfd, site, "--customers", file) == (
        0, f"{PERSONAL.format(site=site)}\npages: 3, changed: 3, unchanged: 0, {summary}", ""
    )  # fmt: skip
    expected = {"index.html": page(1), "shop/a.html": page(2), "shop/b.html": page(2)}
    assert pages(site) == expected
    for path in expected:
        os.utime(site / path, ns=(1, 1))
    assert call(capfd, site, "--customers", file, "--allow-personal") == (
        0, f"pages: 3, changed: 0, unchanged: 3, {summary}".replace("warnings: 1", "warnings: 0"), ""
    )  # fmt: skip
    assert pages(site) == expected
    assert {(site / path).stat().st_mtime_ns for path in expected} == {1}


def test_the_strongest_source_decides(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = customers(tmp_path, "c.json", '{"index.html": {"customerId": 1}}')
    default = customers(tmp_path, "default.json", '{"customerId": 3}')
    (site / "shop/a.html.rr.json").write_text('{"customerId": 2}')
    assert call(capfd, site, "--customers", file, "--customer", default, "-q")[:2] == (0, "")
    assert pages(site) == {"index.html": page(1), "shop/a.html": page(2), "shop/b.html": page(3)}


def test_options_of_the_rendering(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = ["--variant", "no-region", "--nonce", "abc", "--pretty", "--debug", "--phone-region", "RU"]
    assert call(capfd, site, "--customer", '{"customerId": 1, "phone": "8 911 222-33-44"}', *options, "-q") == (
        0,
        "",
        "",
    )
    expected = render_snippet({"customerId": 1, "phone": "+79112223344"}, nonce="abc", pretty=True, debug=True)
    assert pages(site)["index.html"] == inject(PAGE, expected)


def test_pages_are_chosen(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = ["--customer", '{"customerId": 1}', "-q"]
    assert call(capfd, site, *one, "--glob", "shop/*", "--exclude", "**/b.html")[0] == 0
    assert pages(site) == {"index.html": PAGE, "shop/a.html": page(1), "shop/b.html": PAGE}
    for separator in ("\n", "\0"):
        (site / "index.html").write_bytes(PAGE)
        (tmp_path / "list").write_text(separator.join(["./index.html", "shop/a.html", "style.css", ""]))
        assert call(capfd, site, *one, "--files-from", tmp_path / "list") == (0, "", "")
        assert pages(site) == {"index.html": page(1), "shop/a.html": page(1), "shop/b.html": PAGE}


def test_lists_and_customers_from_standard_input(site: Path) -> None:
    def run(*arguments: str, data: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "rr_snippet", "inject", str(site), *arguments, "-q"]
        done = subprocess.run(command, input=data.encode(), capture_output=True, check=False)
        return done.returncode, (done.stdout + done.stderr).decode()

    assert run("--customer", '{"customerId": 1}', "--files-from", "-", data="shop/b.html\n") == (0, "")
    assert run("--customer", "-", "--glob", "index.html", data='{"customerId": 2}') == (0, "")
    assert run("--customers", "-", "--from", "json", data='{"shop/a.html": {"customerId": 3}}') == (0, "")
    assert pages(site) == {"index.html": page(2), "shop/a.html": page(3), "shop/b.html": page(1)}
    assert run("--customers", "-", "--files-from", "-", data="")[0] == 2


def test_nothing_is_written_before_all_customers_are_good(
    site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = {"customerId": MARK, "email": MARK}
    file = customers(tmp_path, "c.json", json.dumps({"index.html": {"customerId": 1}, "shop/*": bad, "/x": None}))
    (site / "shop/a.html.rr.json").write_text(json.dumps(bad))
    code, out, err = call(capfd, site, "--customers", file, "--customer", json.dumps(bad))
    shape = "email: has no @; expected something like name@shop.ru [email.shape]"
    pattern = "page: neither a path within the site nor a pattern; expected something like shop/index.html or shop/** [pattern.shape]"
    assert (code, err) == (1, "")
    assert out.splitlines()[:-1] == [
        f"{file}: record 2: error: {shape}",
        f"{file}: record 3: error: {pattern}",
        f"--customer: error: {shape}",
        f"shop/a.html.rr.json: error: {shape}",
    ]
    assert set(pages(site).values()) == {PAGE}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--customers", "FOLDER/gone.json"], "FOLDER/gone.json: error: cannot be read: No such file or directory [source.unreadable]"),
        (["--customers", "FOLDER/x.txt"], "FOLDER/x.txt: error: the format is not clear from the file's name; expected --from json, jsonl, csv, toml, yaml [source.format]"),
        (["--customers", "FOLDER/bad.toml"], "FOLDER/bad.toml: error: not valid TOML at line 1, column 1; expected tables of pages [source.toml]"),
        (["--customer", "FOLDER/gone.json"], "FOLDER/gone.json: error: cannot be read: No such file or directory [source.unreadable]"),
        (["--customer", "FOLDER"], "FOLDER: error: cannot be read: Is a directory [source.unreadable]"),
        (["--customer", "/proc/self/mem"], "/proc/self/mem: error: cannot be read: Input/output error [source.unreadable]"),
        (["--customer", '{"customerId": 1}', "--glob", "/x"], "rr-snippet: error: --glob: neither a path within the site nor a pattern; expected something like shop/index.html or shop/** [pattern.shape]"),
        (["--customer", '{"customerId": 1}', "--nonce", "a b"], "rr-snippet: error: --nonce: not a CSP nonce; expected base64 characters with at most two = at the end [nonce.shape]"),
        (["--customer", '{"customerId": 1}', "--files-from", "FOLDER/up"], "FOLDER/up: error: [1]: neither a path within the site nor a pattern; expected something like shop/index.html or shop/** [pattern.shape]"),
        (["--customer", '{"customerId": 1}', "--glob", "*.php"], "FOLDER/site: error: no page matched; --allow-empty permits that [site.no_pages]"),
        ([], "FOLDER/site: error: no customer for any of its pages (3); --allow-empty permits that [site.no_customers]"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_clear_line(
    arguments: list[str], told: str, site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    customers(tmp_path, "bad.toml", "=")
    customers(tmp_path, "up", "index.html\n../x.html\n")
    given = [argument.replace("FOLDER", str(tmp_path)) for argument in arguments]
    assert call(capfd, site, *given) == (2, "", f"{told.replace('FOLDER', str(tmp_path))}\n")
    assert set(pages(site).values()) == {PAGE}


def test_wrong_words(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, reason in (("nowhere", "No such file or directory"), ("index.html", "Not a directory")):
        told = Problem.of("source.unreadable", reason=reason)
        assert call(capfd, site / name) == (2, "", f"{site / name}: error: {told}\n")
    usage = "Usage: rr-snippet inject [OPTIONS] SITE\nTry 'rr-snippet inject --help' for help.\n\n"
    for options, first, second in (
        (["--diff", "--format", "json"], "--diff", "--format json"),
        (["--diff", "--format", "github"], "--diff", "--format github"),
        (["--customers", "-", "--files-from", "-"], "--customers -", "--files-from -"),
        (["--deferred", "--customers", "c.json"], "--deferred", "--customers"),
    ):
        told = Problem.of("option.conflict", first, other=second)
        assert call(capfd, site, *options) == (2, "", f"{usage}rr-snippet: error: {told}\n")


def test_an_empty_site_may_be_allowed(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert call(capfd, site, "--allow-empty") == (
        0, "pages: 3, changed: 0, unchanged: 0, refused: 0, failed: 0, without a customer: 3; errors: 0, warnings: 0\n", ""
    )  # fmt: skip
    assert call(capfd, site, "--allow-empty", "--glob", "*.php", "-q") == (0, "", "")


def test_a_customer_who_is_gone_is_taken_out_of_the_page(
    site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    both = customers(tmp_path, "both.json", '{"index.html": {"customerId": 1}, "shop/**": {"customerId": 2}}')
    assert call(capfd, site, "--customers", both, "-q")[0] == 0
    fewer = customers(tmp_path, "fewer.json", '{"index.html": {"customerId": 1}, "shop/a.html": null}')
    run = [site, "--customers", fewer, "--allow-personal"]
    left = "contains a block that no longer belongs to this page; --if-present replace replaces or removes it [page.leftover]"
    counts = "refused: 0, failed: 0, without a customer: 2; errors: 0, warnings: 2"
    assert call(capfd, *run) == (
        0,
        f"shop/a.html: warning: {left}\nshop/b.html: warning: {left}\npages: 3, changed: 0, unchanged: 1, {counts}\n",
        "",
    )
    counts = "unchanged: 1, refused: 0, failed: 0, without a customer: 0; errors: 2, warnings: 0"
    for choice in ("skip", "replace"):
        assert call(capfd, *run, "--check", "--if-present", choice) == (
            1,
            f"shop/a.html: error: {left}\nshop/b.html: error: {left}\n"
            f"pages: 3, to change: 0, block taken out: 2, {counts}\n",
            "",
        )
    assert pages(site) == {"index.html": page(1), "shop/a.html": page(2), "shop/b.html": page(2)}
    counts = "unchanged: 1, refused: 0, failed: 0, without a customer: 0; errors: 0, warnings: 0"
    assert call(capfd, *run, "--if-present", "replace", "-v") == (
        0,
        "index.html: unchanged\nshop/a.html: its block taken out\nshop/b.html: its block taken out\n"
        f"pages: 3, changed: 0, block taken out: 2, {counts}\n",
        "",
    )
    assert pages(site) == {"index.html": page(1), "shop/a.html": PAGE, "shop/b.html": PAGE}
    assert call(capfd, *run, "--check")[0] == 0
    nobody = customers(tmp_path, "nobody.json", '{"**": null}')
    out = call(capfd, site, "--customers", nobody, "--if-present", "replace", "--lang", "ru")[1]
    assert out == (
        "страниц: 3, изменено: 0, блок убран: 1, без изменений: 0, отклонено: 0, не удалось: 0, без покупателя: 2; "
        "ошибок: 0, предупреждений: 0\n"
    )
    assert set(pages(site).values()) == {PAGE}


def test_a_mapping_that_means_no_page_is_a_mistake_and_takes_nothing_out(
    site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (site / "index.html").write_bytes(page(1))
    file = customers(tmp_path, "c.json", '{"INDEX.html": {"customerId": 1}, "nope\\u202e.html": {"customerId": 2}}')
    assert call(capfd, site, "--customers", file, "--if-present", "replace") == (
        2,
        "",
        f"{file}: record 1: warning: INDEX.html: matches no page of the site [pattern.unused]\n"
        f"{file}: record 2: warning: nope\\u202e.html: matches no page of the site [pattern.unused]\n"
        f"{site}: error: no customer for any of its pages (3); "
        "--allow-empty permits that [site.no_customers]\n",
    )
    assert pages(site)["index.html"] == page(1)
    assert call(capfd, site, "--customers", file, "--if-present", "replace", "--allow-empty", "-q")[0] == 0
    assert pages(site)["index.html"] == PAGE


def test_templates_are_refused_unless_they_are_pages(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "index.html").write_bytes(PAGE.replace(b"<p>", b"<p>{% block content %}{% endblock %}"))
    one = [site, "--customer", '{"customerId": 1}', "--allow-personal", "--glob", "index.html"]
    counts = "unchanged: 0, refused: 1, failed: 0, without a customer: 0; errors: 0, warnings: 1"
    assert call(capfd, *one) == (
        0,
        "index.html: warning: a template, not a page: everybody would get its block; "
        f"--allow-templates confirms that it is a page [page.template]\npages: 1, changed: 0, {counts}\n",
        "",
    )
    assert call(capfd, *one, "--allow-templates", "-q") == (0, "", "")
    assert b"setCustomer" in pages(site)["index.html"]


def test_dry_run_and_check_write_nothing(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "shop" / LEFT).write_text("x")
    (site / "index.html").write_bytes(page(1))
    (site / "shop/a.html.gz").write_text("x")
    one = [site, "--customer", '{"customerId": 1}', "--allow-personal"]
    stale = "shop/a.html: warning: the .gz copy beside it is out of date; make it again [file.stale_copy]"
    counts = "pages: 3, to change: 2, unchanged: 1, refused: 0, failed: 0, without a customer: 0;"
    assert call(capfd, *one, "--dry-run", "-v") == (
        0,
        f"index.html: unchanged\n{stale}\nshop/a.html: to change\nshop/b.html: to change\n{counts} errors: 0, warnings: 1\n",
        "",
    )
    outdated = "error: its block is missing or differs; rr-snippet inject --if-present replace brings it up to date [page.outdated]"
    assert call(capfd, *one, "--check") == (
        1,
        f"shop/a.html: {outdated}\n{stale}\nshop/b.html: {outdated}\n{counts} errors: 2, warnings: 1\n",
        "",
    )
    assert pages(site) == {"index.html": page(1), "shop/a.html": PAGE, "shop/b.html": PAGE}
    assert (site / "shop" / LEFT).exists()
    assert call(capfd, *one, "-q")[0] == 0
    assert call(capfd, *one, "--check")[0] == 0
    assert not (site / "shop" / LEFT).exists()


def test_diff_shows_values_only_when_asked(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = [site, "--customer", '{"customerId": "4711"}', "--allow-personal", "--diff", "--glob", "index.html"]
    code, out, err = call(capfd, *one)
    masked = block("4711").replace("4711", "***").replace("true", '"***"').replace("\n", "\n+")
    assert (code, err) == (0, "")
    assert out == (
        f"--- a/index.html\n+++ b/index.html\n@@ line 5, before </body> @@\n+{masked}\n"
        "pages: 1, to change: 1, unchanged: 0, refused: 0, failed: 0, without a customer: 0; errors: 0, warnings: 0\n"
    )
    code, out, err = call(capfd, *one, "--with-values", "-q")
    shown = f"{block('4711')}</body>".replace("\n", "\n+")
    assert out == f"--- a/index.html\n+++ b/index.html\n@@ -5,1 +5,7 @@\n-</body>\n+{shown}\n"
    assert set(pages(site).values()) == {PAGE}


def test_a_present_block(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "index.html").write_bytes(page(1))
    (site / "shop/a.html").write_bytes(PAGE.replace(b"<p>", b"<script>rrApi.setCustomer({})</script>"))
    foreign = pages(site)["shop/a.html"]
    two = [site, "--customer", '{"customerId": 2}', "--allow-personal"]
    leftover = "contains a block that no longer belongs to this page; --if-present replace replaces or removes it [page.leftover]"
    by_hand = "contains a setCustomer call that this library did not write; remove it by hand first [page.foreign_call]"
    counts = "refused: 0, failed: 0, without a customer: 0; errors: 0, warnings: 2"
    assert call(capfd, *two, "--dry-run")[1].splitlines() == [
        f"index.html: warning: {leftover}",
        f"shop/a.html: warning: {by_hand}",
        f"pages: 3, to change: 1, unchanged: 2, {counts}",
    ]
    code, out, _ = call(capfd, *two, "--if-present", "error", "--on-refuse", "ignore", "--dry-run")
    assert (code, out.splitlines()[:-1]) == (1, [
        "index.html: error: already contains a setCustomer call [page.already]",
        "shop/a.html: error: already contains a setCustomer call [page.already]",
    ])  # fmt: skip
    code, out, _ = call(capfd, *two, "--if-present", "replace")
    assert (code, out.splitlines()[0]) == (0, f"shop/a.html: warning: {by_hand}")
    assert pages(site) == {"index.html": page(2), "shop/a.html": foreign, "shop/b.html": page(2)}


@pytest.mark.parametrize(
    ("choice", "code", "told"), [("warn", 0, "warning"), ("fail", 1, "error"), ("ignore", 0, None)]
)
def test_a_refused_page(
    choice: str, code: int, told: str | None, site: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (site / "index.html").write_text("<p>a piece")
    done, out, _ = call(capfd, site, "--customer", '{"customerId": 1}', "--allow-personal", "--on-refuse", choice)
    assert done == code
    finding = f"index.html: {told}: a piece of a page; expected a whole document [page.fragment]\n" if told else ""
    counts = "pages: 3, changed: 2, unchanged: 0, refused: 1, failed: 0, without a customer: 0;"
    assert out == f"{finding}{counts} errors: {int(told == 'error')}, warnings: {int(told == 'warning')}\n"


def test_report_for_programs(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = customers(tmp_path, "c.jsonl", '\n{"page": "index.html", "customerId": 1}\n{"page": "x", "customerId": 2}\n')
    code, out, err = call(capfd, site, "--customers", file, "--format", "json", "--allow-personal", "--lang", "ru")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "findings": [
            {
                "file": str(file), "record": 2, "line": 3, "path": "x", "code": "pattern.unused", "severity": "warning",
                "message": "не относится ни к одной странице сайта",
            }
        ],
        "counts": {
            "pages": 3, "changed": 1, "removed": 0, "unchanged": 0, "refused": 0, "failed": 0, "without_customer": 2,
            "errors": 0, "warnings": 1,
        },
    }  # fmt: skip


def test_names_of_files_act_on_no_terminal(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "a\x1b[31m\n.html").write_bytes(PAGE)
    (site / os.fsdecode(b"b\xff.html")).write_text("<p>")
    (site / "index.html").unlink()
    (site / "c\u202egnp.html").write_bytes(PAGE)
    one = [site, "--customer", '{"customerId": 1}', "--allow-personal", "--glob", "*.html"]
    assert call(capfd, *one, "-v", "-n")[1].splitlines()[:-1] == [
        "a\\x1b[31m\\x0a.html: to change",
        "b\\udcff.html: warning: a piece of a page; expected a whole document [page.fragment]",
        "b\\udcff.html: refused",
        "c\\u202egnp.html: to change",
    ]
    assert call(capfd, *one, "--diff")[1].startswith(
        "--- a/a\\x1b[31m\\x0a.html\n+++ b/a\\x1b[31m\\x0a.html\n@@ line 5,"
    )


def test_the_name_of_the_site_acts_on_no_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    site = tmp_path / "site\x1b[31m\u202e"
    site.mkdir()
    (site / "index.html").write_bytes(PAGE)
    name = ascii(str(site))[1:-1]
    assert call(capfd, site)[2] == (
        f"{name}: error: no customer for any of its pages (1); --allow-empty permits that [site.no_customers]\n"
    )
    assert call(capfd, site, "--customer", '{"customerId": 1}')[1].splitlines()[0] == PERSONAL.format(site=name)


def test_a_page_with_the_longest_name_does_not_end_the_run(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    name = "ж" * 125 + ".html"
    (site / name).write_bytes(PAGE)
    one = [site, "--customer", '{"customerId": 1}', "--allow-personal", "-q"]
    assert call(capfd, *one, "--dry-run") == (0, "", "")
    assert call(capfd, *one) == (0, "", "")
    assert set(pages(site).values()) == {page(1)}


def test_report_in_russian(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = [site, "--customer", '{"customerId": 1}', "--allow-personal", "--lang", "ru", "-v", "--glob", "index.html"]
    counts = "без изменений: 0, отклонено: 0, не удалось: 0, без покупателя: 0; ошибок: 0, предупреждений: 0\n"
    assert call(capfd, *one, "-n")[1] == f"index.html: изменится\nстраниц: 1, изменится: 1, {counts}"
    assert call(capfd, *one)[1] == f"index.html: изменена\nстраниц: 1, изменено: 1, {counts}"


def test_links_out_of_the_site_are_left_alone(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_bytes(PAGE)
    (site / "secret.html").symlink_to("../outside/secret.html")
    (site / "folder").symlink_to(outside)
    (tmp_path / "current").symlink_to("site")  # SITE itself may be one
    code, out, _ = call(capfd, tmp_path / "current", "--customer", '{"customerId": 1}', "--allow-personal")
    assert (code, out.splitlines()[:-1]) == (0, [
        f"{link}: warning: a symbolic link that leads out of the site; left alone [site.link]"
        for link in ("folder", "secret.html")
    ])  # fmt: skip
    assert (outside / "secret.html").read_bytes() == PAGE
    assert (site / "secret.html").is_symlink()
    (tmp_path / "list").write_text("folder/secret.html\n")
    code, out, _ = call(
        capfd, site, "--customer", '{"customerId": 1}', "--allow-empty", "--files-from", tmp_path / "list"
    )
    assert out.count("[site.link]") == 3
    assert (outside / "secret.html").read_bytes() == PAGE


def test_files_that_fail_do_not_stop_the_rest(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "shop/a.html").chmod(0o444)
    (tmp_path / "list").write_text("index.html\ngone.html\nshop/a.html\nshop/b.html\n")
    code, out, err = call(
        capfd, site, "--customer", '{"customerId": 1}', "--allow-personal", "--files-from", tmp_path / "list"
    )
    assert (code, err) == (3, "")
    assert out.splitlines() == [
        "gone.html: error: cannot be read: No such file or directory [source.unreadable]",
        "shop/a.html: error: cannot be written: Permission denied [output.unwritable]",
        "pages: 3, changed: 2, unchanged: 0, refused: 0, failed: 2, without a customer: 0; errors: 2, warnings: 0",
    ]
    assert pages(site) == {"index.html": page(1), "shop/a.html": PAGE, "shop/b.html": page(1)}


def test_a_file_that_vanishes_on_the_way(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def remove_another(path: Path) -> Iterator[Path]:
        with replaced(path) as temporary:
            yield temporary
        (site / "shop/a.html").unlink(missing_ok=True)

    monkeypatch.setattr("rr_snippet.site.work.replaced", remove_another)
    code, out, _ = call(capfd, site, "--customer", '{"customerId": 1}', "--allow-personal")
    assert code == 3
    assert out.splitlines()[0] == "shop/a.html: error: cannot be read: No such file or directory [source.unreadable]"
    assert pages(site) == {"index.html": page(1), "shop/b.html": page(1)}


def test_a_full_disk_is_told_and_the_rest_is_done(site: Path) -> None:
    large = PAGE.replace(b"<p>", b"<p>" + b"x" * 5_000_000)
    (site / "shop/a.html").write_bytes(large)
    process = subprocess.run(
        [
            sys.executable,
            "-m",
            "rr_snippet",
            "inject",
            str(site),
            "--customer",
            '{"customerId": 1}',
            "--allow-personal",
        ],
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000)),
    )
    assert (process.returncode, process.stderr) == (3, b"")
    assert process.stdout.splitlines()[0] == (
        b"shop/a.html: error: cannot be written: File too large [output.unwritable]"
    )
    assert pages(site) == {"index.html": page(1), "shop/a.html": large, "shop/b.html": page(1)}
    assert sorted(path.name for path in (site / "shop").iterdir()) == ["a.html", "b.html"]


MANY = 2_000


def make_many(site: Path, count: int = MANY) -> None:
    for number in range(count):
        (site / f"{number % 20}").mkdir(parents=True, exist_ok=True)
        (site / f"{number % 20}/{number}.html").write_bytes(PAGE)


def start(site: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rr_snippet", "inject", str(site), "--customer", '{"customerId": 1}', *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def wait_for_changes(site: Path, process: subprocess.Popen[bytes]) -> None:
    """Return after a few pages are done, while others are still being written."""
    first = site / "0/0.html"
    deadline = time.monotonic() + 60
    while first.stat().st_size == len(PAGE) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_in_the_middle_every_file_is_whole(tmp_path: Path, jobs: str) -> None:
    site = tmp_path / "site"
    make_many(site)
    process = start(site, "--jobs", jobs)
    wait_for_changes(site, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    found = list(pages(site).values())
    assert len(found) == MANY
    assert set(found) == {PAGE, page(1)}, "some pages are done and some are not, and none is half done"
    (site / "0" / LEFT).write_text("half a page")
    rerun = start(site, "--jobs", jobs, "-q")
    assert (*rerun.communicate(timeout=60), rerun.returncode) == (b"", b"", 0)
    assert set(pages(site).values()) == {page(1)}
    assert {path.suffix for path in site.rglob("*") if path.is_file()} == {".html"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_it_at_once(tmp_path: Path, jobs: str) -> None:
    site = tmp_path / "site"
    make_many(site)
    process = start(site, "--jobs", jobs)
    wait_for_changes(site, process)
    os.killpg(process.pid, signal.SIGINT)  # to all of them, as a terminal does
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert set(pages(site).values()) == {PAGE, page(1)}
    assert {path.suffix for path in site.rglob("*") if path.is_file()} == {".html"}


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    site = tmp_path / "site"
    make_many(site)
    process = start(site, "--jobs", "2")
    wait_for_changes(site, process)
    process.kill()
    # The processes hold the pipes open, so they have ended when the pipes have.
    process.communicate(timeout=60)
    before = pages(site)
    time.sleep(0.2)
    assert pages(site) == before


def test_many_processes_do_what_one_does(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_many(site, 50)
    (site / "index.html").write_text("<p>")
    arguments = ["--customer", '{"customerId": 1}', "--format", "json"]
    alone = call(capfd, site, *arguments, "--dry-run", "--jobs", 1)
    assert call(capfd, site, *arguments, "--jobs", 2) == alone


def test_by_default_processes_are_for_large_sites(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def processes(_work: Any, tasks: Any, jobs: int) -> Any:
        asked.append((len(tasks), jobs))
        raise BrokenExecutor

    monkeypatch.setattr(site_work, "_reports_of_processes", processes)
    monkeypatch.setattr(site_work, "_PAGES_WORTH_PROCESSES", 4)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    one = [site, "--customer", '{"customerId": 1}', "-q"]
    assert call(capfd, *one)[0] == 0
    assert asked == []
    (site / "c.html").write_bytes(PAGE)
    assert call(capfd, *one)[0] == 0
    assert asked == [(4, 3)]
    assert pages(site)["c.html"] == page(1), "no page is left out after a pool has broken"


def test_progress_is_for_terminals_only(tmp_path: Path) -> None:
    make_many(tmp_path, 1500)
    parent, child = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "rr_snippet",
        "inject",
        str(tmp_path),
        "--customer",
        '{"customerId": 1}',
        "-j",
        "1",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=child)
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 1000):
            shown += part
    except OSError:  # Linux raises this if the other end of the terminal is closed
        pass
    os.close(parent)
    assert process.wait(timeout=60) == 0
    assert not shown.strip(b"\r ") or b" pages " in shown, "a quick run shows no progress"
    assert b"\x1b" not in shown


# --- The deferred card ------------------------------------------------------------------------------------------------


def with_loader(tag: bytes = LOADER_TAG) -> bytes:
    return PAGE.replace(b"</body>", tag + b"</body>")


def test_deferred_puts_the_loader_into_pages_and_beside_them(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = (
        "pages: 3, changed: {}, unchanged: {}, refused: 0, failed: 0, without a customer: 0; errors: 0, warnings: 0\n"
    )
    assert call(capfd, site, "--deferred") == (0, said.format(3, 0), "")
    assert set(pages(site).values()) == {with_loader()}
    assert (site / "rr-snippet/loader.js").read_bytes() == loader_text()
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    assert call(capfd, site, "--deferred") == (0, said.format(0, 3), "")
    assert call(capfd, site, "--deferred", "--check") == (0, said.format(0, 3).replace("changed", "to change", 1), "")
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def test_deferred_moves_with_its_prefix(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    call(capfd, site, "--deferred")
    assert call(capfd, site, "--deferred", "--deferred-prefix", "/api/card/", "--nonce", "r4nd0m", "-q")[0] == 0
    moved = LOADER_TAG.replace(b"/rr-snippet/", b"/api/card/").replace(b" async", b' nonce="r4nd0m" async')
    assert set(pages(site).values()) == {with_loader(moved)}
    assert (site / "api/card/loader.js").read_bytes() == loader_text()


def test_deferred_leaves_a_page_alone_that_has_its_own_call(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    own = PAGE.replace(b"</body>", b"<script>rrApi.setCustomer({})</script></body>")
    (site / "index.html").write_bytes(own)
    assert call(capfd, site, "--deferred")[0] == 0
    assert call(capfd, site, "--deferred", "--if-present", "replace")[0] == 0
    assert [pages(site)[name] for name in ("index.html", "shop/a.html")] == [own, with_loader()]


def test_deferred_takes_the_place_of_a_block_where_it_may(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "index.html").write_bytes(page(1))
    code, out, err = call(capfd, site, "--deferred")
    assert (code, out.count("index.html: warning: "), out.count("[page.leftover]"), err) == (0, 1, 1, "")
    assert pages(site)["index.html"] == page(1)
    assert call(capfd, site, "--deferred", "--check")[0] == 1
    assert call(capfd, site, "--deferred", "--if-present", "replace")[0] == 0
    assert set(pages(site).values()) == {with_loader()}


def test_a_block_takes_the_place_of_the_loader_where_it_may(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With both, two cards would reach the tracker."""
    call(capfd, site, "--deferred")
    given = (site, "--customer", '{"customerId": "1"}', "--allow-personal")
    leftover = "contains a block that no longer belongs to this page; --if-present replace replaces or removes it"
    code, out, err = call(capfd, *given)
    assert (code, out.count(f".html: warning: {leftover} [page.leftover]\n"), err) == (0, 3, "")
    assert set(pages(site).values()) == {with_loader()}
    assert call(capfd, *given, "--check")[0] == 1
    assert call(capfd, *given, "--if-present", "replace")[0] == 0
    assert set(pages(site).values()) == {page(1)}


def test_a_page_with_a_customer_of_its_own_has_no_loader(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    call(capfd, site, "--deferred")
    (site / "index.html.rr.json").write_text('{"customerId": "1"}')
    (site / "shop/a.html.rr.json").write_text("null")
    for _ in range(2):
        assert call(capfd, site, "--deferred", "--allow-personal")[0] == 0
        assert [pages(site)[name] for name in ("index.html", "shop/a.html")] == [page(1), PAGE]


def test_a_page_that_is_left_out_has_no_loader_any_more(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A loader with another prefix is somebody else's, so it stays, and so does a block."""
    moved = with_loader(LOADER_TAG.replace(b"/rr-snippet/", b"/api/card/"))
    call(capfd, site, "--deferred")
    exclude = ("--deferred", "--exclude", "shop/*", "-v")
    said = "shop/a.html: its block {}"
    assert said.format("to be taken out") in call(capfd, site, *exclude, "--check")[1]
    assert pages(site)["shop/a.html"] == with_loader()
    assert said.format("taken out") in call(capfd, site, *exclude)[1]
    assert [pages(site)[name] for name in ("index.html", "shop/a.html")] == [with_loader(), PAGE]
    for other in (moved, page(1)):
        (site / "shop/a.html").write_bytes(other)
        assert "shop/a.html: left out\n" in call(capfd, site, *exclude, "--if-present", "replace")[1]
        assert pages(site)["shop/a.html"] == other
    (site / "shop/a.html").write_bytes(with_loader())
    (site / "list").write_text("index.html\nshop/a.html\n")
    assert call(capfd, site, *exclude, "--files-from", str(site / "list"))[0] == 0
    assert pages(site)["shop/a.html"] == PAGE


def test_deferred_only_tells_what_it_would_do(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, site, "--deferred", "--check")
    assert (code, out.count("[page.outdated]"), err) == (1, 4, "")
    assert "rr-snippet/loader.js: error: " in out
    code, out, err = call(capfd, site, "--deferred", "--diff")
    assert (code, out.count("loader.js"), err) == (0, 3, "")
    assert set(pages(site).values()) == {PAGE}
    assert not (site / "rr-snippet").exists()


def test_deferred_tells_that_the_loader_has_no_place(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (site / "rr-snippet").write_text("a file")
    code, out, _ = call(capfd, site, "--deferred")
    assert (code, "rr-snippet/loader.js: error: " in out, "[output.unwritable]" in out) == (3, True, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--customer", "{}"],
            "rr-snippet: error: --deferred: cannot be used together with --customer [option.conflict]\n",
        ),
        (
            ["--deferred-prefix", "https://cdn.test/"],
            "rr-snippet: error: --deferred-prefix: wrong value 'https://cdn.test/'; expected a path on this host such as /rr-snippet/,"
            " which a proxy may lead elsewhere [option.value]\n",
        ),
    ],
)
def test_deferred_refuses_what_makes_no_sense(
    site: Path, capfd: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    code, out, err = call(capfd, site, "--deferred", *options)
    assert (code, out, err.endswith(told)) == (2, "", True), err
    assert set(pages(site).values()) == {PAGE}


def test_quiet_keeps_what_ended_the_run(site: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mapping = customers(tmp_path, "c.json", '{"nowhere.html": {"customerId": 1}}')
    error = f"{site}: error: no customer for any of its pages (3); --allow-empty permits that [site.no_customers]\n"
    warning = f"{mapping}: record 1: warning: nowhere.html: matches no page of the site [pattern.unused]\n"
    assert call(capfd, site, "--customers", mapping) == (2, "", warning + error)
    assert call(capfd, site, "--customers", mapping, "--quiet") == (2, "", error)
