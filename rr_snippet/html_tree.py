"""The standard's tree construction without a tree: which elements are open after each token, and nothing else.

What a token means depends on the open elements alone: whether `<style>` starts raw text, whether `</div>` closes an
`svg`, whether a script would run. So the stack of open elements, the list of active formatting elements and the
insertion modes are kept exactly, and no node, text or parent is. Scripting is on, as in the browser that is to run
the snippet.

Source: https://html.spec.whatwg.org/#tree-construction; each method names its clause of 13.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from html import unescape
from typing import Final

from rr_snippet.html_names import (
    BLOCK_END,
    BREAKOUT,
    BREAKOUT_FONT,
    BUTTON_SCOPE,
    CLOSES_P,
    FORMATTING,
    HEAD_START,
    HEADING,
    HTML_ANNOTATION,
    HTML_POINT,
    IGNORED_IN_BODY,
    IMPLIED,
    IMPLIED_THOROUGHLY,
    IN_SELECT_TABLE,
    LIST_SCOPE,
    MARKED,
    MATHML_TEXT,
    SCOPE,
    SPECIAL,
    TABLE_CELL,
    TABLE_PART,
    TABLE_SCOPE,
    TABLE_SECTION,
    TABLE_TEXT,
    VOID,
    VOID_NOT_OK,
    Names,
)
from rr_snippet.html_tokens import RAW_TEXT_NAMES

# Chromium flattens what is nested deeper (kMaximumHTMLParserDOMTreeDepth), so there the standard is no guide any more.
DEPTH_MAX_ELEMENTS: Final = 512
_SPACE: Final = "\t\n\f\r "

Attributes = Mapping[str, str]


class TooDeepError(Exception):
    """The page nests so deep, or so often, that reading it exactly would not be linear."""


class Element:
    """An open element: `key` is its lower-case name, with `s:` or `m:` before it in SVG or MathML."""

    __slots__ = ("attributes", "is_html_point", "is_open", "key")

    def __init__(self, key: str, attributes: Attributes) -> None:
        self.key = key
        self.attributes = attributes
        self.is_open = False
        self.is_html_point = key in HTML_POINT or (
            key == "m:annotation-xml" and attributes.get("encoding", "").lower() in HTML_ANNOTATION
        )


class Tree:
    """Follows the open elements of one page, token by token.

    `relaxed_select` reads `select` as the standard does since 2025 (any markup inside it), else as it did before (most
    markup inside it is ignored): browsers of both kinds are in use.
    """

    def __init__(self, *, relaxed_select: bool, steps_max: int) -> None:
        self.stack: list[Element] = []
        self.is_frameset = False
        self._relaxed_select = relaxed_select
        self._steps_left = steps_max
        self._open: Counter[str] = Counter()
        self._foreign = 0
        self._formatting: list[Element | None] = []
        self._mode = "initial"
        self._is_self_closing = False
        self._template_modes: list[str] = []
        self._form: Element | None = None
        self._is_frameset_ok = True
        self._is_quirks = True
        scopes = {"": SCOPE, "button": BUTTON_SCOPE, "list": LIST_SCOPE, "table": TABLE_SCOPE}
        self._scopes = {
            kind: names | {"select"} if relaxed_select and kind != "table" else names for kind, names in scopes.items()
        }
        self._block_end = BLOCK_END | {"select"} if relaxed_select else BLOCK_END

    # What the scanner asks

    @property
    def is_in_template(self) -> bool:
        """Tell whether a template is open, whose scripts do not run."""
        return bool(self._template_modes)

    @property
    def template_depth(self) -> int:
        """How many templates are open."""
        return len(self._template_modes)

    @property
    def is_in_foreign(self) -> bool:
        """Tell whether an svg or math element is open, integration points included."""
        return self._foreign > 0

    @property
    def is_in_select(self) -> bool:
        """Tell whether a select is open."""
        return self._open["select"] > 0

    @property
    def has_foreign_node(self) -> bool:
        """Tell whether the current node is an svg or math element, where CDATA is read and no raw text is."""
        return bool(self.stack) and ":" in self.stack[-1].key

    # Tokens

    def doctype(self, *, is_quirks: bool) -> None:
        """Take a doctype: it counts before anything else, and nowhere later."""
        if self._mode == "initial":
            self._is_quirks = is_quirks
            self._mode = "before_html"

    def text(self, text: str) -> None:
        """Take a run of characters between two tags."""
        if self.has_foreign_node:
            node = self.stack[-1]
            if not (node.key in MATHML_TEXT or node.is_html_point):
                if text.strip(_SPACE + "\0"):
                    self._is_frameset_ok = False
                return
        mode = self._mode
        if mode in _BEFORE_BODY:
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
        is_table_text = self._mode in _TABLE_MODES and self.stack[-1].key in TABLE_TEXT
        if self._mode in _SELECT_MODES or not visible or (is_table_text and _is_blank(visible)):
            return
        self._reconstruct()
        if self._is_frameset_ok and not _is_blank(visible):
            self._is_frameset_ok = False

    def start(self, name: str, attributes: Attributes, *, is_closed: bool) -> str | None:
        """Take a start tag; return the name of the raw text element that it opened (`plaintext` too), else `None`."""
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
        """Take an end tag that closes no raw text element."""
        if not self.has_foreign_node:
            self._end_in(self._mode, name)
            return
        if name in ("br", "p"):
            self._leave_foreign()
            self._end_in(self._mode, name)
            return
        # 13.2.6.5, "any other end tag": up through the foreign elements, then by the rules of HTML.
        for index in range(len(self.stack) - 1, 0, -1):
            self._count(1)
            key = self.stack[index].key
            if ":" not in key:
                break
            if key[2:] == name:
                self._pop_to(index)
                return
        self._end_in(self._mode, name)

    # The stack of open elements, 13.2.4.2

    def _count(self, steps: int) -> None:
        self._steps_left -= steps
        if self._steps_left < 0:
            raise TooDeepError

    def _push(self, key: str, attributes: Attributes | None = None) -> Element:
        element = Element(key, attributes or {})
        self.stack.append(element)
        self._added(element)
        return element

    def _added(self, element: Element) -> None:
        element.is_open = True
        self._open[element.key] += 1
        self._foreign += ":" in element.key
        if len(self.stack) > DEPTH_MAX_ELEMENTS:
            raise TooDeepError

    def _pop(self) -> Element:
        element = self.stack.pop()
        self._gone(element)
        return element

    def _gone(self, element: Element) -> None:
        element.is_open = False
        self._open[element.key] -= 1
        self._foreign -= ":" in element.key

    def _pop_to(self, index: int) -> None:
        self._count(len(self.stack) - index)
        while len(self.stack) > index:
            self._pop()

    def _pop_until(self, names: Names | str) -> None:
        wanted = frozenset((names,)) if isinstance(names, str) else names
        while self._pop().key not in wanted:
            self._count(1)

    def _remove(self, element: Element) -> None:
        index = self._index(element)
        if index >= 0:
            del self.stack[index]
            self._gone(element)

    def _index(self, element: Element) -> int:
        for index in range(len(self.stack) - 1, -1, -1):
            self._count(1)
            if self.stack[index] is element:
                return index
        return -1

    def _leave_foreign(self) -> None:
        while ":" in (node := self.stack[-1]).key and not (node.key in MATHML_TEXT or node.is_html_point):
            self._pop()

    def _in_scope(self, names: Names | str, kind: str = "") -> bool:
        wanted = frozenset((names,)) if isinstance(names, str) else names
        if not any(self._open[name] for name in wanted):
            return False
        barriers = self._scopes[kind]
        for element in reversed(self.stack):
            self._count(1)
            if element.key in wanted:
                return True
            if element.key in barriers:
                return False
        return False

    def _imply(self, but: str = "", names: Names = IMPLIED) -> None:
        while (key := self.stack[-1].key) in names and key != but:
            self._pop()

    def _close_p(self) -> None:
        if self._in_scope("p", "button"):
            self._imply("p")
            self._pop_until("p")

    def _clear_back_to(self, names: str) -> None:
        wanted = (*names.split(), "template", "html")
        while self.stack[-1].key not in wanted:
            self._count(1)
            self._pop()

    # The list of active formatting elements, 13.2.4.3

    def _clear_formatting(self) -> None:
        while self._formatting and self._formatting.pop() is not None:
            self._count(1)

    def _reconstruct(self) -> None:
        entries = self._formatting
        index = len(entries)
        while index and (entry := entries[index - 1]) is not None and not entry.is_open:
            index -= 1
        self._count(len(entries) - index)
        for position in range(index, len(entries)):
            entry = entries[position]
            if entry is not None:  # pragma: no branch - markers stand only below `index`
                entries[position] = self._push(entry.key, entry.attributes)

    def _format(self, name: str, attributes: Attributes) -> None:
        alike = []
        for position in range(len(self._formatting) - 1, -1, -1):
            self._count(1)
            entry = self._formatting[position]
            if entry is None:
                break
            if entry.key == name and entry.attributes == attributes:
                alike.append(position)
        # "Noah's Ark clause": three of a kind at most.
        if len(alike) >= 3:
            del self._formatting[alike[-1]]
        self._formatting.append(self._push(name, attributes))

    def _last_formatting(self, name: str) -> Element | None:
        for entry in reversed(self._formatting):
            self._count(1)
            if entry is None or entry.key == name:
                return entry
        return None

    def _adopt(self, name: str) -> None:
        """Run the adoption agency algorithm, 13.2.6.4.7, as far as it moves entries of the two lists."""
        if self.stack[-1].key == name and not any(entry is self.stack[-1] for entry in self._formatting):
            self._pop()
            return
        for _ in range(8):
            element = self._last_formatting(name)
            if element is None:
                self._end_other(name)
                return
            index = self._index(element)
            if index < 0:
                self._formatting.remove(element)
                return
            if not self._element_in_scope(element):
                return
            furthest = next((i for i in range(index + 1, len(self.stack)) if self.stack[i].key in SPECIAL), None)
            self._count(len(self.stack) - index)
            if furthest is None:
                self._pop_to(index)
                self._formatting.remove(element)
                return
            self._adopt_block(element, self.stack[furthest], furthest)

    def _element_in_scope(self, element: Element) -> bool:
        for node in reversed(self.stack):
            self._count(1)
            if node is element:
                return True
            if node.key in self._scopes[""]:
                return False
        return False  # pragma: no cover - the element is on the stack

    def _adopt_block(self, element: Element, block: Element, furthest: int) -> None:
        formatting = self._formatting
        bookmark = element
        is_after = False
        last_is_block = True
        position = furthest
        counter = 0
        while True:
            counter += 1
            position -= 1
            node = self.stack[position]
            self._count(len(formatting) + 1)
            if node is element:
                break
            place = next((i for i, entry in enumerate(formatting) if entry is node), None)
            if counter > 3 and place is not None:
                del formatting[place]
                place = None
            if place is None:
                del self.stack[position]
                self._gone(node)
                continue
            clone = Element(node.key, node.attributes)
            formatting[place] = self.stack[position] = clone
            node.is_open, clone.is_open = False, True
            if last_is_block:
                bookmark, is_after, last_is_block = clone, True, False
        clone = Element(element.key, element.attributes)
        # The clone goes where the bookmark is: in the formatting element's own place, or after the last node cloned
        # first.
        place = next(i for i, entry in enumerate(formatting) if entry is bookmark)
        formatting.insert(place + is_after, clone)
        formatting.remove(element)
        self.stack.remove(element)
        self._gone(element)
        self.stack.insert(next(i for i, node in enumerate(self.stack) if node is block) + 1, clone)
        self._added(clone)

    # Insertion modes

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

    def _open_body(self) -> None:
        """Open all that text implies, from whichever mode before the body: html, head and body."""
        while self._mode in _BEFORE_BODY:
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
            # After the head, it goes back on the stack for this one element; what stays open is a template at most.
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
            self._is_frameset_ok = False
            self._push("template")
            self._mode = "in_template"
            self._template_modes.append("in_template")
        return name if name in RAW_TEXT_NAMES else None

    # 13.2.6.4.7: in body

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
        alike = ("li",) if name == "li" else ("dd", "dt")
        for element in reversed(self.stack):
            self._count(1)
            if element.key in alike:
                self._imply(element.key)
                self._pop_until(element.key)
                break
            if element.key in SPECIAL and element.key not in ("address", "div", "p"):
                break
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
        """Take param, source or track: never open, and without a say in anything."""

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
            self._mode = "in_select_in_table" if self._mode in _TABLE_MODES else "in_select"

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
            # With "foster parenting", which moves nodes, but no entry of the stack.
            return self._start_in_body(name, attributes)
        return None

    def _start_in_caption(self, name: str, attributes: Attributes) -> str | None:
        if name not in TABLE_PART:
            return self._start_in_body(name, attributes)
        return self._again(name, attributes) if self._close_caption() else None

    def _close_caption(self) -> bool:
        if not self._in_scope("caption", "table"):
            return False
        self._pop_until("caption")
        self._clear_formatting()
        self._mode = "in_table"
        return True

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
        if not self._in_scope(TABLE_CELL, "table"):
            return None
        self._close_cell()
        return self._again(name, attributes)

    def _close_cell(self) -> None:
        self._imply()
        self._pop_until(TABLE_CELL)
        self._clear_formatting()
        self._mode = "in_row"

    # 13.2.6.4.16 and .17 as they were until 2025: in select

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
            if self._close_select():
                return self._again(name, attributes)
        elif name in ("script", "template"):
            return self._head_element(name)
        return None

    def _close_select(self) -> bool:
        # "In select scope" is all but option and optgroup: nothing else can be open above a select, but a template.
        for element in reversed(self.stack):
            if element.key == "select":
                self._pop_until("select")
                self._reset_mode()
                return True
            if element.key not in ("option", "optgroup"):
                break
        return False

    def _start_in_select_in_table(self, name: str, attributes: Attributes) -> str | None:
        if name in IN_SELECT_TABLE:
            self._pop_until("select")
            self._reset_mode()
            return self._again(name, attributes)
        return self._start_in_select(name, attributes)

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

    # End tags

    def _end_before(self, name: str) -> None:
        mode = self._mode
        if name == "head" and mode == "in_head":
            self._imply_next()
        elif name in ("body", "html", "br") or mode == "initial" or (name == "head" and mode != "after_head"):
            self._imply_next()
            self._end_in(self._mode, name)

    _end_initial = _end_before_html = _end_before_head = _end_in_head = _end_after_head = _end_before

    def _close_template(self) -> None:
        if self.is_in_template:
            self._imply(names=IMPLIED_THOROUGHLY)
            self._pop_until("template")
            self._clear_formatting()
            self._template_modes.pop()
            self._reset_mode()

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
        if form is not None and self._index(form) >= 0 and self._element_in_scope(form):
            self._imply()
            self._remove(form)

    def _end_other(self, name: str) -> None:
        """Close `name` as "any other end tag" does: never past a special element."""
        for index in range(len(self.stack) - 1, -1, -1):
            self._count(1)
            key = self.stack[index].key
            if key == name:
                self._imply(name)
                self._pop_to(index)
                return
            if key in SPECIAL:
                return

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
            if self._close_caption():
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
            self._pop_until("select")
            self._reset_mode()
            self._end_in(self._mode, name)

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


_BEFORE_BODY: Final = frozenset(("initial", "before_html", "before_head", "in_head", "after_head"))
_AFTER_BODY: Final = frozenset(("after_body", "after_after_body"))
_TABLE_MODES: Final = frozenset(("in_table", "in_caption", "in_column_group", "in_table_body", "in_row", "in_cell"))
_SELECT_MODES: Final = frozenset(("in_select", "in_select_in_table"))
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
_TEMPLATE_MODE: Final[dict[str, str]] = {
    **dict.fromkeys((*TABLE_SECTION, "caption", "colgroup"), "in_table"),
    **dict.fromkeys(TABLE_CELL, "in_row"),
    "col": "in_column_group",
    "tr": "in_table_body",
}
_BODY_START: Final[dict[str, Callable[[Tree, str, Attributes], str | None]]] = {
    **dict.fromkeys((*CLOSES_P, *HEADING, "pre", "listing"), Tree._open_block),
    **dict.fromkeys((*FORMATTING, "a", "nobr"), Tree._open_formatting),
    **dict.fromkeys(MARKED, Tree._open_marked),
    **dict.fromkeys((*VOID_NOT_OK, "input", "image"), Tree._put_void),
    **dict.fromkeys(("textarea", "xmp", "iframe", "noembed", "noscript"), Tree._open_raw),
    **dict.fromkeys(("option", "optgroup"), Tree._open_option),
    **dict.fromkeys(("rb", "rtc", "rp", "rt"), Tree._open_ruby),
    **dict.fromkeys(("li", "dd", "dt"), Tree._open_item),
    **dict.fromkeys(VOID, Tree._put_nothing),
    "body": Tree._open_second_body,
    "frameset": Tree._open_frameset,
    "form": Tree._open_form,
    "plaintext": Tree._open_plaintext,
    "button": Tree._open_button,
    "table": Tree._open_table,
    "hr": Tree._put_hr,
    "select": Tree._open_select,
}
