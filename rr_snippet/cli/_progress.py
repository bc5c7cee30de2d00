"""Show the progress of a long run: one line on standard error that is rewritten, only on a terminal.

This is not click's progress bar, which hides the cursor, so that a killed run leaves it hidden. Also, click's bar must
be told each step, while here other processes count. The line is plain text, so NO_COLOR has no effect.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import Final

from rr_snippet.cli._speech import language
from rr_snippet.errors import Language
from rr_snippet.messages import phrase

_INTERVAL_S: Final = 0.5


@contextmanager
def progress(done: Callable[[], int], total: int, *, unit: str = "rows") -> Iterator[None]:
    """Show, while the block runs, how much is done, how fast, and how long the rest will take.

    `done` returns the number done in this run; `total` is the approximate number of all.
    """
    if sys.stderr is None or not sys.stderr.isatty():  # None if it was closed
        yield
        return
    started, end = monotonic(), Event()
    spoken = language()  # the thread has no context to ask

    def show() -> None:
        width = 0
        while not end.wait(_INTERVAL_S):
            text = progress_line(done(), total, monotonic() - started, unit, spoken)
            sys.stderr.write(f"\r{text:<{width}}")
            sys.stderr.flush()
            width = len(text)
        # If the work ended before the first line, there is nothing to erase.
        sys.stderr.write(f"\r{'':{width}}\r" if width else "")

    thread = Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def progress_line(done: int, total: int, seconds: float, unit: str, language: Language = "en") -> str:
    """Return the line for `done` of `total` after `seconds`."""
    rate = done / max(seconds, 0.001)
    percent, pace = min(100 * done // max(total, 1), 100), phrase(f"{unit}/s", language)
    text = f"{percent} %  {done:,} {phrase(unit, language)}  {rate:,.0f} {pace}"
    if done:
        minutes, left = divmod(int(max(total - done, 0) / rate), 60)
        text += "  " + phrase("{time} left", language).format(time=f"{minutes}:{left:02d}")
    return text if language == "en" else text.replace(",", "\N{NO-BREAK SPACE}")
