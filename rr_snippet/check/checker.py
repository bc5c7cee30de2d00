"""Checks one page: finds its scripts as a browser does, reads them, and applies the rules."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rr_snippet.block.read_back import read_block
from rr_snippet.check.corrected import corrected_block
from rr_snippet.check.events import Event, Walk
from rr_snippet.check.finding import Finding
from rr_snippet.check.javascript import ends_in_string, load_parser
from rr_snippet.check.literal import read_value
from rr_snippet.check.person import object_findings
from rr_snippet.check.positions import Ignored, Lines
from rr_snippet.check.program import Program
from rr_snippet.check.reach import REACH_CODES, is_customer_call, page_findings
from rr_snippet.check.rulebook import CODES, RULES, is_chosen
from rr_snippet.check.template_tags import Template
from rr_snippet.errors import OptionError, PageError
from rr_snippet.html.scan import DEPTH_MAX_ELEMENTS, Handler, Scan, Script, scan
from rr_snippet.options import wrong_value

# Nothing in a page without one of these is any business of ours.
_RELEVANT: Final = re.compile(r"(?i)(?<![a-z])rr_?api|rr_?on_?ready")
_PERSON_CALL: Final = re.compile(r"(?i)set_?(?:customer|email|profile)\b")
# Tags of Smarty, Blade and Razor, which are not read: what looks like a syntax error may be one of theirs.
_OTHER_TAGS: Final = re.compile(
    r"\{/?(?:literal|if|else|elseif|foreach|section|strip|block|include|ldelim|rdelim)\b[^{}();]*\}|\{\$\w|\{!!"
    r"|@(?:if|else|elseif|endif|foreach|endforeach|isset|auth|guest|json|php|Html|Json|Model|Url)\b"
)
_ENTITY: Final = re.compile(r"&(?:quot|#0*3[49]|apos|#[xX]0*2[27]);")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to look for and how to read.

    `select` and `ignore` hold codes, or subjects that stand for all their codes (`queue`); an empty `select` is all.
    `is_rendered`: the pages are as browsers receive them, so that any tag of a template is a fault. `with_values`: a
    corrected block shows the values found in the page.

    Raises:
        OptionError: `option.value`, at construction.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    is_rendered: bool = False
    with_values: bool = False

    def __post_init__(self) -> None:
        for name in ("select", "ignore"):
            if any(not _is_known(code) for code in getattr(self, name)):
                raise OptionError(wrong_value(name, "codes of rules, or their subjects,"))

    def wants(self, code: str) -> bool:
        """Tell whether a rule is to be reported."""
        return (not self.select or is_chosen(code, self.select)) and not is_chosen(code, self.ignore)


def _is_known(code: str) -> bool:
    return any(is_chosen(known, frozenset((code,))) for known in CODES)


def decode_page(page: bytes) -> str:
    """Return the text of a page: by its byte order mark, else as UTF-8, else as windows-1251."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if page.startswith(mark):
            return page[len(mark) :].decode(encoding, "replace")
    try:
        return page.decode()
    except UnicodeDecodeError:
        return page.decode("cp1251", "replace")


