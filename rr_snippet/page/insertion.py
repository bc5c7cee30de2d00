"""Find the place for a snippet in a page, or report why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rr_snippet.errors import PageError, Problem
from rr_snippet.html.scan import DEPTH_MAX_ELEMENTS, Scan, scan_units
from rr_snippet.html.units import read_units

Rule = Literal["body", "html", "end"]


@dataclass(frozen=True, slots=True)
class Insertion:
    """Where a snippet belongs in a page.

    `offset` counts in the page's own units: bytes for `bytes`, characters for `str`. `rule` names what follows the
    place: the last real `</body>` or `</html>`, or the end of the page.
    """

    offset: int
    rule: Rule


def find_insertion(page: bytes | str) -> Insertion:
    """Return where a snippet belongs in `page`, so that every browser runs it once.

    The place is before the last real `</body>`, else before the last real `</html>`, else at the end of the page if it
    is a document: it has a doctype or an html, head or body tag. A tag is real if a browser reads it as one: outside
    comments, raw text and attributes, and outside any template, svg and math. A page that is cut short still has its
    place if the cut is after such a tag. The time is linear in the length of the page.

    Raises:
        PageError: `page.encoding`; `page.frameset`, `page.amp`, `page.too_deep`, `page.ambiguous_select`; for a page
            without a real `</body>` or `</html>` also `page.eof_in_*`, `page.plaintext`, `page.unclosed_template`,
            `page.unclosed_foreign`, `page.fragment`.
    """
    return insertion_of(scan_units(read_units(page), script_word=None))


def refuse_unreadable(found: Scan) -> None:
    """Refuse a page in which not even the scripts are certain.

    Raises:
        PageError: `page.too_deep`, `page.ambiguous_select`.
    """
    if found.is_too_deep:
        raise PageError(Problem.of("page.too_deep", limit=DEPTH_MAX_ELEMENTS))
    if found.is_ambiguous_select:
        raise PageError(Problem.of("page.ambiguous_select"))


def insertion_of(found: Scan) -> Insertion:
    """Return where a snippet belongs in a page that has been scanned.

    Raises:
        PageError: as `find_insertion`, except `page.encoding`.
    """
    refuse_unreadable(found)
    if found.is_frameset:
        raise PageError(Problem.of("page.frameset"))
    if found.is_amp:
        raise PageError(Problem.of("page.amp"))
    if found.body_end is not None:
        return Insertion(found.body_end, "body")
    if found.html_end is not None:
        return Insertion(found.html_end, "html")
    if found.cut_inside == "plaintext":
        raise PageError(Problem.of("page.plaintext"))
    if found.cut_inside is not None:
        raise PageError(Problem.of(f"page.eof_in_{found.cut_inside}"))
    if found.has_open_template:
        raise PageError(Problem.of("page.unclosed_template"))
    if found.has_open_foreign:
        raise PageError(Problem.of("page.unclosed_foreign"))
    if not found.is_document:
        raise PageError(Problem.of("page.fragment"))
    return Insertion(found.end, "end")
