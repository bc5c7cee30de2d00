"""A run fails without a required framework. The tests of any other missing framework are not skipped, but left out."""

from __future__ import annotations

import pytest

from tests.support import frameworks
from tests.support.frameworks import files_to_ignore


@pytest.fixture(autouse=True)
def two_frameworks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        frameworks, "FRAMEWORKS", {"here": ("pytest", 1), "new": ("pytest", 999), "gone": ("no-such", 0)}
    )
    monkeypatch.delenv(frameworks.REQUIRE_VARIABLE, raising=False)


def test_files_of_missing_frameworks_are_left_out() -> None:
    assert files_to_ignore() == ["test_new.py", "test_new_*.py", "test_gone.py", "test_gone_*.py"]


def test_required_and_installed_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(frameworks.REQUIRE_VARIABLE, " here, ")
    assert "test_here.py" not in files_to_ignore()


@pytest.mark.parametrize("name", ["new", "gone", "misspelt"])
def test_required_and_missing_fails(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(frameworks.REQUIRE_VARIABLE, f"here,{name}")
    with pytest.raises(pytest.UsageError, match=name):
        files_to_ignore()
