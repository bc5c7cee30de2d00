"""The standard's tree construction without a tree: only which elements are open after each token.

The open elements alone decide what a token means: whether `<style>` starts raw text, whether `</div>` closes an `svg`,
whether a script would run. So this keeps the stack of open elements, the list of active formatting elements and the
insertion modes exactly, but no node, text or parent. Scripting is on, as in the browser that will run the snippet.

Source: https://html.spec.whatwg.org/#tree-construction; each method names its clause of 13.2.
"""

from __future__ import annotations

from html import unescape
from typing import Final

from rr_snippet.html.standard.body import TABLE_MODES
from rr_snippet.html.standard.modes import BEFORE_BODY
from rr_snippet.html.standard.names import (
    BREAKOUT,
    BREAKOUT_FONT,
    HEAD_START,
    MATHML_TEXT,
    TABLE_CELL,
    TABLE_SECTION,
    TABLE_TEXT,
)
from rr_snippet.html.standard.stack import Attributes
from rr_snippet.html.standard.tables import TableModes

_SPACE: Final = "\t\n\f\r "
_AFTER_BODY: Final = frozenset(("after_body", "after_after_body"))
_SELECT_MODES: Final = frozenset(("in_select", "in_select_in_table"))
_TEMPLATE_MODE: Final[dict[str, str]] = {
    **dict.fromkeys((*TABLE_SECTION, "caption", "colgroup"), "in_table"),
    **dict.fromkeys(TABLE_CELL, "in_row"),
    "col": "in_column_group",
    "tr": "in_table_body",
}


class Tree(TableModes):
    """Follows the open elements of one page token by token."""

    # Tokens

    def doctype(self, *, is_quirks: bool) -> None:
        """Process a doctype, which counts only before anything else."""
        if self._mode == "initial":
            self._is_quirks = is_quirks
            self._mode = "before_html"

    def text(self, text: str) -> None:
        """Process the characters between two tags."""
        if self.has_foreign_node:
            node = self.stack[-1]
            if not (node.key in MATHML_TEXT or node.is_html_point):
                if text.strip(_SPACE + "\0"):
                    self._is_frameset_ok = False
                return
        mode = self._mode
        if mode in BEFORE_BODY:
            if _is_blank(text):
                return
            self._open_body()
        elif mode == "in_column_group":
            if _is_blank(text) or self.stack[-1].key != "colgroup":
                return
            self._pop()
            self._mode = "in_table"
        elif mode in _AFTER_BODY and not _is_blank(text):
            self._mode = "in_body"
        visible = text.replace("\0", "")
        is_table_text = self._mode in TABLE_MODES and self.stack[-1].key in TABLE_TEXT
        if self._mode in _SELECT_MODES or not visible or (is_table_text and _is_blank(visible)):
            return
        self._reconstruct()
        if self._is_frameset_ok and not _is_blank(visible):
            self._is_frameset_ok = False

    def start(self, name: str, attributes: Attributes, *, is_closed: bool) -> str | None:
        """Process a start tag; return the name of the raw text element that it opens (or `plaintext`), else `None`."""
        self._is_self_closing = is_closed
        node = self.stack[-1] if self.stack else None
        if (
            node is None
            or ":" not in node.key
            or (node.key in MATHML_TEXT and name not in ("mglyph", "malignmark"))
            or (node.key == "m:annotation-xml" and name == "svg")
            or node.is_html_point
        ):
            return self._start_in(self._mode, name, attributes)
        if name in BREAKOUT or (name == "font" and not BREAKOUT_FONT.isdisjoint(attributes)):
            self._leave_foreign()
            return self._start_in(self._mode, name, attributes)
        if not is_closed:
            self._push(node.key[:2] + name, attributes)
        return None

    def end(self, name: str) -> None:
        """Process an end tag that closes no raw text element."""
        if not self.has_foreign_node:
            self._end_in(self._mode, name)
            return
        if name in ("br", "p"):
            self._leave_foreign()
            self._end_in(self._mode, name)
            return
        # 13.2.6.5, "any other end tag": search up through the foreign elements, then apply the rules of HTML.
        element = next(node for node in self._upwards() if ":" not in node.key or node.key[2:] == name)
        if ":" in element.key:
            self._pop_to(self._index(element))
        else:
            self._end_in(self._mode, name)

    # 13.2.6.4.18: in template

    def _start_in_template(self, name: str, attributes: Attributes) -> str | None:
        if name in HEAD_START:
            return self._head_element(name)
        self._mode = _TEMPLATE_MODE.get(name, "in_body")
        self._template_modes[-1] = self._mode
        return self._again(name, attributes)

    # 13.2.6.4.19 and .22: after the body

    def _start_after_body(self, name: str, attributes: Attributes) -> str | None:
        if name == "html":
            return None
        self._mode = "in_body"
        return self._again(name, attributes)

    _start_after_after_body = _start_after_body

    def _end_in_template(self, name: str) -> None:
        if name == "template":
            self._close_template()

    def _end_after_body(self, name: str) -> None:
        if name == "html" and self._mode == "after_body":
            self._mode = "after_after_body"
        else:
            self._mode = "in_body"
            self._end_in(self._mode, name)

    _end_after_after_body = _end_after_body


def _is_blank(text: str) -> bool:
    rest = text.lstrip(_SPACE)
    return not rest or (rest.startswith("&") and not unescape(rest).strip(_SPACE))
