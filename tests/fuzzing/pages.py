"""Compare our reading of pages with other parsers', on random soup: `python tests/fuzzing/pages.py COUNT [SEED]`.

After `inject` the other parser must see one more script, in the HTML namespace and outside any template, and otherwise
the same tree. justhtml follows the current standard. html5lib 1.1 follows that of 2015, has no templates and keeps the
line feed after a pre's end tag, so it reads only pages where that does not matter. If pages fail, they are printed, and
the exit code is 1. Of ten thousand pages one or two fail because justhtml 3.16 is wrong about an svg closed by a
formatting element, or about `</body>` in a column group. `chromium.py` decides about those.
"""

from __future__ import annotations

import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import html5lib
from justhtml import JustHTML
from justhtml.dom import Node

sys.path.insert(0, str(Path(__file__).parents[2]))
from rr_snippet.errors import PageError
from rr_snippet.page import inject
from tests.pages.soup import make_soup

MARK = "MARK7"
SNIPPET = f"<script>{MARK}</script>"
_HTML = "{http://www.w3.org/1999/xhtml}"


def read_html5lib(page: str) -> tuple[str, list[bool]]:
    """Return the tree as text without our script, and for each script of ours whether it is live."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = html5lib.parse(page, treebuilder="etree", scripting=True)
    lines: list[str] = []
    ours: list[bool] = []

    def walk(node: ElementTree.Element, depth: int, *, is_inert: bool) -> None:
        lines.append(f"{depth} {node.tag!r} {sorted(node.attrib.items())}")
        lines.append(f"text {node.text or ''}")
        for child in node:
            if child.text == MARK and str(child.tag).endswith("script"):
                ours.append(child.tag == _HTML + "script" and not is_inert)
            else:
                walk(child, depth + 1, is_inert=is_inert or child.tag == _HTML + "template")
            lines[-1] += child.tail or ""
        lines.append("end ")

    walk(tree, 0, is_inert=False)
    return "\n".join(lines), ours


def read_justhtml(page: str) -> tuple[str, list[bool]]:
    """Do what `read_html5lib` does, with justhtml."""
    lines: list[str] = []
    ours: list[bool] = []

    def walk(node: Node, depth: int, *, is_inert: bool) -> None:
        content = getattr(node, "template_content", None)
        if content is not None:
            lines.append("content")
            walk(content, depth + 1, is_inert=True)
        for child in node.children or ():
            if child.name == "#text":
                # Two adjacent texts were one before our script divided them.
                if not (lines and lines[-1].startswith("text ")):
                    lines.append("text ")
                lines[-1] += str(child.data)
            elif child.name == "script" and "".join(str(text.data) for text in child.children) == MARK:
                ours.append(child.namespace == "html" and not is_inert)
            else:
                data = "" if child.name == "!doctype" else child.data
                lines.append(f"{depth} {child.namespace} {child.name} {child.attrs} {data}")
                walk(child, depth + 1, is_inert=is_inert)
        lines.append("end ")

    walk(JustHTML(page, sanitize=False).root, 0, is_inert=False)
    return "\n".join(lines), ours


# The standard closes an svg by `</p>` only since 2020.
_OLD_HTML5LIB: Final = re.compile(
    r"<(?:template|pre|listing|select|search|colgroup)\b|<\?|<(?:svg|math).*</p\b|</br\b", re.IGNORECASE | re.DOTALL
)
Reader = Callable[[str], tuple[str, list[bool]]]


def readers_for(page: str) -> list[Reader]:
    """Return the parsers that know the parts of the standard that `page` needs."""
    return [read_justhtml] if _OLD_HTML5LIB.search(page) else [read_justhtml, read_html5lib]


def check_page(page: str) -> str | None:
    """Return what is wrong with our placement in `page`, `None` if nothing is."""
    done = inject(page, SNIPPET)
    faults = (check_with(read, page, done) for read in readers_for(page))
    return next((fault for fault in faults if fault), None)


def check_with(read: Reader, page: str, done: str) -> str | None:
    """Return what is wrong with our placement by the parser `read`; `done` is `page` with our script."""
    before, none = read(page)
    after, ours = read(done)
    if none:
        return "mark in the page"
    if ours != [True]:
        return f"{read.__name__}: scripts seen: {ours}"
    return None if before == after else f"{read.__name__}: the rest of the tree changed"


def main(count: int, seed: int) -> int:
    """Run `count` pages; return the exit code."""
    source = random.Random(seed)
    outcomes: Counter[str] = Counter()
    for _ in range(count):
        page = make_soup(source)
        try:
            fault = check_page(page)
        except PageError as refusal:
            outcomes[refusal.code] += 1
            continue
        outcomes["wrong" if fault else "right"] += 1
        if fault:
            print(f"{fault}: {page!r}")
    print(dict(outcomes.most_common()))
    return 1 if outcomes["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