def check_page(page: bytes | str, options: CheckOptions | None = None, *, is_script: bool = False) -> list[Finding]:
    """Return what is wrong with the Retail Rocket calls of a page, or of a script file, in the order of its lines.

    Nothing is raised for anything a page may hold, and time is linear in its length.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    load_parser()
    text = decode_page(page) if isinstance(page, bytes) else page
    if not _RELEVANT.search(text):
        return []
    return _Check(text, options or CheckOptions(), is_script=is_script).findings()


class _Check:
    """The check of one page."""

    def __init__(self, text: str, options: CheckOptions, *, is_script: bool) -> None:
        self._text = text
        self._options = options
        self._is_script = is_script
        self._template = Template(text)
        self._lines = Lines(text)
        # A page with branches is read more than once: what is found twice is told once.
        self._findings: dict[Finding, str | None] = {}
        # Where the scripts start that this library wrote: what they say was judged when they were made.
        self._ours: set[int] = set()

    def findings(self) -> list[Finding]:
        elements: Sequence[Script] = ()
        for reading in self._template.readings():
            found = Scan(len(reading)) if self._is_script else scan(reading, handlers=True)
            elements = elements or found.scripts
            self._read(reading, found)
        ignored = Ignored(self._text, self._lines, elements)
        self._keep(ignored.unknown)
        findings = []
        for finding, corrected in self._findings.items():
            line, column = self._lines.locate(finding.offset)
            if self._options.wants(finding.code) and not ignored.covers(line, finding.code):
                findings.append(replace(finding, line=line, column=column, corrected=corrected))
        return sorted(findings, key=lambda finding: (finding.line, finding.column, finding.code, finding.field))

    def _keep(self, findings: Sequence[Finding], corrected: str | None = None) -> None:
        for found in findings:
            self._findings[found] = corrected or self._findings.get(found)

    def _read(self, reading: str, found: Scan) -> None:
        if found.is_too_deep:
            self._keep([Finding.of(0, "page.too_deep", limit=DEPTH_MAX_ELEMENTS)])
        self._keep(list(_handler_findings(found.handlers)))
        events: list[Event] = []
        pushed: set[str] = set()
        for start, stop, element in self._spans(reading, found):
            text = reading[start:stop]
            if not _RELEVANT.search(text) and "setCustomer" not in text:
                continue
            if element is not None and not element.is_closed:
                self._keep([Finding.of(element.start, "page.eof_in_script")])
                continue
            program = self._parse(text, start)
            if program is None:
                continue
            walk = Walk(program)
            found_here = list(walk.events())
            if element is not None and _is_ours(reading[element.start : element.stop]):
                self._ours.add(start)
            self._keep(list(self._template_syntax_findings(program, found_here)))
            events += found_here
            pushed |= walk.pushed
        self._keep(list(page_findings(events, frozenset(pushed))))
        told = {found.offset for found in self._findings if RULES[found.code].severity != "note"}
        for event in events:
            if is_customer_call(event) and event.program.start not in self._ours:
                self._check_call(event, is_told=event.position in told)

    def _spans(self, reading: str, found: Scan) -> Iterator[tuple[int, int, Script | None]]:
        """Yield the scripts that a browser runs, and the last one that it would run if it were closed."""
        if self._is_script:
            yield 0, len(reading), None
        for element in found.scripts:
            could_run = element.is_executable or (not element.is_closed and element.kind != "data")
            # In svg the text of a script is markup, with references in it: there it is only read if it has none.
            is_plain = not element.is_svg or "&" not in reading[element.content_start : element.content_stop]
            if could_run and not element.is_external and is_plain and element.place in ("page", "shadow"):
                yield element.content_start, element.content_stop, element

    def _parse(self, text: str, start: int) -> Program | None:
        """Return the script, quotes that were escaped for HTML made quotes again; `None` if it cannot run at all.

        Of a script that is no JavaScript nothing else is told: what its parts mean is anybody's guess.
        """
        program = Program(text, start, self._template)
        if program.error is None or not _PERSON_CALL.search(text):
            return program
        entity = _ENTITY.search(text)
        if entity is not None:
            repaired = Program(_unescape_quotes(text), start, self._template)
            if repaired.error is None:
                self._keep([Finding.of(start + entity.start(), "html.escaped_quotes")])
                return repaired
        stop = start + len(text)
        if ends_in_string(program.root) and self._text.startswith("</", stop):
            self._keep([Finding.of(stop, "script.closed_in_string")])
            return None
        if not self._template.tags_within(start, stop):
            other = _OTHER_TAGS.search(text)
            found = (
                Finding.of(start + other.start(), "script.unread")
                if other
                else Finding.of(start + program.error, "script.syntax")
            )
            self._keep([found])
            return None
        return program

    def _template_syntax_findings(self, program: Program, events: Sequence[Event]) -> Iterator[Finding]:
        """Yield an error inside of a call, if nothing but printed values could be mistaken there."""
        if program.error is None:
            return
        for event in filter(is_customer_call, events):
            tags = self._template.tags_within(event.position, program.start + event.node.end_byte)
            is_inside = event.node.start_byte <= program.error < event.node.end_byte
            if is_inside and tags and all(tag.kind == "expression" for tag in tags):
                yield Finding.of(program.start + program.error, "script.syntax")

    def _check_call(self, event: Event, *, is_told: bool) -> None:
        if not event.arguments:
            self._keep([Finding.of(event.position, "customer_id.missing", "customerId")])
            return
        value = read_value(event.arguments[0], event.program)
        findings = list(object_findings(value, is_rendered=self._options.is_rendered))
        corrected = None
        if is_told or any(RULES[found.code].severity != "note" for found in findings):
            corrected = corrected_block(value, with_values=self._options.with_values)
        self._keep(findings, corrected)
        for code in REACH_CODES:
            at_the_call = Finding.of(event.position, code)
            if at_the_call in self._findings:
                self._keep([at_the_call], corrected)


def _handler_findings(handlers: Sequence[Handler]) -> Iterator[Finding]:
    for handler in handlers:
        code = handler.attribute.value
        if handler.place != "template" and _RELEVANT.search(code) and _PERSON_CALL.search(code):
            yield Finding.of(handler.attribute.start, "handler.inline")


def _is_ours(block: str) -> bool:
    try:
        read_block(block)
    except PageError:
        return False
    return True


def _unescape_quotes(text: str) -> str:
    """Return a script with each escaped quote as a quote, as many characters long: blanks lie outside of strings."""
    is_open = False

    def quote(match: re.Match[str]) -> str:
        nonlocal is_open
        is_open = not is_open
        character = '"' if match[0] == "&quot;" or "34" in match[0] or "22" in match[0] else "'"
        blanks = " " * (len(match[0]) - 1)
        return blanks + character if is_open else character + blanks

    return _ENTITY.sub(quote, text)
