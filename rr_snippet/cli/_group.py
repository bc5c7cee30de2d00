"""The commands for click: help in both languages with examples, completion, suggestions for wrong names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

import click

from rr_snippet.cli._output import print_out
from rr_snippet.cli._russian import description, metavars, translate
from rr_snippet.cli._usage import Misuse, keep_arguments
from rr_snippet.errors import Problem
from rr_snippet.options import suggestion

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMPLETION_VARIABLE: Final = "_RR_SNIPPET_COMPLETE"

# In the order of --help, which is that of first use. Each is a function in the module of its name.
COMMANDS: Final = {
    "render": "Print the blocks of customers.",
    "validate": "Report every problem of customers.",
    "inject": "Put blocks into the pages of a built site.",
    "bulk": "Render files of many customers, with several processes.",
    "check": "Report what is wrong with the calls in pages.",
    "preview": "Try a customer in a page on this machine.",
    "schema": "Print the JSON Schema of a customer.",
    "completion": "Print the script that lets a shell complete this command.",
    "help": "Show the help of a command.",
}


class Command(click.Command):
    """A command with help in the chosen language, which ends with examples that work."""

    # A surplus argument is refused here, in our words.
    allow_extra_args = True

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.examples = examples

    def get_help_option(self, ctx: click.Context) -> click.Option:
        option = cast("click.Option", super().get_help_option(ctx))  # no option of ours takes its name
        option.callback = _show_help
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        keep_arguments(ctx, args)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            # Some of the parser's errors lack their command.
            error.ctx = error.ctx or ctx
            raise
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise Misuse(Problem.of("argument.extra"), ctx)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = metavars(" ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{translate('Usage:')} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(description(str(self.name), str(self.help)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        records = [record for each in options if (record := each.get_help_record(ctx)) is not None]
        with formatter.section(translate("Options")):
            formatter.write_dl([(metavars(names), _help(text)) for names, text in records])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(translate("Examples")):
            formatter.write_text("\b\n" + "\n".join(self.examples))
        if self.epilog:
            head, colon, rest = self.epilog.partition(": ")
            formatter.write_paragraph()
            formatter.write_text(f"{translate(head)}{colon}{rest}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        items = super().shell_complete(ctx, incomplete)
        for item in items:
            item.help = item.help and _help(item.help)
        return items


class LazyGroup(Command, click.Group):
    """A group that imports a subcommand only to run it, or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"rr_snippet.cli.{cmd_name}"), cmd_name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        # Not the method of click's group, which imports every command for its help.
        options = click.Command.shell_complete(self, ctx, incomplete)
        for item in options:
            item.help = item.help and _help(item.help)
        commands = [(name, text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*(CompletionItem(name, help=translate(text)) for name, text in commands), *options]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            raise unknown_command(ctx, name)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section(translate("Commands")):
            formatter.write_dl([(name, translate(text)) for name, text in COMMANDS.items()])


def unknown_command(ctx: click.Context, name: str) -> Misuse:
    """Return the error for an unknown command."""
    return Misuse(Problem.of("command.unknown", ascii(name)[1:-1], **suggestion(name, COMMANDS)), ctx)


def command(*examples: str, **options: Any) -> Callable[[Callable[..., None]], Command]:
    """Make a function a command. Each of `examples` is a line of its help, and tests run it."""
    return click.command(cls=Command, examples=examples, **options)


def _show_help(ctx: click.Context, _parameter: click.Parameter, value: object) -> None:
    if value and not ctx.resilient_parsing:
        print_out(ctx.get_help(), sys.stdout)
        ctx.exit()


def _help(text: str) -> str:
    """Return the help of an option in the chosen language. click adds defaults and the like in brackets."""
    text, *extras = text.split("  [")
    return "  [".join([translate(text), *(_extra(extra.removesuffix("]")) + "]" for extra in extras)])


def _extra(text: str) -> str:
    items = [item.partition(": ") for item in text.split("; ")]
    return "; ".join(f"{translate(name)}{colon}{translate(value)}" for name, colon, value in items)
