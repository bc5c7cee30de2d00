"""`rr-snippet inject`: blocks into the pages of a built site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.block.render import Renderer
from rr_snippet.cli._group import command
from rr_snippet.cli._inputs import input_name, open_input, read_input
from rr_snippet.cli._options import FILE, VARIANT_HELP, rule_options, text_options
from rr_snippet.cli._output import EXIT_FILES, EXIT_REJECTED, Exit, fail, failing
from rr_snippet.cli._progress import progress
from rr_snippet.cli._report import report_options
from rr_snippet.cli._site_report import SiteReport
from rr_snippet.cli._usage import refuse_together
from rr_snippet.errors import Problem, SnippetError, SourceError
from rr_snippet.files import reading
from rr_snippet.integrations._deferred import site_loader
from rr_snippet.page import IfPresent
from rr_snippet.site.blocks import PageBlocks
from rr_snippet.site.entries import FORMAT_OF_SUFFIX, EntryFormat, read_entries
from rr_snippet.site.listing import remove_files
from rr_snippet.site.notice import Notice, OnRefuse
from rr_snippet.site.patterns import PathFilter, read_paths
from rr_snippet.site.plan import plan_site
from rr_snippet.site.work import Diff, PageWork, do_tasks, put_file
from rr_snippet.sources.columns import Columns

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _folders(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    # Reading it checks that this is a folder, in our words.
    return [CompletionItem(incomplete, type="dir")]


@command(
    "rr-snippet inject site --customers pages.csv",
    "rr-snippet inject site --customers pages.csv --map ID=customerId --dry-run",
    "rr-snippet inject site --customer customer.json --exclude 'drafts/**' --diff",
    "rr-snippet inject site --deferred",
)
@click.argument("site", type=click.Path(path_type=Path, readable=False), metavar="SITE", shell_complete=_folders)
@click.option(
    "--customers",
    metavar="FILE",
    type=FILE,
    help="Pages or patterns, and their customers: JSON, JSON Lines, CSV, TOML, YAML.",
)
@click.option(
    "--customer", metavar="JSON|FILE", type=FILE, help="The customer of all other pages: a JSON object, or its file."
)
@click.option("--deferred", is_flag=True, help="Put the loader into pages instead, for cards that come by themselves.")
@click.option("--deferred-prefix", default="/rr-snippet/", show_default=True, metavar="PATH",
              help="Where the site's backend answers with the card.")  # fmt: skip
@click.option(
    "--glob", "include", multiple=True, metavar="PATTERN", help="The pages meant.  [default: *.html and *.htm]"
)
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Pages to leave out, such as drafts/**.")
@click.option(
    "--files-from", metavar="FILE", type=FILE, help="Take only the pages listed there, one a line; - is standard input."
)
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
@click.option(
    "-j", "--jobs", metavar="N", type=click.IntRange(1), help="Processes to use.  [default: by the number of pages]"
)
@click.option("-v", "--verbose", is_flag=True, help="Report every page.")
@click.option("--variant", type=click.Choice(get_args(Variant)), default="auto", show_default=True, help=VARIANT_HELP)
@click.option("--nonce", help="The CSP nonce of the page.")
@rule_options
@click.option("--pretty", is_flag=True, help="Spread the object over lines.")
@click.option("--debug", is_flag=True, help="Let the block report its errors to the browser's console.")
@click.option("--from", "source_format", type=click.Choice(get_args(EntryFormat)),
              help="The format of --customers.  [default: by the file's name]")  # fmt: skip
@text_options
@report_options("text", "json", "github")
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
    columns: Columns,
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
    named = {"--customers": customers, "--customer": customer, "--files-from": files_from}
    piped = [f"{option} -" for option, value in named.items() if value == "-"]
    if len(piped) > 1:
        refuse_together(*piped[:2])
    if diff and report_format != "text":
        refuse_together("--diff", f"--format {report_format}")
    with failing(input_name(str(site))), reading():
        os.scandir(site).close()
    root, name = Path(os.path.realpath(site)), input_name(str(site))
    writes = not (dry_run or diff or check)
    report = SiteReport(report_format, writes=writes, quiet=quiet, verbose=verbose)
    if deferred and (customers, customer) != (None, None):
        refuse_together("--deferred", "--customer" if customers is None else "--customers")
    with failing():
        blocks = PageBlocks(Renderer(RenderOptions(**options)), nonce=nonce)
        pages = PathFilter(include, exclude)
    only = None if files_from is None else _read_paths(files_from)
    if customers is not None:
        report.add(_read_customers(customers, blocks, source_format, encoding, delimiter, columns))
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
        # Most entries are about other pages than those picked by hand.
        report.add(blocks.unused_entries(plan.pages, input_name(customers)))
    if not plan.has_choice and not plan.unreadable and not allow_empty:
        # An entry that decides about no page is probably misspelled.
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
    file: str,
    blocks: PageBlocks,
    source_format: EntryFormat | None,
    encoding: str,
    delimiter: str | None,
    columns: Columns,
) -> Iterator[Notice]:
    """Add the entries of a file to `blocks`, and yield their problems."""
    name = input_name(file)
    found = source_format or FORMAT_OF_SUFFIX.get(Path(file).suffix.lower())
    with failing(name):
        if found is None:
            raise SourceError(Problem.of("source.format", formats=", ".join(get_args(EntryFormat))))
        with open_input(file) as stream:
            entries = read_entries(stream, source_format=found, encoding=encoding, delimiter=delimiter, columns=columns)
            yield from blocks.add_all(entries, name)


def _read_default(customer: str, blocks: PageBlocks) -> Iterator[Notice]:
    """Make a customer, in JSON or a file of it, the default of all pages, and yield its problems."""
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
