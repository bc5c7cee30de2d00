"""The blocks of templates other than PHP: the tags that open, divide and close them, and the choices they make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rr_snippet.check.choices import Arm, Choice
from rr_snippet.check.tags import Tag

Span = tuple[int, int]

_BRACE_WORDS: Final = frozenset(
    ("if", "ifequal", "ifnotequal", "ifchanged", "unless", "for", "case", "switch", "comment", "asyncEach", "tablerow")
)
_SMARTY_WORDS: Final = frozenset(("if", "foreach", "section", "for", "while"))
_BLADE_WORDS: Final = frozenset(
    (
        *("if", "unless", "isset", "auth", "guest", "foreach", "forelse", "for", "while", "can", "cannot", "env"),
        *("production", "error", "switch", "hasSection"),
    )
)
_ELSE: Final = frozenset(("else", "empty", "foreachelse", "sectionelse", "forelse", "elseauth", "elseguest", "elsecan"))
_ELSE_IF: Final = frozenset(("elif", "elseif", "elsif"))
_CASES: Final = frozenset(("when", "case"))

_CODE_ELSE: Final = re.compile(r"(?i)[\s}\-]*+(?:else|elif|elseif|elsif)\b")
_CODE_CLOSE: Final = re.compile(r"(?i)[\s\-]*+(?:\}[^{]*\Z|end\w*+\b|next\b|loop\b|wend\b)")
_CODE_OPEN: Final = re.compile(
    r"(?is)[\s\-]*(?:(?:if|unless|case|for|foreach|while|do|select|switch)\b|[^{}]*\bdo\b).*(?<![;}])\Z|.*\{\s*\Z"
)
_CODE_IF: Final = re.compile(r"(?i)[\s}\-]*+(?:else\s*+if|elsif|elseif|elif|if)\b")


class _Part(NamedTuple):
    """What a tag does to a block: `open`, `else`, `close` or nothing, with the block's word and a condition."""

    role: str = ""
    word: str = ""
    condition: str | None = None


@dataclass(slots=True)
class _Block:
    """An open block. Its condition is empty until a branch begins."""

    word: str
    start: int
    condition: str | None
    arms: list[Arm] = field(default_factory=list)

    def close_arm(self, stop: int) -> None:
        """Keep the branch that ends at `stop`."""
        if self.condition != "":
            self.arms.append(Arm(self.start, stop, self.condition))


def read_blocks(tags: Iterable[Tag]) -> tuple[list[Choice], list[Span]]:
    """Return the choices between branches that `tags` make, and the comments between two tags."""
    choices: list[Choice] = []
    comments: list[Span] = []
    stacks: dict[str, list[_Block]] = {}
    for tag in tags:
        if tag.does != "control":
            continue
        stack = stacks.setdefault(tag.opener, [])
        part = _part(tag)
        if part.role == "open":
            stack.append(_Block(part.word, tag.stop, part.condition))
        elif part.role == "else" and stack:
            stack[-1].close_arm(tag.start)
            stack[-1].start, stack[-1].condition = tag.stop, part.condition
        elif part.role == "close" and stack and part.word == stack[-1].word:
            block = stack.pop()
            block.close_arm(tag.start)
            if part.word == "comment":
                comments.append((block.start, tag.start))
            elif block.arms:
                choices.append(Choice(tuple(block.arms)))
    return choices, comments


def _part(tag: Tag) -> _Part:
    if tag.opener == "<%":
        return _code_part(tag)
    if tag.opener == "{%":
        return _word_part(tag, _BRACE_WORDS, "end")
    if tag.opener == "{":
        return _word_part(tag, _SMARTY_WORDS, "/")
    return _word_part(tag, _BLADE_WORDS, "end") if tag.opener == "@" else _Part()


def _word_part(tag: Tag, words: frozenset[str], end: str) -> _Part:
    word, rest = tag.word, tag.text.strip(" \t\r\n-+~")
    if word in _CASES and (tag.opener != "{%" or word == "when"):
        return _Part("else", "", f"{tag.start}={rest}")
    if word in _ELSE_IF:
        return _Part("else", "", rest)
    # `@empty($x)` opens a block, `@empty` divides one.
    if word in _ELSE and not (tag.opener == "@" and word in ("empty", "forelse") and rest):
        return _Part("else", "", None)
    if word == "default":
        return _Part("else", "", None)
    if word.startswith(end) and word[len(end) :] in {*words, "empty"}:
        return _Part("close", word[len(end) :])
    if word in words or (tag.opener == "@" and word == "empty"):
        return _Part("open", word, _condition(word, rest))
    return _Part()


def _condition(word: str, rest: str) -> str:
    if word == "if":
        return rest
    if word in ("switch", "case"):
        return ""
    if word in ("unless", "cannot"):
        return f"not ({rest})"
    return f"not (auth {rest})" if word == "guest" else f"{word} {rest}"


def _code_part(tag: Tag) -> _Part:
    text = tag.text.strip()
    found = _CODE_IF.match(text)
    condition = text[found.end() :].rstrip(" {-").removesuffix("Then").strip() if found else None
    if _CODE_ELSE.match(text):
        return _Part("else", "", condition)
    if _CODE_CLOSE.match(text):
        return _Part("close")
    if not _CODE_OPEN.match(text):
        return _Part()
    return _Part("open", "", text.rstrip("{ -") if condition is None else condition)
