"""The scanner's result: the scripts and event handlers of a page, and where its parts end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

# Chromium flattens deeper nesting (kMaximumHTMLParserDOMTreeDepth), so the standard no longer says what it does.
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
    """One attribute: its name in lower case, its decoded value, and the offsets of the raw value without quotes."""

    name: str
    value: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Script:
    """One script element. Offsets count in the page's own units: bytes for `bytes`, characters for `str`.

    The element starts at `start` with its `<` and stops at `stop`, behind its end tag. Its text runs from
    `content_start` to `content_stop`. An element that the page never closes stops where the page ends, and `is_closed`
    is false. If `is_svg`, the text is markup with references and CDATA. A script in the place `template` never runs;
    `shadow` is a declarative shadow root, where scripts run; `noscript` exists only in browsers without scripts.
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
        """The kind that `type` and `language` make of the element; `data` never runs.

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
        """Whether the code comes from a URL, so that a browser ignores the element's own text."""
        names = ("href", "xlink:href") if self.is_svg else ("src",)
        return any(self.attribute(name) is not None for name in names)

    @property
    def is_executable(self) -> bool:
        """Whether a browser with scripts on runs the element, whether its code is its own text or external.

        Source: https://html.spec.whatwg.org/#prepare-the-script-element, steps 13 to 21; every current browser
        supports modules, so `nomodule` keeps a script from running.
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
    """What a page holds. Offsets count in the page's own units: bytes for `bytes`, characters for `str`.

    `body_end` and `html_end` are the starts of the last `</body>` and `</html>` outside any template, svg and math.
    `end` is where the page ends; it leaves out an odd last byte of UTF-16. If the page ends inside a construct,
    `cut_inside` names it (`comment`, `script`, `tag`, `plaintext`, ...). `is_document` is true if there is a doctype
    or an html, head or body tag.
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
