"""Reads a block of ours back, and tells one from anything that merely looks like it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Final

from rr_snippet.block.escape import escape_text
from rr_snippet.block.frame import prepare_frame
from rr_snippet.block.payload import spread_over_lines
from rr_snippet.customer.customer import FIELDS
from rr_snippet.errors import PageError, Problem

# As far in as the renderer puts the further lines of a spread object.
_MARGIN: Final = 8

# The object, the links in it, and one link; what is deeper is not ours, and need not be read at all.
_DEPTH_MAX: Final = 3

_STRING: Final = r'"[ -!#-~]*+"'
_TOKEN: Final = re.compile(rf"{_STRING}|true|false|[{{}}\[\],:]")
_OBJECT: Final = rf"(?=\{{)(?:{_STRING}|true|false|[{{}}\[\],:]|\n {{{_MARGIN},}}+|(?<=:) )++(?<=\}})"
_NONCE: Final = r'(?: nonce="[A-Za-z0-9+/_-]++={0,2}+")?+'


@cache
def _block_pattern() -> re.Pattern[str]:
    """Return the pattern of a block, made of the templates themselves."""
    frames = {prepare_frame(variant, debug=debug) for variant in ("region", "no-region") for debug in (False, True)}
    forms = sorted({(frame.opening, frame.head, frame.tail) for frame in frames})
    return re.compile(
        "|".join(
            f"{re.escape(opening)}{_NONCE}{re.escape(head)}(?P<object{number}>{_OBJECT}){re.escape(tail)}"
            for number, (opening, head, tail) in enumerate(forms)
        )
    )


def read_block(text: str) -> dict[str, Any]:
    """Return the payload of a block that is ours to the byte, with no character around it.

    Any nonce, the spread form and the debugging form are ours too. Nothing else is: not one more space, no other order
    of keys, no escape that the escaper would not write. Whether the values would pass the rules of today is not asked.

    Raises:
        PageError: `block.not_ours`.
    """
    match = _block_pattern().fullmatch(text)
    payload = _read_object(match[str(match.lastgroup)]) if match else None
    if payload is None:
        raise PageError(Problem.of("block.not_ours"))
    return payload


def _read_object(text: str) -> dict[str, Any] | None:
    tokens = _TOKEN.findall(text)
    compact = "".join(tokens)
    if _depth(tokens) > _DEPTH_MAX or text not in (compact, spread_over_lines(compact, margin=_MARGIN)):
        return None
    try:
        payload = json.loads(compact, object_pairs_hook=_read_pairs)
        if any(token != f'"{escape_text(json.loads(token))}"' for token in tokens if token[0] == '"'):
            return None
    except ValueError:
        return None
    known = [field.alias for field in FIELDS]
    required = {known[0], known[-1]}
    if not isinstance(payload, dict) or not payload.keys() >= required:
        return None
    return payload if list(payload) == [name for name in known if name in payload] else None


def _depth(tokens: list[str]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += (token in ("{", "[")) - (token in ("}", "]"))
        deepest = max(deepest, depth)
    return deepest


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or not pairs:
        raise ValueError("a key twice, or nothing at all: neither is ever written")
    return found
