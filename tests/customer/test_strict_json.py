"""`rr_snippet.customer.strict_json`: the quick parser and the slow one give the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet.customer import strict_json
from rr_snippet.customer.pairs import RepeatedKeys
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError


def slowly(document: bytes, *, first_line: int = 1) -> object:
    """Read a document by the parser that keeps all pairs, because the quick one refuses it."""

    def refuse(*_: object, **__: object) -> object:
        raise ValueError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "from_json", refuse)
        return decode_json(document, first_line=first_line)


def outcome(read: Any, line: bytes) -> Any:
    """Return what was read, with repeated keys marked, or the problems."""

    def told(value: Any) -> Any:
        if isinstance(value, RepeatedKeys):
            return "repeated", [(key, told(item)) for key, item in value.pairs]
        if isinstance(value, dict):
            return [(key, told(item)) for key, item in value.items()]
        return list(map(told, value)) if isinstance(value, list) else (type(value), repr(value))

    try:
        return told(read(line, first_line=7))
    except CustomerError as error:
        return error.problems, error.__context__


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (rb'{"a": 1, "b": {"c": [true, {"d": null}]}}', "nothing special"),
        (rb'{"a": 1, "a": 2}', "a key twice"),
        (rb'{"x": {"a": 1, "a" : 2}}', "a key twice, once with a space before its colon"),
        (b'{"a"\t: 1, "a": 2}', "the same with a tab"),
        (b'{"a"\r: 1, "a": 2}', "the same with a carriage return"),
        (b'{"a"\n: 1, "a": 2}', "the same with a line end"),
        (rb'[{"a": {}, "a": {}}]', "a key twice in a list"),
        (rb'{"a": "\": \":", "b": 1}', "a text that looks like keys"),
        (rb'{"a": "\":", "a": 1}', "both at once"),
        (rb'{"a": ":)", "\u0061": 1}', "a key twice in two spellings"),
        (rb'{"a": " :"}', "a colon after a space in a text"),
        (rb'{"a": "x", "a": ["y", "\u0022\u0022"]}', "a key twice, and quotes in another spelling"),
        (rb'["a", {"b": ["c", "\""]}, []]', "texts in lists, one of them a quote"),
        (b'{"a": 1}\r\n', "a line end of Windows"),
        (b'\xef\xbb\xbf{"a": 1}\r\n', "a byte order mark and a line end"),
        (b'{"a": "\xff"}', "no UTF-8"),
        (rb'{"a": "\ud800"}', "half of a surrogate pair"),
        (rb'{"a": NaN}', "no JSON"),
        (rb'{"a": Infinity}', "no JSON"),
        (rb'{"a": 1e999}', "a number beyond all floats"),
        (b'{"a": ' + b"9" * 700 + b"}", "a long number"),
        (b"[" * 5000, "deeper than anyone can read"),
        (b"[" * 300 + b"]" * 300, "deeper than the quick way reads"),
        (b'{"a": 1} x', "something after the object"),
        (b'{"a": "\x01"}', "a control character"),
        (b"{'a': 1}", "wrong quotes"),
        (b"", "nothing"),
        (b"7", "a number"),
    ],
)
def test_a_line_is_read_as_a_document(line: bytes, why: str) -> None:
    if why == "a long number":  # both are too long for every field
        assert all(len(repr(decode(line, first_line=1))) > 640 for decode in (decode_json, slowly))
    else:
        assert outcome(decode_json, line) == outcome(slowly, line), why


TEXT = st.text(st.sampled_from('a":\\ {}[],é\u2028😀\x7f'), max_size=6)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(VALUE, st.booleans(), st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")]))
def test_any_line_is_read_as_a_document(value: Any, ascii_only: bool, separators: tuple[str, str]) -> None:
    line = json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode()
    assert outcome(decode_json, line) == outcome(slowly, line)


@given(st.lists(st.tuples(TEXT, VALUE), min_size=1, max_size=4), st.data())
def test_no_key_given_twice_is_lost(pairs: list[tuple[str, Any]], data: Any) -> None:
    pairs = [*pairs, (data.draw(st.sampled_from(pairs))[0], None)]
    colon = data.draw(st.sampled_from([":", ": ", " : "]))
    line = "{" + ",".join(f"{json.dumps(key)}{colon}{json.dumps(value)}" for key, value in pairs) + "}"
    assert outcome(decode_json, line.encode()) == outcome(slowly, line.encode())


@given(st.binary(max_size=12))
def test_any_bytes_are_read_as_a_document(line: bytes) -> None:
    assert outcome(decode_json, line) == outcome(slowly, line)


def test_half_of_a_surrogate_pair_in_the_text_is_told_where_it_stands() -> None:
    assert decode_json('{"a": "\udcff"}') == {"a": "\udcff"}
    with pytest.raises(CustomerError, match=r"customer.json"):
        decode_json("\udcff")
