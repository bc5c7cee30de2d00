"""Check one page: find its scripts as a browser does, parse them, and apply the rules."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rr_snippet.block.read_back import read_block
from rr_snippet.check.containers import read_container
from rr_snippet.check.corrected import corrected_block
from rr_snippet.check.events import Event, Walk
from rr_snippet.check.excerpt import excerpt
from rr_snippet.check.finding import Finding
from rr_snippet.check.ignored import Ignored
from rr_snippet.check.javascript import load_parsers
from rr_snippet.check.kinds import Kind, kind_of
from rr_snippet.check.leaves import LeafRules
from rr_snippet.check.literal import Reader
from rr_snippet.check.loader import loader_findings
from rr_snippet.check.methods import PERSON
from rr_snippet.check.orders import order_findings
from rr_snippet.check.person import nothing_given, person_findings
from rr_snippet.check.positions import Lines
from rr_snippet.check.reach import REACH_CODES, reach_findings
from rr_snippet.check.rulebook import CODES, RULES, is_chosen
from rr_snippet.check.scripts import Scripts
from rr_snippet.check.sequence import sequence_findings
from rr_snippet.check.template import Template
from rr_snippet.errors import PageError
from rr_snippet.html.scan import DEPTH_MAX_ELEMENTS, Scan, Script, scan
from rr_snippet.options import did_you_mean, refuse, wrong_value

# A page without one of these has nothing to check.
_RELEVANT: Final = re.compile(r"(?i)(?<![a-z])rr_?api|rr_?on_?ready")
_INDEX: Final = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to look for, and how to read a page.

    `select` and `ignore` hold codes, or subjects that stand for all their codes (`queue`). An empty `select` means all.
    With `is_rendered` pages are as browsers receive them, so any tag of a template is a fault. With `with_values` a
    corrected block shows values found in the page.

    Raises:
        OptionError: `option.value`, at construction.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    is_rendered: bool = False
    with_values: bool = False

    def __post_init__(self) -> None:
        refuse(
            *(
                wrong_value(f"{name}: {code}", did_you_mean(code, CODES) or "the code of a rule, or its subject")
                for name in ("select", "ignore")
                for code in sorted(getattr(self, name))
                if not any(is_chosen(known, (code,)) for known in CODES)
            )
        )

    def wants(self, code: str) -> bool:
        """Return whether a rule is reported."""
        return (not self.select or is_chosen(code, self.select)) and not is_chosen(code, self.ignore)


def decode_page(page: bytes) -> str:
    """Return the text of a page, decoded by its byte order mark, else as UTF-8, else as windows-1251."""
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


def check_page(page: bytes | str, options: CheckOptions | None = None, *, name: str = "page.html") -> list[Finding]:
    """Return what is wrong with the Retail Rocket calls of a page or a script file, in the order of its lines.

    The suffix of `name` decides how the page is read (`cart.js`, `cart.twig`). With an unknown suffix it is a page. No
    content of a page raises an error, and the time is linear in the page's length.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    load_parsers()
    text = decode_page(page) if isinstance(page, bytes) else page
    if not _RELEVANT.search(text):
        return []
    kind = kind_of(name) or Kind()
    options = options or CheckOptions()
    lines = Lines(text)
    if kind.engine != "gtm":
        return _Check(text, kind, options, lines).findings()
    found: list[Finding] = []
    for tag in read_container(text):
        inner = Lines(tag.text)
        for finding in _Check(tag.text, kind, options, inner).findings():
            offset = tag.place(finding.offset)
            line, column = lines.locate(offset)
            found.append(replace(finding, offset=offset, line=line, column=column, end_column=column + 1))
    return found


