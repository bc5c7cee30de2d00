"""Recognise the source of a template. A block in it would reach every visitor."""

from __future__ import annotations

import re
from typing import Final

# The elements, up to the end tag or the page's end, where a page may quote such tags, or where braces mean something
# else. VitePress leaves tags in the title that it has evaluated in the heading.
_QUOTING: Final = re.compile(
    rb"<(?:!--|(code|kbd|pre|samp|script|style|textarea|title)(?=[\t\n\f\r />]))", re.IGNORECASE
)
# One pattern answers this ten times as fast as two searches for the texts.
_MAY_BE: Final = re.compile(rb"\{[{%]")
# {% tag ... %} of Django, Jinja, Liquid, Twig; {{ name }}, {{#if}}, {{> part}} of those, Handlebars and Go. Braces
# without a space inside may be TeX.
_TAG: Final = re.compile(rb"\{%[-+~]?\s*+[A-Za-z]|\{\{(?:[-~]?\s++[\w.$\"'(|]|[#/>^]\s*+\w)[^{}]{0,300}+\}\}")


def is_template(page: bytes) -> bool:
    """Return whether `page` has tags of a template language that a browser would show, in time linear in its length."""
    if _MAY_BE.search(page) is None:
        return False
    lower = page.lower()
    position = 0
    while (quoting := _QUOTING.search(page, position)) is not None:
        if _TAG.search(page, position, quoting.start()):
            return True
        end = b"-->" if quoting[1] is None else b"</" + quoting[1].lower()
        position = lower.find(end, quoting.end())
        if position < 0:
            return False
    return _TAG.search(page, position) is not None
