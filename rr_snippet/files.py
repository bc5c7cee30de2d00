"""Why a file cannot be read or written, and a file replaced as a whole or not at all."""

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
    """Return why the system could not do it, in its own words where it has some."""
    return getattr(error, "strerror", None) or type(error).__name__


def unreadable(error: BaseException) -> Problem:
    """Return the problem of a file that cannot be read."""
    return Problem.of("source.unreadable", reason=reason_of(error))


def unwritable(error: BaseException) -> Problem:
    """Return the problem of a file that cannot be written."""
    return Problem.of("output.unwritable", reason=reason_of(error))


@contextmanager
def reading() -> Iterator[None]:
    """Let an `OSError` of the block be a `SourceError`.

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
    """Let an `OSError` of the block be an `OutputError`.

    Raises:
        OutputError: `output.unwritable`.
    """
    try:
        yield
    except SnippetError:
        raise
    except (OSError, RuntimeError) as error:  # the latter of a link that leads to itself
        raise OutputError(unwritable(error)) from None


@contextmanager
def replaced(target: str | Path) -> Iterator[Path]:
    """Hand out the name of a temporary file that takes the place of `target` when all went well.

    It lies beside the target and is renamed: whatever happens, `target` is whole, old or new. Of a link, what it leads
    to is replaced. What was there keeps its mode and, where allowed, its owner; only a regular file that may be written
    is replaced. Nothing is synced to the disk.

    Raises:
        OSError: it cannot be done, and nothing has changed.
    """
    target = Path(target)
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    before = _status(target)
    temporary = target.with_name(f"{_prefix(target.name)}{secrets.token_hex(4)}.tmp")
    try:
        if before is not None:
            # For its owner alone until it has the mode of the other.
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
    """Tell whether a file of this name was left by a run that was killed in `replaced`."""
    return _TEMPORARY.fullmatch(name) is not None


def sweep_temporaries(folder: Path, *, of: str | None = None) -> None:
    """Remove what runs that were killed have left in `folder`, of the file `of` or of any."""
    for temporary in folder.iterdir():
        if is_temporary(temporary.name) and (of is None or temporary.name.startswith(_prefix(of))):
            temporary.unlink(missing_ok=True)


def _prefix(name: str) -> str:
    # As long whatever the file is called, and the same for each run that replaces it.
    return f".rr-snippet-{sha256(os.fsencode(name)).hexdigest()[:8]}-"


def _status(target: Path) -> os.stat_result | None:
    """Return the status of what is to be replaced, or `None` where nothing is.

    Raises:
        OSError: it is no regular file, or one that nobody may write.
    """
    try:
        before = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(before.st_mode):
        raise OSError(errno.EINVAL, "no regular file")
    # Renaming asks for no right to write the file itself, and root has every right: neither is leave to do so.
    if not before.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return before
