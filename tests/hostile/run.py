"""Run every hostile string in every place through every context, and print the results: `make safety`.

The exit code is 1 if anything but the customer arrived anywhere, or if a deliberately weak escaper was not caught. The
figures are also written to `artefacts/safety.json`. `--share N` runs one in N strings of each place.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.hostile.corpus import Hostile, read_corpus
from tests.hostile.pages import CONTEXTS, Open, opened_faults, parser_faults
from tests.hostile.places import PLACES, Sent, try_out
from tests.hostile.weak import control, weak_block
from tests.support.browser import ChromiumThread, OpenPage
from tests.support.server import PageServer

BLOCKS_A_PAGE: Final = 100
BARE_ENGINE: Final = "bare engine, html5lib"


def pages_of(sent: Sequence[Sent], size: int = BLOCKS_A_PAGE) -> Iterator[Sequence[Sent]]:
    for start in range(0, len(sent), size):
        yield sent[start : start + size]


def run_context(sent: Sequence[Sent], faults_of: Callable[[Sequence[Sent]], set[str]]) -> dict[str, Any]:
    """Open all blocks page by page. If a page has a fault, open each of its blocks alone, to name the string."""
    faults: list[str] = []
    pages = 0
    for page in pages_of(sent):
        pages += 1
        if faults_of(page):
            alone = [(each, found) for each in page if (found := faults_of([each]))]
            faults += [f"{sorted(found)} {each.block[:300]}" for each, found in alone] or ["only beside others"]
    return {"pages": pages, "blocks": len(sent), "faults": faults}


def closing(open_page: Callable[..., OpenPage], use: Callable[[Open], Any]) -> Any:
    """Close each page after its use, because a browser cannot work with a thousand open pages."""
    opened: list[OpenPage] = []

    def keep(*arguments: Any, **named: Any) -> OpenPage:
        opened.append(open_page(*arguments, **named))
        return opened[-1]

    try:
        return use(keep)
    finally:
        for page in opened:
            page.close()


def general_results(use_page: Callable[[Callable[[Open], str]], str], corpus: Sequence[Hostile]) -> dict[str, Any]:
    """Return the results of escapers in general use in the same contexts, with each string as a key and as a value."""
    from tests.hostile import general

    texts = [case.text for case in corpus if case.text != "__proto__" and not case.has_surrogate]
    results: dict[str, Any] = {}
    for name, write in general.GENERAL.items():
        sent = [weak_block(write, text, text) for text in texts]
        results[name] = {}
        for context in general.CONTEXTS:

            def result(opens: Open, some: Sequence[Sent], context: str = context) -> str:
                return general.result_of(opens, context, some)

            found = {use_page(lambda opens, some=some: result(opens, some)) for some in pages_of(sent, 25)}
            results[name][context] = next((worst for worst in ("ran", "lost", "changed") if worst in found), "ok")
    return results


def main() -> int:
    """Run everything, and return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--general", action="store_true", help="also what other escapers do")
    options = parser.parse_args()
    corpus = read_corpus()
    tried = {
        (place, nonce): [try_out(place, case, nonce=nonce) for case in corpus[number % options.share :: options.share]]
        for nonce in {context.nonce for context in CONTEXTS.values()}
        for number, place in enumerate(PLACES)
    }
    rule_faults = [fault for each in tried.values() for one in each for fault in one.faults]
    sent = {
        nonce: [one.sent for (_, own), each in tried.items() if own == nonce for one in each if one.sent is not None]
        for _, nonce in tried
    }
    taken = sum(one.code is None for (_, nonce), each in tried.items() if nonce is None for one in each)
    print(
        f"{len(corpus)} strings in {len(PLACES)} places: the rules take {taken} and refuse the others, which are then"
    )
    print(f"written past the rules; faults of the rules: {len(rule_faults)}", *rule_faults[:10], sep="\n  ")

    report: dict[str, Any] = {"strings": len(corpus), "places": len(PLACES), "contexts": {}}
    report["contexts"][BARE_ENGINE] = run_context(sent[None], parser_faults)
    show(BARE_ENGINE, report["contexts"][BARE_ENGINE])
    missed = []
    with PageServer() as server, ChromiumThread() as chromium:

        def open_page(body: bytes, **answer: Any) -> OpenPage:
            return OpenPage(chromium, server.add(body, path="/page", **answer))

        for name, context in CONTEXTS.items():

            def faults_of(some: Sequence[Sent], name: str = name) -> set[str]:
                found: set[str] = closing(open_page, lambda opens: opened_faults(opens, name, some))
                return found

            result = run_context(sent[context.nonce], faults_of)
            weak, checks = control(name)
            result["control"] = sorted(faults_of([weak]))
            if not checks <= set(result["control"]):
                missed.append(name)
            report["contexts"][name] = result
            show(name, result)
        if options.general:
            report["general"] = general_results(lambda use: closing(open_page, use), corpus)
            for name, results in report["general"].items():
                print(f"{name}: {results}")
    artefacts = Path(__file__).parents[2] / "artefacts"
    artefacts.mkdir(exist_ok=True)
    (artefacts / "safety.json").write_text(json.dumps(report, indent=2), "ascii")
    faults = len(rule_faults) + sum(len(result["faults"]) for result in report["contexts"].values())
    blocks = sum(result["blocks"] for result in report["contexts"].values())
    print(f"{blocks} blocks, {faults} faults; weak escapers missed: {', '.join(missed) or 'none'}")
    return 1 if faults or missed else 0


def show(name: str, result: dict[str, Any]) -> None:
    """Print one line of the table."""
    caught = f"; weak escaper caught by {', '.join(result['control'])}" if "control" in result else ""
    print(f"{name:22} {result['pages']:5} pages {result['blocks']:6} blocks {len(result['faults']):4} faults{caught}")
    for fault in result["faults"][:5]:
        print("   ", re.sub(r"\s+", " ", fault))
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
