"""The choice of an insertion mode, and the modes before the body.

Each mode is a pair of methods named after it: `_start_in_body` handles the start tags of "in body", `_end_in_body` its
end tags.
Source: https://html.spec.whatwg.org/#the-insertion-mode and #parsing-main-inhtml up to "after head".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rr_snippet.html.standard.formatting import FormattingElements
from rr_snippet.html.standard.names import HEAD_START, IMPLIED_THOROUGHLY
from rr_snippet.html.standard.stack import Attributes
from rr_snippet.html.tokens import RAW_TEXT_NAMES

BEFORE_BODY: Final = frozenset(("initial", "before_html", "before_head", "in_head", "after_head"))

_MODE_OF: Final[dict[str, str]] = {
    "td": "in_cell",
    "th": "in_cell",
    "tr": "in_row",
    "tbody": "in_table_body",
    "thead": "in_table_body",
    "tfoot": "in_table_body",
    "caption": "in_caption",
    "colgroup": "in_column_group",
    "table": "in_table",
    "template": "in_template",
    "head": "in_head",
    "body": "in_body",
}


class InsertionModes(FormattingElements):
    """The modes 13.2.6.4.1 to 13.2.6.4.6, and the hand-over of each tag to the current mode."""

    def _reset_mode(self) -> None:
        """Reset the insertion mode appropriately, 13.2.4.1."""
        for index in range(len(self.stack) - 1, -1, -1):
            self._count(1)
            key = self.stack[index].key
            if key == "select" and not self._relaxed_select:
                below = [element.key for element in self.stack[1:index]]
                self._count(len(below))
                has_table = "table" in below and "template" not in below[len(below) - below[::-1].index("table") :]
                self._mode = "in_select_in_table" if has_table else "in_select"
                return
            mode = _MODE_OF.get(key)
            if mode == "in_template":
                mode = self._template_modes[-1]
            if mode is not None:
                self._mode = mode
                return
        self._mode = "after_head"

    def _start_in(self, mode: str, name: str, attributes: Attributes) -> str | None:
        self._count(1)
        handler: Callable[..., str | None] = getattr(self, f"_start_{mode}")
        return handler(name, attributes)

    def _end_in(self, mode: str, name: str) -> None:
        self._count(1)
        handler: Callable[[str], None] = getattr(self, f"_end_{mode}")
        handler(name)

    def _again(self, name: str, attributes: Attributes) -> str | None:
        return self._start_in(self._mode, name, attributes)

    def _close_template(self) -> None:
        if self.is_in_template:
            self._imply(names=IMPLIED_THOROUGHLY)
            self._pop_until("template")
            self._clear_formatting()
            self._template_modes.pop()
            self._reset_mode()

    def _open_body(self) -> None:
        """Open the elements that text implies in a mode before the body: html, head and body."""
        while self._mode in BEFORE_BODY:
            self._imply_next()

    def _imply_next(self) -> None:
        """Do what "anything else" does in the modes before the body, up to "reprocess the token"."""
        mode = self._mode
        if mode == "initial":
            self._mode = "before_html"
        elif mode == "before_html":
            self._push("html")
            self._mode = "before_head"
        elif mode == "before_head":
            self._push("head")
            self._mode = "in_head"
        elif mode == "in_head":
            self._pop()
            self._mode = "after_head"
        else:
            self._push("body")
            self._mode = "in_body"
            # Observed in Chromium, html5lib and justhtml: from here on the contents of templates in the head no longer
            # count against a frameset.
            self._is_frameset_ok = True

    # Start tags. 13.2.6.4.1 to 13.2.6.4.6: before the body

    def _start_before(self, name: str, attributes: Attributes) -> str | None:
        mode = self._mode
        if name == "html" and mode != "initial":
            if mode == "before_html":
                self._push("html")
                self._mode = "before_head"
            return None
        if name == "head" and mode in ("before_head", "in_head", "after_head"):
            if mode == "before_head":
                self._imply_next()
            return None
        if mode in ("in_head", "after_head") and (name in HEAD_START or (name == "noscript" and mode == "in_head")):
            # After the head, the standard reopens it for this one element. No element but a template stays open.
            return self._head_element(name)
        if mode == "after_head" and name in ("body", "frameset"):
            self.is_frameset = name == "frameset"
            self._imply_next()
            self._is_frameset_ok = False
            return None
        self._imply_next()
        return self._again(name, attributes)

    _start_initial = _start_before_html = _start_before_head = _start_in_head = _start_after_head = _start_before

    def _head_element(self, name: str) -> str | None:
        if name == "template":
            self._formatting.append(None)
            self._push("template")
            self._mode = "in_template"
            self._template_modes.append("in_template")
        return name if name in RAW_TEXT_NAMES else None

    # End tags

    def _end_before(self, name: str) -> None:
        mode = self._mode
        if name == "head" and mode == "in_head":
            self._imply_next()
        elif name in ("body", "html", "br") or mode == "initial" or (name == "head" and mode != "after_head"):
            self._imply_next()
            self._end_in(self._mode, name)

    _end_initial = _end_before_html = _end_before_head = _end_in_head = _end_after_head = _end_before
