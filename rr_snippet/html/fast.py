"""Reads sound pages at the speed of one regular expression, and says so when a page is not sound enough for that.

Outside svg, math, select and template every raw text element counts wherever it stands, so no open element needs to be
known. Inside them a few rules hold as long as the markup is plain; else `HairyError` hands the page over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rr_snippet.html.found import Scan
from rr_snippet.html.notes import Reader
from rr_snippet.html.standard.names import BREAKOUT
from rr_snippet.html.tokens import (
    BOGUS_PATTERN,
    CDATA,
    CDATA_END,
    COMMENT_PATTERN,
    DOCTYPE,
    RAW_TEXT_NAMES,
    TAG,
    any_case,
    attributes_pattern,
    lower_name,
    names_pattern,
    open_construct,
)

_RAW: Final = RAW_TEXT_NAMES | {"plaintext"}
_START_NAMES: Final = "body html head frameset svg math template select col " + " ".join(sorted(_RAW))
_END_NAMES: Final = "body html head template"
_FOREIGN_DEPTH_MAX: Final = 256
# The names that end foreign content or hold HTML inside it: clause 13.2.6, integration points.
_POINTS: Final = frozenset(["mi", "mo", "mn", "ms", "mtext", "desc", "title"])
_HAIRY_IN_FOREIGN: Final = BREAKOUT | {"font", "foreignobject", "annotation-xml", "mglyph", "malignmark"}
_IN_SELECT: Final = frozenset(("option", "optgroup", "hr"))


def _raw_pattern(names: Iterable[str]) -> bytes:
    """Return a pattern, from behind the `<`, over whole raw text elements that hide nothing."""
    elements = []
    for name in sorted(names):
        end = rb"/" + any_case(name) + rb"[\t\n\f\r />]"
        # In a script `<!--` may hide an end tag.
        text = rb"(?:[^<]++|<(?!" + end + (rb"|!--" if name == "script" else rb"") + rb"))*+"
        tag = any_case(name) + rb"(?=[\t\n\f\r />])" + attributes_pattern()
        elements.append(tag + text + rb"<(?=" + end + rb")/[A-Za-z]++" + attributes_pattern())
    return rb"|".join(elements)


def _svg_pattern() -> bytes:
    """Return a pattern, from behind the `<`, over whole drawings of one or two levels, as most icons are.

    Each tag in it is closed by itself or at once, so that no open element outside can matter.
    """
    attributes = attributes_pattern(slash=rb"[\t\n\f\r ]++|/(?!>)|")[:-1].replace(rb"[\t\n\f\r /]++|", rb"", 1)
    end_of_name = rb"(?=[\t\n\f\r />])"

    def either(words: str) -> bytes:
        return rb"(?:" + rb"|".join(map(any_case, words.split())) + rb")" + end_of_name

    def close(words: str) -> bytes:
        return rb"</(?:" + rb"|".join(map(any_case, words.split())) + rb")[\t\n\f\r ]*+>"

    gap = rb"[^<]++|" + COMMENT_PATTERN
    shapes = "path circle rect line polyline polygon ellipse use stop image"
    shape = rb"<" + either(shapes) + attributes + rb"(?:/>|>" + close(shapes) + rb")"
    title = rb"<" + any_case("title") + rb"[\t\n\f\r ]*+>[^<]*+" + close("title")
    group = rb"<" + either("g") + attributes + rb">(?:" + gap + rb"|" + shape + rb")*+" + close("g")
    inside = rb"(?:" + gap + rb"|" + shape + rb"|" + group + rb"|" + title + rb")*+"
    return any_case("svg") + end_of_name + attributes + rb">" + inside + close("svg")


def _skip_pattern(guard: bytes = b"", *, whole: bytes = b"") -> re.Pattern[bytes]:
    """Return a pattern over text, comments and all tags that do not matter; `guard` as in `attributes_pattern`.

    `whole` is an alternative for elements that are passed in one go.
    """
    start = rb"(?!" + names_pattern(_START_NAMES) + rb")"
    end = rb"/(?!" + names_pattern(_END_NAMES) + rb")"
    tag = rb"(?:" + end + rb"|" + start + rb")[A-Za-z][^\t\n\f\r />]*+" + attributes_pattern(guard)
    bogus = BOGUS_PATTERN[1:].replace(rb"!(?!--)", rb"!(?!--|" + any_case("doctype") + rb")")
    comment = COMMENT_PATTERN[1:]
    return re.compile(rb"(?:[^<]++|<(?:" + whole + tag + rb"|" + comment + rb"|" + bogus + rb"|(?![A-Za-z/!?])))*+")


_NOT_NOTED: Final = RAW_TEXT_NAMES - {"script", "noscript"}
_SKIP: Final = _skip_pattern(whole=_raw_pattern(_NOT_NOTED) + rb"|" + _svg_pattern() + rb"|")
_SKIP_SCRIPTS: Final = _skip_pattern(whole=_raw_pattern(RAW_TEXT_NAMES) + rb"|" + _svg_pattern() + rb"|")
_SKIP_TO_HANDLERS: Final = _skip_pattern(rb"(?![oO][nN])")
_SKIP_TEXT: Final = re.compile(rb"(?:[^<]++|" + COMMENT_PATTERN + rb"|" + BOGUS_PATTERN + rb"|<(?![A-Za-z/!?]))*+")
_SKIP_FOREIGN: Final = re.compile(
    rb"(?:[^<]++|" + COMMENT_PATTERN + rb"|(?!" + CDATA.pattern + rb")" + BOGUS_PATTERN + rb"|<(?![A-Za-z/!?]))*+"
)
_TEXT: Final = re.compile(rb"[^<]*+")


class HairyError(Exception):
    """The page has to be read by the whole standard."""


class FastReader(Reader):
    """Walks a page from one tag that matters to the next."""

    def read(self) -> Scan:
        """Return what the page holds.

        Raises:
            HairyError: the plain rules do not suffice.
        """
        data = self.data
        plain = _SKIP if self.wants_scripts else _SKIP_SCRIPTS
        skip = (_SKIP_TO_HANDLERS if self.wants_handlers else plain).match
        position: int | None = self.first
        has_open_foreign = False
        while position is not None:
            match = skip(data, position)
            if match is None or match.end() == len(data):
                break
            position = match.end()
            tag = TAG.match(data, position)
            if tag is None:
                position = self._pass_doctype(position)
                continue
            name = lower_name(tag[2])
            position = tag.end()
            if tag[1]:
                self._take_end(tag, name)
                continue
            self.note_handlers(tag, name)
            if name in _RAW:
                position = self.pass_raw_text(tag, name)
            elif name in ("svg", "math"):
                if not tag[3]:
                    position = self._pass_foreign(tag, name)
                    has_open_foreign = position is None
            elif name == "select":
                position = self._pass_select(position)
            else:
                self._take_start(tag, name)
        return self.found(has_open_foreign=has_open_foreign)

    def _pass_doctype(self, position: int) -> int | None:
        stop = self.data.find(b">", position) + 1
        if stop and DOCTYPE.match(self.data, position):
            self.is_document |= not self.templates
            return stop
        self.cut_inside = open_construct(self.data, position)
        return None

    def _take_end(self, tag: re.Match[bytes], name: str) -> None:
        if self.templates:
            # In a template only its own end tag counts, whatever is open inside it: clause 13.2.6.4.18.
            if name == "template":
                self.templates.pop()
        elif name == "body":
            self.is_document = True
            self.body_end = tag.start()
        elif name == "html":
            self.is_document = True
            self.html_end = tag.start()
        elif name == "head":
            self.is_document = True

    def _take_start(self, tag: re.Match[bytes], name: str) -> None:
        if name == "template":
            self.templates.append(self.opens_shadow(tag))
        elif name == "frameset" or (name == "col" and self.templates):
            # A frameset counts only while the body holds nothing; a template that starts with col ignores other tags.
            raise HairyError
        elif name == "html" and not self.templates:
            self.note_html(tag)
        elif name in ("head", "body") and not self.templates:
            self.is_document = True

    def _pass_foreign(self, root: re.Match[bytes], root_name: str) -> int | None:
        """Return where the svg or math element opened by `root` ends; `None`: never."""
        data = self.data
        names = [root_name]
        scripts: list[re.Match[bytes]] = []
        position = root.end()
        while names:
            match = _SKIP_FOREIGN.match(data, position)
            position = match.end() if match else position
            if position == len(data):
                return None
            tag = TAG.match(data, position)
            if tag is None:
                if not CDATA.match(data, position):
                    self.cut_inside = open_construct(data, position)
                    return None
                close = CDATA_END.search(data, position)
                if close is None:
                    self.cut_inside = "cdata"
                    return None
                position = close.end()
                continue
            name = lower_name(tag[2])
            position = tag.end()
            if tag[1]:
                self._close_foreign(tag, name, names, scripts)
                continue
            self.note_handlers(tag, name)
            if name in _HAIRY_IN_FOREIGN or len(names) > _FOREIGN_DEPTH_MAX:
                raise HairyError
            if name == "script":
                scripts.append(tag)
            if tag[3]:
                if name == "script":
                    self.note_script(scripts.pop(), position, position, is_svg=True)
                continue
            names.append(name)
            if name in _POINTS:
                # A title or a number, text alone: its end tag has to follow, or else HTML may be inside.
                close_at = _TEXT.match(data, position)
                close = TAG.match(data, close_at.end()) if close_at else None
                if close is None or not close[1] or lower_name(close[2]) != name:
                    raise HairyError
        return position

    def _close_foreign(self, tag: re.Match[bytes], name: str, names: list[str], scripts: list[re.Match[bytes]]) -> None:
        if name in ("br", "p"):
            raise HairyError
        is_current = True
        while names:
            closed = names.pop()
            is_own = closed == name
            if closed == "script":
                # A script runs when its end tag meets it as the current node, and else never: clause 13.2.6.5.
                is_run = is_own and is_current
                stop = tag.end() if is_run else tag.start()
                self.note_script(scripts.pop(), tag.start(), stop, is_svg=True, is_closed=is_run)
            if is_own:
                return
            is_current = False
        # It may close an HTML element around the svg, and the svg with it.
        raise HairyError

    def _pass_select(self, start: int) -> int | None:
        """Return where the select element ends whose content starts at `start`; `None`: never.

        Only what old and new browsers read alike is read here.
        """
        data = self.data
        position: int | None = start
        while position is not None:
            match = _SKIP_TEXT.match(data, position)
            position = match.end() if match else position
            if position == len(data):
                return None
            tag = TAG.match(data, position)
            if tag is None:
                self.cut_inside = open_construct(data, position)
                return None
            name = lower_name(tag[2])
            position = tag.end()
            if tag[1]:
                if name == "select":
                    return position
                if name not in _IN_SELECT:
                    raise HairyError
                continue
            self.note_handlers(tag, name)
            if name == "script":
                position = self.pass_raw_text(tag, name)
            elif name not in _IN_SELECT:
                raise HairyError
        return None
