"""Report why a file cannot be read or written, and replace a file as a whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from rr_snippet.errors import OutputError, Problem, SnippetError, SourceError

_TEMPORARY: Final = re.compile(r"\.rr-snippet-[0-9a-f]{8}-[0-9a-f]{8}\.tmp")


def reason_of(error: BaseException) -> str:
    """Return the system's own words for an error, or else the name of its class."""
    return getattr(error, "strerror", None) or type(error).__name__


def unreadable(error: BaseException) -> Problem:
    """Return the problem of a file that cannot be read."""
    return Problem.of("source.unreadable", reason=reason_of(error))


def unwritable(error: BaseException) -> Problem:
    """Return the problem of a file that cannot be written."""
    return Problem.of("output.unwritable", reason=reason_of(error))


@contextmanager
def reading() -> Iterator[None]:
    """Turn an `OSError` in the block into a `SourceError`.

    Raises:
        SourceError: `source.unreadable`.
    """
    try:
        yield
    except SnippetError:
        raise
    except OSError as error:
        raise SourceError(unreadable(error)) from None


@contextmanager
def writing() -> Iterator[None]:
    """Turn an `OSError` in the block into an `OutputError`.

    Raises:
        OutputError: `output.unwritable`.
    """
    try:
        yield
    except SnippetError:
        raise
    except (OSError, RuntimeError) as error:  # a link that leads to itself raises the latter
        raise OutputError(unwritable(error)) from None


@contextmanager
def replaced(target: str | Path) -> Iterator[Path]:
    """Yield the path of a temporary file, which replaces `target` if the block succeeds.

    The file is beside the target and is renamed, so `target` is always whole, old or new. For a link, its target is
    replaced. The mode of an existing file is kept, and its owner where that is allowed. Only a regular file that may be
    written is replaced. Nothing is synced to the disk.

    Raises:
        OSError: the file cannot be replaced, and nothing has changed.
    """
    target = Path(target)
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    before = status_before(target)
    temporary = target.with_name(f"{_prefix(target.name)}{secrets.token_hex(4)}.tmp")
    try:
        if before is not None:
            # Nobody but its owner may read it until it has the mode of the old file.
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield temporary
        if before is not None:
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(temporary, before.st_uid, before.st_gid)
            temporary.chmod(stat.S_IMODE(before.st_mode))
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def is_temporary(name: str) -> bool:
    """Return whether a file of this name was left by a run that was killed in `replaced`."""
    return _TEMPORARY.fullmatch(name) is not None


def sweep_temporaries(folder: Path, *, of: str | None = None) -> None:
    """Remove the temporary files that killed runs have left in `folder`, for the file `of` or for all files."""
    for temporary in folder.iterdir():
        if is_temporary(temporary.name) and (of is None or temporary.name.startswith(_prefix(of))):
            temporary.unlink(missing_ok=True)


def _prefix(name: str) -> str:
    # The prefix is short however long the file's name is, and the same in each run that replaces the file.
    return f".rr-snippet-{sha256(os.fsencode(name)).hexdigest()[:8]}-"


def status_before(target: Path) -> os.stat_result | None:
    """Return the status of the file to replace, `None` if there is none.

    Raises:
        OSError: it is no regular file, or it is not writable.
    """
    try:
        before = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(before.st_mode):
        raise OSError(errno.EINVAL, "no regular file")
    # Renaming would succeed without permission to write the file, and root always has permission. So check the mode.
    if not before.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return before
