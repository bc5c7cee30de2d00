"""Find the scripts of a page, its event handlers, and where its body ends, as a browser would.

No tree is built. `fast` skips the markup that cannot matter with one regular expression, and judges the rest by a few
rules. Where those do not suffice (frameset, foreignObject, a select with markup in it, ...), `standard` reads the page
again by the whole standard.

Source: https://html.spec.whatwg.org/#parsing.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter

from rr_snippet.html.fast import FastReader, HairyError
from rr_snippet.html.found import DEPTH_MAX_ELEMENTS, Attribute, Handler, Place, Scan, Script
from rr_snippet.html.notes import Reader
from rr_snippet.html.standard.reader import ExactReader
from rr_snippet.html.standard.stack import TooDeepError
from rr_snippet.html.units import Units, read_units

__all__ = ["DEPTH_MAX_ELEMENTS", "Attribute", "Handler", "Place", "Scan", "Script", "scan", "scan_units"]


def scan(page: bytes | str, *, handlers: bool = False) -> Scan:
    """Return what `page` holds, in time linear in its length.

    With `handlers` the result has inline event handlers too, which takes longer. A `str` may hold lone surrogates.

    Raises:
        PageError: `page.encoding`, for `bytes` in a charset where ASCII bytes may not mean ASCII characters.
    """
    return scan_units(read_units(page), handlers=handlers)


def scan_units(units: Units, *, handlers: bool = False, script_word: bytes | None = b"") -> Scan:
    """Return what a page in the scanner's form holds.

    The result has only the scripts with `script_word` in their text, and none if that is `None`. Fewer are faster.
    """
    fast = FastReader(units, wants_handlers=handlers, script_word=script_word)
    try:
        return _with_noscript(fast, fast.read())
    except HairyError:
        pass
    exact = ExactReader(units, relaxed_select=True, wants_handlers=handlers, script_word=script_word)
    try:
        found = exact.read()
        if exact.has_hairy_select and not found.is_ambiguous_select:
            strict = ExactReader(units, relaxed_select=False, wants_handlers=handlers, script_word=script_word).read()
            found = replace(found, is_ambiguous_select=strict != found)
        return _with_noscript(exact, found)
    except TooDeepError:
        return Scan(units.offset(len(units.data)), is_too_deep=True)


def _with_noscript(reader: Reader, found: Scan) -> Scan:
    """Return `found` with the scripts that a browser without scripts would see in noscript elements."""
    if not reader.noscripts:
        return found
    scripts = list(found.scripts)
    for part in reader.noscripts:
        inside = ExactReader(reader.units, relaxed_select=True, script_word=reader.script_word, part=part).read()
        scripts += (replace(script, place="noscript") for script in inside.scripts)
    return replace(found, scripts=tuple(sorted(scripts, key=attrgetter("start"))))
