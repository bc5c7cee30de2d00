"""The files of a site: those that are found, and those that are left alone."""

from __future__ import annotations

import os
from pathlib import Path

from rr_snippet.site.listing import is_within, list_site, remove_files

LEFT = ".rr-snippet-01234567-89abcdef.tmp"


def make(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_listing_follows_no_link(tmp_path: Path) -> None:
    root = tmp_path / "site"
    make(root, "b.html", "a/z.html", "a/b/c.css", "a.html", f"a/{LEFT}", ".hidden/x.html", ".rr-snippet-0.tmp")
    make(tmp_path, "outside/secret.html")
    (root / "file-out.html").symlink_to(tmp_path / "outside/secret.html")
    (root / "folder-out").symlink_to("../outside")
    (root / "gone.html").symlink_to("nowhere.html")
    (root / "inside").symlink_to("a")
    (root / "up").symlink_to("..")
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "pipe.html")
    found = list_site(root)
    assert found.files == [".hidden/x.html", ".rr-snippet-0.tmp", "a.html", "a/b/c.css", "a/z.html", "b.html"]
    assert found.temporaries == [f"a/{LEFT}"]
    assert found.links_out == ["file-out.html", "folder-out", "up"]
    assert found.unreadable == []


def test_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    found = list_site(tmp_path / "nowhere")
    assert [(path, str(problem)) for path, problem in found.unreadable] == [
        (".", "cannot be read: No such file or directory [source.unreadable]")
    ]


def test_within_is_told_by_where_it_leads(tmp_path: Path) -> None:
    root = tmp_path / "site"
    make(root, "a.html")
    (root / "up").symlink_to("..")
    assert is_within(root, root / "a.html")
    assert is_within(root, root / "x/../a.html")
    assert not is_within(root, root / "up/other")
    assert not is_within(root, tmp_path / "site2")


def test_temporaries_are_removed_and_one_that_stays_does_no_harm(tmp_path: Path) -> None:
    make(tmp_path, LEFT)
    remove_files(tmp_path, [LEFT, f"gone/{LEFT}"])
    assert names(tmp_path) == []
