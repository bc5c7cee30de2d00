"""How tags open and close elements in the body.

Source: https://html.spec.whatwg.org/#parsing-main-inbody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rr_snippet.html.standard.modes import InsertionModes
from rr_snippet.html.standard.names import (
    CLOSES_P,
    FORMATTING,
    HEAD_START,
    HEADING,
    IGNORED_IN_BODY,
    MARKED,
    SPECIAL,
    VOID,
    VOID_NOT_OK,
)
from rr_snippet.html.standard.stack import Attributes

TABLE_MODES: Final = frozenset(("in_table", "in_caption", "in_column_group", "in_table_body", "in_row", "in_cell"))

_ITEM_BARRIER: Final = SPECIAL - {"address", "div", "p"}


class BodyModes(InsertionModes):
    """The insertion mode of the body, 13.2.6.4.7."""

    def _start_in_body(self, name: str, attributes: Attributes) -> str | None:
        if name in HEAD_START:
            return self._head_element(name)
        simple = _BODY_START.get(name)
        if simple is not None:
            return simple(self, name, attributes)
        if name in IGNORED_IN_BODY or name == "html":
            return None
        self._reconstruct()
        if name in ("svg", "math"):
            if not self._is_self_closing:
                self._push(f"{name[0]}:{name}", attributes)
        else:
            self._push(name)
        return None

    def _open_second_body(self, _name: str, _attributes: Attributes) -> None:
        if len(self.stack) > 1 and self.stack[1].key == "body" and not self.is_in_template:
            self._is_frameset_ok = False

    def _open_frameset(self, _name: str, _attributes: Attributes) -> None:
        if self._is_frameset_ok and len(self.stack) > 1 and self.stack[1].key == "body":
            self.is_frameset = True

    def _open_block(self, name: str, _attributes: Attributes) -> None:
        self._close_p()
        if name in HEADING and self.stack[-1].key in HEADING:
            self._pop()
        if name in ("pre", "listing"):
            self._is_frameset_ok = False
        self._push(name)

    def _open_form(self, name: str, _attributes: Attributes) -> None:
        if self._form is None or self.is_in_template:
            self._close_p()
            form = self._push(name)
            if not self.is_in_template:
                self._form = form

    def _open_item(self, name: str, _attributes: Attributes) -> None:
        self._is_frameset_ok = False
        alike = frozenset(("li",) if name == "li" else ("dd", "dt"))
        # There always is one: the html element is special.
        key = self._nearest(_ITEM_BARRIER | alike).key
        if key in alike:
            self._pop_until(key)
        self._close_p()
        self._push(name)

    def _open_plaintext(self, name: str, _attributes: Attributes) -> str:
        self._close_p()
        self._push(name)
        return name

    def _open_button(self, name: str, _attributes: Attributes) -> None:
        if self._in_scope(name):
            self._imply()
            self._pop_until(name)
        self._reconstruct()
        self._push(name)
        self._is_frameset_ok = False

    def _open_formatting(self, name: str, attributes: Attributes) -> None:
        if name == "a" and (element := self._last_formatting("a")) is not None:
            self._adopt("a")
            if element in self._formatting:
                self._formatting.remove(element)
            self._remove(element)
        self._reconstruct()
        if name == "nobr" and self._in_scope("nobr"):
            self._adopt("nobr")
            self._reconstruct()
        self._format(name, attributes)

    def _open_marked(self, name: str, _attributes: Attributes) -> None:
        self._reconstruct()
        self._push(name)
        self._formatting.append(None)
        self._is_frameset_ok = False

    def _open_table(self, name: str, _attributes: Attributes) -> None:
        if not self._is_quirks:
            self._close_p()
        self._push(name)
        self._is_frameset_ok = False
        self._mode = "in_table"

    def _put_void(self, name: str, attributes: Attributes) -> None:
        if name == "input":
            if self._relaxed_select and self._in_scope("select"):
                self._pop_until("select")
            is_hidden = attributes.get("type", "").lower() == "hidden"
        else:
            is_hidden = False
        self._reconstruct()
        if not is_hidden:
            self._is_frameset_ok = False

    def _put_nothing(self, _name: str, _attributes: Attributes) -> None:
        """Ignore param, source or track: it never opens and changes nothing."""

    def _put_hr(self, _name: str, _attributes: Attributes) -> None:
        self._close_p()
        if self._relaxed_select and self._in_scope("select"):
            self._imply()
        self._is_frameset_ok = False

    def _open_raw(self, name: str, _attributes: Attributes) -> str:
        if name == "xmp":
            self._close_p()
            self._reconstruct()
        if name in ("textarea", "xmp", "iframe"):
            self._is_frameset_ok = False
        return name

    def _open_select(self, name: str, _attributes: Attributes) -> None:
        if self._relaxed_select and self._in_scope("select"):
            self._pop_until("select")
            return
        self._reconstruct()
        self._push(name)
        self._is_frameset_ok = False
        if not self._relaxed_select:
            self._mode = "in_select_in_table" if self._mode in TABLE_MODES else "in_select"

    def _open_option(self, name: str, _attributes: Attributes) -> None:
        if self._relaxed_select and self._in_scope("select"):
            self._imply("optgroup" if name == "option" else "")
        elif self.stack[-1].key == "option":
            self._pop()
        self._reconstruct()
        self._push(name)

    def _open_ruby(self, name: str, _attributes: Attributes) -> None:
        if self._in_scope("ruby"):
            self._imply("" if name in ("rb", "rtc") else "rtc")
        self._push(name)

    # End tags

    def _end_in_body(self, name: str) -> None:
        if name == "template":
            self._close_template()
        elif name in ("body", "html"):
            if self._in_scope("body"):
                self._mode = "after_body"
                if name == "html":
                    self._end_in(self._mode, name)
        elif name in self._block_end:
            if self._in_scope(name):
                self._imply()
                self._pop_until(name)
        elif name == "form":
            self._close_form()
        elif name == "p":
            self._close_p()
        elif name in ("li", "dd", "dt"):
            if self._in_scope(name, "list" if name == "li" else ""):
                self._imply(name)
                self._pop_until(name)
        elif name in HEADING:
            if self._in_scope(HEADING):
                self._imply()
                self._pop_until(HEADING)
        elif name in FORMATTING or name in ("a", "nobr"):
            self._adopt(name)
        elif name in MARKED:
            if self._in_scope(name):
                self._imply()
                self._pop_until(name)
                self._clear_formatting()
        elif name == "br":
            self._put_void(name, {})
        else:
            self._end_other(name)

    def _close_form(self) -> None:
        if self.is_in_template:
            if self._in_scope("form"):
                self._imply()
                self._pop_until("form")
            return
        form, self._form = self._form, None
        if form is not None and form.is_open and self._element_in_scope(form):
            self._imply()
            self._remove(form)


_BODY_START: Final[dict[str, Callable[[BodyModes, str, Attributes], str | None]]] = {
    **dict.fromkeys((*CLOSES_P, *HEADING, "pre", "listing"), BodyModes._open_block),
    **dict.fromkeys((*FORMATTING, "a", "nobr"), BodyModes._open_formatting),
    **dict.fromkeys(MARKED, BodyModes._open_marked),
    **dict.fromkeys((*VOID_NOT_OK, "input", "image"), BodyModes._put_void),
    **dict.fromkeys(("textarea", "xmp", "iframe", "noembed", "noscript"), BodyModes._open_raw),
    **dict.fromkeys(("option", "optgroup"), BodyModes._open_option),
    **dict.fromkeys(("rb", "rtc", "rp", "rt"), BodyModes._open_ruby),
    **dict.fromkeys(("li", "dd", "dt"), BodyModes._open_item),
    **dict.fromkeys(VOID, BodyModes._put_nothing),
    "body": BodyModes._open_second_body,
    "frameset": BodyModes._open_frameset,
    "form": BodyModes._open_form,
    "plaintext": BodyModes._open_plaintext,
    "button": BodyModes._open_button,
    "table": BodyModes._open_table,
    "hr": BodyModes._put_hr,
    "select": BodyModes._open_select,
}
