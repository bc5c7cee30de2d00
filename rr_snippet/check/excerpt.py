"""The part of a finding's line that may be shown: code, but no values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rr_snippet.check.methods import API, METHODS, QUEUE
from rr_snippet.check.person import FIELDS
from rr_snippet.check.positions import Lines
from rr_snippet.check.template import Template
from rr_snippet.customer.push import KINDS

HIDDEN: Final = "…"

# A longer line was written by a program, and helps no reader.
_LINE_MAX_CHARS: Final = 2_000
_SHOWN_MAX_CHARS: Final = 100
_SHOWN_BEFORE_MAX_CHARS: Final = 60
# Replaces a tag of a template while the line around it is read.
_TAG: Final = "\ue000"

_PART: Final = re.compile(f"{_TAG}|[^{_TAG}]+")
_TOKEN: Final = re.compile(
    r"(?P<text>\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|`[^`]*+`?)(?=(?P<colon>\s*+:)?)|(?P<name>[^\W\d\ue000][\w$]*+)"
    r"|(?P<tag>\ue000)|(?P<number>\d[\w.]*+)|(?P<mark>[\s{}()\[\]:;,.=+\-*/<>!&|?$@#%]++)|."
)
_OWN_WORDS: Final = frozenset((
    QUEUE, API, *METHODS, *FIELDS, *KINDS,
    "name", "value", "Name", "Value", "window", "function", "push", "try", "catch", "e", "var", "let", "const",
    "if", "else", "typeof", "return", "null", "undefined", "True", "False", "None", "document",
    "console", "log", "script", "transaction", "items", "id", "qnt", "price", "creationTimestamp", "applicationId",
    "fcmProjectId", "token", "isDevEnvironment", "setTimeout", "String", "Number", "parseInt", "JSON", "parse",
    "Object", "assign", "call", "apply",
))  # fmt: skip


def excerpt(offset: int, lines: Lines, template: Template, *, is_code: bool) -> tuple[str, int] | None:
    """Return what may be shown of the line at `offset`, and the column in it, `None` if the line is too long.

    Tags of a template are code. Names and keys are code only with `is_code`: in a finished page any of them may have
    been a value.
    """
    start, stop = lines.span_of(lines.locate(offset)[0])
    if stop - start > _LINE_MAX_CHARS:
        return None
    text, places, tags = _without_tags(start, stop, template)
    shown, column = "", 1
    printed = iter(tags)
    for at, piece in _pieces(text, is_code=is_code):
        if places[at] <= offset:
            column = len(shown) + 1
        shown += next(printed) if piece == _TAG else piece
    first = max(0, column - 1 - _SHOWN_BEFORE_MAX_CHARS)
    first += len(shown[first:]) - len(shown[first:].lstrip()) if column > first else 0
    return shown[first : first + _SHOWN_MAX_CHARS].rstrip().replace("\t", " "), max(1, column - first)


def _without_tags(start: int, stop: int, template: Template) -> tuple[str, list[int], list[str]]:
    """Return a line with one character for each tag, the offsets of its characters, and the tags."""
    text, places, tags = "", list[int](), list[str]()
    position = start
    for tag in template.tags_within(start, stop):
        first = max(tag.start, start)
        text += template.text[position:first] + _TAG
        places += [*range(position, first), first]
        position = min(tag.stop, stop)
        tags.append(template.text[first:position])
    return text + template.text[position:stop], [*places, *range(position, stop)], tags


def _pieces(text: str, *, is_code: bool) -> Iterator[tuple[int, str]]:
    for found in _TOKEN.finditer(text):
        token, start = found[0], found.start()
        if found["text"]:
            is_key = found["colon"] is not None and _TAG not in token
            is_shown = token[1:-1] in (QUEUE, API) or (is_key and (is_code or token[1:-1] in _OWN_WORDS))
            yield from [(start, token)] if is_shown else _string_pieces(token, start)
        elif found["mark"] or found["tag"] or token in _OWN_WORDS or (is_code and found["name"]):
            yield start, token
        else:
            yield start, HIDDEN


def _string_pieces(token: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield a string with everything hidden but its quotes and tags. A string that is not closed ends with its line."""
    yield start, token[0]
    inner = token[1:].removesuffix(token[0])
    for found in _PART.finditer(inner):
        yield start + 1 + found.start(), _TAG if found[0] == _TAG else HIDDEN
    if len(token) > 1 + len(inner):
        yield start + 1 + len(inner), token[0]
