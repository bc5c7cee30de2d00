"""Puts a snippet into a page: the only place that edits one. A splice, and every other byte stays as it was."""

from __future__ import annotations

import re
from html import unescape
from typing import Final, Literal, TypeVar, cast, get_args

from rr_snippet.block.read_back import read_block
from rr_snippet.errors import PageError, Problem
from rr_snippet.html.scan import Script, scan_units
from rr_snippet.html.units import Units, read_units
from rr_snippet.options import refuse, wrong_choice
from rr_snippet.page.existing_call import has_customer_call
from rr_snippet.page.insertion import insertion_of, refuse_unreadable

IfPresent = Literal["skip", "replace", "error"]
Page = TypeVar("Page", bytes, str)

# One script element in the alphabet of contract 6; what is inside is not judged here.
_SNIPPET: Final = re.compile(r"<script[ >][\n -~]*</script>")


def inject(page: Page, snippet: str, *, if_present: IfPresent = "skip") -> Page:
    """Return `page` with `snippet` in its place and every other byte as it was; nothing is put around the snippet.

    `bytes` give `bytes`, in the page's own charset; `str` gives `str`. A page that already calls `setCustomer`, in a
    script that a browser runs, is returned as it is (`skip`), refused (`error`), or gets the new snippet in the place
    of its block (`replace`). For `replace` the block must be one of this library, to the byte; of several only the
    last is kept. Calls in comments, templates, text areas, data blocks and comments of JavaScript do not count.

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
    found = scan_units(units, scripts=b"setCustomer" in units.data)
    refuse_unreadable(found)
    calls = [script for script in found.scripts if _is_call(units, script)]
    if not calls:
        offset = insertion_of(found).offset
        return cast(Page, _splice(page, units, [(offset, offset)], text))
    if if_present == "skip":
        return page
    if if_present == "error":
        raise PageError(Problem.of("page.already"))
    if not all(_is_ours(units, script) for script in calls):
        raise PageError(Problem.of("page.foreign_call"))
    return cast(Page, _splice(page, units, [(script.start, script.stop) for script in calls], text))


def _is_call(units: Units, script: Script) -> bool:
    if not script.is_executable or script.is_external:
        return False
    text = units.text(script.content_start, script.content_stop)
    # In svg a script is markup: https://html.spec.whatwg.org/#parsing-main-inforeign
    return has_customer_call(unescape(text) if script.is_svg else text)


def _is_ours(units: Units, script: Script) -> bool:
    if script.is_svg:
        return False
    try:
        read_block(units.text(script.start, script.stop))
    except PageError:
        return False
    return True


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
