"""The files of a site: found without following links, replaced as a whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from rr_snippet.errors import Problem

SIDECAR_SUFFIX: Final = ".rr.json"

_COPIES: Final = (".gz", ".br", ".zst")
_TEMPORARY: Final = re.compile(r"\.rr-snippet-[0-9a-f]{16}\.tmp")


@dataclass(slots=True)
class Listing:
    """What lies in a site, as paths within it, in their order."""

    files: list[str] = field(default_factory=list)
    temporaries: list[str] = field(default_factory=list)
    """Left by a run that was killed."""
    links_out: list[str] = field(default_factory=list)
    """Symbolic links to what is not in the site."""
    unreadable: list[tuple[str, Problem]] = field(default_factory=list)
    """Folders that could not be read."""


def list_site(root: Path) -> Listing:
    """Return what lies in the folder `root`, which is a real path. No symbolic link is followed."""
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
            # A junction is what Windows has for links to folders; Python tells them from 3.12 on.
            if entry.is_symlink() or getattr(entry, "is_junction", bool)():
                if not is_within(root, Path(entry.path)):
                    found.links_out.append(path)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(f"{path}/")
            elif _TEMPORARY.fullmatch(entry.name):
                found.temporaries.append(path)
            elif entry.is_file(follow_symlinks=False):
                found.files.append(path)
    for paths in (found.files, found.temporaries, found.links_out):
        paths.sort()
    return found


def is_within(root: Path, path: Path) -> bool:
    """Tell whether `path` leads into the folder `root`, a real path, once all symbolic links are followed."""
    return Path(os.path.realpath(path)).is_relative_to(root)


def replace_file(path: Path, content: bytes) -> None:
    """Put a file with `content` in the place of the one at `path`, with its mode and, where allowed, its owner.

    It is written beside it and renamed: whatever happens, `path` is whole, old or new. A file that nobody may write
    is left alone. Not synced to the disk: after a power cut the build is repeated anyway.

    Raises:
        OSError: it cannot be done, and nothing has changed.
    """
    before = path.stat()
    # Renaming asks for no right to write the file itself, and root has every right: neither is leave to do so.
    if not before.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    # The name is as long whatever the page is called.
    temporary = path.with_name(f".rr-snippet-{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb", opener=partial(os.open, mode=0o600)) as stream:
            stream.write(content)
        if hasattr(os, "chown"):
            with suppress(PermissionError):
                os.chown(temporary, before.st_uid, before.st_gid)
        temporary.chmod(stat.S_IMODE(before.st_mode))
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def remove_temporaries(root: Path, paths: list[str]) -> None:
    """Remove what a killed run has left; what cannot be removed now stays for the next run."""
    for path in paths:
        with suppress(OSError):
            (root / path).unlink()


def stale_copies(path: Path) -> tuple[Problem, ...]:
    """Return a warning for each compressed copy beside a page that has changed: `file.stale_copy`."""
    return tuple(
        Problem.of("file.stale_copy", suffix=suffix)
        for suffix in _COPIES
        if path.with_name(path.name + suffix).exists()
    )


def unreadable(error: OSError) -> Problem:
    """Return what is told of a file that cannot be read."""
    return Problem.of("source.unreadable", reason=error.strerror or type(error).__name__)


def unwritable(error: OSError) -> Problem:
    """Return what is told of a file that cannot be written."""
    return Problem.of("output.unwritable", reason=error.strerror or type(error).__name__)
