"""`rr-snippet preview`: a page for trying a customer, or a file that shows one."""

from __future__ import annotations

import os
import webbrowser
from threading import Thread
from typing import Any

import click

from rr_snippet.block.options import RenderOptions
from rr_snippet.cli._group import command
from rr_snippet.cli._inputs import input_name, open_input
from rr_snippet.cli._options import FILE, rule_options
from rr_snippet.cli._output import EXIT_REJECTED, EXIT_USAGE, Exit, fail, report_error, report_problem, say
from rr_snippet.cli._speech import asked_language, language, speech_options
from rr_snippet.cli._usage import Misuse, refuse_together
from rr_snippet.errors import OutputError, Problem, SnippetError
from rr_snippet.files import replaced, writing
from rr_snippet.messages import phrase
from rr_snippet.options import wrong_value
from rr_snippet.preview.result import read_typed, text_of
from rr_snippet.preview.server import listen, require_server, serve
from rr_snippet.preview.static import static_page
from rr_snippet.preview.words import Words
from rr_snippet.sources.lines import Lines


@command(
    "rr-snippet preview",
    "rr-snippet preview customer.json --phone-region RU",
    "rr-snippet preview customers.csv --record 2",
    "rr-snippet preview customer.json --static customer.html",
)
@click.argument("file", required=False, metavar="[CUSTOMER.json]", type=FILE)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=0,
    help="The port to listen on.  [default: a free one]",
)
@click.option(
    "--customer", metavar="FILE", type=FILE, help="Customers to begin with: JSON, JSON Lines, CSV; - is standard input."
)
@click.option("--encoding", default="utf-8", show_default=True, help="The encoding of the input, such as cp1251.")
@click.option(
    "--record", metavar="N", type=click.IntRange(1), default=1, help="Which of several customers to show.  [default: 1]"
)
@click.option("--no-open", is_flag=True, help="Open no browser, only print the address.")
@click.option("--static", metavar="OUT.html", help="Serve nothing: write one file that shows CUSTOMER.json by itself.")
@rule_options
@speech_options
def preview(
    file: str | None,
    port: int,
    customer: str | None,
    encoding: str,
    record: int,
    no_open: bool,
    static: str | None,
    **rules: Any,
) -> None:
    """Open a page in which to try a customer: the block, every problem, what the tracker gets. Ctrl-C ends it.

    It listens on 127.0.0.1 only, at an address that holds a secret. Nothing is sent elsewhere or stored. The page
    speaks the language of the browser, unless --lang says which. The file made with --static shows one customer, and
    holds the personal data of that customer.

    Exit codes: 130 ended by Ctrl-C, 2 wrong usage; with --static 0 written, 1 written but the customer is rejected.
    """
    if file is not None and customer is not None:
        refuse_together("--customer", "CUSTOMER.json")
    file = file or customer
    if static is not None and file is None:
        raise Misuse(Problem.of("argument.missing", "CUSTOMER.json"), click.get_current_context())
    if static is not None and (static == "-" or os.path.realpath(static) == os.path.realpath(str(file))):
        raise Misuse(wrong_value("--static", "a file other than CUSTOMER.json"), click.get_current_context())
    try:
        options = RenderOptions(**rules)
        text = None if file is None else _read(file, encoding)
    except SnippetError as error:
        fail(error, None if file is None else input_name(file))
    if static is not None:
        _write(static, text or "", record, options)
        return
    try:
        require_server()
    except SnippetError as error:
        fail(error)
    _serve(port, text, record, options, is_opened=not no_open)


def _read(file: str, encoding: str) -> str:
    """Return the text of a customer's file, which may be wrong, because the page shows what is wrong with it.

    Raises:
        SourceError: `source.unreadable`, `source.foreign`, `customer.encoding`.
        OptionError: `option.value`.
    """
    with open_input(file) as stream:
        lines = Lines(stream, encoding)
        try:
            return lines.whole_text()
        finally:
            lines.detach()


def _write(target: str, text: str, record: int, options: RenderOptions) -> None:
    given = read_typed(text, record)
    page, result = static_page(given, options, language(), text=text_of(given, text))
    try:
        with writing(), replaced(target) as temporary:
            temporary.write_text(page, "utf-8", newline="\n")
    except OutputError as error:
        fail(error, input_name(target))
    for found in result.problems:
        report_problem(None, found)
    size = len(page.encode())
    count = max(len(given.records), 1)
    words = Words(language())
    say(
        words(
            "terminal.written",
            target=input_name(target),
            bytes=words.number(size),
            number=given.record,
            count=words.number(count),
        )
    )
    if result.customer is None:
        raise Exit(EXIT_REJECTED)


def _serve(port: int, text: str | None, record: int, options: RenderOptions, *, is_opened: bool) -> None:
    try:
        listener = listen(port)
    except OSError as error:
        # The error's own text depends on how the socket was made.
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        report_error(f"--port {port}: {phrase(reason, language())}")
        raise Exit(EXIT_USAGE) from None

    def started(url: str) -> None:
        click.echo(url)
        say(Words(language())("terminal.open" if is_opened else "terminal.serves"))
        if is_opened:
            # In a thread beside the server, because a browser in the terminal returns only when it is closed.
            Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    serve(listener, options, asked_language(), first=text, record=record, started=started, report=report_error)
