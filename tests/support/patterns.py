"""Find every regular expression in the source of the package, so that none is added without a test."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_PACKAGE: Final = Path(__file__).parent.parent.parent / "rr_snippet"
_USES: Final = frozenset(("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"))


def places() -> Iterator[tuple[str, str]]:
    """Yield the module and the name for each use of `re`: the global it is assigned to, or the function around it."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(_PACKAGE.parent).with_suffix("").parts)
        for statement in ast.parse(path.read_text("utf-8")).body:
            if any(_is_use(node) for node in ast.walk(statement)):
                yield module, _name(statement)


def _is_use(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    return isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in _USES


def _name(statement: ast.stmt) -> str:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    assert isinstance(statement, ast.FunctionDef | ast.ClassDef), "a pattern in an unexpected place"
    return statement.name


def patterns_at(module: str, name: str) -> list[re.Pattern[Any]]:
    """Return the pattern with that name, or all patterns of the table with that name."""
    found = getattr(importlib.import_module(module), name)
    return list(found.values()) if isinstance(found, dict) else [found]


def methods_of(module: str, name: str) -> set[str]:
    """Return the methods by which a pattern is used, or all three kinds of search if the source does not show them."""
    texts = [path.read_text("utf-8") for path in _PACKAGE.rglob("*.py")] if not name.startswith("_") else []
    texts.append((_PACKAGE.parent / (module.replace(".", "/") + ".py")).read_text("utf-8"))
    used = {method for text in texts for method in re.findall(rf"\b{name}\.([a-z]+)\(", text)} & _USES
    return used or {"match", "fullmatch", "search"}
