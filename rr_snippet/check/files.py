"""Find the files to check: all that are named, and those in folders that can be read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import Final

from rr_snippet.check.kinds import kind_of

# Other people's code and tools' folders. Any other folder with a leading dot is read: in Bitrix `.default` has the
# templates of a shop.
SKIPPED: Final = frozenset((
    ".git", ".hg", ".svn", ".bzr", ".tox", ".nox", ".venv", "venv", ".eggs", ".mypy_cache", ".pytest_cache",
    ".ruff_cache", ".hypothesis", ".cache", ".idea", ".vscode", ".next", ".nuxt", ".svelte-kit", ".yarn",
    ".terraform", "node_modules", "bower_components", "vendor", "__pycache__",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exclusion:
    """The paths to leave out: patterns relative to the folder `base`, with `/` on every system.

    A pattern without a wildcard names a file, or a folder with everything in it.
    """

    patterns: Sequence[str] = ()
    base: Path = Path()

    def covers(self, path: str) -> bool:
        """Return whether `path` is left out."""
        if not self.patterns:
            return False
        relative = PurePath(os.path.relpath(path, self.base)).as_posix()
        return any(
            fnmatch(relative, pattern) or fnmatch(relative, f"{pattern.rstrip('/')}/*") for pattern in self.patterns
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read: named itself, or found in a folder."""

    path: str
    is_named: bool = False


def find_files(paths: Sequence[str], exclusion: Exclusion, *, force_exclude: bool = False) -> Iterator[Found]:
    """Yield the files of `paths` in order: each file that is named, and those in folders that can be read.

    With `force_exclude` the exclusion covers named files too.
    """
    for path in paths:
        if not Path(path).is_dir():
            if not (force_exclude and exclusion.covers(path)):
                yield Found(path, is_named=True)
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if name not in SKIPPED)
            for name in sorted(names):
                found = str(Path(folder, name))
                if "." in name and kind_of(name) is not None and not exclusion.covers(found):
                    yield Found(found)
