"""Files of a site: what is found, what is left alone, and that a file is whole whatever happens."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rr_snippet.site import listing as site_files
from rr_snippet.site.listing import is_within, list_site, remove_temporaries, replace_file, stale_copies

LEFT = ".rr-snippet-0123456789abcdef.tmp"


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


def test_a_file_keeps_its_mode_and_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.html")
    path = tmp_path / "a.html"
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12, 34)
    before = path.stat()
    replace_file(path, b"new")
    after = path.stat()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert names(tmp_path) == ["a.html"]

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)  # who may not give files away keeps the file as their own
    replace_file(path, b"newer")
    monkeypatch.delattr(os, "chown")  # Windows
    replace_file(path, b"newest")
    assert path.read_bytes() == b"newest"


def test_a_file_nobody_may_write_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.html")
    path = tmp_path / "a.html"
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        replace_file(path, b"new")
    path.chmod(0o644)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        replace_file(path, b"new")
    assert path.read_text() == "a.html"
    assert names(tmp_path) == ["a.html"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    make(tmp_path, "a.html")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(error)):
        replace_file(tmp_path / "a.html", b"new")
    assert (tmp_path / "a.html").read_text() == "a.html"
    assert names(tmp_path) == ["a.html"]


def test_a_name_may_be_as_long_as_names_get(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 250 + ".html")
    path.write_text("old")
    replace_file(path, b"new")
    assert path.read_text() == "new"


def test_temporaries_are_removed_and_one_that_stays_does_no_harm(tmp_path: Path) -> None:
    make(tmp_path, LEFT)
    remove_temporaries(tmp_path, [LEFT, f"gone/{LEFT}"])
    assert names(tmp_path) == []


def test_compressed_copies_are_told(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "a.html.gz", "a.html.br", "b.html.gz")
    assert [str(problem) for problem in stale_copies(tmp_path / "a.html")] == [
        f"the {suffix} copy beside it is of the page as it was, make it again [file.stale_copy]"
        for suffix in (".gz", ".br")
    ]


def test_what_is_told_of_an_error_without_a_text() -> None:
    assert str(site_files.unwritable(OSError())) == "cannot be written: OSError [output.unwritable]"
    assert (
        str(site_files.unreadable(IsADirectoryError(21, "Is a directory")))
        == "cannot be read: Is a directory [source.unreadable]"
    )
