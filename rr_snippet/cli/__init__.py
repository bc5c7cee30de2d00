"""The command: one thin module for each subcommand, loaded when it is used.

`render`, `validate`, `inject`, `bulk`, `check`, `preview`, `schema`, `completion` and `help` parse arguments, call an
engine and print. They share `_speech` (language and colour), `_output` (lines on standard error, exit codes), `_usage`
(wrong usage), `_group` (how click shows and finds commands), `_russian` (help in Russian), `_options`, `_inputs`,
`_report`, `_site_report` and `_progress`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from rr_snippet import __version__
from rr_snippet.cli._group import COMMANDS, COMPLETION_VARIABLE, LazyGroup
from rr_snippet.cli._output import EXIT_INTERRUPTED, EXIT_USAGE, Exit, drop_output, print_out, report_error
from rr_snippet.cli._speech import language, speaking, speech_options
from rr_snippet.cli._usage import show_usage_error
from rr_snippet.files import reason_of
from rr_snippet.messages import phrase

__all__ = ["COMMANDS", "main", "rr_snippet"]


@click.group(
    cls=LazyGroup,
    examples=("rr-snippet render customer.json", "rr-snippet validate customers.csv", "rr-snippet help render"),
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",  # releases of click differ
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="rr-snippet %(version)s")
@speech_options
@click.pass_context
def rr_snippet(context: click.Context) -> None:
    """The Retail Rocket setCustomer block for your pages: validated, escaped, exact to the byte.

    Results go to standard output, everything else to standard error. No message shows a value of a customer.

    Exit codes: 0 done, 1 findings or rejected customers, 2 wrong usage or an input unreadable as a whole, 3 some of
    several files could not be read or written, 130 interrupted.
    """
    if context.invoked_subcommand is None:
        print_out(context.get_help(), sys.stderr)
        raise Exit(EXIT_USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; `arguments` are those of the process by default."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without Cyrillic shows \u0430 instead of a letter, but still the message.
            stream.reconfigure(errors="backslashreplace")
    with speaking(given):
        return _flush(given)


def _flush(arguments: list[str]) -> int:
    """Run the command, and make sure that its output has been written."""
    place = phrase("standard output", language())
    if sys.stdout is None:
        report_error(phrase("closed", language()), place=place)
        return EXIT_USAGE
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()  # the reader has closed the pipe
        return 0
    except OSError as error:  # such as a full disk
        report_error(phrase(reason_of(error), language()), place=place)
        return EXIT_USAGE
    return code


def _run(arguments: list[str]) -> int:
    try:
        if instruction := os.environ.get(COMPLETION_VARIABLE):
            from click.shell_completion import shell_complete

            return shell_complete(rr_snippet, {}, "rr-snippet", COMPLETION_VARIABLE, instruction)
        # Not click's `main`, which has its own exit code for a closed pipe.
        with rr_snippet.make_context("rr-snippet", arguments) as context:
            rr_snippet.invoke(context)
    except Exit as end:
        return end.code
    except click.exceptions.Exit as end:  # --help and --version
        return end.exit_code
    except click.UsageError as error:
        show_usage_error(error)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return 0
