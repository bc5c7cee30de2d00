"""The corpus holds what it claims to hold."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import Hostile, read_corpus, read_line

CORPUS = read_corpus()


def test_there_are_enough_each_once_and_each_with_a_reason() -> None:
    assert len({case.text for case in CORPUS}) == len(CORPUS) >= 500
    assert all(len(case.why) > 2 for case in CORPUS)


@pytest.mark.parametrize(
    "line", ['"a"', '"a" — ', '"a" - why', "a — why", "5 — why", '"a" * 0 — why', '"a" * x — why', '"a"  — why']
)
def test_a_line_without_a_string_or_a_reason_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        read_line(line, "x")


@pytest.mark.parametrize(
    ("line", "text"), [('"\\ud800" — why', "\ud800"), ('"ab" * 3 — why', "ababab"), ('" — " — why', " — ")]
)
def test_a_line_is_read(line: str, text: str) -> None:
    assert read_line(line, "x") == Hostile(text, "x", "why")


@pytest.mark.parametrize(
    ("technique", "parts"),
    [
        ("tags", ["</script>", "</SCRIPT\t", "</ScRiPt\f", "</script/", "<plaintext>", "onerror=", "Object.prototype"]),
        ("comments", ["<!--<script>", "<!--<SCRIPT>", "--!>", "<![CDATA[", "]]>", "<?xml", "<!DOCTYPE"]),
        ("entities", ["&lt;", "&#x3c;", "&quot;", "&nosuch;", "&#xd800;"]),
        ("strings", ['"', "'", "\\", "\\\n", '"});']),
        ("controls", ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\r\n"]),
        ("keys", ["__proto__", "constructor", "toJSON", "4294967294", "01", "\u212a", "e\u0301"]),
        ("templates", ["{{ 7*7 }}", "{% raw %}", "${x}", "%(customerId)s", "{0}", "`", "<%=", "{{#if", "| upcase"]),
        ("charsets", ["\x1b(J", "\x1b$B", "\x0e", "~{", "+ADw", "\ufeff", "表"]),
        ("unicode", ["\ud800", "\udfff", "\ufdd0", "\uffff", "\U0010ffff", "\u202e", "\u2066", "😀"]),
    ],
)
def test_every_technique_is_there(technique: str, parts: list[str]) -> None:
    texts = [case.text for case in CORPUS if case.technique == technique]
    assert [part for part in parts if not any(part in text for text in texts)] == []


def test_long_strings_are_long() -> None:
    assert min(len(case.text) for case in CORPUS if case.technique == "long") >= 4_000
