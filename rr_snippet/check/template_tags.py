"""Server-side tags in a page: where they stand, what kind they are, and the page without them.

Known are `{{ }}`, `{% %}` and `{# #}` of Jinja, Django and Twig, `<?php ?>` and `<?= ?>`, and `<% %>` of ERB and ASP.
A tag is masked by as many characters, so that every position in the page stays as it was: what prints becomes an
identifier, anything else white space. Where a template chooses between branches, the page is read once a branch, for
no visitor ever gets two of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

Kind = Literal["expression", "statement", "comment"]

_OPENER: Final = re.compile(r"\{\{|\{%|\{#|<\?(?:[pP][hH][pP]\b|=|(?=\s))|<%")
_CLOSER: Final = {"{{": "}}", "{%": "%}", "{#": "#}", "<?": "?>", "<%": "%>"}
# In a script `{{` and `{#` may be code: what closes them must not be far, and no statement may be between.
_MAX_CHARS: Final = {"{{": 1_000, "{#": 5_000, "{%": 10_000}

_PRINTS: Final = re.compile(r"(?i)\s*(?:echo|print|response\.write)\b")
_WORD: Final = re.compile(r"[\s\-+~]*([A-Za-z]*)")

_CONTROL: Final = re.compile(r"-\s*(?:if|unless|case|when|for|while|else|elsif|end|[\w.@]+\.each)\b")

# The page is read so many times at most, whatever its branches and theirs could be combined to.
_READINGS_MAX: Final = 8
_TWIG_BLOCKS: Final = frozenset(("if", "ifequal", "ifnotequal", "ifchanged", "unless", "for", "comment"))
_TWIG_ELSE: Final = frozenset(("else", "elif", "elseif", "elsif", "empty"))
_CODE_ELSE: Final = re.compile(r"(?i)[\s}\-]*(?:else|elif|elseif|elsif)\b")
_CODE_CLOSE: Final = re.compile(r"(?i)[\s\-]*(?:\}[^{]*\Z|end\w*\b|next\b|loop\b|wend\b)")
_CODE_OPEN: Final = re.compile(
    r"(?is)[\s\-]*(?:(?:if|unless|case|for|foreach|while|do|select|switch)\b|[^{}]*\bdo\b).*(?<![;}])\Z|.*\{\s*\Z"
)

# Between these, whatever stands is a value.
_BEFORE_VALUE: Final = tuple(":([=+?")
_AFTER_VALUE: Final = tuple(",)]};+")


@dataclass(frozen=True, slots=True)
class Tag:
    """One server-side tag, from `start` up to `stop`; `text` is what stands between its delimiters."""

    start: int
    stop: int
    kind: Kind
    opener: str
    text: str


class _Choice(NamedTuple):
    """A block with branches: how many others are around it, and from where to where each branch goes."""

    depth: int
    branches: list[tuple[int, int]]


@dataclass(slots=True)
class _Block:
    """A block that is open: its word, and where each of its branches starts and stops."""

    word: str
    branches: list[tuple[int, int]]
    start: int


class Template:
    """A page's text with its server-side tags found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tags = tuple(_find_tags(text))
        self._starts = [tag.start for tag in self.tags]
        self._stops = [tag.stop for tag in self.tags]

    def tags_within(self, start: int, stop: int) -> tuple[Tag, ...]:
        """Return the tags of which at least a part lies from `start` up to `stop`."""
        return self.tags[bisect_right(self._stops, start) : bisect_left(self._starts, stop)]

    def readings(self) -> Iterator[str]:
        """Yield the page without its tags, once a branch: the first of every choice, then the second, and so on."""
        if not self.tags:
            yield self.text
            return
        for number in range(self._readings[0]):
            yield self._reading(number)

    @cached_property
    def _readings(self) -> tuple[int, list[tuple[int, int]]]:
        """How many readings there are, and for each depth of nesting after how many its blocks change, and how often.

        The digits of a number: those of the outermost blocks change with every reading.
        """
        widths: dict[int, int] = {}
        for choice in self._blocks[0]:
            widths[choice.depth] = max(widths.get(choice.depth, 1), len(choice.branches))
        count = 1
        digits = []
        for depth in range(max(widths, default=-1) + 1):
            width = widths.get(depth, 1)
            digits.append((count, width))
            count = min(count * width, _READINGS_MAX)
        return count, digits

    def _reading(self, number: int) -> str:
        pieces: list[str] = []
        position = 0
        for tag in self.tags:
            pieces += (self.text[position : tag.start], self._mask(tag))
            position = tag.stop
        pieces.append(self.text[position:])
        whole = "".join(pieces)
        choices, comments = self._blocks
        _, digits = self._readings
        hidden: list[tuple[int, int]] = []
        for depth, branches in choices:
            divisor, width = digits[depth]
            taken = min(number // divisor % width, len(branches) - 1)
            hidden += (span for index, span in enumerate(branches) if index != taken)
        pieces = []
        position = 0
        for start, stop in sorted([*hidden, *comments]):
            if stop > position:
                start = max(start, position)
                pieces += (whole[position:start], " " * (stop - start))
                position = stop
        return "".join(pieces) + whole[position:]

    def _mask(self, tag: Tag) -> str:
        is_value = tag.kind == "expression"
        if tag.kind == "statement":
            before = self.text[max(0, tag.start - 200) : tag.start].rstrip()
            after = self.text[tag.stop : tag.stop + 200].lstrip()
            is_value = before.endswith(_BEFORE_VALUE) and after.startswith(_AFTER_VALUE)
        return ("x" if is_value else " ") * (tag.stop - tag.start)

    @cached_property
    def _blocks(self) -> tuple[list[_Choice], list[tuple[int, int]]]:
        """The blocks with branches, and where comments made of two tags stand."""
        choices: list[_Choice] = []
        comments: list[tuple[int, int]] = []
        stacks: dict[str, list[_Block]] = {}
        for tag in self.tags:
            if tag.kind != "statement":
                continue
            stack = stacks.setdefault(tag.opener, [])
            role, word = _role(tag)
            if role == "open":
                stack.append(_Block(word, [], tag.stop))
            elif role == "else" and stack:
                stack[-1].branches.append((stack[-1].start, tag.start))
                stack[-1].start = tag.stop
            elif role == "close" and stack and word == stack[-1].word:
                block = stack.pop()
                last = (block.start, tag.start)
                if word == "comment":
                    comments.append(last)
                elif block.branches:
                    choices.append(_Choice(len(stack), [*block.branches, last]))
        return choices, comments


def _find_tags(text: str) -> Iterator[Tag]:
    position = 0
    closers: dict[str, int] = {}
    while (match := _OPENER.search(text, position)) is not None:
        start = match.start()
        opener = text[start : start + 2]
        position = match.end()
        # What closes the next tag is looked up once, and again only when it lies behind: linear, whatever is open.
        if closers.get(opener, 0) < position and closers.get(opener) != -1:
            closers[opener] = text.find(_CLOSER[opener], position)
        closer = closers[opener]
        if closer == -1 and opener == "<?":
            closer = len(text)
        if closer == -1 or closer - position > _MAX_CHARS.get(opener, len(text)):
            continue
        content = text[position:closer]
        if opener == "{{" and ";" in content:
            continue
        stop = min(closer + 2, len(text))
        yield Tag(start, stop, _kind(opener, match[0], content), opener, content)
        position = stop


def _kind(opener: str, matched: str, content: str) -> Kind:
    if opener == "{#" or (opener == "<%" and content.startswith(("#", "--"))):
        return "comment"
    if opener == "{{" or matched == "<?=" or (opener == "<%" and content.startswith(("=", ":"))):
        return "expression"
    if opener == "<%" and content.startswith("-") and not _CONTROL.match(content):
        return "expression"  # of EJS; in ERB the dash only trims
    return "expression" if opener != "{%" and _PRINTS.match(content) else "statement"


def _role(tag: Tag) -> tuple[str, str]:
    """Return what a statement does to blocks (`open`, `else`, `close` or nothing), and the word of the block."""
    text = tag.text.strip()
    if tag.opener == "{%":
        match = _WORD.match(text)
        word = match[1].lower() if match else ""
        if word in _TWIG_BLOCKS:
            return "open", word
        if word in _TWIG_ELSE:
            return "else", ""
        if word.startswith("end") and word[3:] in _TWIG_BLOCKS:
            return "close", word[3:]
        return "", ""
    if _CODE_ELSE.match(text):
        return "else", ""
    if _CODE_CLOSE.match(text):
        return "close", ""
    return ("open", "") if _CODE_OPEN.match(text) else ("", "")
