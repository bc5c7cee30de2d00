"""Reads a block of ours back, and tells one from anything that merely looks like it."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

from rr_snippet.errors import PageError, Problem


class _Frame(NamedTuple):
    opening: str
    head: str
    tails: tuple[str, ...]


# The one place where the frame is spelled outside the templates.
_FRAME: Final = _Frame(
    opening='<script type="text/javascript"',
    head=""">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer(""",
    tails=(
        """);
      } catch (e) {}
  })
</script>""",
        """);
      } catch (e) { console.error(e); }
  })
</script>""",
    ),
)

_KEYS: Final = (
    "customerId",
    "email",
    "phone",
    "customData",
    "defaultStockId",
    "softLinks",
    "mobilePushSubscription",
    "isAgreedToReceiveMarketingMail",
)
_REQUIRED: Final = frozenset((_KEYS[0], _KEYS[-1]))
_MARGIN: Final = "\n" + " " * 8

# A string as the escaper writes it: the plain characters, no dash right after a dash, all else as \uXXXX.
_STRING: Final = r'"(?:[A-Za-z0-9 ,._:@+()]|-(?!-)|\\u[0-9a-f]{4})*+"'
_TOKEN: Final = re.compile(rf"{_STRING}|true|false|[{{}}\[\],:]")
_OBJECT: Final = rf"\{{(?:{_STRING}|true|false|[{{}}\[\],:]|\n {{8,}}+| (?<=: ))++(?<=\}})"
_BLOCK: Final = re.compile(
    re.escape(_FRAME.opening)
    + r'(?: nonce="[A-Za-z0-9+/_-]++={0,2}+")?+'
    + re.escape(_FRAME.head)
    + f"(?P<object>{_OBJECT})"
    + f"(?:{'|'.join(map(re.escape, _FRAME.tails))})"
)
# Characters that the escaper leaves alone, and so never writes as escapes; the dash has its own rule.
_NEEDLESS_ESCAPE: Final = re.compile(r"\\u00(?:20|2[89bce]|3[0-9a]|4[0-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])|(?<!-)\\u002d")


def read_block(text: str) -> dict[str, Any]:
    """Return the payload of a block that is ours to the byte, with no character around it.

    Any nonce, the spread form and the debugging form are ours too. Nothing else is: not one more space, no other
    order of keys, no escape that the escaper would not write.

    Raises:
        PageError: `block.not_ours`.
    """
    match = _BLOCK.fullmatch(text)
    payload = _read_object(match["object"]) if match else None
    if payload is None:
        raise PageError(Problem.of("block.not_ours"))
    return payload


def _read_object(text: str) -> dict[str, Any] | None:
    tokens = _TOKEN.findall(text)
    compact = "".join(tokens)
    if _NEEDLESS_ESCAPE.search(compact) or text not in (compact, _spread(tokens)):
        return None
    try:
        payload = json.loads(compact, object_pairs_hook=_read_pairs)
        # A lone surrogate has no UTF-8 form, and the writer refuses it.
        str(payload).encode()
        json.dumps(payload, ensure_ascii=False).encode()
    except ValueError:
        return None
    if not isinstance(payload, dict) or not payload.keys() >= _REQUIRED:
        return None
    known = [key for key in _KEYS if key in payload]
    return payload if list(payload) == known else None


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or not pairs:
        raise ValueError("a key twice, or nothing at all: neither is ever written")
    return found


def _spread(tokens: list[str]) -> str:
    """Return `tokens` as `json.dumps(indent=2)` would lay them out, each further line eight spaces further in."""
    parts = []
    depth = 0
    for piece in tokens:
        if piece in "}]":
            depth -= 1
            parts.append(_MARGIN + "  " * depth)
        parts.append(piece)
        if piece in "{[":
            depth += 1
        if piece in "{[,":
            parts.append(_MARGIN + "  " * depth)
        elif piece == ":":
            parts.append(" ")
    return "".join(parts)
