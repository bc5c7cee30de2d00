"""The explanation of a code as HTML, from the sections of our own documents."""

from __future__ import annotations

import html
import re
from typing import Final

from markupsafe import Markup

from rr_snippet import messages
from rr_snippet.errors import Language
from rr_snippet.messages import sections

_CODE: Final = re.compile(r"`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")
# A link leads to a file beside the document, which the page cannot open.
_LINK: Final = re.compile(r"\[([^\[\]]{1,200})\]\([^()]{1,200}\)")


def explanation(code: str, language: Language) -> Markup:
    """Return the explanation of a code: a few sentences, and for a rule of the checker also examples."""
    if code in sections("codes", language):
        return as_html(messages.explanation(code, language))
    return as_html(sections("check-rules", language)[code])


def as_html(markdown: str) -> Markup:
    """Return the HTML of the parts of Markdown that our documents use below their headings."""
    parts: list[str] = []
    for number, part in enumerate(f"\n{markdown}".split("\n```")):
        if number % 2:
            _language, _, code = part.partition("\n")
            parts.append(f'<pre class="block"><code>{html.escape(code)}</code></pre>')
        else:
            parts += [_paragraph(text.strip()) for text in part.split("\n\n") if text.strip()]
    return Markup("".join(parts))  # noqa: S704 - each text in it is escaped


def _paragraph(text: str) -> str:
    escaped = _LINK.sub(r"\1", html.escape(text, quote=False))
    escaped = _STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", escaped))
    if not escaped.startswith("- "):
        return f"<p>{escaped}</p>"
    items = "".join(f"<li>{item}</li>" for item in escaped.removeprefix("- ").split("\n- "))
    return f"<ul>{items}</ul>"
