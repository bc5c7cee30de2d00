"""The processes of a bulk run: started, replaced when they die, and stopped when the run ends."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import BrokenExecutor
from functools import partial
from multiprocessing.sharedctypes import RawArray
from typing import Any, Final

from rr_snippet.bulk.shards import Shard, ShardReport, render_shard, run
from rr_snippet.processes import process_pool

# A pool that breaks this often without finishing a shard will never finish it.
_BREAKS_MAX: Final = 3


class Stopped(Exception):
    """The run has ended, and this shard is no longer wanted."""


class Workers:
    """Renders shards in `jobs` processes, or in this one if there is nothing to share.

    Workers write the number of rows they have done into shared memory, for each shard into its own place, so a worker
    that dies cannot leave a lock behind. The parent sets the last place to stop them.
    """

    def __init__(self, shards: Sequence[Shard], jobs: int, *, on_break: Callable[[], None]) -> None:
        self._shards = list(shards)
        self._jobs = min(jobs, len(self._shards))
        self._on_break = on_break
        self._board: Any = RawArray("q", len(self._shards) + 1)
        self._places = {shard.target: place for place, shard in enumerate(self._shards)}

    def rows_done(self) -> int:
        """Return how many rows are done so far."""
        return sum(self._board[:-1])

    def reports(self) -> Generator[ShardReport, None, None]:
        """Yield the report of each shard as it is done. Closing the iterator stops the work.

        Raises:
            BrokenExecutor: workers keep dying.
        """
        if self._jobs <= 1:
            yield from run(self._shards, render=partial(_render, self._board, self._places))
            return
        left = list(self._shards)
        breaks = 0
        while left:
            try:
                for report in self._reports_of_pool(left):
                    left.remove(report.shard)
                    breaks = 0
                    yield report
            except BrokenExecutor:
                self._on_break()
                breaks += 1
                if breaks == _BREAKS_MAX:
                    raise

    def _reports_of_pool(self, shards: Sequence[Shard]) -> Generator[ShardReport, None, None]:
        jobs = min(self._jobs, len(shards))
        self._board[-1] = 0

        def stop() -> None:
            self._board[-1] = 1

        with process_pool(jobs, begin=_begin_work, arguments=(self._board, self._places), stop=stop) as pool:
            yield from run(list(shards), pool, render=_render_in_worker)


_board: Any = None
_places: dict[str, int] = {}


def _begin_work(board: Any, places: dict[str, int]) -> None:
    global _board, _places  # only a global of the worker can keep what the pool passes to it
    _board, _places = board, places
    # Everything loaded so far stays, so the garbage collector need not search it again and again.
    gc.freeze()


def _render_in_worker(shard: Shard) -> ShardReport:
    return _render(_board, _places, shard)


def _render(board: Any, places: dict[str, int], shard: Shard) -> ShardReport:
    place = places[shard.target]

    def tick(rows: int) -> None:
        board[place] = rows
        if board[-1]:
            raise Stopped

    return render_shard(shard, tick=tick)
