"""Run scripts in a fresh, bare JavaScript engine, and collect what they did."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import html5lib
from py_mini_racer import JSTimeoutException, MiniRacer

from tests.support.outcome import OBSERVER_JS, TRACKER_JS, Outcome

SCRIPT_TIMEOUT_S = 20

# An empty type is JavaScript too. Any other makes a data block, which does not run. Modules are read as scripts here.
JAVASCRIPT_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})

Tracker = Literal["after", "before", "none"]


def run_scripts(*scripts: str, tracker: Tracker = "after") -> Outcome:
    """Run each text as a classic script in a fresh engine, with the stand-in tracker loaded after or before them.

    Each call has a new engine, so that the examples of hypothesis are independent of each other. A script that throws
    does not keep the next from running, as in a page.
    """
    steps = {"after": [*scripts, TRACKER_JS], "before": [TRACKER_JS, *scripts], "none": list(scripts)}[tracker]
    # As an ASCII literal, because the engine's own UTF-8 cannot hold a lone surrogate.
    code = f"{OBSERVER_JS}\nrrObserver.run({json.dumps(steps)})"
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return Outcome.from_text(_evaluate(code))
    # Otherwise the engine would join the caller's event loop, where it has no timeout and cannot be awaited.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return Outcome.from_text(thread.submit(_evaluate, code).result())


def _evaluate(code: str) -> str:
    with MiniRacer() as engine:
        try:
            text = engine.eval(code, timeout_sec=SCRIPT_TIMEOUT_S)
        except JSTimeoutException:
            # The stopped script reports its end from another thread. Wait for that before the loop is closed.
            engine.eval("0")
            raise
    assert isinstance(text, str)
    return text


def run_html(html: str, *, tracker: Tracker = "after") -> Outcome:
    """Run the scripts that an HTML parser finds in `html`, so that an early end of a script element shows."""
    return run_scripts(*script_texts(html), tracker=tracker)


def script_texts(html: str) -> list[str]:
    """Return the text of each script element that holds JavaScript, as html5lib reads the page."""
    document = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [
        "".join(element.itertext())
        for element in document.iter("script")
        if element.get("type", "").strip().lower() in JAVASCRIPT_TYPES
    ]
