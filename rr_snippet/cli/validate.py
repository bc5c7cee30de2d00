"""`rr-snippet validate`: what is wrong with customers, and what is probably not meant."""

from __future__ import annotations

from typing import Any, Final, get_args

import click

from rr_snippet.block.options import RenderOptions
from rr_snippet.bulk.validation import Validation
from rr_snippet.cli._inputs import Reading, input_name, input_options, order_option, read_input, rule_options
from rr_snippet.cli._output import EXIT_FILES, EXIT_REJECTED, EXIT_USAGE, Exit, failing, language, language_option
from rr_snippet.cli._report import json_report, notice_text
from rr_snippet.errors import Language, Notice, Problem, SourceError
from rr_snippet.sources.kinds import FileFormat


@click.command()
@click.argument("files", nargs=-1, required=True)
@order_option
@rule_options
@click.option("--format", "report_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@input_options(get_args(FileFormat))
@language_option
def validate(
    files: tuple[str, ...],
    report_format: str,
    has_orders: bool,
    reading: Reading,
    **rules: Any,
) -> None:
    """Report every problem of every customer in FILES, and the warnings; - is standard input.

    Exit codes: 0 all good (warnings are), 1 rejected customers, 2 an input that cannot be read, 3 some of several.
    """
    found: list[Notice] = []
    unreadable = 0
    with failing():
        options = RenderOptions(**rules)
        if has_orders:
            reading.refuse_tables()
        run = Validation(options, found.append if report_format == "json" else _print)
        for file in files:
            name = input_name(file)

            def note(problem: Problem, name: str = name) -> None:
                run.tell(Notice("warning", name, problem))

            try:
                if has_orders:
                    run.check_order(name, read_input(file))
                    continue
                run.check(name, reading.records(file, rules=options.rules(), note=note))
            except SourceError as error:
                unreadable += 1
                for problem in error.problems:
                    run.tell(Notice("error", name, problem))
        run.finish()
    summary = _ORDER_SUMMARY if has_orders else _SUMMARY
    print(json_report(found, run.counts) if report_format == "json" else summary[language()].format_map(run.counts))
    if unreadable:
        raise Exit(EXIT_USAGE if len(files) == 1 else EXIT_FILES)
    if run.counts["rejected"]:
        raise Exit(EXIT_REJECTED)


def _print(notice: Notice) -> None:
    print(notice_text(notice))


_SUMMARY: Final[dict[Language, str]] = {
    "en": "customers: {customers}, rejected: {rejected}; errors: {errors}, warnings: {warnings}\n"
    "consent: true {consent_true}, false {consent_false}, absent {consent_absent}",
    "ru": "покупателей: {customers}, отклонено: {rejected}; ошибок: {errors}, предупреждений: {warnings}\n"
    "согласие: true {consent_true}, false {consent_false}, не указано {consent_absent}",
}
_ORDER_SUMMARY: Final[dict[Language, str]] = {
    "en": "orders: {orders}, rejected: {rejected}; errors: {errors}, warnings: {warnings}",
    "ru": "заказов: {orders}, отклонено: {rejected}; ошибок: {errors}, предупреждений: {warnings}",
}
