"""Run the examples of a page in docs/ one after the other, as one program."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def run_examples(page: str, heading: str | None = None) -> dict[str, Any]:
    """Return the names that the examples define: those of the whole page, or under one heading."""
    text = (DOCS / page).read_text("utf-8")
    if heading is not None:
        text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        assert text, heading
    # In a module that can be imported, because Litestar looks up the annotations of its routes there.
    module = ModuleType("docs_example")
    sys.modules[module.__name__] = module
    for code in re.findall(r"^```py\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        exec(compile(code, page, "exec"), vars(module))
    return vars(module)
