"""Examples in docs/ that need more than Python to run: tests for pytest, JavaScript, settings, shell commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rr_snippet.check.project import read_settings
from rr_snippet.cli import rr_snippet as command_group
from tests.support.javascript import run_scripts
from tests.support.outcome import Call

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "README.ru.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]


def examples(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_fixture_for_pytest_works_as_written(tmp_path: Path) -> None:
    client = """
import pytest
from rr_snippet import render_snippet

@pytest.fixture
def client():
    class Client:
        def get(self, address):
            assert address == "/account/"
            return f"<!doctype html><body>{render_snippet({'customerId': '42'})}</body>"
    return Client()
"""
    (tmp_path / "conftest.py").write_text(client, "utf-8")
    (tmp_path / "test_shop.py").write_text(examples("guide/check.md", "py")[0], "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.search(r"^1 passed in ", run.stdout, re.MULTILINE), run.stdout + run.stderr


def test_the_settings_of_check_are_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(examples("guide/check.md", "toml")[0], "utf-8")
    settings = {
        "ignore": ["queue.unclear", "console"],
        "exclude": ["*/legacy/*", "static/dist"],
        "fail-on": "warning",
    }
    assert read_settings(tmp_path) == (settings, tmp_path)


@pytest.mark.parametrize("person", ["customer", "guest"])
def test_an_answer_to_a_checkout_is_passed_on(person: str) -> None:
    (function,) = examples("guide/orders.md", "js")
    order = {"transaction": "A-17", "items": [{"id": 1001, "qnt": 2, "price": 990.5}]}
    data = {"customer": {"customerId": "42"}, "guest": {"email": "anna@shop.ru"}}[person]
    answer = f'{{"{person}": {str(data).replace(chr(39), chr(34))}, "order": {str(order).replace(chr(39), chr(34))}}}'
    outcome = run_scripts(f"(function () {{ {function} told({answer}); }})();")
    method = {"customer": "setCustomer", "guest": "setProfile"}[person]
    assert [call.method for call in outcome.calls] == [method, "order"]
    assert outcome.calls[0] == Call(method, (data,))


def shell_lines() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for code in re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            found += [(page.relative_to(ROOT).as_posix(), line) for line in code.splitlines() if line.strip()]
    return found


@pytest.mark.parametrize(("page", "line"), shell_lines())
def test_lines_for_a_shell_name_what_exists(page: str, line: str) -> None:
    program, *arguments = shlex.split(line, comments=True)
    if program == "rr-snippet":
        command = command_group.get_command(click.Context(command_group), arguments[0])
        assert command is not None
        options = {name for parameter in command.params for name in parameter.opts}
        assert {argument.partition("=")[0] for argument in arguments if argument.startswith("-")} <= options
    elif program == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert {argument for argument in arguments if "=" not in argument} <= set(targets)
    else:
        assert program in {"pip", "python", "git", "sha256sum"}
