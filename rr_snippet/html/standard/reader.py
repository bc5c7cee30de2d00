"""Read any page by the whole standard, tag by tag: more slowly than `fast`, but always right."""

from __future__ import annotations

import re
from typing import Final

from rr_snippet.html.found import Scan
from rr_snippet.html.notes import Reader
from rr_snippet.html.standard.names import FORMATTING, is_quirks_doctype
from rr_snippet.html.standard.stack import Element
from rr_snippet.html.standard.tree import Tree
from rr_snippet.html.tokens import (
    CDATA,
    CDATA_END,
    COMMENT,
    DOCTYPE,
    MARKUP,
    TAG,
    lower_name,
    open_construct,
)
from rr_snippet.html.units import Units

# A page of ordinary depth takes a fifth of a step per byte. The fixed part is enough for any small page.
_STEPS_PER_BYTE: Final = 4
_STEPS_FREE: Final = 250_000

# The tags that change the open elements differently by their attributes.
_ATTRIBUTES_COUNT: Final = FORMATTING | frozenset(("a", "annotation-xml", "input", "nobr"))
# The tags that all browsers read alike inside a select, whether they keep other markup there or ignore it.
_PLAIN_IN_SELECT: Final = frozenset(("hr", "optgroup", "option", "script", "select", "template"))


class ExactReader(Reader):
    """Walks a page tag by tag and keeps track of the open elements."""

    def __init__(
        self,
        units: Units,
        *,
        relaxed_select: bool,
        wants_handlers: bool = False,
        script_word: bytes | None = b"",
        part: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(units, wants_handlers=wants_handlers, script_word=script_word, part=part)
        steps_max = _STEPS_FREE + _STEPS_PER_BYTE * len(self.data)
        self._tree = Tree(relaxed_select=relaxed_select, steps_max=steps_max)
        self._svg_scripts: list[tuple[re.Match[bytes], Element]] = []
        self.has_hairy_select = False

    def read(self) -> Scan:
        """Return what the page holds.

        Raises:
            TooDeepError: the page nests deeper than a browser follows, or cannot be read in linear time.
        """
        data, tree = self.data, self._tree
        position: int | None = self.first
        while position is not None and not tree.is_frameset:
            markup = MARKUP.search(data, position)
            stop = markup.start() if markup else len(data)
            if stop > position:
                tree.text(data[position:stop].decode("latin-1"))
            if markup is None:
                break
            tag = TAG.match(data, stop)
            position = self._take_tag(tag) if tag else self._take_other(stop)
        self.is_frameset = tree.is_frameset
        return self.found(has_open_foreign=tree.is_in_foreign)

    def _take_other(self, start: int) -> int | None:
        """Process a comment, doctype or CDATA section; return where it ends, `None` if it never does."""
        data, tree = self.data, self._tree
        if tree.has_foreign_node and CDATA.match(data, start):
            close = CDATA_END.search(data, start)
            if close is None:
                self.cut_inside = "cdata"
                return None
            # References are plain text here, so no ampersand may be read as white space.
            tree.text(data[start + 9 : close.start()].decode("latin-1").replace("&", "-"))
            return close.end()
        comment = COMMENT.match(data, start)
        if comment is None:
            self.cut_inside = open_construct(data, start)
            return None
        if DOCTYPE.match(data, start):
            self.is_document |= not (tree.is_in_template or tree.is_in_foreign or tree.is_in_select)
            tree.doctype(is_quirks=is_quirks_doctype(comment[0].decode("latin-1")))
        return comment.end()

    def _take_tag(self, tag: re.Match[bytes]) -> int | None:
        tree = self._tree
        name = lower_name(tag[2])
        if tree.is_in_select and name not in _PLAIN_IN_SELECT:
            self.has_hairy_select = True
        if tag[1]:
            is_own = bool(self._svg_scripts) and name == "script" and self._svg_scripts[-1][1] is tree.stack[-1]
            if not (tree.is_in_template or tree.is_in_foreign):
                self._note_end(tag, name)
            tree.end(name)
            self._after_tag(tag, is_own=is_own)
            return tag.end()
        self.note_handlers(tag, name)
        if not (tree.is_in_template or tree.is_in_foreign):
            if name == "html":
                self.note_html(tag)
            elif name in ("head", "body"):
                self.is_document = True
        attributes = {a.name: a.value for a in self.attributes(tag)} if name in _ATTRIBUTES_COUNT else {}
        was_in_select = tree.is_in_select
        depth = tree.template_depth
        raw = tree.start(name, attributes, is_closed=bool(tag[3]))
        if tree.template_depth > depth:
            self.templates.append(self.opens_shadow(tag))
        self._after_tag(tag)
        if name == "script" and raw is None and tree.has_foreign_node:
            if tag[3]:
                self.note_script(tag, tag.end(), tag.end(), is_svg=True)
            else:
                self._svg_scripts.append((tag, tree.stack[-1]))
        if raw is None:
            return tag.end()
        stop = self.pass_raw_text(tag, raw)
        if was_in_select and raw not in ("script", "textarea"):
            # Browsers that ignore the tag read its content as markup, up to the page's end if that is not closed.
            inside = MARKUP.search(self.data, tag.end())
            close = TAG.match(self.data, inside.start()) if inside else None
            self.is_ambiguous_select |= close is None or close.end() != stop
        return stop

    def _note_end(self, tag: re.Match[bytes], name: str) -> None:
        if name == "body":
            self.body_end = tag.start()
        elif name == "html":
            self.html_end = tag.start()
        elif name != "head":
            return
        self.is_document = True

    def _after_tag(self, tag: re.Match[bytes], *, is_own: bool = False) -> None:
        """Note the templates and the svg scripts that the tag has closed."""
        del self.templates[self._tree.template_depth :]
        while self._svg_scripts and not self._svg_scripts[-1][1].is_open:
            start, _ = self._svg_scripts.pop()
            self.note_script(start, tag.start(), tag.end() if is_own else tag.start(), is_svg=True, is_closed=is_own)
            is_own = False
