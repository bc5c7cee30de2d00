"""What becomes of the pages of a site."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from rr_snippet import inject, render_snippet
from rr_snippet.errors import Problem
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
    assert work(Task("index.html", BLOCKS["map"])) == PageReport("index.html", "unchanged")
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
    task = Task("index.html", BLOCKS["own"])
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


def test_refusals_are_taken_as_asked() -> None:
    fragment, present = Problem.of("page.fragment"), Problem.of("page.already")
    assert [refusal_severity(fragment, choice) for choice in ("warn", "fail", "ignore")] == ["warning", "error", None]
    assert [refusal_severity(present, choice) for choice in ("warn", "fail", "ignore")] == ["error"] * 3
