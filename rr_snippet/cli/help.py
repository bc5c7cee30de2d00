"""`rr-snippet help`: the same as `--help`, for those who look for it here."""

from __future__ import annotations

import sys
from typing import cast

import click

from rr_snippet.cli._group import COMMANDS, command, unknown_command
from rr_snippet.cli._output import print_out
from rr_snippet.cli._speech import speech_options


def _names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in COMMANDS if name.startswith(incomplete)]


@command("rr-snippet help", "rr-snippet help render")
@click.argument("name", required=False, metavar="[COMMAND]", shell_complete=_names)
@speech_options
@click.pass_context
def help(context: click.Context, name: str | None) -> None:
    """Show the help of COMMAND, or that of the whole."""
    root = context.find_root()
    if name is None:
        print_out(root.get_help(), sys.stdout)
        return
    found = cast("click.Group", root.command).get_command(root, name)
    if found is None:
        raise unknown_command(context, name)
    with click.Context(found, info_name=name, parent=root) as own:
        print_out(own.get_help(), sys.stdout)
