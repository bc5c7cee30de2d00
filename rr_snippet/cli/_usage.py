"""Wrong usage as problems: click's errors in our words, with codes and in both languages."""

from __future__ import annotations

import os
import sys
from typing import Final, NoReturn, cast

import click

from rr_snippet.cli._output import print_out, report_problem, typed_value
from rr_snippet.cli._russian import metavars, translate
from rr_snippet.errors import Problem
from rr_snippet.options import suggestion, unknown_option

_ARGUMENTS: Final = "rr_snippet.arguments"


class Misuse(click.UsageError):
    """Wrong usage that already is one of our problems."""

    def __init__(self, problem: Problem, ctx: click.Context) -> None:
        super().__init__(problem.message, ctx)
        self.problem = problem


def refuse_together(option: str, other: str) -> NoReturn:
    """Refuse two options that exclude each other.

    Raises:
        Misuse: `option.conflict`.
    """
    raise Misuse(Problem.of("option.conflict", option, other=other), click.get_current_context())


def keep_arguments(context: click.Context, arguments: list[str]) -> None:
    """Remember the arguments before they are parsed, because click does not name the value that it refuses."""
    context.meta[_ARGUMENTS] = list(arguments)


def show_usage_error(error: click.UsageError) -> None:
    """Write the usage of the command to standard error, and what is wrong with the typed one."""
    context = cast("click.Context", error.ctx)  # `Command.parse_args` sets it if click does not
    hint = translate("Try '{command} --help' for help.").format(command=context.command_path)
    print_out(f"{context.get_usage()}\n{hint}\n", sys.stderr)
    report_problem(None, usage_problem(error, context))


def usage_problem(error: click.UsageError, context: click.Context) -> Problem:
    """Return wrong usage as a problem."""
    parameters = context.command.params
    if isinstance(error, click.NoSuchOption):
        known = [name for each in parameters for name in (*each.opts, *each.secondary_opts)]
        return unknown_option(ascii(error.option_name)[1:-1], known)
    if isinstance(error, click.BadOptionUsage):
        takes = any(error.option_name in each.opts and not getattr(each, "is_flag", False) for each in parameters)
        return Problem.of("option.no_value" if takes else "option.no_switch", error.option_name)
    if isinstance(error, click.BadParameter):
        return _bad_parameter(error, context, cast("click.Parameter", error.param))
    return cast("Misuse", error).problem


def _bad_parameter(error: click.BadParameter, context: click.Context, parameter: click.Parameter) -> Problem:
    typed = max(parameter.opts, key=len)
    if isinstance(parameter, click.Argument):
        typed = metavars(parameter.make_metavar(context).strip("[]"))
    if isinstance(error, click.MissingParameter):
        return Problem.of("argument.missing", typed)
    values, _, _ = context.command.make_parser(context).parse_args(args=list(context.meta[_ARGUMENTS]))
    value = values.get(str(parameter.name))
    if not isinstance(value, str) and isinstance(parameter.envvar, str):
        typed, value = parameter.envvar, os.environ.get(parameter.envvar)
    choices = parameter.type.choices if isinstance(parameter.type, click.Choice) else ()
    expected = ", ".join(choices) or _range(cast("click.IntRange", parameter.type))
    return typed_value("option.value", typed, value, {"expected": expected, **suggestion(value, choices)})


def _range(numbers: click.IntRange) -> str:
    return f"a whole number from {numbers.min}" + (f" to {numbers.max}" if numbers.max is not None else "")
