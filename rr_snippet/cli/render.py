"""`rr-snippet render`: customers in, blocks out."""

from __future__ import annotations

from typing import Any, get_args

import click

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.block.render import Renderer
from rr_snippet.cli._group import command
from rr_snippet.cli._inputs import Reading, input_name, read_input, record_place
from rr_snippet.cli._options import FILE, VARIANT_HELP, input_options, order_option, rule_options
from rr_snippet.cli._output import EXIT_REJECTED, Exit, failing, report_problem, warn
from rr_snippet.cli._report import report_options
from rr_snippet.errors import CustomerError, RenderError
from rr_snippet.sources.kinds import FileFormat


@command(
    "rr-snippet render customer.json",
    "rr-snippet render order.json --order",
    "rr-snippet render customers.csv --map ID=customerId --ignore-unmapped",
    """echo '{"customerId": "42"}' | rr-snippet render --pretty""",
)
@click.argument("file", default="-", type=FILE)
@click.option("--variant", type=click.Choice(get_args(Variant)), default="auto", show_default=True, help=VARIANT_HELP)
@click.option("--nonce", help="The CSP nonce of the page.")
@order_option
@rule_options
@click.option("--pretty", is_flag=True, help="Spread the object over lines.")
@click.option("--debug", is_flag=True, help="Let the block report its errors to the browser's console.")
@input_options(get_args(FileFormat))
@report_options()
def render(file: str, nonce: str | None, has_orders: bool, reading: Reading, quiet: bool, **options: Any) -> None:
    """Print the block of each customer in FILE (JSON, JSON Lines, CSV, Parquet, Arrow IPC; - is standard input).

    Customers that are rejected are reported on standard error, the others are printed all the same.
    """
    with failing():
        render_options = RenderOptions(**options)
        if nonce is not None:
            check_nonce(nonce)
    renderer = Renderer(render_options)
    name = input_name(file)
    if has_orders:
        _render_order(file, renderer, nonce, reading)
        return
    rejected = False
    with failing(name):
        for record in reading.records(file, rules=render_options.rules(), note=warn(name, quiet=quiet)):
            problems = record.problems
            if record.customer is not None:
                try:
                    # The line end is written together with the block, so that nothing is ever half written.
                    print(renderer.render(record.customer, nonce=nonce) + "\n", end="")
                except RenderError as error:
                    problems = error.problems
            for problem in problems:
                report_problem(record_place(file, record), problem)
            rejected = rejected or bool(problems)
    if rejected:
        raise Exit(EXIT_REJECTED)


def _render_order(file: str, renderer: Renderer, nonce: str | None, reading: Reading) -> None:
    # Orders are imported only if there is one, so that every other run starts sooner.
    from rr_snippet.sources.orders import read_order_document

    with failing(input_name(file)):
        reading.refuse_tables()
        document = read_input(file)
    try:
        order, person = read_order_document(document, renderer.options.rules())
        print(renderer.render_order(order, person, nonce=nonce) + "\n", end="")
    except (CustomerError, RenderError) as error:
        for problem in error.problems:
            report_problem(input_name(file), problem)
        raise Exit(EXIT_REJECTED) from None
