"""Words that are put into messages: each has a Russian form, and our own names are not translated."""

from __future__ import annotations

import ast
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from rr_snippet.errors import Notice, Problem
from rr_snippet.messages import PHRASES, message_text, phrase

PACKAGE = Path(__file__).parents[1] / "rr_snippet"


def expected_words() -> Iterator[str]:
    """Yield the expected values in the calls of `wrong_value` in the package, if they are literals."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "wrong_value" and len(node.args) == 2:
                wanted = node.args[1]
                options = wanted.values if isinstance(wanted, ast.BoolOp) else [wanted]
                yield from (each.value for each in options if isinstance(each, ast.Constant))


def test_what_an_option_expects_has_a_russian_form() -> None:
    assert set(expected_words()) - set(PHRASES) == set()


def test_russian_forms_are_russian_or_names() -> None:
    names = {"True или False", "true или false", "RenderOptions"}
    assert [text for text in PHRASES.values() if text not in names and not re.search("[а-яё]{2}", text)] == []


def test_a_reason_of_the_system_is_known_by_its_number() -> None:
    reason = os.strerror(errno.ENOENT)
    assert phrase(reason, "ru") == "нет такого файла или папки"
    assert phrase(reason, "en") == reason
    assert phrase("a reason of another system", "ru") == "a reason of another system"


def test_names_of_columns_are_no_words_of_ours() -> None:
    # "error" is in the table of words, but here it is the name of a column.
    template = message_text("column.unknown", "ru", {"column": "COLUMN"})
    assert message_text("column.unknown", "ru", {"column": "error"}) == template.replace("COLUMN", "error")


def test_the_place_of_a_notice_is_in_the_language_asked_for() -> None:
    problem = Problem.of("customer_id.missing", "customerId")
    notices = [
        Notice("error", "a.json", problem, record=2),
        Notice("error", "a.csv", problem, record=2, line=3),
        Notice("error", "a.csv", problem),
        Notice("error", None, problem),
    ]
    assert [notice.where for notice in notices] == ["a.json: record 2", "a.csv:3", "a.csv", ""]
    assert [notice.where_in("ru") for notice in notices] == ["a.json: запись 2", "a.csv:3", "a.csv", ""]
