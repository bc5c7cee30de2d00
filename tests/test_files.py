"""Files are replaced as a whole or not at all and keep their mode, and errors name their reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from rr_snippet.errors import OutputError, SourceError
from rr_snippet.files import is_temporary, reading, replaced, sweep_temporaries, unreadable, unwritable, writing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def replace_file(path: Path, content: bytes) -> None:
    with replaced(path) as temporary:
        assert is_temporary(temporary.name)
        temporary.write_bytes(content)


def test_a_file_keeps_its_mode_and_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("a.html")
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

    monkeypatch.setattr(os, "chown", refuse)  # without the right to change the owner the file gets a new one
    replace_file(path, b"newer")
    monkeypatch.delattr(os, "chown")  # Windows
    replace_file(path, b"newest")
    assert path.read_bytes() == b"newest"


def test_a_file_nobody_may_write_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("a.html")
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
    (tmp_path / "a.html").write_text("a.html")

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


def test_a_new_file_has_the_mode_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    replace_file(tmp_path / "new", b"new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_of_a_link_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/file").write_text("old")
    (tmp_path / "link").symlink_to("there/file")
    replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there/file").read_text() == "new"
    assert names(tmp_path / "there") == ["file"]
    (tmp_path / "dangling").symlink_to("there/other")
    replace_file(tmp_path / "dangling", b"made")
    assert (tmp_path / "there/other").read_text() == "made"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "special")
    before = (tmp_path / "special").stat()
    with pytest.raises(OSError, match=r"no regular file|Is a directory"):
        replace_file(tmp_path / "special", b"new")
    assert (tmp_path / "special").stat().st_mode == before.st_mode
    assert names(tmp_path) == ["special"]


def test_what_killed_runs_have_left_of_one_file_is_swept(tmp_path: Path) -> None:
    left = []
    for name in ("a[1]", "a1"):
        with replaced(tmp_path / name) as temporary:
            temporary.touch()
            left.append(temporary)
    for path in left:
        path.touch()
    (tmp_path / ".rr-snippet-of-the-owner.tmp").touch()
    sweep_temporaries(tmp_path, of="a[1]")
    assert [path.exists() for path in left] == [False, True]
    sweep_temporaries(tmp_path)
    assert names(tmp_path) == [".rr-snippet-of-the-owner.tmp", "a1", "a[1]"]


def test_what_goes_wrong_is_told_and_what_is_told_passes() -> None:
    told = "cannot be read: Is a directory [source.unreadable]"
    with pytest.raises(SourceError) as unread, reading():
        raise IsADirectoryError(21, "Is a directory")
    assert str(unread.value) == told
    with pytest.raises(SourceError) as again, reading():
        raise unread.value
    assert again.value is unread.value
    with pytest.raises(OutputError) as unwritten, writing():
        raise RuntimeError("Symlink loop from the name of a file")
    assert str(unwritten.value) == "cannot be written: RuntimeError [output.unwritable]"
    with pytest.raises(OutputError) as again_unwritten, writing():
        raise unwritten.value
    assert again_unwritten.value is unwritten.value


def test_what_is_told_of_an_error_without_a_text() -> None:
    assert str(unwritable(OSError())) == "cannot be written: OSError [output.unwritable]"
    assert (
        str(unreadable(IsADirectoryError(21, "Is a directory"))) == "cannot be read: Is a directory [source.unreadable]"
    )
