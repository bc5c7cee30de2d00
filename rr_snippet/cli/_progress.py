"""How far a long run is: one line on standard error that is written over and over, on a terminal only.

Plain text without colours or control sequences, so there is nothing for NO_COLOR to turn off.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Final

_INTERVAL_S: Final = 0.5


class Progress:
    """Shows how many rows, or what `unit` calls them, are done, how fast, and how long the rest will take.

    `done` is asked for the number done in this run; `total` is about how many there are.
    """

    def __init__(self, done: Callable[[], int], total: int, *, unit: str = "rows") -> None:
        self._done = done
        self._total = total
        self._unit = unit
        self._end = Event()
        self._thread: Thread | None = None
        self._started = monotonic()
        self._width = 0

    def __enter__(self) -> Progress:
        if sys.stderr is not None and sys.stderr.isatty():  # None where it was closed
            self._thread = Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._end.set()
            self._thread.join()
            # Nothing to clear where the work was done before there was anything to say.
            sys.stderr.write(f"\r{'':{self._width}}\r" if self._width else "")

    def line(self) -> str:
        """Return what there is to say now."""
        done = self._done()
        rate = done / max(monotonic() - self._started, 0.001)
        percent = 100 * done // max(self._total, 1)
        text = f"{min(percent, 100)} %  {done:,} {self._unit}  {rate:,.0f} {self._unit}/s"
        if done:
            minutes, seconds = divmod(int(max(self._total - done, 0) / rate), 60)
            text += f"  {minutes}:{seconds:02d} left"
        return text

    def _show(self) -> None:
        while not self._end.wait(_INTERVAL_S):
            self._write(self.line())

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text:<{self._width}}")
        sys.stderr.flush()
        self._width = len(text)
