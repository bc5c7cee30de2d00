"""The command: one thin module a subcommand, loaded when it is called for.

`render`, `validate`, `inject`, `bulk`, `check`, `preview` and `schema` take arguments, call an engine, print.
`_inputs`, `_output`, `_report`, `_site_report` and `_progress` are what they share.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from rr_snippet import __version__
from rr_snippet.cli._output import EXIT_INTERRUPTED, EXIT_USAGE, Exit, drop_output, language_option, report_error

# The order in which --help shows them: as one meets them. Each is a function in the module of its name.
COMMANDS: Final = {
    "render": "Print the blocks of customers.",
    "validate": "Report every problem of customers.",
    "inject": "Put blocks into the pages of a built site.",
    "bulk": "Render files of many customers, with several processes.",
    "check": "Report what is wrong with the calls in pages.",
    "preview": "Try a customer in a page on this machine.",
    "schema": "Print the JSON Schema of a customer.",
}


class _LazyGroup(click.Group):
    """A group that imports a subcommand only to run it, or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"rr_snippet.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rr-snippet")
@language_option
def rr_snippet() -> None:
    """The Retail Rocket setCustomer block for your pages: validated, escaped, exact to the byte.

    Results go to standard output, everything else to standard error. No message shows a value of a customer.

    Exit codes: 0 done, 1 findings or rejected customers, 2 wrong usage or an input unreadable as a whole, 3 some of
    several files could not be read or written, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; `arguments` are those of the process by default."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Cyrillic shows \u0430 for a letter, and the message arrives.
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None:
        report_error("standard output: closed")
        return EXIT_USAGE
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()  # whoever read has enough
        return 0
    except OSError as error:  # a full disk behind standard output
        report_error(f"standard output: {error.strerror}")
        return EXIT_USAGE
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        # Not `main` of click: it has an exit code of its own for a closed pipe.
        with rr_snippet.make_context("rr-snippet", list(sys.argv[1:] if arguments is None else arguments)) as context:
            rr_snippet.invoke(context)
    except Exit as end:
        return end.code
    except click.exceptions.Exit as end:  # --help and --version
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return 0
