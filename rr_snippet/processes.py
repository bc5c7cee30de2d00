"""Processes of our own beside this one: Ctrl-C is for the parent to act upon, and none outlives it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from threading import Thread, current_thread, main_thread
from typing import Any


@contextmanager
def process_pool(
    jobs: int,
    *,
    begin: Callable[..., object] | None = None,
    arguments: tuple[Any, ...] = (),
    stop: Callable[[], object] | None = None,
) -> Iterator[ProcessPoolExecutor]:
    """Start `jobs` processes and hand them out; at the end what they have not begun is dropped.

    Each calls `begin` with `arguments` first. `stop` is called at the end of the block, before it waits for them.
    """
    # Not fork: a copy of a process with threads may hang, and other systems have no fork.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(begin, arguments))
    try:
        with _interrupts_kept_from_children():
            for _ in range(jobs):
                pool.submit(os.getpid)  # each starts a process
        yield pool
    finally:
        # A second Ctrl-C would leave processes that wait for ever, and this one with them.
        with _interrupts_put_off():
            if stop is not None:
                stop()
            pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., object] | None, arguments: tuple[Any, ...]) -> None:
    # Once more, where Ctrl-C could not be kept away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*arguments)


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
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
def _interrupts_put_off() -> Iterator[None]:
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


def _end_with_parent() -> None:
    """End this process when its parent has ended, even by SIGKILL: the queue of work would be waited on for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
