"""What fails a run in which every test passes: a code that no test reports, and a skip with everything installed."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from rr_snippet import messages
from rr_snippet.messages import MESSAGES

# A run without browsers, servers or shells still counts as whole, because not every machine has these.
OUTSIDE_MARKERS = frozenset({"browser", "servers", "shells"})


class CodesTold:
    """A plugin that fails a run of the whole suite if some code of the table was never reported.

    With pytest-xdist each process has its own register, and passes it to the first process at its end.
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

        # `message_text` looks it up by name, and so does every new problem.
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

    # Around the hooks of xdist, and inside that of the terminal, which writes the summary.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield  # here the first process receives the others' registers
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
    """A plugin that fails a run with any skip if `RR_SNIPPET_FORBID_SKIPS` is 1, because nothing is missing then."""

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")  # none in the processes of pytest-xdist
        is_forbidden = os.environ.get("RR_SNIPPET_FORBID_SKIPS") == "1"
        if is_forbidden and terminal and terminal.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
