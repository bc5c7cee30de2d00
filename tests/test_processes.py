"""Child processes ignore Ctrl-C and never outlive their parent. Whole runs are in tests/bulk and tests/cli."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rr_snippet import processes


def test_a_worker_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[object] = []

    class Parent:
        def join(self) -> None:
            ended.append("parent")

    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    processes._end_with_parent()
    assert ended == []
    monkeypatch.setattr("multiprocessing.parent_process", Parent)
    processes._end_with_parent()
    assert ended == ["parent", 1]


def test_interrupts_are_kept_from_children_where_that_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    def mask() -> set[Any]:
        return signal.pthread_sigmask(signal.SIG_BLOCK, ())

    before = mask()
    with processes._interrupts_kept_from_children():
        assert mask() == before | {signal.SIGINT}
    assert mask() == before
    with monkeypatch.context() as patch:
        patch.delattr(signal, "pthread_sigmask")
        with processes._interrupts_kept_from_children():
            pass


def test_other_threads_are_not_interrupted_anyway() -> None:
    def use() -> str:
        with processes._interrupts_put_off():
            return "done"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(use).result() == "done"
