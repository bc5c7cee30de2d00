"""JSON, JSON Lines and CSV in one input: the records, their list, and the lines of problems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import RenderOptions
from rr_snippet.errors import Problem
from rr_snippet.preview.form import Form
from rr_snippet.preview.json_places import JsonPlaces
from rr_snippet.preview.look import look
from rr_snippet.preview.pages import State, render_parts
from rr_snippet.preview.records import Entry
from rr_snippet.preview.result import read_typed
from rr_snippet.preview.sent import Sent

JSON_LINES = '{"customerId": "a"}\n\n{"customer_id": "b", "email": "x"}\n{"customerId": \n'


def see(text: str, *, record: int = 1, mode: str = "json") -> State:
    return look(Sent(Form(), mode, json=text, record=record), RenderOptions())


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (JSON_LINES, [Entry(1, 1, "a", False), Entry(2, 3, "b", True), Entry(3, 4, "", True)]),
        ("customerId;email\n7;a@shop.ru\n8;x\n", [Entry(1, 2, "7", False), Entry(2, 3, "8", True)]),
        ("customerId\n7\n8\n", [Entry(1, 2, "7", False), Entry(2, 3, "8", False)]),
        ('[{"customerId": 1}, 5]', [Entry(1, None, "1", False), Entry(2, None, "", True)]),
        ('{"customerId": "a"}', []),
        ("customerId;email\n7;a@shop.ru\n", []),
    ],
)
def test_several_customers_are_listed(text: str, entries: list[Entry]) -> None:
    assert list(see(text).entries) == entries


@pytest.mark.parametrize(("record", "shown"), [(0, "7"), (1, "7"), (2, "8"), (9, "8")])
def test_one_of_them_is_looked_at(record: int, shown: str) -> None:
    state = see("customerId,email\n7,a@shop.ru\n8,b@shop.ru", record=record)
    assert (state.sent.form.texts["customerId"], state.result.problems) == (shown, ())
    assert (str(state.sent.record), json.loads(state.given_text)["customerId"]) == (str(int(shown) - 6), shown)
    # The text stays as it was pasted.
    assert state.sent.json == "customerId,email\n7,a@shop.ru\n8,b@shop.ru"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("hello", Problem.of("customer.json", line=1, column=1)),
        ("rrApi.setCustomer({})\n", Problem.of("customer.json", call=1, line=1, column=1)),
        ("PK\x03\x04 not a table", Problem.of("source.foreign", zip=1)),
        ("[]", Problem.of("source.empty")),
    ],
)
def test_what_is_neither_is_told(text: str, problem: Problem) -> None:
    assert read_typed(text).problems == (problem,)


def test_a_header_that_names_no_field_is_told() -> None:
    assert [problem.code for problem in read_typed("a;b\n1;2").problems] == ["column.unknown", "column.unknown"]


def test_several_customers_are_not_lost_for_the_one_in_the_form() -> None:
    state = see(JSON_LINES, mode="form")
    assert (state.sent.json, state.is_text_behind) == (JSON_LINES, True)
    one = look(Sent(Form(texts={**Form().texts, "customerId": "1"}), json='{"customerId": "2"}'), RenderOptions())
    assert (json.loads(one.sent.json), one.is_text_behind) == ({"customerId": "1"}, False)


@pytest.mark.parametrize(
    ("text", "record", "lines"),
    [
        (JSON_LINES, 1, []),
        (JSON_LINES, 2, [3]),
        (JSON_LINES, 3, [4]),
        ('{\n"customerId": "1",\n"email": "x",\n"mail": 1,\n"customData": {"a":\n 1}\n}', 1, [3, 4, 5]),
        ('[{"customerId": "1"},\n {}]', 2, []),
        ('{\n  "customerId": "1",\n}', 1, [2]),
    ],
)
def test_lines_with_something_wrong_are_marked(text: str, record: int, lines: list[int]) -> None:
    parts = render_parts(see(text, record=record), "en", frame_url="x", has_new_form=False)
    assert parts["marks"] == lines


PLACES = """{
  "customer_id": "1",
  "customData": {
    "a": "1",
    "b\\"{": "2"
  },
  "softLinks": [
    {"name": "x",
     "value": "y"}
  ],
  "mobilePushSubscription": {"fcmSubscription": {
    "token": ""
  }},
  "email": "first",
  "email": "last"
}"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("", 1), ("customerId", 2), ("customData", 3), ("customData[1]", 5), ("softLinks[0]", 8),
        ("softLinks[0].value", 9), ("mobilePushSubscription.fcmSubscription.token", 12), ("email", 15), ("[1]", 3),
        ("softLinks[7].value", 7), ("mobilePushSubscription.fcmSubscription.applicationId", 11), ("phone", 1),
    ],
)  # fmt: skip
def test_the_line_of_a_place(path: str, line: int) -> None:
    assert JsonPlaces(PLACES).line(path) == line


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES, st.sampled_from([None, 2]))
def test_any_json_has_places(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    lines = text.split("\n")
    places = JsonPlaces(text)
    if isinstance(value, dict):
        for position, key in enumerate(value):
            assert lines[places.line(f"[{position}]") - 1].lstrip(" {").startswith(json.dumps(key)) or indent is None
    assert places.line("[99]") == 1
