"""Without Chromium the browser tests report it, and fail if it is required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import REQUIRE_VARIABLE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("required", "status", "said"),
    [
        ("0", 0, "NOT PROVEN IN A BROWSER: none of chromium, chromium-browser, google-chrome is on PATH"),
        ("1", 1, f"{REQUIRE_VARIABLE}=1, but there is no Chromium: none of chromium, "),
    ],
)
def test_missing_chromium_is_told(required: str, status: int, said: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/browser/test_harness.py", "-k", "no_trace"],
        cwd=ROOT,
        env={**os.environ, "PATH": "", REQUIRE_VARIABLE: required, "RR_SNIPPET_FORBID_SKIPS": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, said in result.stdout) == (status, True), result.stdout
