"""What fails a run although each of its tests has passed: a code that none has told, a skip where all is there."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from rr_snippet import messages
from rr_snippet.messages import MESSAGES

# `-m "not browser"` leaves a run whole: where there is no browser, no server, these are left out.
OUTSIDE_MARKERS = frozenset({"browser", "servers"})


class CodesTold:
    """A plugin that fails a run of the whole suite in which a code of the table was never told.

    With pytest-xdist each process keeps a register of its own and hands it to the first at its end.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._is_whole = False
        self._is_thinned = False
        self.untold: list[str] = []
        form = messages.message_form

        @functools.wraps(form)
        def noted(code: str, *arguments: Any) -> str:
            self._told.add(code)
            return form(code, *arguments)

        # `message_text` asks for it by its name, and with it every problem that is made.
        messages.message_form = noted

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._is_thinned |= any(not OUTSIDE_MARKERS & {mark.name for mark in item.iter_markers()} for item in items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        config = session.config
        given = (config.args, config.getoption("ignore"), config.getoption("ignore_glob"), config.option.collectonly)
        self._is_whole = not self._is_thinned and given == (config.getini("testpaths"), None, None, False)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {})
        self._told |= set(output.get("codes_told", ()))
        self._is_whole |= output.get("is_whole", False)

    # Around the hooks of xdist, and within that of the terminal, which writes the summary.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield  # the first process learns here what the others have told
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output.update(codes_told=sorted(self._told), is_whole=self._is_whole)
        elif self._is_whole and session.exitstatus == pytest.ExitCode.OK:
            self.untold = sorted({form.partition("?")[0] for form in MESSAGES} - self._told)
            if self.untold:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.untold:
            terminalreporter.section("codes without a case")
            terminalreporter.line(" ".join(self.untold))


class SkipsForbidden:
    """A plugin that fails a run with anything skipped, where `RR_SNIPPET_FORBID_SKIPS` is 1: there is all they need."""

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")  # none in the processes of pytest-xdist
        is_forbidden = os.environ.get("RR_SNIPPET_FORBID_SKIPS") == "1"
        if is_forbidden and terminal and terminal.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
