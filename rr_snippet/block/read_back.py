"""Read a block of ours back, and refuse anything that only looks like one."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from typing import Any, Final

from rr_snippet.block.escape import number_literal, script_literal
from rr_snippet.block.frame import NOBODY, VARIANTS, prepare_frame
from rr_snippet.block.payload import spread_over_lines
from rr_snippet.customer.customer import FIELDS
from rr_snippet.customer.usual import FieldName
from rr_snippet.errors import PageError, Problem

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,),
    "id": (str, int),
    "flag": (bool,),
    "number": (int, Decimal),
    "object": (dict,),
    "array": (list,),
}

# The renderer's margin for the lines of a spread object.
_MARGIN: Final = 8

# The object, its links or items, and one of these. Anything deeper is not ours and need not be read.
_DEPTH_MAX: Final = 3

_STRING: Final = r'"[ -!#-~]*+"'
_NUMBER: Final = r"-?[0-9]++(?:\.[0-9]++)?+"
_TOKEN: Final = re.compile(rf"{_STRING}|{_NUMBER}|true|false|[{{}}\[\],:]")
_OBJECT: Final = rf"(?=\{{)(?:{_STRING}|{_NUMBER}|true|false|[{{}}\[\],:]|\n {{{_MARGIN},}}+|(?<=:) )++(?<=\}})"
_NONCE: Final = r'(?: nonce="[A-Za-z0-9+/_-]++={0,2}+")?+'
_METHOD: Final = re.compile(r"rrApi\.(\w+)\(\Z")


@cache
def _block_patterns() -> list[tuple[re.Pattern[str], list[str]]]:
    """Return the pattern of each form of a block, made from the templates, and the methods that it calls."""
    frames = {
        prepare_frame(variant, has_order=has_order, debug=debug)
        for variant in VARIANTS
        for has_order in (False, True)
        for debug in (False, True)
        if has_order or variant != NOBODY
    }
    patterns = []
    for opening, head, joint, tail in sorted({frame[:4] for frame in frames}, key=lambda form: len(form[2])):
        before = [f"{opening}\0{head}", *([joint] if joint else [])]
        methods = [match[1] for text in before if (match := _METHOD.search(text))]
        form = "".join(f"{re.escape(text)}({_OBJECT})" for text in before).replace("\0", _NONCE)
        patterns.append((re.compile(form + re.escape(tail)), methods))
    return patterns


def read_block(text: str) -> dict[str, dict[str, Any]]:
    """Return the objects by method in a block that is ours to the byte, with no character around it.

    A block may have any nonce, and the spread or the debugging form. Nothing else may differ: no space, no order of
    keys, no escape. Whether the values would pass the current rules is not checked.

    Raises:
        PageError: `block.not_ours`.
    """
    for pattern, methods in _block_patterns():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        objects = [_read_object(each, method) for each, method in zip(match.groups(), methods, strict=True)]
        if None not in objects:
            return {method: each for method, each in zip(methods, objects, strict=True) if each is not None}
    raise PageError(Problem.of("block.not_ours"))


def _read_object(text: str, method: str) -> dict[str, Any] | None:
    tokens = _TOKEN.findall(text)
    compact = "".join(tokens)
    if _depth(tokens) > _DEPTH_MAX or text not in (compact, spread_over_lines(compact, margin=_MARGIN)):
        return None
    try:
        payload = json.loads(compact, object_pairs_hook=_read_pairs, parse_float=Decimal)
        if any(token != _written(token, method) for token in tokens if token[0] not in "{[]},:tf"):
            return None
    except ValueError:
        return None
    is_ours = _has_fields(payload, _table_of(method)) and (method != "order" or _has_items(payload["items"]))
    return payload if is_ours else None


def _written(token: str, method: str) -> str:
    """Return a text or a number as we would write it. Only orders have numbers."""
    if token[0] == '"':
        return script_literal(json.loads(token))
    return number_literal(json.loads(token, parse_float=Decimal)) if method == "order" else ""


def _has_fields(payload: object, table: tuple[FieldName, ...]) -> bool:
    """Return whether `payload` has only fields of `table`, in its order, and each field that is always written."""
    always = {field.alias for field in table if field.is_required or field.kind == "flag"}
    if not isinstance(payload, dict) or not payload.keys() >= always:
        return False
    found = [field for field in table if field.alias in payload]
    return list(payload) == [field.alias for field in found] and all(
        type(payload[field.alias]) in _TYPES[field.kind] for field in found
    )


def _table_of(method: str) -> tuple[FieldName, ...]:
    if method == "setCustomer":
        return FIELDS
    from rr_snippet.customer.guest import GUEST_FIELDS
    from rr_snippet.customer.order import ORDER_FIELDS

    return GUEST_FIELDS if method == "setProfile" else ORDER_FIELDS


def _has_items(items: list[Any]) -> bool:
    from rr_snippet.customer.order import ITEM_FIELDS

    return bool(items) and all(_has_fields(item, ITEM_FIELDS) for item in items)


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
