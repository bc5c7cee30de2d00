"""The patterns by which the fast reader gets from one place that matters to the next.

They are composed of the parts in `tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rr_snippet.html.tokens import (
    CDATA_WORD,
    COMMENT_PATTERN,
    DOCTYPE_WORD,
    OPEN_GAP,
    RAW_TEXT_NAMES,
    STRAY_PATTERN,
    any_case,
    attributes_pattern,
    bogus_pattern,
    names_pattern,
)

_START_NAMES: Final = ("body", "html", "head", "frameset", "svg", "math", "template", "select", "col", "plaintext")
_END_NAMES: Final = ("body", "html", "head", "template")
_SPACES: Final = rb"[\t\n\f\r ]*+"


def _raw_text_pattern(names: Iterable[str]) -> bytes:
    """Return a pattern, from behind the `<`, over whole raw text elements that hide nothing."""
    elements = []
    for name in sorted(names):
        end = rb"/" + names_pattern(name)
        # In a script `<!--` may hide an end tag.
        inside = rb"(?:[^<]++|<(?!" + end + (rb"|!--" if name == "script" else rb"") + rb"))*+"
        whole = (names_pattern(name), attributes_pattern(), rb">", inside, rb"<", end, attributes_pattern(), rb">")
        elements.append(b"".join(whole))
    return rb"|".join(elements)


def _icon_pattern() -> bytes:
    """Return a pattern, from behind the `<`, over whole drawings of one or two levels, as most icons are.

    Every tag in such a drawing closes itself or is closed at once, so no open element outside can matter. A page with
    an icon on every line would take about three times as long without this.
    """
    attributes = attributes_pattern(gap=OPEN_GAP)

    def close(*names: str) -> bytes:
        return rb"</(?:" + rb"|".join(map(any_case, names)) + rb")" + _SPACES + rb">"

    between = rb"[^<]++|<" + COMMENT_PATTERN
    shapes = ("path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "use", "stop", "image")
    shape = rb"<" + names_pattern(*shapes) + attributes + rb"(?:/>|>" + close(*shapes) + rb")"
    title = rb"<" + any_case("title") + _SPACES + rb">[^<]*+" + close("title")
    group = rb"<" + names_pattern("g") + attributes + rb">(?:" + between + rb"|" + shape + rb")*+" + close("g")
    inside = rb"(?:" + rb"|".join((between, shape, group, title)) + rb")*+"
    return names_pattern("svg") + attributes + rb">" + inside + close("svg")


def _skip_pattern(*whole: bytes, guard: bytes = b"") -> re.Pattern[bytes]:
    """Return a pattern over text, comments and all tags that do not matter; `guard` as in `attributes_pattern`.

    `whole` are patterns over whole elements. They are tried after the tags, which are far more frequent.
    """
    start = rb"(?!" + names_pattern(*_START_NAMES, *sorted(RAW_TEXT_NAMES)) + rb")"
    end = rb"/(?!" + names_pattern(*_END_NAMES) + rb")"
    tag = rb"(?:" + end + rb"|" + start + rb")[A-Za-z][^\t\n\f\r />]*+" + attributes_pattern(guard=guard) + rb">"
    others = (*whole, COMMENT_PATTERN, bogus_pattern(DOCTYPE_WORD), STRAY_PATTERN)
    return re.compile(rb"(?:[^<]++|<(?:" + rb"|".join((tag, *others)) + rb"))*+")


def _text_pattern(*but: bytes) -> re.Pattern[bytes]:
    """Return a pattern over text and comments; `but` as in `bogus_pattern`."""
    parts = (COMMENT_PATTERN, bogus_pattern(*but), STRAY_PATTERN)
    return re.compile(rb"(?:[^<]++|<(?:" + rb"|".join(parts) + rb"))*+")


# To the next tag that shows where the body is; to the same or a script; to the same or a tag with an event handler.
TO_STRUCTURE: Final = _skip_pattern(_raw_text_pattern(RAW_TEXT_NAMES), _icon_pattern())
TO_SCRIPTS: Final = _skip_pattern(_raw_text_pattern(RAW_TEXT_NAMES - {"script", "noscript"}), _icon_pattern())
TO_HANDLERS: Final = _skip_pattern(guard=rb"(?![oO][nN])")
# To the next tag; to the next tag or CDATA section, which svg and math have; to the next `<`.
TO_MARKUP: Final = _text_pattern()
TO_MARKUP_OR_CDATA: Final = _text_pattern(CDATA_WORD)
TEXT: Final = re.compile(rb"[^<]*+")
