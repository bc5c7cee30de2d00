"""Every example in the README files, docs/ and docstrings is run, and the tables of codes are compared."""

from __future__ import annotations

import ast
import contextlib
import doctest
import importlib
import io
import itertools
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import rr_snippet

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.ru.md"]
README_MAX_WORDS = 700
PAGES = [*READMES, "SECURITY.md", *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md")))]

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / page).read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_python_examples_print_what_stands_after_them(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    for (language, code), (next_language, expected) in itertools.pairwise([*blocks(page), ("", "")]):
        if language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page, "exec"), namespace)
        assert printed.getvalue() == (expected if next_language in {"text", "html"} else ""), code


@pytest.mark.parametrize("page", PAGES)
def test_console_examples_print_what_they_show(page: str, tmp_path: Path) -> None:
    command = tmp_path / "rr-snippet"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rr_snippet "$@"\n')
    command.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for language, text in blocks(page):
        if language != "console":
            continue
        for example in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            line, _, expected = example.partition("\n")
            process = subprocess.run(
                line,
                shell=True,
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            assert process.stdout.decode() == expected, line


def module_names() -> list[str]:
    walked = pkgutil.walk_packages(rr_snippet.__path__, "rr_snippet.", onerror=lambda _: None)
    return ["rr_snippet", *(module.name for module in walked if not module.name.startswith("rr_snippet.integrations."))]


@pytest.mark.parametrize("name", module_names())
def test_examples_in_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


@pytest.mark.parametrize("page", READMES)
def test_a_readme_is_read_in_five_minutes(page: str) -> None:
    assert len(re.sub(BLOCK, "", (ROOT / page).read_text("utf-8")).split()) <= README_MAX_WORDS


SPOKEN = {"console", "log", "sh", "text"}
TWINS = [page for page in PAGES if page.endswith(".ru.md")]


@pytest.mark.parametrize("russian", TWINS)
def test_a_russian_page_mirrors_the_english_one(russian: str) -> None:
    both = (russian.replace(".ru.md", ".md"), russian)
    pages = [(ROOT / page).read_text("utf-8") for page in both]
    shapes = [
        [re.match(r"#+", line)[0] for line in re.sub(BLOCK, "", page).splitlines() if line.startswith("#")]  # type: ignore[index]
        for page in pages
    ]
    assert shapes[0] == shapes[1]
    rows = [len(re.findall(r"^\|", page, re.MULTILINE)) for page in pages]
    assert rows[0] == rows[1]
    # The output of programs and shells, and messages, are in the language of the page.
    code = [
        [text.replace('.text_in("ru")', "") for language, text in blocks(page) if language not in SPOKEN]
        for page in both
    ]
    assert code[0] == code[1]


@pytest.mark.parametrize("page", PAGES)
def test_links_within_the_repository_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / page).parent / target).exists(), target


HOUSE = ROOT / "rr_snippet"
ROOMS = sorted(path.parent for path in HOUSE.rglob("__init__.py") if path.parent.name != "templatetags")


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(ROOT).as_posix())
def test_the_docstring_of_a_room_names_what_is_in_it(room: Path) -> None:
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    modules = {path.stem for path in room.glob("*.py") if path.stem != "__init__"}
    modules |= {path.parent.name for path in room.glob("*/__init__.py")}
    assert set(re.findall(r"`([a-z_]+)`", docstring or "")) == modules, (
        "each module has its place in the order of reading"
    )


@pytest.mark.parametrize("page", PAGES)
def test_files_named_in_the_docs_are_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for name in re.findall(r"`((?:rr_snippet|templates|tests|examples|benchmarks|docs)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name


def test_how_it_is_built_names_files_of_a_room_after_one_of_them() -> None:
    text = (ROOT / "docs" / "explanation" / "how-it-is-built.md").read_text("utf-8")
    rooms: set[Path] = set()
    for name in re.findall(r"`([\w/]+\.py)`", text):
        if "/" in name:
            rooms.add((ROOT / name).parent)
        else:
            assert any((room / name).exists() for room in rooms), name
    assert {room.name for room in ROOMS if room.parent == HOUSE} - set(re.findall(r"\b(\w+)/", text)) == set()


def test_every_page_stands_once_in_the_menu_of_the_site() -> None:
    menu = yaml.safe_load((ROOT / "docs" / "site" / "mkdocs.yml").read_text("utf-8"))["nav"]
    pages = re.findall(r"[\w/-]+\.md", str(menu))
    there = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(pages) == sorted(page for page in there if not page.endswith(".ru.md"))


@pytest.mark.parametrize("module", ["rr_snippet", "rr_snippet.arrow", "rr_snippet.bulk", "rr_snippet.check"])
def test_the_page_of_the_api_has_every_public_name(module: str) -> None:
    text = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
    listed = re.findall(rf"^::: {re.escape(module)}\.(\w+)$", text, re.MULTILINE)
    values = {"RESULT_SCHEMA", "Severity"}  # no class and no function
    assert sorted(listed) == sorted(set(importlib.import_module(module).__all__) - values)
