"""Find the calls of the vendor's `setCustomer` that a page already has, our own blocks included.

For the order page it can find `setProfile` and `order` too.

This is no JavaScript parser. It cuts out comments and the contents of strings and regular expressions, and looks for
the call in the rest. A `setCustomer` of another object does not count, and neither does a mention in a string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from rr_snippet.block.read_back import read_block
from rr_snippet.errors import PageError
from rr_snippet.html.scan import Scan, Script
from rr_snippet.html.units import Units

# The limits keep the work linear: a literal that does not close on its line is not followed any further.
_CLASS: Final = r"\[(?:[^\]\\\n\r]|\\.){0,300}+\]"
_REGEXP: Final = rf"/(?![/*])(?:[^/\\\[\n\r]|\\.|{_CLASS}){{1,300}}+/"
# `<!--` starts a one-line comment, and so does `-->` at the start of a line:
# https://tc39.es/ecma262/#sec-html-like-comments
_COMMENT: Final = r"//[^\n\r\u2028\u2029]*+|<!--[^\n\r\u2028\u2029]*+|^[ \t]*+-->[^\n\r\u2028\u2029]*+|/\*.*?(?:\*/|\Z)"
_PIECES: Final = re.compile(
    rf"""(?P<string>"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+'|`(?:[^`\\]|\\.)*+(?:`|\Z))|(?P<escape>\\.)"""
    rf"""|(?P<before>^|[(,=:\[!&|?{{}};+*%~^<>])[ \t]*+{_REGEXP}|(?P<comment>{_COMMENT})""",
    re.DOTALL | re.MULTILINE,
)
# A string that may be a name in brackets, as in rrApi["setCustomer"].
_NAME: Final = re.compile(r"[\"'`][\w$]++[\"'`]")

_METHOD: Final = (
    r"""(?P<method>setCustomer|setProfile|order)"""
    r"""(?:["'`]\s*+\])?+\s*+(?:\?\.)?+(?:\s*+\.\s*+(?:call|apply|bind)\b)?+\s*+\("""  # called
)
_CALL: Final = re.compile(
    rf"""(?<![\w$])rrApi(?:["'`]\s*+\])?+[\s)]*+(?:\?\.|\.|(?=\[))\s*+(?:\[\s*+["'`])?+{_METHOD}"""
)
# The tracker is assigned, passed on or returned. Then any call of a method of that name may be the tracker's.
_ALIAS: Final = re.compile(
    r"""(?:[=,:]|(?<!if)(?<!if\ )\(|\breturn\s)[ \t]*+(?:(?:window|self|globalThis)\s*+\.\s*+)?+"""
    r"""rrApi(?=[ \t]*+(?:[,;)}\n\r|]|\Z))"""
)
_ANY_CALL: Final = re.compile(rf"(?<![\w$])(?<!function\ ){_METHOD}")


CARD: Final = frozenset({"setCustomer"})
ORDER_PAGE: Final = frozenset({"setCustomer", "setProfile", "order"})


def has_call(javascript: str, methods: frozenset[str] = CARD) -> bool:
    """Return whether `javascript` calls one of these methods of the vendor, in time linear in its length."""
    if not any(method in javascript for method in methods):
        return False
    code = _PIECES.sub(_without_contents, javascript)
    if any(call["method"] in methods for call in _CALL.finditer(code)):
        return True
    return _ALIAS.search(code) is not None and any(call["method"] in methods for call in _ANY_CALL.finditer(code))


def _without_contents(piece: re.Match[str]) -> str:
    if piece["string"]:
        return piece[0] if _NAME.fullmatch(piece[0]) else '""'
    if piece["comment"]:
        return " "
    return piece[0] if piece["escape"] else f'{piece["before"]}""'


@dataclass(frozen=True, slots=True)
class Calls:
    """The scripts of a page that a browser runs and that call one of the methods."""

    units: Units
    scripts: tuple[Script, ...]

    @property
    def blocks(self) -> tuple[tuple[Script, dict[str, dict[str, Any]]], ...]:
        """The scripts that are blocks of this library to the byte, with their objects by method."""
        return tuple((script, objects) for script in self.scripts if (objects := _objects_in(self.units, script)))

    @property
    def ours(self) -> tuple[Script, ...]:
        """The blocks of this library with nothing but a customer."""
        return tuple(script for script, objects in self.blocks if objects.keys() == CARD)

    @property
    def foreign(self) -> tuple[Script, ...]:
        """The scripts that somebody else wrote."""
        blocks = [script for script, _ in self.blocks]
        return tuple(script for script in self.scripts if script not in blocks)


def find_calls(units: Units, found: Scan, methods: frozenset[str] = CARD) -> Calls:
    """Return the calls of these methods in a page that has been scanned."""
    return Calls(units, tuple(script for script in found.scripts if _is_call(units, script, methods)))


def _is_call(units: Units, script: Script, methods: frozenset[str]) -> bool:
    if not script.is_executable or script.is_external:
        return False
    text = units.text(script.content_start, script.content_stop)
    # The text of a script in svg is markup: https://html.spec.whatwg.org/#parsing-main-inforeign
    return has_call(unescape(text) if script.is_svg else text, methods)


def _objects_in(units: Units, script: Script) -> dict[str, dict[str, Any]] | None:
    if script.is_svg:
        return None
    try:
        return read_block(units.text(script.start, script.stop))
    except PageError:
        return None
