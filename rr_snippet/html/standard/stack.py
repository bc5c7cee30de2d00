"""The stack of open elements, and the state that all parts of the tree construction share.

Source: https://html.spec.whatwg.org/#parse-state, clause 13.2.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rr_snippet.html.found import DEPTH_MAX_ELEMENTS
from rr_snippet.html.standard.names import (
    BLOCK_END,
    BUTTON_SCOPE,
    HTML_ANNOTATION,
    HTML_POINT,
    IMPLIED,
    LIST_SCOPE,
    MATHML_TEXT,
    SCOPE,
    TABLE_SCOPE,
    Names,
)

Attributes = Mapping[str, str]


class TooDeepError(Exception):
    """The page nests deeper than a browser follows, or cannot be read exactly in linear time."""


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
    """The stack of open elements, and the other state that the insertion modes share.

    With `relaxed_select` a `select` may hold any markup, as in the standard since 2025. Without it, most markup in a
    `select` is ignored, as before. Browsers of both kinds are in use. `steps_max` limits the work.
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

    # For the scanner

    @property
    def is_in_template(self) -> bool:
        """Whether a template is open."""
        return bool(self._template_modes)

    @property
    def template_depth(self) -> int:
        """The number of open templates."""
        return len(self._template_modes)

    @property
    def is_in_foreign(self) -> bool:
        """Whether an svg or math element is open. Being in an integration point makes no difference."""
        return self._foreign > 0

    @property
    def is_in_select(self) -> bool:
        """Whether a select is open."""
        return self._open["select"] > 0

    @property
    def has_foreign_node(self) -> bool:
        """Whether the current node is an svg or math element, where there is CDATA and no raw text."""
        return bool(self.stack) and ":" in self.stack[-1].key

    # 13.2.4.2

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
        for element in reversed(self.stack):  # pragma: no branch - every search ends at the html element at the latest
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
