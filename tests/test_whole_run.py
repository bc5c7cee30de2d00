"""What fails a run in which every test passes: a code that no test reports, and a skip with everything installed."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

CONFTEST = """
from rr_snippet import messages

messages.MESSAGES.clear()
messages.MESSAGES |= {code: ("", "") for code in ("made_up.told", "made_up.untold", "made_up.untold?{kind}")}

from tests.support.whole_run import CodesTold, SkipsForbidden

def pytest_configure(config):
    config.pluginmanager.register(CodesTold())
    config.pluginmanager.register(SkipsForbidden())
"""

TESTS = """
import pytest
from rr_snippet.messages import message_form

def test_told():
    message_form("made_up.told", (), "en")

def test_other():
    pass

@pytest.mark.browser
def test_in_a_browser():
    pytest.skip("no browser")
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite/test_made_up.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = suite\nmarkers = browser: needs one\n")
    return tmp_path


def run_suite(folder: Path, *arguments: str, forbid_skips: str = "0") -> tuple[int, list[str]]:
    """Return the exit code, and the codes that are listed as reported by no test."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "RR_SNIPPET_FORBID_SKIPS": forbid_skips,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines()
    headings = [number for number, line in enumerate(lines) if "codes without a case" in line]
    return run.returncode, [lines[number + 1] for number in headings]


WHOLE = (1, ["made_up.untold"])
PARTIAL = (0, [])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", WHOLE),
        ("-n2", WHOLE),
        ("-m 'not browser'", WHOLE),
        ("-m browser", PARTIAL),
        ("-k other", PARTIAL),
        ("-n2 -k other", PARTIAL),
        ("suite/test_made_up.py", PARTIAL),
        ("--collect-only", PARTIAL),
        ("--ignore=suite/none.py", PARTIAL),
    ],
)
def test_a_code_that_no_test_tells_fails_a_whole_run(
    suite: Path, arguments: str, expected: tuple[int, list[str]]
) -> None:
    assert run_suite(suite, *shlex.split(arguments)) == expected


@pytest.mark.parametrize(
    ("arguments", "forbid_skips", "code"),
    [("-k browser", "0", 0), ("-k browser", "1", 1), ("-n2 -k browser", "1", 1)],
)
def test_a_skip_fails_a_run_that_has_all_it_needs(suite: Path, arguments: str, forbid_skips: str, code: int) -> None:
    assert run_suite(suite, *shlex.split(arguments), forbid_skips=forbid_skips) == (code, [])
