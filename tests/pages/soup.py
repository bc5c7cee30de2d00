"""Make random tag soup of the pieces that decide how a page is read."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

# Names, names that are used more often, and pieces, one per line. Blank lines separate the three.
_LISTS: Final = Path(__file__).with_suffix(".lst").read_text("utf-8").split("\n\n")
_NAMES: Final = _LISTS[0].split()
_COMMON: Final = _LISTS[1].split()
_PIECES: Final = [piece.replace("\\n", "\n").replace("\\0", "\0") for piece in _LISTS[2].splitlines()]


def make_soup(source: random.Random) -> str:
    """Return one page of soup, mostly with the shell of a document around it."""
    pieces: list[str] = []
    if source.random() < 0.8:
        pieces.append(
            source.choice(["<!doctype html>", "<!DOCTYPE html><html><head></head><body>", "<html>", "<body>"])
        )
    for _ in range(source.randint(1, source.choice([4, 10, 25]))):
        kind = source.random()
        name = source.choice(_COMMON if source.random() < 0.5 else _NAMES)
        if kind < 0.4:
            pieces.append(source.choice(_PIECES))
        elif kind < 0.75:
            pieces.append(f"<{name}>" if source.random() < 0.93 else f"<{name.upper()} a='{source.choice(_PIECES)}'/>")
        else:
            pieces.append(f"</{name}>")
        if source.random() < 0.2:
            pieces.append(source.choice("x \n"))
    if source.random() < 0.6:
        pieces.append(
            source.choice(["</body></html>", "</body>", "</html>", "</body></html>\n", "</body><!-- x --></html>"])
        )
    return "".join(pieces)
