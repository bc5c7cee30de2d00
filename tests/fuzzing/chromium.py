"""Let Chromium read and run random pages with our script in them: `python tests/fuzzing/chromium.py COUNT [SEED]`.

Each page is written into a frame with scripts on, before and after `inject`. The script must run exactly once, and the
rest of the document must stay the same. Needs playwright and Chromium (`CHROMIUM`, else `/usr/bin/chromium`).
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))
from rr_snippet.errors import PageError
from rr_snippet.page import inject
from tests.pages.soup import make_soup

SNIPPET: Final = "<script>parent.runs++;document.currentScript.id='ours'</script>"
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_BATCH: Final = 200

_READ: Final = """pairs => pairs.map(([before, after]) => {
  const read = html => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const inner = frame.contentDocument;
    window.runs = 0;
    inner.open(); inner.write(html); inner.close();
    const ours = inner.getElementById('ours');
    if (ours) ours.remove();
    const kind = inner.doctype ? inner.doctype.name + inner.doctype.publicId : '';
    const root = inner.documentElement;
    const text = kind + inner.compatMode + [...inner.childNodes].map(n => n.nodeType).join() + root.outerHTML;
    frame.remove();
    return [text, window.runs];
  };
  const [plain] = read(before), [done, runs] = read(after);
  return runs !== 1 ? 'ran ' + runs + ' times' : plain !== done ? 'the rest changed: ' + plain + ' -> ' + done : '';
})"""


def check_pages(pages: list[str], tab: Any) -> list[str]:
    """Return, for each of `pages`, what is wrong with our placement in Chromium, or an empty text."""
    done: list[str] = tab.evaluate(_READ, [[page, inject(page, SNIPPET)] for page in pages])
    return done


def main(count: int, seed: int) -> int:
    """Run `count` pages; return the exit code."""
    source = random.Random(seed)
    outcomes: Counter[str] = Counter()
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        for start in range(0, count, _BATCH):
            pages = []
            for _ in range(min(_BATCH, count - start)):
                page = make_soup(source)
                try:
                    inject(page, SNIPPET)
                except PageError as refusal:
                    outcomes[refusal.code] += 1
                else:
                    pages.append(page)
            tab = browser.new_page()
            faults = check_pages(pages, tab)
            tab.close()
            for page, fault in zip(pages, faults, strict=True):
                outcomes["wrong" if fault else "right"] += 1
                if fault:
                    print(f"{fault[:600]}: {page!r}", flush=True)
        browser.close()
    print(dict(outcomes.most_common()))
    return 1 if outcomes["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
