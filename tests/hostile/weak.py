"""Escapers that are too weak: the negative controls of the checks."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Final

from rr_snippet import render_snippet
from tests.hostile.pages import CONTEXTS
from tests.hostile.places import Sent

Writer = Callable[[str], str]


def bare(text: str) -> str:
    """Nothing but JSON."""
    return json.dumps(text)


def end_tags_only(text: str) -> str:
    """The one escape that everybody knows."""
    return json.dumps(text).replace("</", "<\\/")


def for_attributes(text: str) -> str:
    """Escaping for an attribute, in the wrong place."""
    return json.dumps(html.escape(text))


def keeps_ampersands(text: str) -> str:
    """Enough for HTML; XML reads entities in a script."""
    return json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")


def keeps_braces(text: str) -> str:
    """Enough for HTML and XML, and what most people do: braces stay, and a quote becomes a backslash and a quote."""
    return keeps_ampersands(text).replace("&", "\\u0026").replace("'", "\\u0027")


def keeps_letters(text: str) -> str:
    """Letters beyond ASCII stay in UTF-8, whatever charset the page declares."""
    written = json.dumps(text, ensure_ascii=False)
    for character in "<>&'\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


_HEAD: Final = str(render_snippet({"customerId": "1"})).partition('{"customerId"')[0]
_TAIL: Final = ");\n      } catch (e) {}\n  })\n</script>"


def weak_block(write: Writer, key: str, value: str, *, nonce: str | None = None) -> Sent:
    """Return a block with custom data written by `write`, and what the tracker should receive."""
    head = _HEAD if nonce is None else _HEAD.replace(">", f' nonce="{nonce}">', 1)
    text = f'{{"customerId":"1","customData":{{{write(key)}:{write(value)}}},"isAgreedToReceiveMarketingMail":true}}'
    payload = {"customerId": "1", "customData": {key: value}, "isAgreedToReceiveMarketingMail": True}
    return Sent(f"{head}{text}{_TAIL}", payload)


# For each context: an escaper that is too weak, the string of the corpus that shows it, and the checks that see it.
CONTROLS: Final[dict[str, tuple[Writer, str, set[str]]]] = {
    "HTML": (end_tags_only, "<!--<script>", {"markup", "calls"}),
    "XHTML": (keeps_ampersands, "&quot;", {"properties"}),
    "SVG script": (keeps_ampersands, "&quot;", {"properties"}),
    "windows-1251": (keeps_letters, "表", {"properties"}),
    "Shift_JIS": (keeps_letters, "表", {"properties"}),
    "ISO-2022-JP": (keeps_braces, '"}});pwned=1;//', {"ran"}),
    "no charset": (bare, "</script><script>pwned=1</script>", {"scripts", "markup", "ran"}),
    "CSP nonce": (bare, "</script><script>pwned=1</script>", {"scripts", "markup", "errors"}),
    "CSP hash": (bare, "</script><script>pwned=1</script>", {"scripts", "markup", "errors"}),
    "CSP strict-dynamic": (bare, "</script><script>pwned=1</script>", {"scripts", "markup", "errors"}),
    "Trusted Types": (bare, "</script><script>pwned=1</script>", {"scripts", "markup", "errors"}),
}


def control(name: str) -> tuple[Sent, set[str]]:
    """Return the negative control of the context `name`, and the checks that must see it."""
    write, text, checks = CONTROLS[name]
    return weak_block(write, "x", text, nonce=CONTEXTS[name].nonce), checks
