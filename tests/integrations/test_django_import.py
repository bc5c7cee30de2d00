"""Importing the integration: with Django, without it, and with a broken one."""

from __future__ import annotations

import builtins
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rr_snippet.integrations.django as door
from rr_snippet import MissingDependencyError


def import_again() -> None:
    spec = importlib.util.spec_from_file_location("door_again", str(Path(door.__file__)))
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def import_without(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def import_one(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "django":
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return original(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", import_one)
    import_again()


def test_names() -> None:
    import_again()
    assert sorted(door.__all__) == ["aload_customer", "mark_known", "mark_unknown", "prepare", "render", "render_order"]


def test_without_django_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDependencyError, match=r"pip install 'rr-snippet\[django\]'"):
        import_without("django", monkeypatch)


def test_broken_django_is_not_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match="asgiref"):
        import_without("asgiref", monkeypatch)


def test_core_imports_no_django() -> None:
    code = "import sys; import rr_snippet; print('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_import_needs_no_settings() -> None:
    """The package is imported while Django reads INSTALLED_APPS, before settings may be used."""
    subprocess.run([sys.executable, "-c", "import rr_snippet.integrations.django"], check=True)
