"""Read what code sends to the tracker, if all of it is in the code itself. The preview shows it."""

from __future__ import annotations

from typing import Any

from rr_snippet.check.events import Walk
from rr_snippet.check.javascript import load_parsers
from rr_snippet.check.kinds import Kind, kind_of
from rr_snippet.check.literal import Reader
from rr_snippet.check.scripts import Scripts
from rr_snippet.check.template import Template
from rr_snippet.check.values import Value
from rr_snippet.customer.pairs import object_of
from rr_snippet.html.scan import Scan, scan


class _NotInTheCodeError(Exception):
    """The value is known only to a server or a browser."""


def given_customers(page: str, *, name: str = "") -> list[object]:
    """Return the argument of each `setCustomer` call in a page, `None` if not all of it is in the page.

    The suffix of `name` decides how the page is read, as in `check_page`.

    Raises:
        MissingDependencyError: `dependency.missing`.
    """
    load_parsers()
    kind = kind_of(name) or Kind()
    template = Template(page, kind.engine)
    scripts = Scripts(template, kind)
    reading = next(iter(template.readings()))
    found = Scan(len(reading)) if kind.is_script else scan(reading)
    return [
        _known(Reader(program).read(event.arguments[0])) if event.arguments else None
        for program, _ in scripts.programs(reading, found)
        for event in scripts.sound_events(program, [*Walk(program).events()])
        if event.method == "setCustomer"
    ]


def _known(value: Value) -> object:
    try:
        return _plain(value)
    except _NotInTheCodeError:
        return None


def _plain(value: Value) -> Any:
    if value.kind == "object" and not value.is_open:
        return object_of([(str(member.key), _plain(member.value)) for member in value.members])
    if value.kind == "array":
        return [_plain(item) for item in value.items]
    if value.kind == "null":
        return None
    if value.kind not in ("string", "boolean", "number") or value.plain is None:
        raise _NotInTheCodeError
    is_whole = isinstance(value.plain, float) and value.plain.is_integer()
    return int(value.plain) if is_whole else value.plain
