"""The help: complete in both languages, with examples that work, and suggestions for misspelled words."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from rr_snippet import __version__
from rr_snippet.cli import COMMANDS, main, rr_snippet
from rr_snippet.cli._group import Command
from rr_snippet.cli._russian import METAVARS, RUSSIAN
from tests.support.help_texts import FOLDER, NAMES, help_text

COMMANDS_BY_NAME: dict[str, Command] = {
    name: getattr(import_module(f"rr_snippet.cli.{name}"), name) for name in COMMANDS
}


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    return (code, *capfd.readouterr())


@pytest.mark.parametrize("name", NAMES)
def test_the_help_is_as_it_was_read(name: str) -> None:
    assert help_text(name) == (FOLDER / f"{name}.txt").read_text("utf-8"), "make help-texts, and read the difference"


def test_no_other_help_is_kept() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", ["rr-snippet", *COMMANDS])
def test_no_word_of_the_russian_help_is_english(name: str) -> None:
    text = (FOLDER / f"{name}.ru.txt").read_text("utf-8")
    text = re.split(r"^(?:Примеры|Из папок)", text, flags=re.MULTILINE)[0]
    # Names of options, fields, formats and programs are the same in all languages. The rest has no English prose.
    prose = {"the", "of", "a", "is", "and", "or", "to", "in", "by", "as", "default", "required", "show", "this", "file"}
    words = set(re.findall(r"(?<![\w.-])[a-z]+(?![\w.-])", text))
    assert words & prose == set()


def texts_of(command: click.Command) -> set[str]:
    options = [each for each in command.params if isinstance(each, click.Option)]
    return {part for each in options for part in re.split(r"  \[default: |\]$", each.help or "") if part}


def test_every_text_of_the_help_has_a_russian_one_and_no_other_is_kept() -> None:
    commands = [rr_snippet, *COMMANDS_BY_NAME.values()]
    texts = {text for command in commands for text in texts_of(command)} | set(COMMANDS.values())
    own = {
        "Usage:", "Options", "Commands", "Examples", "Try '{command} --help' for help.", "default", "required",
        "reading standard input, {key} ends it", "Read by default in folders", "Show this message and exit.",
    }  # fmt: skip
    # Names, which are the same in both languages.
    same = {"*.html and *.htm"}
    assert {text for text in texts if re.search("[a-z]", text)} - set(RUSSIAN) - {"error"} == set()
    assert set(RUSSIAN) - texts - own - same == set()
    assert all(re.search("[а-яё]", text) for text in (*RUSSIAN.values(), *METAVARS.values())) is False


def test_every_command_has_examples() -> None:
    assert [name for name, command in COMMANDS_BY_NAME.items() if not command.examples] == []


FILES = {
    "customer.json": '{"customerId": "42", "phone": "+7 111 222-33-44"}',
    "order.json": '{"transaction": "1", "items": [{"id": 1, "quantity": 1, "price": 1}], "customer": {"customerId": "42"}}',
    "customers.csv": "customerId,email\n42,anna@shop.ru\n",
    "customers.jsonl": '{"customerId": "42"}\n{"customerId": "43"}\n',
    "export.csv": "ID;Имя\n42;Анна\n",
    "pages.csv": "page,customerId\nindex.html,42\n",
    "index.html": "<!doctype html><html><head></head><body></body></html>",
    "cart.js": "rrApi;\n",
    "site/index.html": "<!doctype html><html><head></head><body></body></html>",
}
# Examples that need other names, or an option to end by themselves.
ADAPTED = {
    "rr-snippet render customers.csv --map ID=customerId --ignore-unmapped": ("customerId", "ID"),
    "rr-snippet inject site --customers pages.csv --map ID=customerId --dry-run": ("customerId", "ID"),
}
EXAMPLES = [
    example
    for command in (rr_snippet, *COMMANDS_BY_NAME.values())
    for example in command.examples
    if not example.startswith("rr-snippet preview") or "--static" in example
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_run(example: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        old, new = ADAPTED.get(example, ("", ""))
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = text.replace(old, new, 1) if old and name.endswith(".csv") else text
        (tmp_path / name).write_bytes(text.encode("cp1251" if "--encoding cp1251" in example else "utf-8"))
    (tmp_path / "rr-snippet").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rr_snippet "$@"\n')
    (tmp_path / "rr-snippet").chmod(0o755)
    shell = shutil.which("bash")
    process = subprocess.run(
        f"PATH={tmp_path}:$PATH; {example}",
        shell=True,
        executable=shell,
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    told = [line for line in process.stderr.decode().splitlines() if not line.startswith("rr-snippet: customer.html: ")]
    assert (process.returncode, told) == (0, []), process.stdout.decode()


def test_help_is_a_command_too(capfd: pytest.CaptureFixture[str]) -> None:
    whole = call(capfd, "--help")
    assert whole[0] == 0
    assert call(capfd, "help") == whole
    assert call(capfd, "help", "render") == call(capfd, "render", "--help")
    assert call(capfd, "help", "render", "--lang", "ru") == call(capfd, "render", "-h", "--lang", "ru")
    assert call(capfd) == (2, "", whole[1])
    assert call(capfd, "--lang", "en") == (2, "", whole[1])


def test_the_version_is_that_of_the_package(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(capfd, "-V") == call(capfd, "--version") == (0, f"rr-snippet {__version__}\n", "")


USAGE = "Usage: rr-snippet [OPTIONS] [COMMAND] [ARGS]...\nTry 'rr-snippet --help' for help.\n\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rendr", "rendr: no such command; did you mean render?"),
        ("Validate", "Validate: no such command; did you mean validate?"),
        ("quux", "quux: no such command; rr-snippet --help lists them"),
        ("a\nb", "a\\nb: no such command; rr-snippet --help lists them"),
    ],
)
def test_a_command_that_is_none_is_told_the_one_meant(name: str, told: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert call(capfd, name) == (2, "", f"{USAGE}rr-snippet: error: {told} [command.unknown]\n")
    usage = USAGE.replace("[OPTIONS] [COMMAND] [ARGS]...", "help [OPTIONS] [COMMAND]").replace(
        "snippet --", "snippet help --"
    )
    assert call(capfd, "help", name) == (2, "", f"{usage}rr-snippet: error: {told} [command.unknown]\n")


@pytest.mark.parametrize(
    ("arguments", "english", "russian"),
    [
        (
            ["render", "--pretti"],
            "--pretti: unknown option; did you mean --pretty? [option.unknown]",
            "--pretti: неизвестный параметр; возможно, имелось в виду --pretty [option.unknown]",
        ),
        (["render", "-x"], "-x: unknown option [option.unknown]", "-x: неизвестный параметр [option.unknown]"),
        (["--nope"], "--nope: unknown option [option.unknown]", "--nope: неизвестный параметр [option.unknown]"),
        (
            ["render", "--variant", "Region"],
            "--variant: wrong value 'Region'; did you mean region? [option.value]",
            "--variant: неверное значение 'Region'; возможно, имелось в виду region [option.value]",
        ),
        (
            ["render", "--variant", "x"],
            "--variant: wrong value 'x'; expected auto, region, no-region [option.value]",
            "--variant: неверное значение 'x'; ожидается auto, region, no-region [option.value]",
        ),
        (
            ["bulk", "a.csv", "-o", "b.jsonl", "-j", "0"],
            "--jobs: wrong value '0'; expected a whole number from 1 [option.value]",
            "--jobs: неверное значение '0'; ожидается целое число от 1 [option.value]",
        ),
        (
            ["preview", "--port", "x"],
            "--port: wrong value 'x'; expected a whole number from 0 to 65535 [option.value]",
            "--port: неверное значение 'x'; ожидается целое число от 0 до 65535 [option.value]",
        ),
        (
            ["render", "--nonce"],
            "--nonce: needs a value after it [option.no_value]",
            "--nonce: после него нужно значение [option.no_value]",
        ),
        (
            ["render", "--pretty=1"],
            "--pretty: takes no value [option.no_switch]",
            "--pretty: указывается без значения [option.no_switch]",
        ),
        (["render", "a", "b"], "one argument too many [argument.extra]", "лишний аргумент [argument.extra]"),
        (
            ["validate"],
            "FILE...: required, but not given [argument.missing]",
            "ФАЙЛ...: не указано, но обязательно [argument.missing]",
        ),
        (
            ["check"],
            "PATH...: required, but not given [argument.missing]",
            "ПУТЬ...: не указано, но обязательно [argument.missing]",
        ),
        (
            ["bulk", "a.csv"],
            "--output: required, but not given [argument.missing]",
            "--output: не указано, но обязательно [argument.missing]",
        ),
        (
            ["completion", "tcsh"],
            "SHELL: wrong value 'tcsh'; expected bash, zsh, fish [option.value]",
            "ОБОЛОЧКА: неверное значение 'tcsh'; ожидается bash, zsh, fish [option.value]",
        ),
        (
            ["bulk", "a.csv", "-o", "b.jsonl", "--to", "parquet"],
            "--to parquet: cannot be used together with OUT *.jsonl [option.conflict]",
            "--to parquet: нельзя использовать вместе с OUT *.jsonl [option.conflict]",
        ),
    ],
)
def test_wrong_usage_is_told_in_either_language(
    arguments: list[str], english: str, russian: str, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capfd, *arguments)
    command = "" if arguments[0].startswith("-") else f" {arguments[0]}"
    usage, hint, blank, told = err.split("\n", 3)
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"Usage: rr-snippet{command} \[OPTIONS\].*", usage)
    assert (hint, blank) == (f"Try 'rr-snippet{command} --help' for help.", "")
    assert told == f"rr-snippet: error: {english}\n"
    code, out, err = (
        call(capfd, *arguments, "--lang", "ru")
        if arguments != ["render", "--nonce"]
        else call(capfd, "--lang", "ru", *arguments)
    )
    usage, hint, blank, told = err.split("\n", 3)
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"Вызов: rr-snippet{command} \[ПАРАМЕТРЫ\].*", usage)
    assert (hint, blank) == (f"Справка: rr-snippet{command} --help", "")
    assert told == f"rr-snippet: ошибка: {russian}\n"
