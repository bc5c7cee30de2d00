"""Show people what an injection changes in a page: where, and which block; by default without any value."""

from __future__ import annotations

import json
from typing import Final

from rr_snippet.block.read_back import read_block
from rr_snippet.html.scan import scan_units
from rr_snippet.html.units import read_units
from rr_snippet.page import find_insertion
from rr_snippet.page.existing_call import find_calls
from rr_snippet.site.loader_tag import is_loader_tag
from rr_snippet.site.notice import spell_out

MASK: Final = "***"

_PLACES: Final = {"body": "before </body>", "html": "before </html>", "end": "at the end"}


def diff_page(page: str, before: bytes, after: bytes, block: str, *, with_values: bool = False) -> str:
    """Return the difference between two states of `page`: `after` holds `block`, or no block if that is empty.

    By default the difference has the place and the block with masked values, and nothing else of the page, which may
    hold another customer's data. With `with_values` it is what `diff -U0` shows.
    """
    lines = _compare(before, after) if with_values else _outline(before, block)
    return "\n".join(map(spell_out, [f"--- a/{page}", f"+++ b/{page}", *lines])) + "\n"


def mask_block(block: str) -> str:
    """Return a block of ours with each value of its object masked, nested keys of the customer's own included.

    The loader's tag holds no customer's values and is returned as it is.
    """
    if is_loader_tag(block):
        return block
    block = str.__str__(block)  # Markup escapes what is joined with it
    start = block.index("setCustomer(") + len("setCustomer(")
    stop = block.rindex(");\n      }")
    masked = dict.fromkeys(read_block(block)["setCustomer"], MASK)
    return block[:start] + json.dumps(masked, separators=(",", ":")) + block[stop:]


def _outline(before: bytes, block: str) -> list[str]:
    units = read_units(before)
    ours = find_calls(units, scan_units(units)).ours
    if ours:
        last = ours[-1]
        place, offset = ("in the place of the block there" if block else "the block there"), last.start
    else:
        found = find_insertion(before)
        place, offset = _PLACES[found.rule], found.offset
    line = units.text(0, offset).count("\n") + 1
    sign, shown = ("+", block) if block else ("-", units.text(last.start, last.stop))
    return [f"@@ line {line}, {place} @@", *(f"{sign}{line}" for line in mask_block(shown).split("\n"))]


def _compare(before: bytes, after: bytes) -> list[str]:
    """Compare line by line. The change is in one place, so only the lines between common start and end differ."""
    old, new = (read_units(page).text(0, len(page)).split("\n") for page in (before, after))
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    removed, added = old[head : len(old) - tail], new[head : len(new) - tail]
    ranges = f"@@ -{_range(head, removed)} +{_range(head, added)} @@"
    return [ranges, *(f"-{line}" for line in removed), *(f"+{line}" for line in added)]


def _range(head: int, lines: list[str]) -> str:
    # An empty range has the number of the line before it:
    # https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
    return f"{head + 1 if lines else head},{len(lines)}"
