"""Put a snippet into a page, or take it out, and leave every other byte as it was."""

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

# One script element in printable ASCII. Its content is not checked here.
_SNIPPET: Final = re.compile(r"<script[ >][\n -~]*</script>")


def inject(page: Page, snippet: str, *, if_present: IfPresent = "skip") -> Page:
    """Return `page` with `snippet` in its place and every other byte as it was; nothing is put around the snippet.

    `bytes` give `bytes` in the page's own charset, `str` gives `str`. If a script that a browser runs already calls the
    vendor's `setCustomer`, the page is returned as it is (`skip`), refused (`error`), or its block is replaced
    (`replace`). Only a block of this library, to the byte, is replaced; if there are several, only the last place is
    kept. A block with an order already has its customer, so the page stays as it is. A call counts neither in comments,
    templates, text areas and data blocks, nor in comments and strings of JavaScript, nor if it is another object's
    `setCustomer`.

    Raises:
        PageError: as `find_insertion`; `page.already`; `page.foreign_call`, if `replace` finds a call in a script that
            this library did not write; `block.not_ours`, if `snippet` is no script element in printable ASCII.
        OptionError: `option.value`, for any other `if_present`.
    """
    return put_snippet(page, snippet, if_present=if_present)[0]


def put_snippet(page: Page, snippet: str, *, if_present: IfPresent) -> tuple[Page, bool]:
    """Return what `inject` returns, and whether the page had a call of `setCustomer` before.

    Raises:
        PageError, OptionError: as `inject`.
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
        return cast(Page, _splice(page, units, [(offset, offset)], text)), False
    if if_present == "skip":
        return page, True
    if if_present == "error":
        raise PageError(Problem.of("page.already"))
    first, *others = calls.scripts
    if not others and not first.is_svg and units.text(first.start, first.stop) == text:
        return page, True  # as for nearly every page in a second run, with no need to check whose block it is
    if calls.foreign:
        raise PageError(Problem.of("page.foreign_call"))
    if len(calls.ours) < len(calls.scripts):
        return page, True  # a block with an order already has its customer
    return cast(Page, _splice(page, units, _spans(calls.scripts), text)), True


def remove(page: Page) -> Page:
    """Return `page` without this library's blocks, and every other byte as it was.

    This undoes `inject` to the byte. A `setCustomer` call that is no block of this library, to the byte, stays. A page
    without a block is returned as it is, even if it is only a piece of a page.

    Raises:
        PageError: `page.too_deep` or `page.ambiguous_select`, if `setCustomer` is in the page.
    """
    try:
        units = read_units(page)
    except PageError as error:
        if error.code == "page.encoding":
            return page  # `inject` never puts a block into such a page
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
    """Return `page` without the `spans`, and with `text` in the place of the last one."""
    starts = [0, *(stop for _, stop in spans)]
    kept = [slice(start, stop) for start, (stop, _) in zip(starts, spans, strict=False)]
    rest = slice(starts[-1], None)
    # No `re.sub`: it would interpret the backslashes in the snippet.
    if isinstance(page, str):
        return "".join([*(page[part] for part in kept), text, page[rest]])
    # Slices of a memoryview are no copies, so a large page is copied only once.
    view = memoryview(page)
    coded = text.encode("ascii" if units.charset == "ascii" else str(units.charset))
    return b"".join([*(view[part] for part in kept), coded, view[rest]])
