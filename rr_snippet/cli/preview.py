"""`rr-snippet preview`: a page to try a customer in, or one file that shows one."""

from __future__ import annotations

import os
import webbrowser
from threading import Thread
from typing import Any

import click

from rr_snippet.block.options import RenderOptions
from rr_snippet.cli._inputs import input_name, open_input, rule_options
from rr_snippet.cli._output import (
    EXIT_REJECTED,
    EXIT_USAGE,
    Exit,
    asked_language,
    fail,
    language,
    language_option,
    report_error,
)
from rr_snippet.errors import OutputError, SnippetError
from rr_snippet.files import replaced, writing
from rr_snippet.preview.result import read_typed, text_of
from rr_snippet.preview.server import listen, require_server, serve
from rr_snippet.preview.static import static_page
from rr_snippet.preview.words import Words
from rr_snippet.sources.lines import Lines


@click.command()
@click.argument("file", required=False, metavar="[CUSTOMER.json]")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on.  [default: a free one]")
@click.option("--customer", metavar="FILE", help="Customers to begin with: JSON, JSON Lines, CSV; - is standard input.")
@click.option("--encoding", default="utf-8", show_default=True, help="The encoding of the input, such as cp1251.")
@click.option("--record", type=click.IntRange(1), default=1, help="Which of several customers to show.  [default: 1]")
@click.option("--no-open", is_flag=True, help="Open no browser, only print the address.")
@click.option("--static", metavar="OUT.html", help="Serve nothing: write one file that shows CUSTOMER.json by itself.")
@rule_options
@language_option
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
        raise click.UsageError("CUSTOMER.json and --customer are the same, one of them expected")
    file = file or customer
    if static is not None and file is None:
        raise click.UsageError("--static shows a customer: CUSTOMER.json expected")
    if static is not None and (static == "-" or os.path.realpath(static) == os.path.realpath(str(file))):
        raise click.UsageError("--static writes a file, another one than CUSTOMER.json expected")
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
    """Return the text of a customer's file, which may well be wrong: to show how is what the page is for.

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
        report_error(found.text_in(language()))
    size = len(page.encode())
    count = max(len(given.records), 1)
    say = Words(language())
    report_error(
        say(
            "terminal.written",
            target=input_name(target),
            bytes=say.number(size),
            number=given.record,
            count=say.number(count),
        )
    )
    if result.customer is None:
        raise Exit(EXIT_REJECTED)


def _serve(port: int, text: str | None, record: int, options: RenderOptions, *, is_opened: bool) -> None:
    try:
        listener = listen(port)
    except OSError as error:
        # What the error itself says differs with how the socket was made.
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        report_error(f"--port {port}: {reason}")
        raise Exit(EXIT_USAGE) from None

    def started(url: str) -> None:
        click.echo(url)
        report_error(Words(language())("terminal.open" if is_opened else "terminal.serves"))
        if is_opened:
            # Beside the server: a browser of the terminal returns when it is closed.
            Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    serve(listener, options, asked_language(), first=text, record=record, started=started, report=report_error)
