"""Completion as people use it: real shells in a terminal, with the documented line in their settings."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rr_snippet.cli import main

# How to start each shell without anybody's settings, and the line for the settings.
SHELLS = {
    "bash": (["--noprofile", "--norc", "-i"], 'eval "$(rr-snippet completion bash)"'),
    "zsh": (["-f", "-i"], 'autoload -Uz compinit && compinit -u -D; eval "$(rr-snippet completion zsh)"'),
    "fish": (["--no-config", "-i"], "rr-snippet completion fish | source"),
}
WITHIN_S = 60
# Completes like the command, and records all other calls.
COMMAND = """#!/bin/sh
if [ -n "$_RR_SNIPPET_COMPLETE" ] || [ "$1" = completion ]; then exec "{python}" -m rr_snippet "$@"; fi
printf '<%s>' "$@" >>"$HOME/called"
echo >>"$HOME/called"
"""


class Terminal:
    """A shell in its own terminal, in which keys are pressed."""

    def __init__(self, shell: str, folder: Path) -> None:
        arguments, self._setting = SHELLS[shell]
        (folder / "bin").mkdir()
        (folder / "bin/rr-snippet").write_text(COMMAND.format(python=sys.executable))
        (folder / "bin/rr-snippet").chmod(0o755)
        self._called = folder / "called"
        self._lines = 0
        self._screen, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [str(shutil.which(shell)), *arguments],
            cwd=folder,
            pass_fds=[theirs],
            preexec_fn=lambda: os.login_tty(theirs),  # fish exits if it does not control the terminal
            env={
                "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "HOME": str(folder),
                "TERM": "xterm",
                "LC_ALL": "C.UTF-8",
            },
        )
        os.close(theirs)
        self.call("rr-snippet begun\n")
        os.write(self._screen, f"{self._setting}\n".encode())

    def call(self, keys: str) -> str:
        """Press keys that call the command, and return its arguments."""
        os.write(self._screen, keys.encode())
        self._lines += 1
        seen, end = b"", time.monotonic() + WITHIN_S
        while time.monotonic() < end:
            if select.select([self._screen], [], [], 0.1)[0]:
                seen += os.read(self._screen, 65536)  # the shell stops if nobody reads its screen
            lines = self._called.read_text().splitlines() if self._called.exists() else []
            if len(lines) == self._lines:
                return lines[-1]
        raise AssertionError(f"not called; on the screen: {seen!r}")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._screen)


@pytest.mark.shells
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_commands_options_values_and_files(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "customers of may.csv").write_text("customerId\n42\n")
    (tmp_path / "site").mkdir()
    (tmp_path / "site.map").touch()
    terminal = Terminal(shell, tmp_path)
    try:
        assert [
            terminal.call(keys).replace("/>", ">")  # zsh removes the slash again when the line is finished
            for keys in (
                "rr-snippet vali\t\n",
                "rr-snippet help inj\t\n",
                "rr-snippet render --phone-reg\tRU\n",
                "rr-snippet render --variant no\t\n",
                "rr-snippet --lang r\tcompletio\tfi\n",
                "rr-snippet validate customers\t\n",
                "rr-snippet bulk a.csv -o custom\t\n",
                "rr-snippet inject sit\t\n",
            )
        ] == [
            "<validate>",
            "<help><inject>",
            "<render><--phone-region><RU>",
            "<render><--variant><no-region>",
            "<--lang><ru><completion><fi>",
            "<validate><customers of may.csv>",
            "<bulk><a.csv><-o><customers of may.csv>",
            "<inject><site>",
        ]
    finally:
        terminal.close()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_that_of_the_variable(
    shell: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capfd.readouterr().out
    assert "_RR_SNIPPET_COMPLETE" in script
    monkeypatch.setenv("_RR_SNIPPET_COMPLETE", f"{shell}_source")
    assert main([]) == 0
    assert capfd.readouterr().out == script


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("rr-snippet val", "en", "plain\nvalidate\nReport every problem of customers.\n"),
        ("rr-snippet val", "ru", "plain\nvalidate\nСообщить обо всех ошибках в данных покупателей.\n"),
        ("rr-snippet render --pre", "en", "plain\n--pretty\nSpread the object over lines.\n"),
        ("rr-snippet render --pre", "ru", "plain\n--pretty\nРазнести объект по строкам.\n"),
        ("rr-snippet nope --pre", "en", "\n"),
        ("rr-snippet help inj", "en", "plain\ninject\n_\n"),
        ("rr-snippet inject si", "en", "dir\nsi\n_\n"),
        ("rr-snippet render si", "en", "file\nsi\n_\n"),
        ("rr-snippet --ver", "ru", "plain\n--version\nПоказать версию и выйти.\n"),
    ],
)
def test_what_is_completed_is_explained_in_the_language_of_the_user(
    words: str, language: str, expected: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RR_SNIPPET_LANG", language)
    monkeypatch.setenv("_RR_SNIPPET_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert main([]) == 0
    assert capfd.readouterr() == (expected, "")
