"""Formatting that outlives an element's end: the list of active formatting elements, and the adoption agency.

Source: https://html.spec.whatwg.org/#the-list-of-active-formatting-elements and the clauses named below.
"""

from __future__ import annotations

from rr_snippet.html.standard.names import SPECIAL
from rr_snippet.html.standard.stack import Attributes, Element, OpenElements


class FormattingElements(OpenElements):
    """The open elements, and those whose formatting outlives their end tag."""

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
        # The "Noah's Ark clause": at most three of a kind.
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
        """Run the adoption agency algorithm, 13.2.6.4.7, as far as it changes the two lists."""
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
        # The clone takes the bookmark's place: that of the formatting element, or behind the first node cloned above.
        place = next(i for i, entry in enumerate(formatting) if entry is bookmark)
        formatting.insert(place + is_after, clone)
        formatting.remove(element)
        self.stack.remove(element)
        self._gone(element)
        self.stack.insert(next(i for i, node in enumerate(self.stack) if node is block) + 1, clone)
        self._added(clone)
