"""The processes of `rr-snippet bulk`: started, watched, replaced when they die, stopped when the run ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing.sharedctypes import RawArray
from threading import Thread, current_thread, main_thread
from typing import Any, Final

from rr_snippet.bulk.shards import Shard, ShardReport, render_shard, run

# A pool that breaks this often in a row without finishing a shard will not finish it at all.
_BREAKS_MAX: Final = 3


class Stopped(Exception):  # noqa: N818 - not a fault
    """The run has ended, and this shard is not wanted any more."""


class Workers:
    """Renders shards in `jobs` processes, or in this one if there is nothing to share.

    Workers write down how many rows they have done, each shard in a place of its own: there is no lock that a worker
    could take with it into death. In the last place the parent tells them to stop.
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
            BrokenExecutor: workers die again and again.
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
        pool = ProcessPoolExecutor(
            jobs,
            # Not fork: a copy of a process with threads may hang, and other systems have no fork.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin_work,
            initargs=(self._board, self._places),
        )
        try:
            with interrupts_kept_from_children():
                for _ in range(jobs):
                    pool.submit(os.getpid)  # each starts a worker
            yield from run(list(shards), pool, render=_render_in_worker)
        finally:
            # A second Ctrl-C would leave workers that wait for ever, and this process with them.
            with interrupts_put_off():
                self._board[-1] = 1
                pool.shutdown(cancel_futures=True)
                self._board[-1] = 0


@contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Keep Ctrl-C from the processes started in the block: it reaches all, and is for the parent to act upon."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def interrupts_put_off() -> Iterator[None]:
    """Let a Ctrl-C that comes in the block count at its end.

    To block the signal would not do: it is then handed to another thread, and Python acts upon it in this one.
    """
    if current_thread() is not main_thread():  # no other thread is interrupted, or may say what is done then
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


_board: Any = None
_places: dict[str, int] = {}


def _begin_work(board: Any, places: dict[str, int]) -> None:
    global _board, _places  # a worker has no other place to keep what the pool gives it
    _board, _places = board, places
    # What is loaded by now is here to stay: the garbage collector need not look through it again and again.
    gc.freeze()
    # Ctrl-C again, where it could not be kept away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """End this process when its parent has ended, even by SIGKILL: the queue of work would be waited on for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _render_in_worker(shard: Shard) -> ShardReport:
    return _render(_board, _places, shard)


def _render(board: Any, places: dict[str, int], shard: Shard) -> ShardReport:
    place = places[shard.target]

    def tick(rows: int) -> None:
        board[place] = rows
        if board[-1]:
            raise Stopped

    return render_shard(shard, tick=tick)
