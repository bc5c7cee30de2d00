"""The harness of the bare engine itself: what it must see and must not lose."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import JSTimeoutException

from tests.support import javascript
from tests.support.javascript import run_html, run_scripts, script_texts
from tests.support.outcome import Call, Odd

PUSH = "(window['rrApiOnReady'] = window['rrApiOnReady'] || []).push(function () { rrApi.setCustomer(%s); });"


@pytest.mark.parametrize("tracker", ["after", "before"])
def test_one_call_is_the_customer(tracker: javascript.Tracker) -> None:
    assert run_scripts(PUSH % '{"customerId":"42"}', tracker=tracker).customer() == {"customerId": "42"}


def test_without_a_tracker_the_queue_waits() -> None:
    outcome = run_scripts(PUSH % "{}", tracker="none")
    assert (outcome.calls, outcome.queued, outcome.is_empty) == ((), 1, False)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (PUSH % "{}" + PUSH % "{}", "two calls"),
        (PUSH % "{}, {}", "two arguments"),
        (PUSH % "", "no argument"),
        (PUSH % "{}" + "rrApiOnReady.push(function () { rrApi.setEmail('a'); });", "another method"),
        (PUSH % "{}" + "console.log('a');", "printed"),
        (PUSH % "{}" + "throw 1;", "thrown"),
        (PUSH % "{}" + "rrApiOnReady.push(function () { throw 1; });", "error of another entry"),
        (PUSH % "{}" + "pwned = 1;", "a new global"),
        (PUSH % "{}" + "Object.prototype.x = 1;", "a changed prototype"),
        (PUSH % "{}" + "delete Array.prototype.map;", "a missing part of the language"),
        (PUSH % "{}" + "escape = null;", "a global that holds something else"),
        (PUSH % "{}" + "Object.setPrototypeOf(Array.prototype, null);", "a prototype of a prototype"),
        ("", "no call"),
    ],
)
def test_customer_refuses_anything_but_one_call(script: str, why: str) -> None:
    with pytest.raises((AssertionError, ValueError)):
        run_scripts(script).customer()


def test_engine_is_fresh_each_time() -> None:
    run_scripts("Object.prototype.x = 1; JSON.stringify = null; pwned = 1;")
    assert run_scripts().is_empty


def test_page_cannot_blind_the_observer() -> None:
    outcome = run_scripts(
        "JSON.stringify = Reflect.ownKeys = function () { return []; }; delete Array.prototype.map;"
        "Array.prototype.toJSON = String.prototype.toJSON = function () { return 'x'; };" + PUSH % '{"a":["b"]}'
    )
    assert outcome.calls == (Call("setCustomer", ({"a": ["b"]},)),)
    assert set(outcome.strays) == {
        "Array.prototype.toJSON",
        "Array.prototype.map",
        "JSON.stringify",
        "Reflect.ownKeys",
        "String.prototype.toJSON",
    }


def test_script_that_fails_does_not_stop_the_next() -> None:
    outcome = run_scripts("f(", "throw 7", PUSH % "{}")
    assert [line.partition(":")[0] for line in outcome.thrown] == ["SyntaxError", "7"]
    assert len(outcome.calls) == 1


def test_own_proto_is_a_property_and_a_literal_one_is_none() -> None:
    assert run_scripts(PUSH % """JSON.parse('{"__proto__":"a"}')""").customer() == {"__proto__": "a"}
    assert run_scripts(PUSH % '{"__proto__":"a"}').customer() == {}
    assert run_scripts(PUSH % '{"__proto__":{}}').customer() == Odd("object", "[object Object]")


def test_names_come_in_the_order_of_javascript() -> None:
    assert list(run_scripts(PUSH % '{"b":"","10":"","9":"","a":""}').customer()) == ["9", "10", "b", "a"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", Odd("number", "1")),
        ("-0", Odd("number", "-0")),
        ("NaN", Odd("number", "NaN")),
        ("undefined", Odd("undefined", "undefined")),
        ("10n", Odd("bigint", "10")),
        ("Symbol('a')", Odd("symbol", "Symbol(a)")),
        ("new Date(0)", Odd("object", "[object Date]")),
        ("[,1]", Odd("object", "[object Array]")),
        ("Object.assign(['a'], {b: 'c'})", Odd("object", "[object Array]")),
        ("{get a() { return 'b'; }}", Odd("object", "[object Object]")),
        ("{[Symbol('a')]: 'b'}", Odd("object", "[object Object]")),
        ("Object.create(null)", Odd("object", "[object Object]")),
        ("Object.defineProperty({}, 'a', {value: 'b'})", Odd("object", "[object Object]")),
        ("[true, false, null, '', [], {}]", [True, False, None, "", [], {}]),
    ],
)
def test_value_is_told_for_what_it_is(expression: str, expected: object) -> None:
    assert run_scripts(PUSH % expression).customer() == expected


def test_endless_nesting_ends() -> None:
    assert run_scripts("var a = {}; a.a = a;" + PUSH % "a").calls


@given(st.text(st.characters(), max_size=20))
def test_any_text_arrives_unit_by_unit(text: str) -> None:
    """Compared in UTF-16, where a pair of surrogates equals the character that it encodes."""
    units = text.encode("utf-16-le", "surrogatepass")
    literal = "".join(f"\\u{int.from_bytes(units[at : at + 2], 'little'):04x}" for at in range(0, len(units), 2))
    received = run_scripts(PUSH % f'JSON.parse(\'{{"a":"{literal}"}}\')'.replace("\\u", "\\\\u")).customer()["a"]
    assert received.encode("utf-16-le", "surrogatepass") == units


def test_script_text_may_hold_any_character() -> None:
    assert run_scripts(PUSH % "'Ж\ud800\u2028😀'").customer() == "Ж\ud800\u2028😀"


def test_script_element_ends_where_a_parser_ends_it() -> None:
    html = '<script>a = "</script><script>pwned = 1</script>'
    assert script_texts(html) == ['a = "', "pwned = 1"]
    assert run_html(html).strays == ("pwned",)


def test_data_blocks_are_no_scripts() -> None:
    html = '<script type=" Text/JavaScript ">a</script><script type="application/ld+json">{}</script><script>b</script>'
    assert script_texts(html) == ["a", "b"]


def test_runs_inside_a_running_event_loop() -> None:
    async def run() -> object:
        return run_scripts(PUSH % "'a'").customer()

    assert asyncio.run(run()) == "a"


def test_endless_script_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "SCRIPT_TIMEOUT_S", 0.2)
    with pytest.raises(JSTimeoutException):
        run_scripts("for (;;) {}")
