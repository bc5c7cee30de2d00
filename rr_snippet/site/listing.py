"""List the files of a site without following links."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rr_snippet.errors import Problem
from rr_snippet.files import is_temporary, unreadable

SIDECAR_SUFFIX: Final = ".rr.json"

COPY_SUFFIXES: Final = (".gz", ".br", ".zst")
# Folders of version control, package managers and tools.
_NO_SITE: Final = frozenset(
    (
        ".bzr",
        ".git",
        ".hg",
        ".idea",
        ".jj",
        ".nox",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "CVS",
        "__pycache__",
        "bower_components",
        "node_modules",
    )
)


@dataclass(slots=True)
class Listing:
    """The files of a site, as sorted paths within it."""

    files: list[str] = field(default_factory=list)
    temporaries: list[str] = field(default_factory=list)
    """Left by a run that was killed."""
    links_out: list[str] = field(default_factory=list)
    """Symbolic links that lead out of the site."""
    unreadable: list[tuple[str, Problem]] = field(default_factory=list)
    """Folders that could not be read."""


def list_site(root: Path, named: Collection[str] = ()) -> Listing:
    """Return the files in the folder `root`, a real path. No symbolic link is followed.

    Folders that belong to tools, such as `.git` and `node_modules`, are left out unless they are `named`.
    """
    left_out = _NO_SITE.difference(named)
    found = Listing()
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            found.unreadable.append((folder or ".", unreadable(error)))
            continue
        for entry in entries:
            path = f"{folder}{entry.name}"
            # A junction is a link to a folder on Windows. Python knows them since 3.12.
            if entry.is_symlink() or getattr(entry, "is_junction", bool)():
                if not is_within(root, Path(entry.path)):
                    found.links_out.append(path)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in left_out:
                    folders.append(f"{path}/")
            elif is_temporary(entry.name):
                found.temporaries.append(path)
            elif entry.is_file(follow_symlinks=False):
                found.files.append(path)
    for paths in (found.files, found.temporaries, found.links_out):
        paths.sort()
    return found


def is_within(root: Path, path: Path) -> bool:
    """Return whether `path` leads into the folder `root`, a real path, after all symbolic links are followed."""
    return Path(os.path.realpath(path)).is_relative_to(root)


def remove_files(root: Path, paths: Iterable[str]) -> None:
    """Remove files of a site. A file that cannot be removed stays for the next run."""
    for path in paths:
        with suppress(OSError):
            (root / path).unlink()
