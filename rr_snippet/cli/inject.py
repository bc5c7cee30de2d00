"""`rr-snippet inject`: blocks into the pages of a built site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, get_args

import click

from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.block.render import Renderer
from rr_snippet.cli._inputs import input_name, open_input, read_input, rule_options
from rr_snippet.cli._output import EXIT_FILES, EXIT_REJECTED, Exit, fail, failing, language_option
from rr_snippet.cli._progress import progress
from rr_snippet.cli._site_report import SiteReport
from rr_snippet.errors import Problem, SnippetError, SourceError
from rr_snippet.integrations._deferred import site_loader
from rr_snippet.page import IfPresent
from rr_snippet.site.blocks import PageBlocks
from rr_snippet.site.entries import FORMAT_OF_SUFFIX, EntryFormat, read_entries
from rr_snippet.site.listing import remove_files
from rr_snippet.site.notice import Notice, OnRefuse
from rr_snippet.site.patterns import PathFilter, read_paths
from rr_snippet.site.plan import plan_site
from rr_snippet.site.work import Diff, PageWork, do_tasks, put_file


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--customers", metavar="FILE", help="Pages or patterns, and their customers: JSON, JSON Lines, CSV, TOML, YAML."
)
@click.option("--customer", metavar="JSON|FILE", help="The customer of all other pages: a JSON object, or its file.")
@click.option("--deferred", is_flag=True, help="Put the loader into pages instead, for cards that come by themselves.")
@click.option("--deferred-prefix", default="/rr-snippet/", show_default=True, metavar="PATH",
              help="Where the site's backend answers with the card.")  # fmt: skip
@click.option(
    "--glob", "include", multiple=True, metavar="PATTERN", help="The pages meant.  [default: *.html and *.htm]"
)
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Pages to leave out, such as drafts/**.")
@click.option("--files-from", metavar="FILE", help="Take only the pages listed there, one a line; - is standard input.")
@click.option("--if-present", type=click.Choice(get_args(IfPresent)), default="skip", show_default=True,
              help="Pages that have a block; replace takes out that of a customer who is gone, too.")  # fmt: skip
@click.option("--on-refuse", type=click.Choice(get_args(OnRefuse)), default="warn", show_default=True,
              help="What a page without a safe place is: a warning, an error, or nothing.")  # fmt: skip
@click.option("-n", "--dry-run", is_flag=True, help="Write nothing; report what would be done.")
@click.option("--diff", is_flag=True, help="Write nothing, show what would change, without any value.")
@click.option("--with-values", is_flag=True, help="Let --diff show the customers' data, and the lines of the page.")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit code 1 if any page has not the block it ought to have."
)
@click.option("--allow-empty", is_flag=True, help="Accept that there is no page, or no customer for any.")
@click.option("--allow-personal", is_flag=True, help="Do not warn about customers' data in files.")
@click.option("--allow-templates", is_flag=True, help="Treat pages with {% ... %} or {{ ... }} as finished ones.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Processes to use.  [default: by the number of pages]")
@click.option("--format", "report_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Report errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Report every page.")
@click.option("--variant", type=click.Choice(get_args(Variant)), default="auto", show_default=True)
@click.option("--nonce", help="The CSP nonce of the pages.")
@rule_options
@click.option("--pretty", is_flag=True, help="Spread the object over lines.")
@click.option("--debug", is_flag=True, help="Let the block report its errors to the browser's console.")
@click.option("--from", "source_format", type=click.Choice(get_args(EntryFormat)),
              help="The format of --customers.  [default: by the file's name]")  # fmt: skip
@click.option("--encoding", default="utf-8", show_default=True, help="The encoding of --customers, such as cp1251.")
@click.option("--delimiter", help="What stands between CSV cells, such as ';' or 'tab'.  [default: by the header]")
@language_option
def inject(
    site: Path,
    customers: str | None,
    customer: str | None,
    deferred: bool,
    deferred_prefix: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    files_from: str | None,
    if_present: IfPresent,
    on_refuse: OnRefuse,
    dry_run: bool,
    diff: bool,
    with_values: bool,
    check: bool,
    allow_empty: bool,
    allow_personal: bool,
    allow_templates: bool,
    jobs: int | None,
    report_format: str,
    quiet: bool,
    verbose: bool,
    nonce: str | None,
    source_format: EntryFormat | None,
    encoding: str,
    delimiter: str | None,
    **options: Any,
) -> None:
    """Put blocks into the finished pages of the folder SITE, each where a browser will run it.

    Whose block a page gets: what --customers says of its path, else of the first pattern it matches; else the file
    page.html.rr.json beside it; else --customer. All customers are validated before the first page is touched.
    Patterns: * within a part of a path, ** over parts. Unchanged pages keep their time, and a page is whole at any
    moment: a run that was ended is taken up by the next.

    Exit codes: 0 done, 1 rejected customers, refused pages under --on-refuse fail, or changes under --check; 2 wrong
    usage, or no page; 3 some pages could not be read or written.
    """
    if [customers, customer, files_from].count("-") > 1:
        raise click.UsageError("standard input can be read once only")
    if diff and report_format == "json":
        raise click.UsageError("--diff with --format json")
    root, name = Path(os.path.realpath(site)), input_name(str(site))
    writes = not (dry_run or diff or check)
    report = SiteReport(report_format, writes=writes, quiet=quiet, verbose=verbose)
    if deferred and (customers, customer) != (None, None):
        raise click.UsageError("--deferred puts no customer into pages: without --customers and --customer")
    with failing():
        blocks = PageBlocks(Renderer(RenderOptions(**options)), nonce=nonce)
        pages = PathFilter(include, exclude)
    only = None if files_from is None else _read_paths(files_from)
    if customers is not None:
        report.add(_read_customers(customers, blocks, source_format, encoding, delimiter))
    if customer is not None:
        report.add(_read_default(customer, blocks))
    if deferred:
        with failing():
            loader = site_loader(deferred_prefix, nonce)
        blocks.default = loader.tag
    plan = plan_site(root, blocks, pages=pages, only=only, is_deferred=deferred)
    report.add(plan.rejected)
    if report.counts["errors"]:
        report.print_out()
        raise Exit(EXIT_REJECTED)
    report.counts.update(pages=len(plan.pages), failed=len(plan.unreadable))
    report.add((*plan.unreadable, *plan.warnings))
    if only is None and customers is not None:
        # Of pages picked by hand, most entries are about others.
        report.add(blocks.unused_entries(plan.pages, input_name(customers)))
    if not plan.has_choice and not plan.unreadable and not allow_empty:
        # An entry that should have decided about a page is probably misspelt.
        report.print_errors()
        code = "site.no_customers" if plan.pages else "site.no_pages"
        details = {"count": len(plan.pages)} if plan.pages else {}
        fail(SourceError(Problem.of(code, **details)), name)
    if plan.has_blocks and not allow_personal:
        report.add([Notice("warning", name, Problem.of("site.personal", option="--allow-personal"))])
    if writes:
        remove_files(root, plan.temporaries)
    shown: Diff = "none" if not diff else "plain" if with_values else "masked"
    tag = loader.tag if deferred else None
    work = PageWork(root, if_present, writes, shown, is_check=check, allow_templates=allow_templates, loader=tag)
    done = 0
    with nullcontext() if quiet else progress(lambda: done, len(plan.tasks), unit="pages"):
        for page in do_tasks(work, plan.tasks, jobs):
            done += 1
            report.add(page.notices(on_refuse, is_check=check))
            report.add_page(page)
    if deferred:
        file = put_file(root, loader.name, loader.content, write=writes)
        report.add(file.notices(on_refuse, is_check=check))
        report.counts["failed"] += file.state == "failed"
    report.print_out()
    if report.counts["failed"]:
        raise Exit(EXIT_FILES)
    if report.counts["errors"]:
        raise Exit(EXIT_REJECTED)


def _read_paths(file: str) -> set[str]:
    with failing(input_name(file)):
        return read_paths(read_input(file))


def _read_customers(
    file: str, blocks: PageBlocks, source_format: EntryFormat | None, encoding: str, delimiter: str | None
) -> Iterator[Notice]:
    """Add the entries of a file to `blocks`, and yield what speaks against them."""
    name = input_name(file)
    found = source_format or FORMAT_OF_SUFFIX.get(Path(file).suffix.lower())
    delimiter = "\t" if delimiter in {"tab", "\\t"} else delimiter
    with failing(name):
        if found is None:
            raise SourceError(Problem.of("source.format", formats=", ".join(get_args(EntryFormat))))
        with open_input(file) as stream:
            entries = read_entries(stream, source_format=found, encoding=encoding, delimiter=delimiter)
            yield from blocks.add_all(entries, name)


def _read_default(customer: str, blocks: PageBlocks) -> Iterator[Notice]:
    """Make a customer, in JSON or in a file of it, that of all other pages, and yield what speaks against that."""
    is_json = customer.lstrip().startswith("{")
    name = "--customer" if is_json else input_name(customer)
    with failing(name):
        text = customer if is_json else read_input(customer)
    try:
        blocks.default = blocks.read(text)
    except SnippetError as error:
        problems = error.problems
    else:
        return
    yield from (Notice("error", name, problem) for problem in problems)
