"""Pages with many blocks in every context, and the checks of such a page after it has been opened."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import html5lib

from tests.hostile.places import Sent
from tests.support.javascript import run_html
from tests.support.outcome import Outcome

NONCE: Final = "r4nd0m+/_-9=="
AFTER: Final = "after"

_HTML: Final = "<!DOCTYPE html><html><head><title>t</title></head><body><div id=all>{}</div></body></html>"
_XHTML: Final = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body><div id="all">{}</div></body></html>'
)
_SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg"><title>t</title><g id="all">{}</g></svg>'
_HTML_ELEMENTS: Final = 5  # html, head, title, body, div
_SVG_ELEMENTS: Final = 3


@dataclass(frozen=True)
class Context:
    """One kind of page with blocks."""

    frame: str = _HTML
    content_type: str = "text/html; charset=utf-8"
    policy: str | None = None
    before: str = ""
    """The text before each block in the page."""
    nonce: str | None = None
    values_arrive: bool = True
    """If false, values may change or get lost, but still nothing may run."""

    @property
    def elements(self) -> int:
        """The number of the frame's own elements."""
        return _SVG_ELEMENTS if self.frame is _SVG else _HTML_ELEMENTS

    def page(self, blocks: Sequence[str]) -> bytes:
        """Return the bytes of the page. Characters that weak escapers leave beyond ASCII are UTF-8."""
        tag = "g" if self.frame is _SVG else "p"
        inside = "".join(f"{self.before}{block}<{tag}>{AFTER}</{tag}>" for block in blocks)
        return self.frame.format("\0").replace("\0", inside).encode("utf-8", "replace")

    def headers(self, blocks: Sequence[str]) -> dict[str, str]:
        """Return the headers of the page."""
        if self.policy is None:
            return {}
        hashes = " ".join(map(_hash_source, blocks)) if "{hashes}" in self.policy else ""
        return {"Content-Security-Policy": self.policy.format(nonce=NONCE, hashes=hashes)}


def _hash_source(block: str) -> str:
    """Return the source that allows `block`, even if this library did not write it."""
    inside = block[block.index(">") + 1 : block.rindex("</")].encode("utf-8", "replace")
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside).digest()).decode()}'"


CONTEXTS: Final[dict[str, Context]] = {
    "HTML": Context(),
    "XHTML": Context(_XHTML, "application/xhtml+xml; charset=utf-8"),
    "SVG script": Context(_SVG, "image/svg+xml; charset=utf-8"),
    "windows-1251": Context(content_type="text/html; charset=windows-1251"),
    "Shift_JIS": Context(content_type="text/html; charset=shift_jis"),
    "ISO-2022-JP": Context(content_type="text/html; charset=iso-2022-jp", before="\x1b(J", values_arrive=False),
    "no charset": Context(content_type="text/html"),
    "CSP nonce": Context(policy="script-src 'nonce-{nonce}'", nonce=NONCE),
    "CSP hash": Context(policy="script-src {hashes}"),
    "CSP strict-dynamic": Context(policy="script-src 'nonce-{nonce}' 'strict-dynamic'", nonce=NONCE),
    "Trusted Types": Context(
        policy="script-src 'nonce-{nonce}'; require-trusted-types-for 'script'; trusted-types 'none'", nonce=NONCE
    ),
}


class Opened(Protocol):
    """A page in a browser, such as `tests.support.browser.OpenPage`."""

    dialogs: list[str]

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""

    def outcome(self) -> Outcome:
        """Return what its scripts did."""


_LOOK: Final = """(function () {
  var all = document.getElementById("all");
  var elements = Array.from(document.getElementsByTagName("*"));
  return {
    children: all ? Array.from(all.children).map(function (child) { return child.localName; }).join(" ") : "",
    after: all ? Array.from(all.children).filter(function (child) {
      return child.localName !== "script" && child.textContent === "after" && child.attributes.length === 0;
    }).length.toString() : "",
    elements: elements.length.toString(),
    handlers: elements.some(function (element) {
      return Array.from(element.attributes).some(function (attribute) { return /^on/i.test(attribute.name); });
    })
  };
}())"""


def browser_faults(page: Opened, context: Context, sent: Sequence[Sent]) -> set[str]:
    """Return the names of the checks that fail in an open page with the blocks of `sent`."""
    seen = page.evaluate(_LOOK)
    tag = "g" if context.frame is _SVG else "p"
    children = seen["children"].split(" ") if seen["children"] else []
    found = {
        "scripts": children.count("script") != len(sent),
        "markup": children != ["script", tag] * len(sent)
        or seen["after"] != str(len(sent))
        or seen["elements"] != str(context.elements + 2 * len(sent)),
        "handlers": seen["handlers"],
        "dialogs": bool(page.dialogs),
    }
    return _names(found) | _script_faults(page.outcome(), sent, values_arrive=context.values_arrive)


def parser_faults(sent: Sequence[Sent]) -> set[str]:
    """Return the names of the checks that fail in a page of HTML, read by html5lib and run by a bare engine."""
    page = CONTEXTS["HTML"].page([each.block for each in sent]).decode()
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    tags = [element.tag for element in elements]
    found = {
        "scripts": tags.count("script") != len(sent),
        "markup": tags != ["html", "head", "title", "body", "div", *["script", "p"] * len(sent)]
        or [element.text for element in elements if element.tag == "p"] != [AFTER] * len(sent),
        "handlers": any(name.lower().startswith("on") for element in elements for name in element.attrib),
    }
    return _names(found) | _script_faults(run_html(page), sent, values_arrive=True)


def _script_faults(outcome: Outcome, sent: Sequence[Sent], *, values_arrive: bool) -> set[str]:
    prototypes = [name for name in outcome.strays if ".prototype." in name]
    calls = [(call.method, call.arguments) for call in outcome.calls]
    found = {
        "prototype": bool(prototypes),
        "ran": len(prototypes) != len(outcome.strays),
        # The browser also prints what a policy has blocked.
        "errors": bool(outcome.thrown or outcome.errors or outcome.lost or outcome.violations or outcome.printed),
        "calls": [(method, len(arguments)) for method, arguments in calls] != [(each.method, 1) for each in sent],
        "properties": values_arrive and calls != [(each.method, (each.payload,)) for each in sent],
    }
    return _names(found)


def _names(found: dict[str, bool]) -> set[str]:
    return {name for name, is_wrong in found.items() if is_wrong}


Open = Callable[..., Opened]


def opened_faults(open_page: Open, name: str, sent: Sequence[Sent]) -> set[str]:
    """Open a page of the context `name` with the blocks of `sent`, and return the names of the checks that fail."""
    context = CONTEXTS[name]
    blocks = [each.block for each in sent]
    page = open_page(context.page(blocks), content_type=context.content_type, headers=context.headers(blocks))
    return browser_faults(page, context, sent)
