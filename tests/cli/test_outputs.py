"""Where each command writes: through links, with the mode of the old file, and never over a pipe."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from rr_snippet.cli import main

CUSTOMER = '{"customerId": "42"}\n'
PAGE = "<!doctype html><title>Shop</title><body><p>Hello</body>"

Run = Callable[[Path], int]


def bulk(out: Path) -> int:
    """Write a row into `out`."""
    source = out.parent.parent / "rows.jsonl"
    source.write_text(CUSTOMER)
    return main(["bulk", str(source), "-o", str(out), "--jobs", "1"])


def preview(out: Path) -> int:
    """Write a customer's page into `out`."""
    source = out.parent.parent / "customer.json"
    source.write_text(CUSTOMER)
    return main(["preview", "--static", str(out), str(source)])


def inject(out: Path) -> int:
    """Put a block into the page `out`."""
    return main(["inject", str(out.parent), "--glob", out.name, "--customer", CUSTOMER, "--allow-personal"])


# The name of each command's output, and the content that counts as a result.
COMMANDS: dict[str, tuple[Run, str, str]] = {
    "bulk": (bulk, "out.jsonl", ""),
    "preview": (preview, "out.html", ""),
    "inject": (inject, "page.html", PAGE),
}

parametrize = pytest.mark.parametrize(("run", "name", "before"), COMMANDS.values(), ids=list(COMMANDS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


@parametrize
def test_what_was_there_keeps_its_mode(folder: Path, run: Run, name: str, before: str) -> None:
    out = folder / name
    out.write_text(before)
    out.chmod(0o640)
    assert run(out) == 0
    assert "rrApi.setCustomer" in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o640


@parametrize
@pytest.mark.usefixtures("capfd")
def test_no_pipe_is_replaced_or_waited_for(folder: Path, run: Run, name: str, before: str) -> None:
    out = folder / name
    os.mkfifo(out)
    assert run(out) in (2, 3)
    assert stat.S_ISFIFO(out.lstat().st_mode)
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize("command", ["bulk", "preview"])
def test_of_a_link_what_it_leads_to_is_written(folder: Path, command: str) -> None:
    run, name, _ = COMMANDS[command]
    target = folder.parent / f"elsewhere{Path(name).suffix}"
    target.write_text("")
    (folder / name).symlink_to(target)
    assert run(folder / name) == 0
    assert (folder / name).is_symlink()
    assert "rrApi.setCustomer" in target.read_text()


def test_a_link_in_a_site_is_left_alone(folder: Path) -> None:
    page = folder.parent / "page.html"
    page.write_text(PAGE)
    (folder / "page.html").symlink_to(page)
    assert inject(folder / "page.html") == 2
    assert page.read_text() == PAGE
