"""The scripts of one page: those that a browser runs, and whether each is valid JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rr_snippet.check.escaping import print_fault
from rr_snippet.check.events import Event, Walk
from rr_snippet.check.finding import Finding
from rr_snippet.check.javascript import ends_in_string, find_error, find_lone_comma, is_lost, parse_script, text_of
from rr_snippet.check.kinds import Grammar, Kind
from rr_snippet.check.methods import PERSON
from rr_snippet.check.program import Program
from rr_snippet.check.template import Template
from rr_snippet.html.scan import Handler, Scan, Script

if TYPE_CHECKING:
    from tree_sitter import Node

# A script without one of these has nothing to check.
_RELEVANT: Final = re.compile(r"(?i)(?<![a-z])rr_?api|rr_?on_?ready|setcustomer")
_PERSON_CALL: Final = re.compile(r"(?i)set_?(?:customer|email|profile)\b")
# Tags of Smarty and Blade, in files that are not known to be theirs, and of Razor. An apparent syntax error may be one
# of them.
_OTHER_TAGS: Final = re.compile(
    r"\{/?(?:literal|if|else|elseif|foreach|section|strip|block|include|ldelim|rdelim)\b[^{}();]*\}|\{\$\w|\{!!"
    r"|@(?:if|else|elseif|endif|foreach|endforeach|isset|auth|guest|json|php|Html|Json|Model|Url)\b"
)
_ENTITY: Final = re.compile(r"&(?:quot|#0*3[49]|apos|#[xX]0*2[27]);")
# The error of a broken call may come before its method, from the object on: `rrApi.`.
_BEFORE_CALL_CHARS: Final = 20
# At most this many loops of one script are tried.
_LOOPS_MAX: Final = 10
_TYPESCRIPT: Final[dict[str, Grammar]] = {
    "ts": "typescript",
    "tsx": "tsx",
    "typescript": "typescript",
    "text/typescript": "typescript",
}


class Scripts:
    """Reads the scripts of a page, and keeps what is wrong with the text of each, once for each script."""

    def __init__(self, template: Template, kind: Kind) -> None:
        self._template = template
        self._kind = kind
        self._told: dict[int, list[Finding]] = {}
        # Whether a loop may run twice, by the start of its script and its own.
        self._loops: dict[tuple[int, int], bool] = {}

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the texts of the scripts."""
        for (start, place), is_sound in self._loops.items():
            if not is_sound:
                text = self._template.text[place:]
                self._tell(start, Finding.of(place + len(text) - len(text.lstrip()), "script.syntax"))
        for found in self._told.values():
            yield from found

    def _tell(self, start: int, *findings: Finding) -> None:
        # A script is read once for each way through the template, and one fault may break each reading elsewhere.
        self._told.setdefault(start, list(findings))

    def programs(self, reading: str, found: Scan) -> Iterator[tuple[Program, Script | None]]:
        """Yield the scripts of one reading that a browser runs and that mention the tracker."""
        for start, stop, element in self._spans(reading, found):
            text = reading[start:stop]
            if not _RELEVANT.search(text):
                continue
            if element is not None and not element.is_closed:
                self._tell(start, Finding.of(element.start, "page.eof_in_script"))
                continue
            foreign = self._template.foreign_in(start, stop)
            if element is not None and element.attribute("th:inline") is not None:
                foreign = start
            if foreign is not None:
                self._tell(start, Finding.of(foreign, "script.unread"))
                continue
            program = self._parse(text, start, self._grammar(element))
            if program is not None:
                yield program, element

    def _spans(self, reading: str, found: Scan) -> Iterator[tuple[int, int, Script | None]]:
        """Yield the scripts that a browser runs, or would run if they were closed."""
        if self._kind.is_script:
            yield 0, len(reading), None
        for element in found.scripts:
            is_typed = self._kind.engine == "none" and element.kind == "data" and self._grammar(element) != "javascript"
            could_run = element.is_executable or (not element.is_closed and element.kind != "data") or is_typed
            # The text of a script in svg is markup. It is read only if it has no references.
            is_plain = not element.is_svg or "&" not in reading[element.content_start : element.content_stop]
            if could_run and not element.is_external and is_plain and element.place in ("page", "shadow"):
                yield element.content_start, element.content_stop, element

    def _grammar(self, element: Script | None) -> Grammar:
        if element is None or self._kind.engine != "none":
            # In a page a browser runs JavaScript, even if `lang` names another language.
            return self._kind.grammar
        given = element.attribute("lang") or element.attribute("type") or ""
        return _TYPESCRIPT.get(given.strip().lower(), "javascript")

    def _parse(self, text: str, start: int, grammar: Grammar) -> Program | None:
        """Return the script, with quotes that were escaped for HTML restored, `None` if it cannot run at all.

        A script that is no JavaScript gets no other finding, because its parts may mean anything.
        """
        program = Program(text, start, self._template, grammar)
        if program.error is None or not _PERSON_CALL.search(text):
            return program
        if grammar == "javascript":
            # The grammar of JavaScript has gaps (0.25 fails on `import {in as x}`), and that of TypeScript has others.
            # Code is broken if both refuse it.
            second = Program(text, start, self._template, "typescript")
            if second.error is None:
                return second
        else:
            # A compiler accepts this code, so the error is a gap in the grammar (0.23 fails on `import("a").B<C>`),
            # unless it is in a call.
            return program
        entity = _ENTITY.search(text)
        if entity is not None:
            repaired = Program(_unescape_quotes(text), start, self._template, grammar)
            if repaired.error is None:
                self._tell(start, Finding.of(start + entity.start(), "html.escaped_quotes"))
                return repaired
        stop = start + len(text)
        if ends_in_string(program.root) and self._template.text.startswith("</", stop):
            self._tell(start, Finding.of(stop, "script.closed_in_string"))
            return None
        other = _OTHER_TAGS.search(self._template.text, start, stop) if self._kind.engine in ("mixed", "php") else None
        if other is not None:
            self._tell(start, Finding.of(other.start(), "script.unread"))
            return None
        if not self._template.tags_within(start, stop):
            self._tell(start, Finding.of(start + program.error, "script.syntax"))
            return None
        return program

    def sound_events(self, program: Program, events: Sequence[Event]) -> list[Event]:
        """Return the events that are not in a broken part of a script; report a broken part, if it surely is broken."""
        if program.error is None:
            for event in events:
                if event.method not in PERSON:
                    continue
                if (comma := find_lone_comma(event.node)) is not None:
                    self._tell(program.start, Finding.of(program.start + comma, "script.syntax"))
                self._try_loops(program, event.node)
            return [*events]
        stop = program.start + len(program.text)
        people = [event for event in events if event.method in PERSON]
        broken = [event for event in people if event.node.start_byte <= program.error < event.node.end_byte]
        first = _PERSON_CALL.search(program.text)
        if first is not None and (not people or broken):
            first_call = program.start + first.start()
            is_gap = program.grammar != "javascript" and not broken
            if is_gap or self._template.is_uncertain(first_call, stop):
                self._tell(program.start, Finding.of(program.start + program.error, "script.unread"))
            elif program.error >= first.start() - _BEFORE_CALL_CHARS:
                self._tell(
                    program.start,
                    Finding.of(program.start + program.error, "script.syntax"),
                    *self._print_findings(first_call, stop),
                )
        return [event for event in events if not event.node.has_error and not is_lost(event.node)]

    def _try_loops(self, program: Program, call: Node) -> None:
        """Find out which loops in a call may run twice. A comma between two rounds may be missing."""
        start, stop = program.position(call), program.start + call.end_byte
        text = text_of(call, program.text)
        for first, last in self._template.loops_within(start, stop)[:_LOOPS_MAX]:
            inner = text[first - start : last - start]
            if inner.strip() and not self._template.is_uncertain(first, last):
                twice = text[: last - start] + inner + text[last - start :]
                is_sound = find_error(parse_script(twice, program.grammar)) is None
                self._loops[program.start, first] = self._loops.get((program.start, first), False) or is_sound

    def _print_findings(self, start: int, stop: int) -> Iterator[Finding]:
        """Yield findings for tags that print into quotes without escaping, judged by the text around them alone."""
        text = self._template.text
        for tag in self._template.tags_within(start, stop):
            quote = text[tag.start - 1 : tag.start]
            if tag.does == "value" and quote in ("'", '"') and text[tag.stop : tag.stop + 1] == quote:
                code = print_fault(tag, self._template, is_quoted=True)
                if code is not None:
                    yield Finding.of(tag.start, code)

    def handler_findings(self, handlers: Sequence[Handler]) -> Iterator[Finding]:
        """Yield a finding for each inline event handler with a person's call."""
        for handler in handlers:
            code = handler.attribute.value
            if handler.place == "template" or not _RELEVANT.search(code) or not _PERSON_CALL.search(code):
                continue
            program = Program(code, 0, Template("", "none"))
            if program.error is not None or any(event.method in PERSON for event in Walk(program).events()):
                yield Finding.of(handler.attribute.start, "handler.inline")


def _unescape_quotes(text: str) -> str:
    """Return a script with escaped quotes as quotes. Blanks outside the strings keep its length."""
    is_open = False

    def quote(match: re.Match[str]) -> str:
        nonlocal is_open
        is_open = not is_open
        character = '"' if match[0] == "&quot;" or "34" in match[0] or "22" in match[0] else "'"
        blanks = " " * (len(match[0]) - 1)
        return blanks + character if is_open else character + blanks

    return _ENTITY.sub(quote, text)
