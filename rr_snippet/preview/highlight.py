"""A block as coloured HTML, with every piece escaped and the differences between two blocks marked.

`difflib` could find the differences too, but its time grows with the square of the object's length, and it would run
for each typed letter. It is known what can differ, so one pass is enough.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from markupsafe import Markup

_PIECES: Final = re.compile(
    r'(?P<key>"[^"]*"(?=:))|(?P<text>"[^"]*")|(?P<word>\b(?:true|false|function|try|catch|window)\b)'
    r"|(?P<tag></?script|>$)|(?P<space>\s+)|(?P<other>[\w.]+|[^\w\s])"
)
_COLOURED_MAX: Final = 3_000
_STOCK_KEY: Final = '"defaultStockId"'
# The key, its colon, the value, the comma, and white space if the object is spread over lines.
_MEMBER_PIECES: Final = 4


class Piece(NamedTuple):
    """A piece of a block: its kind, its text, whether it differs."""

    kind: str
    text: str
    is_different: bool = False


def pieces_of(block: str) -> list[Piece]:
    """Return the pieces of `block`. Joined they give the block again."""
    return [Piece(str(match.lastgroup), match[0]) for match in _PIECES.finditer(block)]


def mark_differences(region: Sequence[Piece], other: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Return the pieces of a customer's two blocks, region and no-region, with the differences marked.

    Only the letter case of keys and one whole member of the object can differ.
    """
    marked: tuple[list[Piece], list[Piece]] = ([], [])
    ours = iter(region)
    for there in other:
        here = next(ours)
        if here != there and here.text == _STOCK_KEY:
            for _ in range(_MEMBER_PIECES):
                marked[0].append(_different(here))
                here = next(ours)
                while here.kind == "space":
                    marked[0].append(here)
                    here = next(ours)
        pair = (here, there) if here == there else (_different(here), _different(there))
        for pieces, piece in zip(marked, pair, strict=True):
            pieces.append(piece)
    return marked


def _different(piece: Piece) -> Piece:
    return piece._replace(is_different=True)


def as_html(pieces: Sequence[Piece]) -> Markup:
    """Return the pieces as HTML, with an element for each piece that has its own colour.

    If there are very many pieces, only the differences have one, because each element costs a browser time.
    """
    if len(pieces) > _COLOURED_MAX:
        pieces = [piece._replace(kind="other") for piece in pieces]
    parts = []
    for is_different, run in groupby(pieces, key=lambda piece: piece.is_different):
        inner = "".join(map(_piece_html, run))
        parts.append(f"<mark>{inner}</mark>" if is_different else inner)
    return Markup("".join(parts))  # noqa: S704 - each text in it is escaped


def _piece_html(piece: Piece) -> str:
    # MarkupSafe's `escape` would make an object of each.
    text = html.escape(piece.text)
    return text if piece.kind in ("space", "other") else f'<span class="hl-{piece.kind}">{text}</span>'
