"""The time for finding the place for a block, beside parsers and a plain search: `make bench-pages`.

The figures are milliseconds of CPU time per megabyte (10**6 bytes), the best of several runs. `selectolax`,
`lxml.html` and BeautifulSoup only parse; none of them gives an offset. Packages that are not installed are left out.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from typing import Any

from rr_snippet import find_insertion, inject, render_snippet

SIZES = {"10 KB": 10_000, "100 KB": 100_000, "10 MB": 10_000_000}
# The slow parsers are left out if they would take a minute.
SLOW_MAX_BYTES = 1_000_000

HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Shop &mdash; все товары</title>
<link rel="stylesheet" href="/static/main.css?v=12"><style>body { margin: 0 } .card > a { color: #333 }</style>
<script>window.dataLayer = window.dataLayer || []; if (1 < 2) { dataLayer.push({"page": "</b>"}); }</script>
</head><body class="page">
<!-- header -->
"""
CARD = """<div class="card" data-id="{n}"><a href="/product/{n}?from=list&amp;pos={n}" title="Чайник > 2 л">
<img src="/i/{n}.jpg" alt="Чайник" loading="lazy" width=200 height=200></a>
<div class="card-body"><span class='name'>Чайник электрический {n}</span>
<p class="text">Объём 2&nbsp;л, мощность 2200&nbsp;Вт. Корпус из нержавеющей стали.</p>
<b class="price">2&nbsp;490&nbsp;₽</b><button type="button" class="buy" data-buy="{n}">Купить</button></div></div>
"""
ICON = '<svg class="i" viewBox="0 0 24 24"><title>x</title><path d="M12 2L2 7l10 5 10-5z" fill="none"/></svg>\n'
TEXT = "<p>" + "Текст страницы без разметки, как в статье или новости, и ещё немного слов. " * 8 + "</p>\n"
SCRIPT = "<script>for (var i = 0; i < 10; i++) { document.title += '<' + i + '>'; }</script>\n"
TAIL = "<!-- footer --><footer>© Shop</footer>\n</body>\n</html>\n"
# This makes a page need the whole standard.
HAIRY = "<svg><foreignObject></foreignObject></svg>\n"


def card(number: int) -> str:
    return CARD.replace("{n}", str(number))


PAGES: dict[str, Callable[[int], str]] = {
    "text": lambda _: TEXT,
    "cards": card,
    "cards, icons, scripts": lambda number: card(number) + (ICON if number % 2 else SCRIPT),
    "cards, read in full": lambda number: ("" if number else HAIRY) + card(number),
}

HOSTILE = {
    "<": "<",
    "open comments": "<!--",
    "quotes in a tag": "<a b='\"",
    "spaces in a tag": "<a b   =   ",
    "escaped scripts": "<script><!--<script>",
    "scripts": "<script></script>",
    "templates": "<template>",
    "svg in svg": "<svg><g>",
    "broken svg": "<svg></p>",
    "formatting": "<frameset><b><p></b>",
    "tables": "<frameset><table>x<b>",
    "unknown ends": "<frameset><x></y>",
    "selects": "<select><div></div></select>",
}


def build_page(piece: Callable[[int], str], size: int) -> bytes:
    """Return a page of about `size` bytes."""
    parts = [HEAD]
    length = len(HEAD.encode())
    while length < size - len(TAIL):
        parts.append(piece(len(parts) - 1))
        length += len(parts[-1].encode())
    return "".join([*parts, TAIL]).encode()


def measure(work: Callable[[bytes], object], page: bytes) -> float:
    """Return milliseconds of CPU time per megabyte, the best of as many runs as fit into half a second."""
    best = float("inf")
    spent = 0.0
    while spent < 0.5:
        start = time.process_time()
        work(page)
        taken = time.process_time() - start
        spent += max(taken, 1e-6)
        best = min(best, taken)
    return best * 1e9 / len(page)


def find_rule(page: bytes) -> str:
    """Return the rule for `page`, or the code of the refusal."""
    try:
        return find_insertion(page).rule
    except ValueError as error:
        return str(getattr(error, "code", error))


def load_others() -> dict[str, Callable[[bytes], object]]:
    """Return the other parsers that are installed."""
    found: dict[str, Callable[[bytes], object]] = {"bytes.rfind": lambda page: page.rfind(b"</body>")}

    def load(name: str) -> Any:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"{name} is not installed and left out", file=sys.stderr)
            return None

    if selectolax := load("selectolax.lexbor"):
        found["selectolax"] = selectolax.LexborHTMLParser
    if lxml := load("lxml.html"):
        found["lxml.html"] = lxml.document_fromstring
    if bs4 := load("bs4"):
        found["BeautifulSoup"] = lambda page: bs4.BeautifulSoup(page, "html.parser")
    return found


def main() -> None:
    """Print both tables."""
    snippet = render_snippet({"customerId": "42"})
    works = {"find_insertion": find_insertion, "inject": lambda page: inject(page, snippet), **load_others()}
    print("ms of CPU per MB; in brackets: times that of find_insertion\n")
    print(f"{'page':30}" + "".join(f"{name:>18}" for name in works))
    for kind, piece in PAGES.items():
        for label, size in SIZES.items():
            page = build_page(piece, size)
            own = measure(find_insertion, page)
            cells = []
            for name, work in works.items():
                if name == "BeautifulSoup" and size > SLOW_MAX_BYTES:
                    cells.append("-")
                    continue
                taken = own if name == "find_insertion" else measure(work, page)
                cells.append(f"{taken:.2f} ({taken / own:.2g})")
            print(f"{kind + ', ' + label:30}" + "".join(f"{cell:>18}" for cell in cells), flush=True)
    print("\nhostile pages: ms of CPU per MB at 0.25, 1 and 4 MB, and what is said of them")
    for name, unit in HOSTILE.items():
        rates = []
        for size in (250_000, 1_000_000, 4_000_000):
            page = ("<!doctype html><body>" + unit * (size // len(unit))).encode()
            start = time.process_time()
            rule = find_rule(page)
            rates.append((time.process_time() - start) * 1e9 / len(page))
        print(f"{name:20}" + "".join(f"{rate:10.1f}" for rate in rates) + f"   {rule}", flush=True)


if __name__ == "__main__":
    main()
