"""`rr-snippet render`: customers in, blocks out."""

from __future__ import annotations

from typing import Any, get_args

import click

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.block.render import Renderer
from rr_snippet.cli._inputs import (
    input_name,
    input_options,
    input_settings,
    open_input,
    record_place,
    rule_options,
)
from rr_snippet.cli._output import EXIT_REJECTED, Exit, fail, language, language_option, report_error
from rr_snippet.errors import OptionError, RenderError, SnippetError, SourceError
from rr_snippet.sources.records import read_records


@click.command()
@click.argument("file", default="-")
@click.option("--variant", type=click.Choice(get_args(Variant)), default="auto", show_default=True)
@click.option("--nonce", help="The CSP nonce of the page.")
@rule_options
@click.option("--pretty", is_flag=True, help="Spread the object over lines.")
@click.option("--debug", is_flag=True, help="Let the block report its errors to the browser's console.")
@input_options
@language_option
def render(
    file: str, nonce: str | None, source_format: str | None, encoding: str, delimiter: str | None, **options: Any
) -> None:
    """Print the block of each customer in FILE (a JSON object or array, JSON Lines or CSV; - is standard input).

    Customers that are rejected are reported on standard error, the others are printed all the same.
    """
    try:
        render_options = RenderOptions(**options)
        if nonce is not None:
            check_nonce(nonce)
    except SnippetError as error:
        fail(error)
    renderer = Renderer(render_options)
    settings = input_settings(file, source_format=source_format, encoding=encoding, delimiter=delimiter)
    rejected = False
    try:
        with open_input(file) as stream:
            for record in read_records(stream, rules=render_options.rules(), **settings):
                problems = record.problems
                if record.customer is not None:
                    try:
                        # The line end goes out with the block: nothing is ever half written.
                        print(renderer.render(record.customer, nonce=nonce) + "\n", end="")
                    except RenderError as error:
                        problems = error.problems
                for problem in problems:
                    report_error(f"{record_place(file, record)}: {problem.text_in(language())}")
                rejected = rejected or bool(problems)
    except (SourceError, OptionError) as error:
        fail(error, input_name(file))
    if rejected:
        raise Exit(EXIT_REJECTED)
