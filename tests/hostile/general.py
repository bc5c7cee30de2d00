"""Escapers in general use for data in scripts. None of them was made for all of these contexts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson
from django.utils.html import escapejs, json_script
from jinja2.utils import htmlsafe_json_dumps

from tests.hostile.pages import Open, opened_faults
from tests.hostile.places import Sent
from tests.hostile.weak import Writer, bare


def _tojson(text: str) -> str:
    return str(htmlsafe_json_dumps(text))


def _json_script(text: str) -> str:
    """Return what Django's `json_script` puts between its tags, by the same translation table."""
    page = str(json_script(text, "x"))
    return page[page.index(">") + 1 : page.rindex("</")]


def _escapejs(text: str) -> str:
    return f'"{escapejs(text)}"'


def _orjson(text: str) -> str:
    return orjson.dumps(text).decode()


GENERAL: Final[dict[str, Writer]] = {
    "json.dumps": bare,
    "orjson": _orjson,
    "Jinja2 tojson": _tojson,
    "Django json_script": _json_script,
    "Django escapejs": _escapejs,
}

CONTEXTS: Final = ("HTML", "XHTML", "SVG script", "windows-1251", "ISO-2022-JP")


def result_of(open_page: Open, name: str, sent: Sequence[Sent]) -> str:
    """Return what happened to blocks in a context: `ok`, `changed`, `lost`, or `ran` if something else ran."""
    faults = opened_faults(open_page, name, sent)
    if faults & {"ran", "prototype", "handlers", "dialogs"}:
        return "ran"
    if faults & {"scripts", "markup", "calls", "errors"}:
        return "lost"
    return "changed" if faults else "ok"
