"""Import an integration as if its framework were not installed."""

from __future__ import annotations

import importlib
import sys

import pytest


def import_without(monkeypatch: pytest.MonkeyPatch, package: str, door: str, *, missing: str | None = None) -> None:
    """Import `door` while an import of `package` fails, because `missing` or `package` itself does not exist."""

    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == package:
                raise ModuleNotFoundError(missing or package, name=missing or package)

    for name in list(sys.modules):
        if name == door or name.partition(".")[0] == package:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    importlib.import_module(door)
