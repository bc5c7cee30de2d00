"""Start child processes that leave Ctrl-C to the parent and never outlive it."""

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
    """Start `jobs` processes and yield their pool. At the end of the block, work that has not begun is dropped.

    Each process first calls `begin` with `arguments`. At the end `stop` is called before waiting for the processes.
    """
    # Not fork: a copy of a process with threads may hang, and Windows has no fork.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(begin, arguments))
    try:
        with _interrupts_kept_from_children():
            for _ in range(jobs):
                pool.submit(os.getpid)  # each call starts a process
        yield pool
    finally:
        # A second Ctrl-C would leave the children waiting for ever, and this process with them.
        with _interrupts_put_off():
            if stop is not None:
                stop()
            pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., object] | None, arguments: tuple[Any, ...]) -> None:
    # Windows cannot keep Ctrl-C from a new process, so the process itself ignores it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*arguments)


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Keep Ctrl-C from the processes started in the block. A terminal sends it to all, but only the parent reacts."""
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
    """Put off a Ctrl-C in the block until its end.

    Blocking the signal would not do: the system then gives it to another thread, and Python handles it in this one.
    """
    if current_thread() is not main_thread():  # only the main thread is interrupted, and only it may set a handler
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
    """End this process when its parent ends, even by SIGKILL. Otherwise it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
