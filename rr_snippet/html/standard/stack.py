"""The open elements of a page and the formatting to be carried on: the state of the standard's tree construction.

Source: https://html.spec.whatwg.org/#parse-state, the clauses of 13.2.4 named below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from rr_snippet.html.standard.names import (
    BLOCK_END,
    BUTTON_SCOPE,
    HTML_ANNOTATION,
    HTML_POINT,
    IMPLIED,
    IMPLIED_THOROUGHLY,
    LIST_SCOPE,
    MATHML_TEXT,
    SCOPE,
    SPECIAL,
    TABLE_SCOPE,
    Names,
)

# Chromium flattens what is nested deeper (kMaximumHTMLParserDOMTreeDepth), so there the standard is no guide any more.
DEPTH_MAX_ELEMENTS: Final = 512
Attributes = Mapping[str, str]

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


class OpenElements:
    """The stack of open elements, the list of active formatting elements, and what else the insertion modes share.

    `relaxed_select` reads `select` as the standard does since 2025 (any markup inside it), else as it did before (most
    markup inside it is ignored): browsers of both kinds are in use. `steps_max` bounds the work.
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
        if element.is_open:
            del self.stack[self._index(element)]
            self._gone(element)

    def _upwards(self) -> Iterator[Element]:
        for element in reversed(self.stack):  # pragma: no branch - whoever looks finds the html element at the latest
            self._count(1)
            yield element

    def _nearest(self, names: Names) -> Element:
        return next(element for element in self._upwards() if element.key in names)

    def _index(self, element: Element) -> int:
        return len(self.stack) - 1 - next(up for up, node in enumerate(self._upwards()) if node is element)

    def _leave_foreign(self) -> None:
        while ":" in (node := self.stack[-1]).key and not (node.key in MATHML_TEXT or node.is_html_point):
            self._pop()

    def _in_scope(self, names: Names | str, kind: str = "") -> bool:
        wanted = frozenset((names,)) if isinstance(names, str) else names
        if not any(self._open[name] for name in wanted):
            return False
        # The html element is in every list of barriers.
        return self._nearest(wanted | self._scopes[kind]).key in wanted

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
            if not element.is_open:
                self._formatting.remove(element)
                return
            if not self._element_in_scope(element):
                return
            index = self._index(element)
            furthest = next((i for i in range(index + 1, len(self.stack)) if self.stack[i].key in SPECIAL), None)
            self._count(len(self.stack) - index)
            if furthest is None:
                self._pop_to(index)
                self._formatting.remove(element)
                return
            self._adopt_block(element, self.stack[furthest], furthest)

    def _end_other(self, name: str) -> None:
        """Close `name` as "any other end tag" does: never past a special element."""
        element = next(node for node in self._upwards() if node.key == name or node.key in SPECIAL)
        if element.key == name:
            self._imply(name)
            self._pop_to(self._index(element))

    def _element_in_scope(self, element: Element) -> bool:
        return next(node for node in self._upwards() if node is element or node.key in self._scopes[""]) is element

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

    # Insertion modes, each a pair of methods named after it

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
