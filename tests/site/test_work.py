"""What happens to the pages of a site."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from rr_snippet import inject, render_snippet
from rr_snippet.errors import Problem
from rr_snippet.site.blocks import NO_BLOCK
from rr_snippet.site.notice import refusal_severity
from rr_snippet.site.plan import Task
from rr_snippet.site.work import PageReport, PageWork

PAGE = b"<!doctype html>\r\n<title>x</title>\r\n<p>\xff\r\n</body>\r\n"
BLOCKS = {name: str.__str__(render_snippet({"customerId": name})) for name in ("map", "own")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for path in ("index.html", "shop/a.html"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(PAGE)
    return root


def test_work_puts_the_block_in_and_keeps_every_other_byte(root: Path) -> None:
    work = PageWork(root)
    path = root / "index.html"
    assert work(Task("index.html", BLOCKS["own"])) == PageReport("index.html", "changed")
    assert path.read_bytes() == inject(PAGE, BLOCKS["own"])
    os.utime(path, ns=(1, 1))
    assert work(Task("index.html", BLOCKS["own"])) == PageReport("index.html", "unchanged")
    assert PageWork(root, "replace")(Task("index.html", BLOCKS["own"])) == PageReport("index.html", "unchanged")
    assert path.stat().st_mtime_ns == 1
    assert PageWork(root, "replace")(Task("index.html", BLOCKS["map"])).state == "changed"
    assert path.read_bytes() == inject(PAGE, BLOCKS["map"])


def test_work_without_writing(root: Path) -> None:
    report = PageWork(root, write=False, diff="masked")(Task("index.html", BLOCKS["own"]))
    assert report.state == "changed"
    assert "own" not in report.diff
    assert "***" in report.diff
    report = PageWork(root, write=False, diff="plain")(Task("index.html", BLOCKS["own"]))
    assert '"own"' in report.diff
    assert (root / "index.html").read_bytes() == PAGE


def test_work_tells_what_went_wrong(root: Path) -> None:
    work = pickle.loads(pickle.dumps(PageWork(root, "error")))
    task = Task("index.html", BLOCKS["own"], (".gz",))
    (root / "fragment.html").write_text("<p>")
    (root / "index.html.gz").write_text("x")
    (root / "shop/a.html").chmod(0o444)
    reports = [
        work(Task("gone.html", BLOCKS["own"])),
        work(Task("fragment.html", BLOCKS["own"])),
        work(Task("shop/a.html", BLOCKS["own"])),
        work(task),
        work(task),
    ]
    assert [(each.state, [problem.code for problem in (*each.problems, *each.warnings)]) for each in reports] == [
        ("failed", ["source.unreadable"]),
        ("refused", ["page.fragment"]),
        ("failed", ["output.unwritable"]),
        ("changed", ["file.stale_copy"]),
        ("refused", ["page.already"]),
    ]


def outcome(report: PageReport) -> tuple[str, list[str], list[str]]:
    return report.state, [each.code for each in report.problems], [each.code for each in report.warnings]


FOREIGN = PAGE.replace(b"<p>", b"<script>rrApi.setCustomer({})</script>")
LOADED = inject(PAGE, '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>')


@pytest.mark.parametrize(
    ("choice", "block", "before", "expected"),
    [
        ("replace", NO_BLOCK, inject(PAGE, BLOCKS["map"]), ("removed", [], [])),
        ("skip", NO_BLOCK, inject(PAGE, BLOCKS["map"]), ("without_customer", [], ["page.leftover"])),
        ("error", NO_BLOCK, inject(PAGE, BLOCKS["map"]), ("refused", ["page.leftover"], [])),
        ("replace", NO_BLOCK, LOADED, ("removed", [], [])),
        ("skip", NO_BLOCK, LOADED, ("without_customer", [], ["page.leftover"])),
        ("error", NO_BLOCK, LOADED, ("refused", ["page.leftover"], [])),
        ("skip", BLOCKS["own"], LOADED, ("unchanged", [], ["page.leftover"])),
        ("replace", NO_BLOCK, PAGE, ("without_customer", [], [])),
        ("replace", NO_BLOCK, FOREIGN, ("without_customer", [], [])),
        ("replace", NO_BLOCK, PAGE.decode("latin-1").encode("utf-32"), ("without_customer", [], [])),
        ("skip", BLOCKS["own"], inject(PAGE, BLOCKS["map"]), ("unchanged", [], ["page.leftover"])),
        ("skip", BLOCKS["own"], FOREIGN, ("unchanged", [], ["page.foreign_call"])),
        ("replace", BLOCKS["own"], FOREIGN, ("refused", ["page.foreign_call"], [])),
        ("error", BLOCKS["own"], FOREIGN, ("refused", ["page.already"], [])),
    ],
)
def test_what_is_there_already(
    choice: str, block: str, before: bytes, expected: tuple[str, list[str], list[str]], root: Path
) -> None:
    path = root / "index.html"
    path.write_bytes(before)
    assert outcome(PageWork(root, choice)(Task("index.html", block))) == expected
    assert path.read_bytes() == (PAGE if expected[0] == "removed" else before)
    # A check reports what the page should be, whatever `if_present` is.
    if choice != "error":
        checked = outcome(PageWork(root, choice, write=False, is_check=True)(Task("index.html", block)))
        assert checked == outcome(PageWork(root, "replace", write=False)(Task("index.html", block)))


def test_a_diff_shows_what_is_taken_out(root: Path) -> None:
    (root / "index.html").write_bytes(inject(PAGE, BLOCKS["map"]))
    report = PageWork(root, "replace", write=False, diff="masked")(Task("index.html", NO_BLOCK))
    masked = BLOCKS["map"].replace('"map"', '"***"').replace("true", '"***"').replace("\n", "\n-")
    assert report.diff == f"--- a/index.html\n+++ b/index.html\n@@ line 4, the block there @@\n-{masked}\n"


def test_the_longest_name_there_is(root: Path) -> None:
    name = "ж" * 125 + ".html"
    assert len(os.fsencode(name)) == 255
    (root / name).write_bytes(PAGE)
    assert PageWork(root)(Task(name, BLOCKS["own"])) == PageReport(name, "changed")
    assert PageWork(root)(Task(name, BLOCKS["own"])) == PageReport(name, "unchanged")
    assert sorted(path.name for path in root.iterdir()) == ["index.html", "shop", name]


def test_a_file_that_somebody_else_writes_is_left_to_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root / "index.html"

    # The page grows between reading its size and its content.
    fstat = os.fstat
    monkeypatch.setattr(os, "fstat", lambda number: os.stat_result((*fstat(number)[:6], 3, *fstat(number)[7:])))
    report = PageWork(root)(Task("index.html", BLOCKS["own"]))
    assert [str(problem) for problem in report.problems] == [
        "cannot be read: changed in the meantime [source.unreadable]"
    ]
    monkeypatch.undo()
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: write(path, b"other") and write(self, data))
    report = PageWork(root)(Task("index.html", BLOCKS["own"]))
    assert [str(problem) for problem in report.problems] == [
        "cannot be written: changed in the meantime [output.unwritable]"
    ]
    assert path.read_bytes() == b"other"
    assert sorted(each.name for each in root.iterdir()) == ["index.html", "shop"]


def test_copies_are_told_as_long_as_they_are_stale(root: Path) -> None:
    task = Task("index.html", BLOCKS["own"], (".gz", ".br"))
    copy = root / "index.html.gz"
    copy.write_text("x")
    (root / "index.html.br").write_text("x")
    assert outcome(PageWork(root)(task)) == ("changed", [], ["file.stale_copy"] * 2)
    (root / "index.html.br").unlink()
    os.utime(copy, ns=(1, 1))
    assert outcome(PageWork(root)(task)) == ("unchanged", [], ["file.stale_copy"])
    copy.write_text("made again")
    assert outcome(PageWork(root)(task)) == ("unchanged", [], [])


def test_another_name_of_the_file_is_told(root: Path) -> None:
    (root / "same.html").hardlink_to(root / "index.html")
    assert outcome(PageWork(root)(Task("index.html", BLOCKS["own"]))) == ("changed", [], ["file.hard_link"])
    assert (root / "same.html").read_bytes() == PAGE


def test_a_template_is_refused_unless_it_is_a_page(root: Path) -> None:
    (root / "index.html").write_text("<!doctype html><title>{% block title %}</title><body>{{ page }}</body>")
    task = Task("index.html", BLOCKS["own"])
    assert outcome(PageWork(root, allow_templates=False)(task)) == ("refused", ["page.template"], [])
    assert outcome(PageWork(root)(task)) == ("changed", [], [])
    # Its block is removed.
    assert outcome(PageWork(root, "replace", allow_templates=False)(Task("index.html", NO_BLOCK)))[0] == "removed"


def test_refusals_are_taken_as_asked() -> None:
    fragment, present = Problem.of("page.fragment"), Problem.of("page.already")
    assert [refusal_severity(fragment, choice) for choice in ("warn", "fail", "ignore")] == ["warning", "error", None]
    assert [refusal_severity(present, choice) for choice in ("warn", "fail", "ignore")] == ["error"] * 3
