"""A bulk run that can be resumed after any interruption: finished parts are kept.

Each finished part has a note of what it was made from: the file, its size and time, the options, the version of the
library and its templates. A part is not rendered again if its note still matches. The number of workers is not in the
note.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from rr_snippet import __version__
from rr_snippet.block.frame import read_templates
from rr_snippet.bulk.results import join_results
from rr_snippet.bulk.shards import Shard, ShardReport
from rr_snippet.bulk.tally import Tally
from rr_snippet.errors import OutputError, Problem, SourceError
from rr_snippet.files import reading, status_before, sweep_temporaries, writing

_PART: Final = re.compile(r"part-[0-9]{5,}\.(?:jsonl|parquet)")

# Readers of a folder of parts pass over names that begin with a dot.
_NOTES: Final = ".rr-snippet-bulk"


class Job:
    """The shards of one run, with their parts in `folder`, and joined into the file `joined` if that is given."""

    def __init__(self, shards: Iterable[Shard], folder: Path, *, joined: Path | None = None) -> None:
        self.shards = list(shards)
        self._keys = {shard.target: _key(shard) for shard in self.shards}
        self._folder = folder
        self._notes = folder / _NOTES
        self._joined = joined

    @property
    def output(self) -> str:
        """The final place of the results."""
        return str(self._joined or self._folder)

    def prepare(self, *, resume: bool = True) -> list[ShardReport]:
        """Prepare the folder, and return the reports of the parts that are already there and still valid.

        Everything else that earlier runs left in the folder is removed.

        Raises:
            OutputError: `output.foreign`, `output.source`, `output.unwritable`.
        """
        with writing():
            places = {self._folder.resolve(), (self._joined or self._folder).resolve()}
            for source in {Path(shard.source.path) for shard in self.shards}:
                # By both its own folder and its link's target: in either the source could be mistaken for a part.
                folders = {source.parent.resolve(), source.resolve().parent}
                if source.resolve() in places or self._folder.resolve() in folders:
                    raise OutputError(Problem.of("output.source"))
            if self._joined is not None:
                status_before(self._joined)  # now, not after an hour of work
            self._folder.mkdir(exist_ok=True)
            if not self._notes.is_dir():
                if any(self._folder.iterdir()):
                    raise OutputError(Problem.of("output.foreign"))
                self._notes.mkdir()
            self.sweep()
            done = [report for shard in self.shards if resume and (report := self._read_note(shard))]
            kept = {Path(report.shard.target).name for report in done}
            # Notes first: a note left behind could match a part of another run, which ended before its own note.
            for note in self._notes.iterdir():
                if note.stem not in kept:
                    note.unlink()
            for path in self._folder.iterdir():
                if _PART.fullmatch(path.name) and path.name not in kept:
                    path.unlink()
        return done

    def sweep(self) -> None:
        """Remove what dead workers have left. No worker may be running."""
        sweep_temporaries(self._folder)
        if self._joined is not None:
            sweep_temporaries(self._joined.parent, of=self._joined.name)

    def keep(self, report: ShardReport) -> None:
        """Note that a part is done.

        Raises:
            SourceError: `source.unreadable`, for a source that has changed; its part is removed.
            OutputError: `output.unwritable`.
        """
        target = Path(report.shard.target)
        if _key(report.shard) != self._keys[report.shard.target]:
            with writing():
                target.unlink()
            raise SourceError(Problem.of("source.unreadable", reason="changed while it was read"))
        with writing():
            note = {
                "key": self._keys[report.shard.target],
                "bytes": target.stat().st_size,
                "tally": report.tally.as_json(),
            }
            self._note(report.shard).write_text(json.dumps(note), encoding="utf-8")

    def discard(self) -> None:
        """Remove parts that will not be joined. If there is nothing to join, the parts are the result and stay."""
        if self._joined is not None:
            with writing():
                shutil.rmtree(self._folder)

    def finish(self) -> None:
        """Join the parts into one file if one is wanted, and remove them.

        Raises:
            OutputError: `output.unwritable`.
        """
        if self._joined is not None:
            join_results((Path(shard.target) for shard in self.shards), self._joined)
            with writing():
                # The notes go last. A run interrupted here would otherwise leave a folder that the next run refuses.
                for shard in self.shards:
                    Path(shard.target).unlink()
                shutil.rmtree(self._folder)

    def _note(self, shard: Shard) -> Path:
        return self._notes / f"{Path(shard.target).name}.json"

    def _read_note(self, shard: Shard) -> ShardReport | None:
        try:
            note = json.loads(self._note(shard).read_bytes())
            size = Path(shard.target).stat().st_size
        except (OSError, ValueError):  # missing, or cut off when the run was interrupted
            return None
        if note["key"] != self._keys[shard.target] or note["bytes"] != size:
            return None
        return ShardReport(shard, Tally.from_json(note["tally"]))


def _key(shard: Shard) -> str:
    """Return a text that is the same whenever the shard would give the same bytes.

    Raises:
        SourceError: `source.unreadable`.
    """
    source = Path(shard.source.path)
    with reading():
        status, resolved = source.stat(), str(source.resolve())
    made_from = [
        _made_by(),
        resolved,
        status.st_size,
        status.st_mtime_ns,
        repr(shard.source),
        repr(shard.options),
        Path(shard.target).suffix,
    ]
    return sha256(json.dumps(made_from).encode()).hexdigest()


@cache
def _made_by() -> str:
    """Return the versions of the library and of the packages whose rules it applies, and a digest of its templates."""
    versions = " ".join(version(name) for name in ("email-validator", "phonenumbers"))
    return f"{__version__} {versions} {sha256(json.dumps(read_templates()).encode()).hexdigest()}"
