"""`rr-snippet completion`: the script by which a shell completes the command."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import shell_complete

from rr_snippet.cli._group import COMPLETION_VARIABLE, command
from rr_snippet.cli._speech import speech_options

_SHELLS: Final = ("bash", "zsh", "fish")


@command(*(f"rr-snippet completion {shell}" for shell in _SHELLS))
@click.argument("shell", type=click.Choice(_SHELLS), metavar="SHELL")
@speech_options
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that lets SHELL (bash, zsh or fish) complete commands, options, their values and files.

    \b
    bash, in ~/.bashrc:                 eval "$(rr-snippet completion bash)"
    zsh, in ~/.zshrc after compinit:    eval "$(rr-snippet completion zsh)"
    fish, once:  rr-snippet completion fish > ~/.config/fish/completions/rr-snippet.fish
    """  # noqa: D301 - the character itself, by which click keeps the lines below
    shell_complete(context.find_root().command, {}, "rr-snippet", COMPLETION_VARIABLE, f"{shell}_source")
