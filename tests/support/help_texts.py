"""The help of every command in both languages, kept in `tests/cli/help`. Run as a module, this writes those files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rr_snippet.cli import COMMANDS

FOLDER = Path(__file__).parents[1] / "cli" / "help"
NAMES = [f"{command}.{language}" for command in ("rr-snippet", *COMMANDS) for language in ("en", "ru")]


def help_text(name: str) -> str:
    """Return the help that the command prints in its own process. `render.ru` means the help of `render` in Russian."""
    command, _, language = name.rpartition(".")
    arguments = ["--help"] if command == "rr-snippet" else [command, "--help"]
    process = subprocess.run(
        [sys.executable, "-m", "rr_snippet", "--lang", language, *arguments],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
    )
    return process.stdout.decode()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in NAMES:
        (FOLDER / f"{each}.txt").write_text(help_text(each), "utf-8")
