"""Why a text is not JSON: each common mistake is reported by its name and place."""

from __future__ import annotations

import pytest

from rr_snippet.customer.strict_json import decode_json, iterate_json_array
from rr_snippet.errors import CustomerError, Problem

SLIPS: list[tuple[str, str, int, int]] = [
    # The text, the reason, the line and the column.
    ("", "empty", 1, 1),
    (" \n", "empty", 2, 1),
    ('{"a": 1,}', "trailing_comma", 1, 8),
    ('{"a": 1,\n}', "trailing_comma", 1, 8),
    ('{"a": [1,]}', "trailing_comma", 1, 9),
    ("{,}", "trailing_comma", 1, 2),
    ("{'a': 1}", "single_quotes", 1, 2),
    ("{\"a\": 'b'}", "single_quotes", 1, 7),
    ("{“a”: 1}", "curly_quotes", 1, 2),
    ('{"a": «b»}', "curly_quotes", 1, 7),
    ("{a: 1}", "bare_name", 1, 2),
    ("{имя : 1}", "bare_name", 1, 2),
    ('{"a": b}', "bare_text", 1, 7),
    ('{"a": True}', "python_word", 1, 7),
    ('{"a": None}', "python_word", 1, 7),
    ('{"a": undefined}', "script_word", 1, 7),
    ('{"a": 1 // b\n}', "comment", 1, 9),
    ('{\n  # b\n  "a": 1}', "comment", 2, 3),
    ('/* b */ {"a": 1}', "comment", 1, 1),
    ('{"a": 1', "cut_off", 1, 8),
    ('{"a": ', "cut_off", 1, 6),
    ('{"a": "b', "open_text", 1, 7),
    ('{"a": "b\nc"}', "control", 1, 9),
    ('{"a": "\t"}', "control", 1, 8),
    (r'{"a": "\x41"}', "escape", 1, 8),
    ('{"a": "b" "c": 1}', "missing_comma", 1, 11),
    ('{"a": 1\n "c": 1}', "missing_comma", 2, 2),
    ('{"a" 1}', "missing_comma", 1, 6),
    ('{"a": 007}', "number", 1, 8),
    ('{"a": 8 911 222}', "number", 1, 9),
    ('{"a": +7}', "number", 1, 7),
    ('{"a": 1} {"b": 2}', "more", 1, 10),
    ('{"a": 1}\n{"b": 2}', "more", 2, 1),
    ("<script>rrApi.setCustomer({})</script>", "call", 1, 1),
    ("rrApi.setCustomer({})", "call", 1, 1),
    ("customerId;email\n1;a@b.ru", "table", 1, 1),
    ("hello", "", 1, 1),
    ('{"a": }', "", 1, 7),
    ('{"a": 1,, "b": 2}', "", 1, 9),
    ('{"a": <script>}', "", 1, 7),
]


@pytest.mark.parametrize(("text", "reason", "line", "column"), SLIPS)
def test_the_slip_is_told_with_its_place(text: str, reason: str, line: int, column: int) -> None:
    with pytest.raises(CustomerError) as caught:
        decode_json(text)
    (problem,) = caught.value.problems
    assert problem == Problem.of("customer.json", **({reason: 1} if reason else {}), line=line, column=column)


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("[1, 2,]", "trailing_comma", 6),
        ("[1, 2", "cut_off", 6),
        ('["a" "b"]', "missing_comma", 6),
        ("[1] 2", "more", 5),
    ],
)
def test_so_it_is_in_an_array_that_is_read_one_by_one(text: str, reason: str, column: int) -> None:
    with pytest.raises(CustomerError) as caught:
        list(iterate_json_array(text))
    assert caught.value.problems == (Problem.of("customer.json", **{reason: 1}, line=1, column=column),)


def test_a_script_inside_of_json_is_no_script() -> None:
    with pytest.raises(CustomerError) as caught:
        decode_json('{"a": "<script>rrApi",}')
    assert caught.value.problems == (Problem.of("customer.json", trailing_comma=1, line=1, column=22),)
