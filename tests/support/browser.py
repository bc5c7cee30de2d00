"""One Chromium for the whole test run, driven from a thread of its own."""

from __future__ import annotations

import json
import queue
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Literal, Self, TypeVar

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.outcome import OBSERVER_JS, TRACKER_JS, Outcome, value_of

T = TypeVar("T")
Tracker = Literal["after", "before", "none"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Tests load nothing from the Internet, whatever their pages contain.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
START_TIMEOUT_S = 60
JOB_TIMEOUT_S = 60


class NoBrowserError(Exception):
    """Chromium cannot be started. The first argument says so briefly, the rest is Chromium's log."""


class ChromiumThread:
    """Chromium, its driver and their event loop in one thread, which runs the jobs it is given.

    The synchronous driver keeps an asyncio loop running in the thread that started it. In pytest's own thread that
    would make `asyncio.run` fail in every later test of the process.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[[Browser], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, name="chromium", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.result(START_TIMEOUT_S)
        return self

    def __exit__(self, *error: object) -> None:
        self._jobs.put(None)
        self._thread.join(JOB_TIMEOUT_S)

    def run(self, job: Callable[[Browser], T]) -> T:
        """Return what `job` returns for the browser; no object of the driver may be used outside such a job."""
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future.result(JOB_TIMEOUT_S)

    def _work(self) -> None:
        executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
        if executable is None:
            self._ready.set_exception(NoBrowserError(f"none of {', '.join(CHROMIUM_NAMES)} is on PATH"))
            return
        try:
            with sync_playwright() as driver:
                # The driver adds --headless, --no-sandbox and a new profile folder.
                browser = driver.chromium.launch(
                    executable_path=executable, args=CHROMIUM_FLAGS, chromium_sandbox=False, headless=True
                )
                self._ready.set_result(None)
                while (work := self._jobs.get()) is not None:
                    job, future = work
                    try:
                        future.set_result(job(browser))
                    except BaseException as error:
                        future.set_exception(error)
                browser.close()
        except Exception as error:
            if self._ready.done():
                raise
            self._ready.set_exception(NoBrowserError(f"{executable} did not start", str(error)))


class OpenPage:
    """A page after its `load` event, in its own browser profile."""

    def __init__(self, chromium: ChromiumThread, url: str, *, tracker: Tracker = "after") -> None:
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.status = 0
        self._chromium = chromium
        self._printed: list[str] = []
        self._thrown: list[str] = []
        self._context: BrowserContext
        self._page: Page
        chromium.run(lambda browser: self._open(browser, url, tracker))

    def _open(self, browser: Browser, url: str, tracker: Tracker) -> None:
        self._context = browser.new_context()
        try:
            self._load(url, tracker)
        except BaseException:
            self._context.close()
            raise

    def _load(self, url: str, tracker: Tracker) -> None:
        self._page = page = self._context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._thrown.append(f"{error.name}: {error.message}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dismiss)
        page.add_init_script(OBSERVER_JS)
        if tracker == "before":
            page.add_init_script(TRACKER_JS)
        response = page.goto(url)
        self.status = response.status if response else 0
        self._devtools = self._context.new_cdp_session(page)
        if tracker == "after":
            self._evaluate(TRACKER_JS)

    def _hear(self, message: Any) -> None:
        # The browser reports this itself, for the page too if its status is no success. No script caused it.
        if not message.text.startswith("Failed to load resource: "):
            self._printed.append(f"{message.type}: {message.text}")

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _evaluate(self, expression: str) -> Any:
        # By a command of the developer tools: the page's Content-Security-Policy applies to the driver's own evaluate.
        answer = self._devtools.send(
            "Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True}
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page. Promises are awaited, odd values become `Odd`."""
        code = f"Promise.resolve(({expression})).then(function (value) {{ return rrObserver.transfer(value, 0); }})"
        return value_of(json.loads(self._chromium.run(lambda _: self._evaluate(code))))

    @property
    def is_malformed(self) -> bool:
        """Return whether an XML page has a fault. Chromium shows the part before it, and an element of its own."""
        return bool(self.evaluate("document.getElementsByTagName('parsererror').length > 0"))

    def use(self, job: Callable[[Page], T]) -> T:
        """Return what `job` returns for the driver's own page object, to click, type and wait."""
        return self._chromium.run(lambda _: job(self._page))

    def outcome(self) -> Outcome:
        """Return what the page's scripts have done so far, with the messages of the console and of error events."""
        # First one turn of the event loop, because violations are reported in separate tasks.
        text = self._chromium.run(
            lambda _: self._evaluate(
                "new Promise(function (done) { setTimeout(function () { done(rrObserver.collect()); }, 0); })"
            )
        )
        return replace(Outcome.from_text(text), printed=tuple(self._printed), thrown=tuple(self._thrown))

    def close(self) -> None:
        """Close the page and forget its profile."""
        self._chromium.run(lambda _: self._context.close())
