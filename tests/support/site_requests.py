"""Open every page of a built site in Chromium, from the disk, and fail if one requests anything from another host.

`python -m tests.support.site_requests build/docs`, after `make docs`. It also fails if a page is wider than a phone.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support.browser import CHROMIUM_FLAGS, CHROMIUM_NAMES

PHONE = {"width": 360, "height": 800}


def faults(site: Path) -> list[str]:
    found = []
    with sync_playwright() as driver:
        executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        browser = driver.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS, chromium_sandbox=False)
        page = browser.new_page(viewport=PHONE)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in sorted(site.rglob("*.html")):
            asked.clear()
            page.goto(path.absolute().as_uri())
            found += [f"{path}: asks for {url}" for url in asked if not url.startswith(("file:", "data:"))]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{path}: wider than {PHONE['width']} pixels")
        browser.close()
    return found


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]))
    print(*found, sep="\n")
    sys.exit(bool(found))