class _Check:
    """The check of one page."""

    def __init__(self, text: str, kind: Kind, options: CheckOptions, lines: Lines) -> None:
        self._text = text
        self._kind = kind
        self._options = options
        self._template = Template(text, kind.engine)
        self._lines = lines
        self._scripts = Scripts(self._template, kind)
        self._leaves = LeafRules(self._template, is_rendered=options.is_rendered)
        # A page with branches is read more than once, but a repeated finding is reported once. The number of an entry
        # does not distinguish findings, because a branch may leave out earlier entries.
        self._findings: dict[tuple[int, str, str], Finding] = {}
        # The starts of scripts that this library wrote: their customers were validated when they were rendered.
        self._ours: set[int] = set()

    def findings(self) -> list[Finding]:
        elements: Sequence[Script] = ()
        for reading in self._template.readings():
            found = Scan(len(reading)) if self._kind.is_script else scan(reading, handlers=True)
            elements = elements or found.scripts
            self._read(reading, found)
        self._keep(self._scripts.findings())
        ignored = Ignored(self._text, self._lines, elements)
        placed = [self._placed(finding) for finding in self._findings.values()]
        kept = [finding for finding in placed if not ignored.covers(finding.line, finding.code)]
        kept += map(self._placed, ignored.findings())
        wanted = [finding for finding in kept if self._options.wants(finding.code)]
        return sorted(wanted, key=lambda finding: (finding.line, finding.column, finding.code, finding.field))

    def _placed(self, finding: Finding) -> Finding:
        """Return a finding with its line, column and excerpt."""
        line, column = self._lines.locate(finding.offset)
        is_code = not self._options.is_rendered and (self._kind.is_script or self._kind.engine not in ("mixed", "gtm"))
        return replace(
            finding,
            line=line,
            column=column,
            end_column=column + self._lines.stretch(finding.offset),
            excerpt=excerpt(finding.offset, self._lines, self._template, is_code=is_code),
        )

    def _keep(self, findings: Iterable[Finding], corrected: str | None = None) -> None:
        for found in findings:
            first = self._findings.setdefault(_key(found), found)
            if corrected is not None and first.corrected is None:
                self._findings[_key(found)] = replace(first, corrected=corrected)

    def _read(self, reading: str, found: Scan) -> None:
        if found.is_too_deep:
            self._keep([Finding.of(0, "page.too_deep", limit=DEPTH_MAX_ELEMENTS)])
        self._keep(self._scripts.handler_findings(found.handlers))
        events: list[Event] = []
        pushed: set[str] = set()
        for program, element in self._scripts.programs(reading, found):
            walk = Walk(program)
            found_here = list(walk.events())
            if element is not None and _is_ours(reading[element.start : element.stop]):
                self._ours.add(program.start)
            events += self._scripts.sound_events(program, found_here)
            pushed |= walk.pushed
        self._keep(reach_findings(events, frozenset(pushed)))
        self._keep(sequence_findings(events))
        self._keep(loader_findings(found.scripts, events, self._template))
        told = {found.offset for found in self._findings.values() if RULES[found.code].severity != "note"}
        for event in events:
            if event.program.start in self._ours:
                continue
            if event.method in PERSON:
                self._check_person(event, is_told=event.position in told)
            elif event.method == "order" and event.arguments:
                value = Reader(event.program).read(event.arguments[0])
                self._keep(order_findings(value, self._template))

    def _check_person(self, event: Event, *, is_told: bool) -> None:
        if not event.arguments:
            self._keep([nothing_given(event.method, event.position)])
            return
        value = Reader(event.program).read(event.arguments[0])
        findings = list(person_findings(event.method, value, self._leaves))
        corrected = None
        if event.method == "setCustomer" and (is_told or any(RULES[item.code].severity != "note" for item in findings)):
            corrected = corrected_block(value, self._template, with_values=self._options.with_values)
        self._keep(findings, corrected)
        for code in REACH_CODES:
            at_the_call = Finding.of(event.position, code)
            if _key(at_the_call) in self._findings:
                self._keep([at_the_call], corrected)


def _key(finding: Finding) -> tuple[int, str, str]:
    return finding.offset, finding.code, _INDEX.sub("[]", finding.field)


def _is_ours(block: str) -> bool:
    try:
        read_block(block)
    except PageError:
        return False
    return True
