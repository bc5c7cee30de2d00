"""The stand-in tracker in a bare JavaScript engine."""

from __future__ import annotations

import re

import pytest

from tests.support.javascript import run_scripts
from tests.support.outcome import TRACKER_JS
from tests.support.tracker_facts import Run, TrackerFacts


class TestInABareEngine(TrackerFacts):
    @pytest.fixture
    def run(self) -> Run:
        return run_scripts


def test_file_is_plain_ascii_without_eval_or_network() -> None:
    """The file is ASCII because it is served and pasted in any charset."""
    assert TRACKER_JS.isascii()
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", TRACKER_JS, flags=re.DOTALL)
    assert not re.search(r"\b(eval|Function|XMLHttpRequest|fetch|sendBeacon|Image|document|cookie|https?)\b", code)
    assert not re.search(r"\b(let|const|class|async)\b|=>|`|\.\.\.", code)
