"""A page with its server-side tags found, and the page as a browser may receive it for each way through the branches.

A tag is masked by as many characters, so all offsets stay the same. A tag that prints a value becomes an identifier,
any other tag white space.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import Final, Literal

from rr_snippet.check.blocks import Span, read_blocks
from rr_snippet.check.choices import Choice, ways
from rr_snippet.check.kinds import Engine
from rr_snippet.check.tags import Finder, Tag

# What is between these is a value.
_BEFORE_VALUE: Final = tuple(":([=+?")
_AFTER_VALUE: Final = tuple(",)]};+")
_AROUND_MAX_CHARS: Final = 200
_COMMA: Final = re.compile(r"['\"]\s*+,\s*+['\"]")
_AFTER_ITEM: Final = tuple("}])\"'")

_SCRIPT: Final = re.compile(r"<script\b", re.IGNORECASE)
_SCRIPT_END: Final = re.compile(r"</script", re.IGNORECASE)
_WORTH_IT: Final = re.compile(r"(?i)rr_?api|rr_?on_?ready|setcustomer")

# Tags of engines that are not read here. Go: https://pkg.go.dev/text/template; Handlebars:
# https://handlebarsjs.com/guide/; a variable of Google Tag Manager has blanks in its name, unlike an expression.
_FOREIGN_TAG: Final = re.compile(
    r"\{\{-?\s*+(?:\.|\$\.|(?:if|with|range|template|block|define)\s+[.$\"]|(?:else|end)\b)"
    r"|\{\{(?:\{|[#/^>&]|!--|else\b)"
    r"|\{\{[A-Za-z]\w*+(?: - |(?: (?!(?:if|and|or|in|is|not|else)\b)\w++)+\}\})"
    r"|\[\[[$#@]"
)
_FOREIGN_FILE: Final = re.compile(
    r"\{\{|\{%|<%|\$!?\{|<[#@]|\[#|#(?:if|set|foreach|end|else|parse|include)\b|\$!?[A-Za-z]|(?<![\w.])@[\w({]|\{[$=]|</?[a-z]\w*+:"
)
_ESCAPING: Final = re.compile(
    r"\{%-?\s*+(?:autoescape\s+['\"]?(js|false|off)\b|filter\s+escape(js)|apply\s+e(?:scape)?\(['\"](js)|end(?:autoescape|filter|apply))"
)
_ASSIGNED: Final = re.compile(
    r"(\$[A-Za-z_]\w*+(?:->\w++|\[['\"]\w++['\"]\])*+)\s*+=(?![=>])([^;]{1,400})"
    r"|\{%-?\s*+set\s+(\w++)\s*+=(.{1,400}?)-?%\}"
)


class Template:
    """A page's text with its server-side tags found."""

    def __init__(self, text: str, engine: Engine = "mixed") -> None:
        self.text = text
        self.engine = engine
        finder = Finder(text, engine)
        self.tags = () if engine == "none" else tuple(finder.tags())
        self._starts = [tag.start for tag in self.tags]
        self._stops = [tag.stop for tag in self.tags]
        choices, self._comments = read_blocks(self.tags)
        self._choices: list[Choice] = [*finder.choices, *choices]

    def tags_within(self, start: int, stop: int) -> tuple[Tag, ...]:
        """Return the tags that are at least partly between `start` and `stop`."""
        return self.tags[bisect_right(self._stops, start) : bisect_left(self._starts, stop)]

    def foreign_in(self, start: int, stop: int) -> int | None:
        """Return the offset of the first tag between `start` and `stop` that cannot be read, or `None`."""
        if self.engine in ("gtm", "none"):
            return None
        pattern = _FOREIGN_FILE if self.engine == "foreign" else _FOREIGN_TAG
        if self.engine != "foreign" and not any(self.text.find(sign, start, stop) != -1 for sign in ("{{", "[[")):
            return None  # a large script is not searched twice
        found = pattern.search(self.text, start, stop)
        return None if found is None else found.start()

    def is_uncertain(self, start: int, stop: int) -> bool:
        """Return whether a tag between `start` and `stop` may print anything."""
        return any(tag.does == "output" for tag in self.tags_within(start, stop))

    @cached_property
    def helper(self) -> Literal["django", "jinja"] | None:
        """The engine of the page, if this library has a tag of its own for it."""
        if self.engine == "jinja" or any(tag.opener == "{{" and "tojson" in tag.text for tag in self.tags):
            return "jinja"
        is_django = any(tag.word == "load" or (tag.opener == "{{" and "escapejs" in tag.text) for tag in self.tags)
        return "django" if is_django else None

    def escaping_at(self, offset: int) -> Literal["js", "none"] | None:
        """Return how a block around `offset` escapes what is printed in it, `None` for the engine's usual way."""
        return next((escaping for start, stop, escaping in self._escaped if start <= offset < stop), None)

    @cached_property
    def _escaped(self) -> list[tuple[int, int, Literal["js", "none"]]]:
        ranges: list[tuple[int, int, Literal["js", "none"]]] = []
        start, escaping = 0, ""
        for found in _ESCAPING.finditer(self.text):
            if escaping:
                ranges.append((start, found.start(), "none" if escaping in ("false", "off") else "js"))
            start, escaping = found.end(), found[1] or found[2] or found[3] or ""
        return ranges

    @cached_property
    def assigned(self) -> dict[str, str]:
        """The last expression that the page itself assigns to each variable."""
        found = _ASSIGNED.finditer(self.text)
        return {match[1] or match[3]: match[2] or match[4] for match in found}

    def loops_within(self, start: int, stop: int) -> list[Span]:
        """Return the bodies of loops between `start` and `stop`."""
        arms = (choice.arms[0] for choice in self._choices if choice.is_loop)
        return [(arm.start, arm.stop) for arm in arms if start <= arm.start and arm.stop <= stop]

    def readings(self) -> Iterator[str]:
        """Yield the page without its tags, once for each way through the branches that matter."""
        if not self.tags:
            yield self.text
            return
        whole = self._masked
        for way in ways([choice for choice in self._choices if self._matters(choice)]):
            hidden = [span for choice in self._choices for span in choice.skipped(way)]
            yield _blanked(whole, [*hidden, *self._comments])

    def _matters(self, choice: Choice) -> bool:
        index = bisect_right(self._worth_it, choice.start, key=itemgetter(1))
        return index < len(self._worth_it) and self._worth_it[index][0] < choice.stop

    @cached_property
    def _worth_it(self) -> list[Span]:
        """The scripts that mention the tracker, or the whole text if there are none."""
        spans: list[Span] = []
        position = 0
        while (opened := _SCRIPT.search(self.text, position)) is not None:
            closed = _SCRIPT_END.search(self.text, opened.end())
            position = len(self.text) if closed is None else closed.start()
            if _WORTH_IT.search(self.text, opened.end(), position):
                spans.append((opened.start(), position))
        return spans or [(0, len(self.text))]

    @cached_property
    def _masked(self) -> str:
        pieces: list[str] = []
        position = 0
        for tag in self.tags:
            pieces += (self.text[position : tag.start], self._mask(tag))
            position = tag.stop
        pieces.append(self.text[position:])
        return "".join(pieces)

    def _mask(self, tag: Tag) -> str:
        length = tag.stop - tag.start
        if tag.mask:
            return tag.mask.ljust(length)
        if tag.does not in ("value", "output"):
            return " " * length
        before = self.text[max(0, tag.start - _AROUND_MAX_CHARS) : tag.start].rstrip()
        if tag.does == "value":
            is_comma = before.endswith(_AFTER_ITEM) and _COMMA.search(tag.text) is not None
            return ",".ljust(length) if is_comma else "x" * length
        after = self.text[tag.stop : tag.stop + _AROUND_MAX_CHARS].lstrip()
        return ("x" if before.endswith(_BEFORE_VALUE) and after.startswith(_AFTER_VALUE) else " ") * length


def _blanked(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    position = 0
    for start, stop in sorted(spans):
        if stop > position:
            start = max(start, position)
            pieces += (text[position:start], " " * (stop - start))
            position = stop
    return "".join(pieces) + text[position:]
