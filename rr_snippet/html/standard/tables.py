"""How tags open and close elements in tables, and in selects by the standard before 2025.

Source: https://html.spec.whatwg.org/#parsing-main-intable and the clauses after it.
"""

from __future__ import annotations

from rr_snippet.html.standard.body import BodyModes
from rr_snippet.html.standard.names import (
    IN_SELECT_TABLE,
    TABLE_CELL,
    TABLE_PART,
    TABLE_SECTION,
)
from rr_snippet.html.standard.stack import Attributes, Element


class TableModes(BodyModes):
    """The insertion modes of tables and of old selects, 13.2.6.4.9 to 13.2.6.4.17."""

    # 13.2.6.4.9 to 13.2.6.4.15: in table and its parts

    def _start_in_table(self, name: str, attributes: Attributes) -> str | None:
        if name == "caption":
            self._clear_back_to("table")
            self._formatting.append(None)
            self._push(name)
            self._mode = "in_caption"
        elif name in ("colgroup", "col"):
            self._clear_back_to("table")
            self._push("colgroup")
            self._mode = "in_column_group"
        elif name in TABLE_SECTION or name in TABLE_CELL or name == "tr":
            self._clear_back_to("table")
            self._push(name if name in TABLE_SECTION else "tbody")
            self._mode = "in_table_body"
            if name not in TABLE_SECTION:
                return self._again(name, attributes)
        elif name == "table":
            if self._in_scope(name, "table"):
                self._pop_until(name)
                self._reset_mode()
                return self._again(name, attributes)
        elif name == "input" and attributes.get("type", "").lower() == "hidden":
            pass
        elif name == "form":
            if self._form is None and not self.is_in_template:
                self._form = Element(name, {})
        else:
            # "Foster parenting" moves nodes, but changes no entry of the stack.
            return self._start_in_body(name, attributes)
        return None

    def _start_in_caption(self, name: str, attributes: Attributes) -> str | None:
        if name not in TABLE_PART:
            return self._start_in_body(name, attributes)
        self._close_caption()
        return self._again(name, attributes)

    def _close_caption(self) -> None:
        # A caption is always open in this mode, except in fragments, and a page is none.
        self._pop_until("caption")
        self._clear_formatting()
        self._mode = "in_table"

    def _start_in_column_group(self, name: str, attributes: Attributes) -> str | None:
        if name in ("html", "col"):
            return None
        if name == "template":
            return self._head_element(name)
        if self.stack[-1].key != "colgroup":
            return None
        self._pop()
        self._mode = "in_table"
        return self._again(name, attributes)

    def _start_in_table_body(self, name: str, attributes: Attributes) -> str | None:
        if name in TABLE_CELL or name == "tr":
            self._clear_back_to("tbody tfoot thead")
            self._push("tr")
            self._mode = "in_row"
            return None if name == "tr" else self._again(name, attributes)
        if name in TABLE_PART:
            return self._again(name, attributes) if self._close_section() else None
        return self._start_in_table(name, attributes)

    def _close_section(self) -> bool:
        if not self._in_scope(TABLE_SECTION, "table"):
            return False
        self._clear_back_to("tbody tfoot thead")
        self._pop()
        self._mode = "in_table"
        return True

    def _start_in_row(self, name: str, attributes: Attributes) -> str | None:
        if name in TABLE_CELL:
            self._clear_back_to("tr")
            self._push(name)
            self._mode = "in_cell"
            self._formatting.append(None)
            return None
        if name in TABLE_PART:
            return self._again(name, attributes) if self._close_row() else None
        return self._start_in_table(name, attributes)

    def _close_row(self) -> bool:
        if not self._in_scope("tr", "table"):
            return False
        self._clear_back_to("tr")
        self._pop()
        self._mode = "in_table_body"
        return True

    def _start_in_cell(self, name: str, attributes: Attributes) -> str | None:
        if name not in TABLE_PART:
            return self._start_in_body(name, attributes)
        self._close_cell()
        return self._again(name, attributes)

    def _close_cell(self) -> None:
        self._imply()
        self._pop_until(TABLE_CELL)
        self._clear_formatting()
        self._mode = "in_row"

    def _end_in_table(self, name: str) -> None:
        if name == "table":
            if self._in_scope(name, "table"):
                self._pop_until(name)
                self._reset_mode()
        elif name not in TABLE_PART and name not in ("body", "html"):
            self._end_in_body(name)

    def _end_in_caption(self, name: str) -> None:
        if name == "caption":
            self._close_caption()
        elif name == "table":
            self._close_caption()
            self._end_in(self._mode, name)
        elif name not in TABLE_PART and name not in ("body", "html"):
            self._end_in_body(name)

    def _end_in_column_group(self, name: str) -> None:
        if name == "template":
            self._close_template()
        elif name != "col" and self.stack[-1].key == "colgroup":
            self._pop()
            self._mode = "in_table"
            if name != "colgroup":
                self._end_in(self._mode, name)

    def _end_in_table_body(self, name: str) -> None:
        if name in TABLE_SECTION:
            if self._in_scope(name, "table"):
                self._close_section()
        elif name == "table":
            if self._close_section():
                self._end_in(self._mode, name)
        else:
            self._end_in_table(name)

    def _end_in_row(self, name: str) -> None:
        if name == "tr":
            self._close_row()
        elif name == "table" or name in TABLE_SECTION:
            if (name == "table" or self._in_scope(name, "table")) and self._close_row():
                self._end_in(self._mode, name)
        else:
            self._end_in_table(name)

    def _end_in_cell(self, name: str) -> None:
        if name in TABLE_CELL:
            if self._in_scope(name, "table"):
                self._imply()
                self._pop_until(name)
                self._clear_formatting()
                self._mode = "in_row"
        elif name == "table" or name in TABLE_SECTION or name == "tr":
            if self._in_scope(name, "table"):
                self._close_cell()
                self._end_in(self._mode, name)
        elif name not in TABLE_PART and name not in ("body", "html"):
            self._end_in_body(name)

    # 13.2.6.4.16 and .17 as they were before 2025: in select

    def _start_in_select(self, name: str, attributes: Attributes) -> str | None:
        if name in ("option", "optgroup", "hr"):
            if self.stack[-1].key == "option":
                self._pop()
            if name != "option" and self.stack[-1].key == "optgroup":
                self._pop()
            if name != "hr":
                self._push(name)
        elif name == "select":
            self._close_select()
        elif name in ("input", "keygen", "textarea"):
            self._close_select()
            return self._again(name, attributes)
        elif name in ("script", "template"):
            return self._head_element(name)
        return None

    def _close_select(self) -> None:
        # A select is always open in these modes, except in fragments, and a page is none.
        self._pop_until("select")
        self._reset_mode()

    def _start_in_select_in_table(self, name: str, attributes: Attributes) -> str | None:
        if name in IN_SELECT_TABLE:
            self._close_select()
            return self._again(name, attributes)
        return self._start_in_select(name, attributes)

    def _end_in_select(self, name: str) -> None:
        key = self.stack[-1].key
        if name == "optgroup":
            if key == "option" and self.stack[-2].key == "optgroup":
                self._pop()
            if self.stack[-1].key == "optgroup":
                self._pop()
        elif name == "option":
            if key == "option":
                self._pop()
        elif name == "select":
            self._close_select()
        elif name == "template":
            self._close_template()

    def _end_in_select_in_table(self, name: str) -> None:
        if name not in IN_SELECT_TABLE:
            self._end_in_select(name)
        elif self._in_scope(name, "table"):
            self._close_select()
            self._end_in(self._mode, name)
