"""The table of rules: each rule has its words, and a section in the documentation with examples, which are checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rr_snippet.check import check_page
from rr_snippet.check.rule import SEVERITIES
from rr_snippet.check.rulebook import CODES, RULES, rule_text
from rr_snippet.messages import MESSAGES, sections
from tests.check.corpus import wrapped

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "check-rules.md").read_text("utf-8")
HEADING = re.compile(r"^### `([a-z_.]+)` \((\w+)\)\n", re.MULTILINE)
EXAMPLE = re.compile(r"^(Bad|Good):\n\n```(?:js|html)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_, *PARTS = HEADING.split(TEXT)
SECTIONS = dict(zip(PARTS[::3], zip(PARTS[1::3], PARTS[2::3], strict=True), strict=True))

# Its example would need hundreds of nested elements.
WITHOUT_EXAMPLES = {"page.too_deep"}


def test_each_rule_has_its_section_in_the_order_of_the_table() -> None:
    assert list(SECTIONS) == [code for code in RULES if code in CODES]
    assert {code: severity for code, (severity, _) in SECTIONS.items()} == {
        code: RULES[code].severity for code in CODES
    }
    assert {rule.severity for rule in RULES.values()} == set(SEVERITIES)


def test_the_russian_page_has_the_same_rules_with_a_reason_and_a_source_each() -> None:
    russian = sections("check-rules", "ru")
    assert list(russian) == list(sections("check-rules", "en")) == list(SECTIONS)
    for code, text in russian.items():
        assert re.search("[а-я]", text.split("\n\n")[0]), code
        assert re.search(r"^Источник: .+\.$", text, re.MULTILINE), code


@pytest.mark.parametrize("code", SECTIONS)
def test_the_bad_example_gives_exactly_this_and_the_good_one_nothing(code: str) -> None:
    _, text = SECTIONS[code]
    examples = dict(EXAMPLE.findall(text))
    assert len(text.split("\n\n")[0].strip()) > 0
    assert re.search(r"^Source: .+\.$", text, re.MULTILINE), code
    if code in WITHOUT_EXAMPLES:
        assert examples == {}
        return
    assert {finding.code for finding in check_page(wrapped(examples["Bad"]))} == {code}
    assert check_page(wrapped(examples["Good"])) == []


def test_rules_speak_two_languages_in_the_words_of_the_house() -> None:
    for code, rule in RULES.items():
        if rule.english is None or rule.russian is None:
            assert rule.english is rule.russian is None
            assert code in MESSAGES, code
            continue
        assert not rule.english[0].isupper() or "(window" in rule.english, code
        assert not rule.english.endswith((".", "!")), code
        assert any("а" <= letter <= "я" for letter in rule.russian), code
        places = [set(re.findall(r"\{(\w+)\}", text)) for text in (rule.english, rule.russian)]
        assert places[0] == places[1], code


def test_a_form_of_a_message_is_chosen_by_what_is_known() -> None:
    names = {"name": "Name", "value": "Value"}
    assert rule_text("soft_link.variant", "en", names).endswith("as there is no defaultStockId")
    assert rule_text("soft_link.variant", "ru", {**names, "stock": "defaultStockId"}).endswith("есть defaultStockId")
    assert rule_text("field.unknown", "en", {"suggestion": "email"}) == "unknown field; did you mean email?"


def test_each_rule_holds_for_the_calls_of_one_row() -> None:
    rows = [
        set(re.findall(r"`([a-z_.]+)`", row.split(" | ")[1])) for row in re.findall(r"^\| .*", TEXT, re.MULTILINE)[2:]
    ]
    for code in CODES:
        named = [row for row in rows if code in row] or [row for row in rows if code.partition(".")[0] in row]
        assert len(named) == 1, code
