"""Read plain pages at the speed of one regular expression, and hand over the pages that are not plain.

Outside svg, math, select and template every raw text element counts wherever it stands, so the open elements need not
be known. Inside them a few rules suffice while the markup is plain; otherwise `HairyError` hands the page over.
"""

from __future__ import annotations

import re
from typing import Final

from rr_snippet.html.found import Scan
from rr_snippet.html.notes import Reader
from rr_snippet.html.skip import TEXT, TO_HANDLERS, TO_MARKUP, TO_MARKUP_OR_CDATA, TO_SCRIPTS, TO_STRUCTURE
from rr_snippet.html.standard.names import BREAKOUT
from rr_snippet.html.tokens import CDATA, CDATA_END, DOCTYPE, RAW_TEXT_NAMES, TAG, lower_name, open_construct

_RAW: Final = RAW_TEXT_NAMES | {"plaintext"}
_FOREIGN_DEPTH_MAX: Final = 256
# The names that end foreign content or hold HTML inside it: clause 13.2.6, integration points.
_POINTS: Final = frozenset(["mi", "mo", "mn", "ms", "mtext", "desc", "title"])
_HAIRY_IN_FOREIGN: Final = BREAKOUT | {"font", "foreignobject", "annotation-xml", "mglyph", "malignmark"}
_IN_SELECT: Final = frozenset(("option", "optgroup", "hr"))


class HairyError(Exception):
    """Only the whole standard can read this page."""


class FastReader(Reader):
    """Walks a page from one tag that matters to the next."""

    def read(self) -> Scan:
        """Return what the page holds.

        Raises:
            HairyError: the few rules here do not suffice.
        """
        data = self.data
        plain = TO_STRUCTURE if self.script_word is None else TO_SCRIPTS
        skip = (TO_HANDLERS if self.wants_handlers else plain).match
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
            # In a template only its own end tag counts, whatever is open inside: clause 13.2.6.4.18.
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
            # A frameset counts only while the body is empty. A template that starts with col ignores other tags.
            raise HairyError
        elif name == "html" and not self.templates:
            self.note_html(tag)
        elif name in ("head", "body") and not self.templates:
            self.is_document = True

    def _pass_foreign(self, root: re.Match[bytes], root_name: str) -> int | None:
        """Return where the svg or math element that `root` opens ends, `None` if it never does."""
        data = self.data
        names = [root_name]
        scripts: list[re.Match[bytes]] = []
        position = root.end()
        while names:
            match = TO_MARKUP_OR_CDATA.match(data, position)
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
                # A title or a number holds text alone. If no end tag follows that text, HTML may be inside.
                close_at = TEXT.match(data, position)
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
                # A script runs only if it is the current node when its end tag comes: clause 13.2.6.5.
                is_run = is_own and is_current
                stop = tag.end() if is_run else tag.start()
                self.note_script(scripts.pop(), tag.start(), stop, is_svg=True, is_closed=is_run)
            if is_own:
                return
            is_current = False
        # The tag may close an HTML element around the svg, and the svg with it.
        raise HairyError

    def _pass_select(self, start: int) -> int | None:
        """Return where the select element with content from `start` ends, `None` if it never does.

        This reads only the markup that old and new browsers read alike.
        """
        data = self.data
        position: int | None = start
        while position is not None:
            match = TO_MARKUP.match(data, position)
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
