"""The base of both readers: it notes scripts, event handlers and ends, and passes raw text."""

from __future__ import annotations

import re
from typing import Final

from rr_snippet.html.found import Attribute, Handler, Place, Scan, Script
from rr_snippet.html.tokens import (
    TAG,
    AttributeSpan,
    any_case,
    attribute_spans,
    decode_value,
    raw_text_stop,
)
from rr_snippet.html.units import Units

_HANDLER_NAME: Final = re.compile(r"on[a-z]+")
_SCRIPT_TAG: Final = re.compile(rb"<" + any_case("script"))
# https://amp.dev/documentation/guides-and-tutorials/learn/spec/amphtml: "amp" or the lightning sign on html.
_AMP_NAMES: Final = re.compile("(?:amp|⚡\ufe0f?)(?:4ads|4email)?")
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_OPEN_SHADOW: Final = frozenset(("open", "closed"))


class Reader:
    """Takes notes while a subclass walks the page.

    A reader may read only a `part` of the page: positions are indices into `data`, which starts at unit `base` of the
    page. It notes the scripts with `script_word` in their text, and no scripts if that is `None`.
    """

    def __init__(
        self,
        units: Units,
        *,
        wants_handlers: bool = False,
        script_word: bytes | None = b"",
        part: tuple[int, int] | None = None,
    ) -> None:
        self.units = units
        self.script_word = script_word
        self.wants_handlers = wants_handlers
        self.base, stop = part or (0, len(units.data))
        self.data = units.data[self.base : stop] if part else units.data
        self.first = 0 if part else units.first
        # One entry for each open template, true for a declarative shadow root.
        self.templates: list[bool] = []
        # The contents of noscript elements with scripts in them, by start and stop.
        self.noscripts: list[tuple[int, int]] = []
        self.body_end: int | None = None
        self.html_end: int | None = None
        self.cut_inside: str | None = None
        self.is_document = False
        self.is_frameset = False
        self.is_amp = False
        self.is_ambiguous_select = False
        self.scripts: list[Script] = []
        self.handlers: list[Handler] = []

    def found(self, *, has_open_foreign: bool) -> Scan:
        """Return the notes in the page's own units."""
        offset = self.units.offset
        return Scan(
            end=offset(self.base + len(self.data)),
            body_end=None if self.body_end is None else offset(self.base + self.body_end),
            html_end=None if self.html_end is None else offset(self.base + self.html_end),
            cut_inside=self.cut_inside,
            is_document=self.is_document,
            is_frameset=self.is_frameset,
            is_amp=self.is_amp,
            is_ambiguous_select=self.is_ambiguous_select,
            has_open_template=bool(self.templates),
            has_open_foreign=has_open_foreign,
            scripts=tuple(self.scripts),
            handlers=tuple(self.handlers),
        )

    @property
    def place(self) -> Place:
        """The place of an element that starts here."""
        if not self.templates:
            return "page"
        return "shadow" if all(self.templates) else "template"

    def attributes(self, tag: re.Match[bytes]) -> tuple[Attribute, ...]:
        """Return the decoded attributes of a start tag."""
        return tuple(map(self._attribute, attribute_spans(self.data, tag.end(2), tag.end())))

    def _attribute(self, span: AttributeSpan) -> Attribute:
        indices = (span.name_start, span.name_start + len(span.name), span.start, span.stop)
        name_start, name_stop, start, stop = (self.units.offset(self.base + index) for index in indices)
        name = self.units.text(name_start, name_stop).translate(_ASCII_LOWER)
        return Attribute(name, decode_value(self.units.text(start, stop)), start, stop)

    def note_handlers(self, tag: re.Match[bytes], name: str) -> None:
        """Note the event handlers of a start tag."""
        if self.wants_handlers:
            self.handlers.extend(
                Handler(name, attribute, self.place)
                for attribute in self.attributes(tag)
                if _HANDLER_NAME.fullmatch(attribute.name)
            )

    def note_html(self, tag: re.Match[bytes]) -> None:
        """Note an html start tag. Its attributes count wherever it stands."""
        self.is_document = True
        if any(_AMP_NAMES.fullmatch(attribute.name) for attribute in self.attributes(tag)):
            self.is_amp = True

    def opens_shadow(self, tag: re.Match[bytes]) -> bool:
        """Return whether a template's start tag declares a shadow root, where scripts run."""
        mode = next((a.value for a in self.attributes(tag) if a.name == "shadowrootmode"), "")
        return mode.lower() in _OPEN_SHADOW

    def note_script(
        self, tag: re.Match[bytes], content_stop: int, stop: int, *, is_svg: bool = False, is_closed: bool = True
    ) -> None:
        """Note a script element by its start tag and where its content and its end tag stop."""
        if self.script_word is None or self.data.find(self.script_word, tag.end(), content_stop) < 0:
            return
        offset, base = self.units.offset, self.base
        self.scripts.append(
            Script(
                start=offset(base + tag.start()),
                content_start=offset(base + tag.end()),
                content_stop=offset(base + content_stop),
                stop=offset(base + stop),
                attributes=self.attributes(tag),
                place=self.place,
                is_svg=is_svg,
                is_closed=is_closed,
            )
        )

    def pass_raw_text(self, tag: re.Match[bytes], name: str) -> int | None:
        """Return where the page goes on after the raw text element that `tag` opens, `None` if that never ends."""
        if name == "plaintext":
            self.cut_inside = name
            return None
        content_stop = raw_text_stop(self.data, name, tag.end())
        close = None if content_stop is None else TAG.match(self.data, content_stop)
        if content_stop is None or close is None:
            self.cut_inside = name if content_stop is None else "tag"
            content_stop = len(self.data)
        stop = content_stop if close is None else close.end()
        if name == "script":
            self.note_script(tag, content_stop, stop, is_closed=close is not None)
        elif (
            name == "noscript"
            and self.script_word is not None
            and _SCRIPT_TAG.search(self.data, tag.end(), content_stop)
        ):
            self.noscripts.append((self.base + tag.end(), self.base + content_stop))
        return None if close is None else stop
