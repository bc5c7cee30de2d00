"""What the scanner finds in a page: scripts, event handlers, and where its parts end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

# Chromium flattens what is nested deeper (kMaximumHTMLParserDOMTreeDepth): there the standard is no guide any more.
DEPTH_MAX_ELEMENTS: Final = 512

Place = Literal["page", "template", "shadow", "noscript"]

# https://mimesniff.spec.whatwg.org/#javascript-mime-type
_JAVASCRIPT_TYPES: Final = frozenset(
    (
        "application/ecmascript",
        "application/javascript",
        "application/x-ecmascript",
        "application/x-javascript",
        "text/ecmascript",
        "text/javascript",
        "text/javascript1.0",
        "text/javascript1.1",
        "text/javascript1.2",
        "text/javascript1.3",
        "text/javascript1.4",
        "text/javascript1.5",
        "text/jscript",
        "text/livescript",
        "text/x-ecmascript",
        "text/x-javascript",
    )
)
_SPACE: Final = "\t\n\f\r "


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its name in lower case, its value decoded, and where the raw value stands (no quotes)."""

    name: str
    value: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Script:
    """One script element. All offsets are in the page's own units: bytes for `bytes`, characters for `str`.

    `start` is its `<`, `stop` stands behind its end tag; its text goes from `content_start` to `content_stop`. An
    element that the page never closes ends with the page and has `is_closed` false. In `svg`, `is_svg` is true and
    the text is markup, with references and CDATA. `place` tells where it lies: `template` is inert, `shadow` is a
    declarative shadow root, which is not; `noscript` exists only where scripts are off.
    """

    start: int
    content_start: int
    content_stop: int
    stop: int
    attributes: tuple[Attribute, ...]
    place: Place = "page"
    is_svg: bool = False
    is_closed: bool = True

    def attribute(self, name: str) -> str | None:
        """Return the decoded value of the attribute `name` (lower case), `None` if it is absent."""
        return next((attribute.value for attribute in self.attributes if attribute.name == name), None)

    @property
    def kind(self) -> Literal["classic", "module", "data"]:
        """What a browser takes the element for by `type` and `language`; `data` never runs.

        Source: https://html.spec.whatwg.org/#prepare-the-script-element, steps 8 to 13.
        """
        kind, language = self.attribute("type"), self.attribute("language")
        if self.is_svg:
            language = None
        if kind is None:
            kind = f"text/{language}" if language else "text/javascript"
        elif kind:
            kind = kind.strip(_SPACE)
        else:
            kind = "text/javascript"
        folded = kind.lower() if kind.isascii() else kind
        if folded == "module":
            return "module"
        return "classic" if folded in _JAVASCRIPT_TYPES else "data"

    @property
    def is_external(self) -> bool:
        """Tell whether the code comes from elsewhere, so that the element's own text is not run."""
        names = ("href", "xlink:href") if self.is_svg else ("src",)
        return any(self.attribute(name) is not None for name in names)

    @property
    def is_executable(self) -> bool:
        """Tell whether a browser with scripts on runs the element, be its code its own text or external.

        Source: https://html.spec.whatwg.org/#prepare-the-script-element, steps 13 to 21; `nomodule` as in all
        browsers of today.
        """
        if not self.is_closed or self.place in ("template", "noscript") or self.kind == "data":
            return False
        if self.kind == "module" or self.is_svg:
            return True
        event, target = self.attribute("event"), self.attribute("for")
        if event is not None and target is not None:
            is_load = event.strip(_SPACE).lower() in ("onload", "onload()")
            if target.strip(_SPACE).lower() != "window" or not is_load:
                return False
        return self.attribute("nomodule") is None


@dataclass(frozen=True, slots=True)
class Handler:
    """One inline event handler, such as `onclick`; `tag` is its element's name in lower case."""

    tag: str
    attribute: Attribute
    place: Place


@dataclass(frozen=True, slots=True)
class Scan:
    """What a page holds, by offsets in its own units: bytes for `bytes`, characters for `str`.

    `body_end` and `html_end` are where the last `</body>` and `</html>` start that stand in the page itself: outside
    any template, svg and math. `end` is where the page ends; an odd last byte of UTF-16 is not part of it.
    `cut_inside` names the construct that the page ends in the middle of (`comment`, `script`, `tag`, ...),
    `plaintext` included. `is_document` is true if there is a doctype or an html, head or body tag.
    """

    end: int
    body_end: int | None = None
    html_end: int | None = None
    cut_inside: str | None = None
    is_document: bool = False
    is_frameset: bool = False
    is_amp: bool = False
    is_ambiguous_select: bool = False
    is_too_deep: bool = False
    has_open_template: bool = False
    has_open_foreign: bool = False
    scripts: tuple[Script, ...] = ()
    handlers: tuple[Handler, ...] = ()
