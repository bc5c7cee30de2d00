"""Time several works side by side, in turns, so that noise affects all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]

# A turn is long compared with the clock's resolution, and short compared with changes of the machine's load.
TURN_S = 0.002


def measure_in_turns(works: Mapping[str, Work], *, rounds: int) -> dict[str, list[float]]:
    """Return microseconds per call for each work, one figure for each of its turns, in the order of the rounds."""
    calls = {}
    for name, work in works.items():
        work()
        start = time.perf_counter()
        for _ in range(20):
            work()
        calls[name] = max(1, int(20 * TURN_S / (time.perf_counter() - start)))
    figures: dict[str, list[float]] = {name: [] for name in works}
    order = list(works)
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            # Each round begins with another work, and every other round runs backwards, so no work always follows the
            # same one.
            turn = order[number % len(order) :] + order[: number % len(order)]
            for name in turn if number % 2 else reversed(turn):
                work, count = works[name], range(calls[name])
                start = time.perf_counter()
                for _ in count:
                    work()
                figures[name].append((time.perf_counter() - start) / len(count) * 1e6)
    finally:
        gc.enable()
    return figures


def median_ratio(figures: Mapping[str, list[float]], name: str, other: str) -> float:
    """Return the time of `name` divided by that of `other`, the median over the rounds."""
    return statistics.median(mine / its for mine, its in zip(figures[name], figures[other], strict=True))


def best_ratio(figures: Mapping[str, list[float]], name: str, other: str) -> float:
    """Return the same ratio for the best turns, as on a quiet machine."""
    return min(figures[name]) / min(figures[other])
