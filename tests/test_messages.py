"""The explanations of codes: each code has one in each language below its message, and a package includes them."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

import pytest

from rr_snippet.check.rulebook import RULES
from rr_snippet.messages import MESSAGES, explanation, sections

CODES = [code for code in MESSAGES if "?" not in code]
LANGUAGES = ["en", "ru"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_is_explained_in_the_order_of_the_table(language: str) -> None:
    assert list(sections("codes", language)) == CODES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_a_section_has_the_message_then_why_and_what_to_do(code: str, language: str) -> None:
    message, why, *links = sections("codes", language)[code].split("\n\n")
    assert message == f"`{MESSAGES[code][LANGUAGES.index(language)]}`"
    assert 1 <= len(re.findall(r"[.?](?=\s|$)", why)) <= 3
    assert why == explanation(code, language)
    words = {"en": "Example and source", "ru": "Пример и источник"}[language]
    rule = RULES.get(code)
    assert links == ([f"[{words}](check-rules.md#{code.replace('.', '')}-{rule.severity})"] if rule else [])


def test_an_installed_package_reads_its_own_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "_docs").mkdir()
    (tmp_path / "_docs/made-up.ru.md").write_text(
        "# Коды\n\n## Часть\n\n### `a.b` (note)\n\nОдно.\n\n## Ещё\n\n### `a.c`\n\nДругое.\n", "utf-8"
    )
    monkeypatch.setattr(importlib.resources, "files", lambda package: tmp_path)
    assert sections("made-up", "ru") == {"a.b": "Одно.", "a.c": "Другое."}
