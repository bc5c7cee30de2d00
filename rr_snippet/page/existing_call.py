"""Finds a `setCustomer` call in JavaScript, well enough to know that a page has its block already.

No JavaScript parser: comments are cut out with strings and regular expression literals in view, and the call is
looked for in what is left. A call inside a string counts, for it may be about to be written or evaluated; one in a
comment does not.
"""

from __future__ import annotations

import re
from typing import Final

# Bounds keep the work linear: a literal that does not close on its line is tried only so far.
_CLASS: Final = r"\[(?:[^\]\\\n\r]|\\.){0,300}+\]"
_REGEXP: Final = rf"/(?![/*])(?:[^/\\\[\n\r]|\\.|{_CLASS}){{1,300}}+/"
# `<!--` starts a one-line comment, and so does `-->` at the start of a line:
# https://tc39.es/ecma262/#sec-html-like-comments
_COMMENT: Final = r"//[^\n\r\u2028\u2029]*+|<!--[^\n\r\u2028\u2029]*+|^[ \t]*+-->[^\n\r\u2028\u2029]*+|/\*.*?(?:\*/|\Z)"
_PIECES: Final = re.compile(
    rf"""(?P<kept>"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+'|`(?:[^`\\]|\\.)*+(?:`|\Z)|\\."""
    rf"""|(?:^|[(,=:\[!&|?{{}};+*%~^<>])[ \t]*+{_REGEXP})|(?P<comment>{_COMMENT})""",
    re.DOTALL | re.MULTILINE,
)
_CALL: Final = re.compile(
    r"""(?<![\w$])(?<!function\ )setCustomer(?:["'`]\s*+\])?+\s*+(?:\?\.)?+(?:\s*+\.\s*+(?:call|apply)\b)?+\s*+\("""
)


def has_customer_call(javascript: str) -> bool:
    """Tell whether `javascript` calls `setCustomer` anywhere but in a comment. Linear in the length."""
    if "setCustomer" not in javascript:
        return False
    code = _PIECES.sub(lambda piece: piece["kept"] or " ", javascript)
    return _CALL.search(code) is not None
