"""Puts a snippet into a page and takes one out: the only place that edits a page. Every other byte stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, TypeVar, cast, get_args

from rr_snippet.errors import PageError, Problem
from rr_snippet.html.scan import Script, scan_units
from rr_snippet.html.units import Units, read_units
from rr_snippet.options import refuse, wrong_choice
from rr_snippet.page.existing_call import find_calls
from rr_snippet.page.insertion import insertion_of, refuse_unreadable

IfPresent = Literal["skip", "replace", "error"]
Page = TypeVar("Page", bytes, str)

_CALL_WORD: Final = b"setCustomer"

# One script element in the alphabet of contract 6; what is inside is not judged here.
_SNIPPET: Final = re.compile(r"<script[ >][\n -~]*</script>")


def inject(page: Page, snippet: str, *, if_present: IfPresent = "skip") -> Page:
    """Return `page` with `snippet` in its place and every other byte as it was; nothing is put around the snippet.

    `bytes` give `bytes`, in the page's own charset; `str` gives `str`. A page that already calls the vendor's
    `setCustomer`, in a script that a browser runs, is returned as it is (`skip`), refused (`error`), or gets the new
    snippet in the place of its block (`replace`). For `replace` the block must be one of this library, to the byte; of
    several only the last is kept. Calls in comments, templates, text areas, data blocks, in comments and strings of
    JavaScript, and those of another object's `setCustomer` do not count.

    Raises:
        PageError: as `find_insertion`; `page.already`; `page.foreign_call`, if `replace` meets a call in a script that
            this library did not write; `block.not_ours`, if `snippet` is no script element in printable ASCII.
        OptionError: `option.value`, for any other `if_present`.
    """
    refuse(wrong_choice("if_present", if_present, get_args(IfPresent)))
    # A subclass of str, such as Markup, would escape the page when joined with it.
    text = str.__str__(snippet)
    if not _SNIPPET.fullmatch(text):
        raise PageError(Problem.of("block.not_ours"))
    units = read_units(page)
    found = scan_units(units, script_word=_CALL_WORD if _CALL_WORD in units.data else None)
    refuse_unreadable(found)
    calls = find_calls(units, found)
    if not calls.scripts:
        offset = insertion_of(found).offset
        return cast(Page, _splice(page, units, [(offset, offset)], text))
    if if_present == "skip":
        return page
    if if_present == "error":
        raise PageError(Problem.of("page.already"))
    first, *others = calls.scripts
    if not others and not first.is_svg and units.text(first.start, first.stop) == text:
        return page  # as nearly every page of a second run is: nobody need ask whose it is
    if calls.foreign:
        raise PageError(Problem.of("page.foreign_call"))
    return cast(Page, _splice(page, units, _spans(calls.scripts), text))


def remove(page: Page) -> Page:
    """Return `page` without the blocks that this library put in, and every other byte as it was.

    What `inject` has put in is taken out again to the byte. Only blocks of this library, to the byte, are: a
    `setCustomer` call of others stays. A page without one is returned as it is, and may be anything, a piece of a page
    too.

    Raises:
        PageError: `page.too_deep` and `page.ambiguous_select`, where `setCustomer` is in the page.
    """
    try:
        units = read_units(page)
    except PageError as error:
        if error.code == "page.encoding":
            return page  # one in which no block is ever written
        raise
    if _CALL_WORD not in units.data:
        return page
    found = scan_units(units, script_word=_CALL_WORD)
    refuse_unreadable(found)
    ours = find_calls(units, found).ours
    return cast(Page, _splice(page, units, _spans(ours), "")) if ours else page


def _spans(scripts: Iterable[Script]) -> list[tuple[int, int]]:
    return [(script.start, script.stop) for script in scripts]


def _splice(page: bytes | str, units: Units, spans: list[tuple[int, int]], text: str) -> bytes | str:
    """Return `page` without what is in `spans`, and with `text` where the last of them was."""
    starts = [0, *(stop for _, stop in spans)]
    kept = [slice(start, stop) for start, (stop, _) in zip(starts, spans, strict=False)]
    rest = slice(starts[-1], None)
    # Slices and one join: a substitution would read the backslashes of the snippet.
    if isinstance(page, str):
        return "".join([*(page[part] for part in kept), text, page[rest]])
    # Slices of a memoryview are no copies, so that a large page is copied once.
    view = memoryview(page)
    coded = text.encode("ascii" if units.charset == "ascii" else str(units.charset))
    return b"".join([*(view[part] for part in kept), coded, view[rest]])
