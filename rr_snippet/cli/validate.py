"""`rr-snippet validate`: what is wrong with customers, and what is probably a mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

import click

from rr_snippet.block.options import RenderOptions
from rr_snippet.bulk.validation import Validation
from rr_snippet.cli._group import command
from rr_snippet.cli._inputs import Reading, input_name, read_input
from rr_snippet.cli._options import FILE, input_options, order_option, rule_options
from rr_snippet.cli._output import EXIT_FILES, EXIT_REJECTED, EXIT_USAGE, Exit, failing
from rr_snippet.cli._report import json_report, notice_annotation, notice_text, report_options
from rr_snippet.cli._speech import language
from rr_snippet.errors import Language, Notice, Problem, SourceError
from rr_snippet.sources.kinds import FileFormat

_REPORTS: Final = ("text", "json", "github")


@command(
    "rr-snippet validate customers.csv",
    "rr-snippet validate customers.jsonl customer.json --lang ru",
    "rr-snippet validate export.csv --encoding cp1251 --map ID=customerId --ignore-unmapped",
    "rr-snippet validate customers.csv --format json",
)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@order_option
@rule_options
@input_options(get_args(FileFormat))
@report_options(*_REPORTS)
def validate(
    files: tuple[str, ...],
    report_format: str,
    quiet: bool,
    has_orders: bool,
    reading: Reading,
    **rules: Any,
) -> None:
    """Report every problem of every customer in each FILE, and the warnings; - is standard input.

    Exit codes: 0 all good (warnings are), 1 rejected customers, 2 an input that cannot be read, 3 some of several.
    """
    found: list[Notice] = []
    unreadable = 0
    with failing():
        options = RenderOptions(**rules)
        if has_orders:
            reading.refuse_tables()
        run = Validation(options, found.append if report_format == "json" else _printer(report_format, quiet=quiet))
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
    if report_format == "json":
        print(json_report(found, run.counts))
    elif report_format == "text" and not quiet:
        names = ["orders"] if has_orders else ["customers", "consent"]
        names += ["phones"] if run.counts["phones_cleaned"] else []
        print("\n".join(_WORDS[language()][name] for name in names).format_map(run.counts))
    if unreadable:
        raise Exit(EXIT_USAGE if len(files) == 1 else EXIT_FILES)
    if run.counts["rejected"]:
        raise Exit(EXIT_REJECTED)


def _printer(report_format: str, *, quiet: bool) -> Callable[[Notice], None]:
    text_of = notice_annotation if report_format == "github" else notice_text

    def show(notice: Notice) -> None:
        if notice.severity == "error" or not quiet:
            print(text_of(notice))

    return show


_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "customers": "customers: {customers}, rejected: {rejected}; errors: {errors}, warnings: {warnings}",
        "consent": "consent: true {consent_true}, false {consent_false}, absent {consent_absent}",
        "phones": "phones cleaned: {phones_cleaned}",
        "orders": "orders: {orders}, rejected: {rejected}; errors: {errors}, warnings: {warnings}",
    },
    "ru": {
        "customers": "покупателей: {customers}, отклонено: {rejected}; ошибок: {errors}, предупреждений: {warnings}",
        "consent": "согласие: true {consent_true}, false {consent_false}, не указано {consent_absent}",
        "phones": "очищено телефонов: {phones_cleaned}",
        "orders": "заказов: {orders}, отклонено: {rejected}; ошибок: {errors}, предупреждений: {warnings}",
    },
}
