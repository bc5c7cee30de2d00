"""Guess why a text is not JSON, by the characters at the place of the fault."""

from __future__ import annotations

import re
from typing import Final

_CALL: Final = re.compile(r"<script|\brrApi(?:OnReady)?\b")
_TABLE: Final = re.compile(r"[^\n]*[,;\t]")
_TEXT: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*+"')
_WORD: Final = re.compile(r"[^\W\d]\w*+(?=(\s*+:)?)")
_COMMENT: Final = re.compile(r"//|/\*|#|<!--")
_FOREIGN_WORDS: Final = {
    **dict.fromkeys(("True", "False", "None"), "python_word"),
    **dict.fromkeys(("undefined", "NaN", "Infinity"), "script_word"),
}
_CHARS: Final = {
    **dict.fromkeys("'`", "single_quotes"),
    **dict.fromkeys("“”„«»‘’", "curly_quotes"),
    **dict.fromkeys("+.", "number"),
    "\\": "escape",
}
_BEGINNINGS: Final = frozenset('"{[-0123456789')


def json_reason(text: str, position: int, *, is_end: bool = False) -> tuple[int, dict[str, int]]:
    """Return the place of a fault, and its reason as a detail of `customer.json`, or no detail if it is unknown.

    The text is valid up to `position`. With `is_end` it is a whole document up to there.
    """
    sound = text[:position].rstrip()
    char = text[position : position + 1]
    # Python 3.13 points at the comma, 3.11 behind it, and both may stop before or after white space.
    if char in ("}", "]") and sound.endswith(","):
        return len(sound) - 1, {"trailing_comma": 1}
    if char == "," and text[position + 1 :].lstrip()[:1] in ("}", "]"):
        return position, {"trailing_comma": 1}
    if sound and not text[position:].strip():
        return len(sound), {"cut_off": 1}
    reason = _reason(text, position, sound[-1:], is_end=is_end)
    return position, {reason: 1} if reason else {}


def _reason(text: str, position: int, before: str, *, is_end: bool) -> str | None:
    char = text[position : position + 1]
    word = _WORD.match(text, position)
    if not before:
        return "empty" if not char.strip() else _other_document(text, position)
    if _COMMENT.match(text, position):
        return "comment"
    if is_end:
        return "more"
    if char == '"' and not _TEXT.match(text, position):
        return "open_text"
    if char in _CHARS or char < " ":
        return _CHARS.get(char, "control")
    if word is not None:
        return _FOREIGN_WORDS.get(word[0], "bare_name" if word[1] else "bare_text")
    if char.isdigit() and before.isdigit():
        return "number"
    return "missing_comma" if char in _BEGINNINGS and (before in '"}]' or before.isalnum()) else None


def _other_document(text: str, position: int) -> str | None:
    """Return what a text is if it does not even begin like JSON."""
    if _CALL.search(text):
        return "call"
    if _COMMENT.match(text, position):
        return "comment"
    return "table" if _TABLE.match(text, position) else None
