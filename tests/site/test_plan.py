"""The plan for a site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rr_snippet import Renderer, render_snippet
from rr_snippet.site.blocks import NO_BLOCK, PageBlocks
from rr_snippet.site.entries import Entry
from rr_snippet.site.notice import Notice
from rr_snippet.site.patterns import PathFilter
from rr_snippet.site.plan import Task, plan_site

PAGE = b"<!doctype html>\r\n<title>x</title>\r\n<p>\xff\r\n</body>\r\n"
BLOCKS = {name: str.__str__(render_snippet({"customerId": name})) for name in ("map", "side", "own", "default")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for path in ("index.html", "shop/a.html", "shop/b.htm", "drafts/c.html"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(PAGE)
    (root / "style.css").write_text("x")
    return root


def site_blocks(entries: dict[str, Any] | None = None, default: str | None = None) -> PageBlocks:
    blocks = PageBlocks(Renderer())
    for number, (pattern, customer) in enumerate((entries or {}).items(), start=1):
        assert blocks.add(Entry(number, None, pattern, customer)) == ()
    blocks.default = default
    return blocks


def told(notices: list[Notice]) -> list[tuple[str, str]]:
    return [(notice.place, notice.problem.code) for notice in notices]


def test_plan_takes_the_strongest_source(root: Path) -> None:
    (root / "index.html.rr.json").write_text('{"customerId": "side"}')
    (root / "shop/a.html.rr.json").write_text('{"customerId": "side"}')
    blocks = site_blocks({"index.html": {"customerId": "map"}}, BLOCKS["default"])
    own = {"index.html": BLOCKS["own"], "shop/a.html": BLOCKS["own"], "shop/b.htm": BLOCKS["own"]}
    plan = plan_site(root, blocks, own=own)
    assert plan.tasks == [
        Task("drafts/c.html", BLOCKS["default"]),
        Task("index.html", BLOCKS["map"]),
        Task("shop/a.html", BLOCKS["side"]),
        Task("shop/b.htm", BLOCKS["own"]),
    ]
    assert plan.pages == [task.page for task in plan.tasks]
    assert (plan.rejected, plan.unreadable, plan.warnings, plan.has_choice) == ([], [], [], True)


def test_no_block_is_a_choice(root: Path) -> None:
    (root / "index.html.rr.json").write_text("null")
    plan = plan_site(root, site_blocks({"drafts/**": None}, BLOCKS["default"]), own={"shop/a.html": NO_BLOCK})
    assert [(task.page, bool(task.block)) for task in plan.tasks] == [
        ("drafts/c.html", False), ("index.html", False), ("shop/a.html", False), ("shop/b.htm", True)
    ]  # fmt: skip
    (root / "index.html.rr.json").unlink()
    plan = plan_site(root, site_blocks())
    assert [task.block for task in plan.tasks] == [NO_BLOCK] * 4
    assert not plan.has_choice
    plan = plan_site(root, site_blocks({"drafts/**": None}))
    assert plan.has_choice
    assert not plan.has_blocks


def test_wrong_sidecars_are_all_told(root: Path) -> None:
    (root / "index.html.rr.json").write_text('{"customerId": ""}')
    (root / "shop/a.html.rr.json").write_bytes(b"\xff")
    (root / "shop/b.htm.rr.json").write_text("{")
    plan = plan_site(root, site_blocks(default=BLOCKS["default"]))
    assert told(plan.rejected) == [
        ("index.html.rr.json", "customer_id.blank"),
        ("shop/a.html.rr.json", "customer.encoding"),
        ("shop/b.htm.rr.json", "customer.json"),
    ]
    assert [task.page for task in plan.tasks] == ["drafts/c.html"]


def test_page_with_an_unreadable_sidecar_gets_nobody_elses_block(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "index.html.rr.json").write_text("{}")
    read_bytes = Path.read_bytes

    def fail(path: Path) -> bytes:
        if path.name.endswith(".json"):
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", fail)
    plan = plan_site(root, site_blocks(default=BLOCKS["default"]))
    assert told(plan.unreadable) == [("index.html.rr.json", "source.unreadable")]
    assert "index.html" not in [task.page for task in plan.tasks]


def test_plan_of_some_pages(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_bytes(PAGE)
    (root / "out.html").symlink_to("../secret.html")
    (root / "latest").symlink_to("shop")
    only = ["index.html", "latest/a.html", "style.css", "gone.html", "out.html", "shop"]
    plan = plan_site(root, site_blocks(default=BLOCKS["default"]), only=only)
    assert plan.pages == ["index.html", "shop/a.html"]
    assert told(plan.unreadable) == [("gone.html", "source.unreadable"), ("shop", "source.unreadable")]
    assert set(told(plan.warnings)) == {("out.html", "site.link")}
    plan = plan_site(root, site_blocks(default=BLOCKS["default"]), only=["index.html"], pages=PathFilter(["shop/*"]))
    assert plan.pages == []


def test_sidecar_without_a_page_is_told(root: Path) -> None:
    for path in ("index.rr.json", "style.css.rr.json", "drafts/c.html.rr.json"):
        (root / path).write_text("null")
    plan = plan_site(root, site_blocks(default=BLOCKS["default"]), pages=PathFilter(exclude=["drafts/**"]))
    assert told(plan.warnings) == [("index.rr.json", "pattern.unused")]


def test_plan_changes_nothing(root: Path) -> None:
    left = ".rr-snippet-01234567-89abcdef.tmp"
    (root / "shop" / left).write_text("x")
    plan = plan_site(root, site_blocks(default=BLOCKS["default"]))
    assert plan.temporaries == [f"shop/{left}"]
    assert (root / "shop" / left).exists()


def test_folders_that_are_no_part_of_a_site_are_left_alone_unless_named(root: Path) -> None:
    for path in (".git/x.html", "node_modules/a/x.html", "shop/.venv/x.html", ".well-known/x.html", "git/x.html"):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_bytes(PAGE)

    def pages(**options: Any) -> list[str]:
        return [page for page in plan_site(root, site_blocks(), **options).pages if page.endswith("/x.html")]

    assert pages() == [".well-known/x.html", "git/x.html"]
    assert pages(pages=PathFilter(["**/x.html"])) == pages()
    assert pages(pages=PathFilter(["node_modules/**"])) == ["node_modules/a/x.html"]
    assert pages(only=["shop/.venv/x.html"]) == ["shop/.venv/x.html"]


def test_a_name_that_is_too_long_is_that_pages_fault(root: Path) -> None:
    plan = plan_site(root, site_blocks(), only=["index.html", "x" * 300])
    assert plan.pages == ["index.html"]
    assert told(plan.unreadable) == [("x" * 300, "source.unreadable")]
