"""Find the templates, however the package was installed."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

NAMES: Final = ("frame.j2", "region.j2", "no-region.j2")


def read_templates() -> dict[str, str]:
    """Return the text of each template by its name, with LF line ends and without the closing one.

    A wheel carries them inside the package as `_templates` (also when it lies zipped on `sys.path`). An editable
    install and a bare checkout have no such folder: there they are read from `templates/`, beside the package.
    """
    package = files("rr_snippet")
    folder = package / "_templates"
    if not folder.is_dir():
        folder = package / ".." / "templates"
    return {name: (folder / name).read_text(encoding="utf-8").rstrip("\n") for name in NAMES}
