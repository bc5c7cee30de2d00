"""That every code of the table is told by some test: a register of what was told, asked when all tests have run.

With pytest-xdist each process keeps one of its own and hands it to the first at its end.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

from rr_snippet import messages
from rr_snippet.messages import MESSAGES


class CodesTold:
    """A plugin that fails a run of the whole suite in which a code of the table was never told."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._is_whole = False
        form = messages.message_form

        @functools.wraps(form)
        def noted(code: str, *arguments: Any) -> str:
            self._told.add(code)
            return form(code, *arguments)

        # `message_text` asks for it by its name, and with it every problem that is made.
        messages.message_form = noted

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        config = session.config
        chosen = config.option.keyword or getattr(config.option, "lf", False) or config.option.maxfail == 1
        self._is_whole = not chosen and config.args == config.getini("testpaths")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {})
        self._told |= set(output.get("codes_told", ()))
        self._is_whole |= output.get("is_whole", False)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield  # the first process learns here what the others have told
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output.update(codes_told=sorted(self._told), is_whole=self._is_whole)
        elif self.untold and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @property
    def untold(self) -> set[str]:
        """The codes that no test has told, where the run was one of the whole suite."""
        return {form.partition("?")[0] for form in MESSAGES} - self._told if self._is_whole else set()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.untold:
            terminalreporter.section("codes without a case")
            terminalreporter.line(" ".join(sorted(self.untold)))
