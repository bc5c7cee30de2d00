"""The stand-in tracker, point by point as the public tracker source of January 2020 treats the queue."""

from __future__ import annotations

import re

import pytest

from tests.support.javascript import run_scripts
from tests.support.outcome import TRACKER_JS, Call, Odd, Outcome

QUEUE = "window.rrApiOnReady = window.rrApiOnReady || [];\n"
SAY = "function say(letter) { return function () { rrApi.view(letter); }; }\n"


def said(outcome: Outcome) -> str:
    return "".join(call.arguments[0] for call in outcome.calls)


def test_start_runs_every_entry_in_order() -> None:
    outcome = run_scripts(QUEUE + SAY + 'rrApiOnReady.push(say("a"), say("b")); rrApiOnReady.push(say("c"));')
    assert said(outcome) == "abc"


def test_entry_pushed_by_an_entry_runs_after_the_others() -> None:
    outcome = run_scripts(
        QUEUE + SAY + 'rrApiOnReady.push(function () { rrApiOnReady.push(say("z")); }); rrApiOnReady.push(say("a"));'
    )
    assert said(outcome) == "az"


def test_each_entry_has_its_own_try() -> None:
    outcome = run_scripts(QUEUE + SAY + 'rrApiOnReady.push(function () { throw new Error("no"); }, say("a"));')
    assert said(outcome) == "a"
    assert outcome.errors == ("Error: no",)


def test_error_of_an_entry_goes_to_console_log_only() -> None:
    outcome = run_scripts(QUEUE + 'rrApiOnReady.push(function () { throw new Error("no"); });')
    assert outcome.printed == ("log: Error: no",)
    assert outcome.thrown == ()


def test_start_survives_without_a_console() -> None:
    outcome = run_scripts(QUEUE + SAY + 'delete window.console; rrApiOnReady.push(function () { throw 1; }, say("a"));')
    assert said(outcome) == "a"
    assert outcome.errors == ("1",)


def test_entry_gets_one_argument_an_object_with_session_id() -> None:
    outcome = run_scripts(
        QUEUE + "rrApiOnReady.push(function (session) { rrApi.view(String(arguments.length), session); });"
    )
    assert outcome.calls == (Call("view", ("1", {"sessionId": "0123456789abcdef01234567"})),)


def test_late_entry_gets_the_same_argument() -> None:
    outcome = run_scripts(
        "rrApiOnReady.push(function (session) { rrApi.view(String(arguments.length), session); });", tracker="before"
    )
    assert outcome.calls == (Call("view", ("1", {"sessionId": "0123456789abcdef01234567"})),)


@pytest.mark.parametrize("entry", ["null", "undefined", "7", '"text"', "{}", "[]"])
@pytest.mark.parametrize("tracker", ["after", "before"])
def test_entry_that_is_no_function_is_logged_and_skipped(entry: str, tracker: str) -> None:
    outcome = run_scripts(f'{QUEUE}{SAY}rrApiOnReady.push({entry}); rrApiOnReady.push(say("a"));', tracker=tracker)
    assert said(outcome) == "a"
    assert len(outcome.errors) == len(outcome.printed) == 1
    assert outcome.errors[0].startswith("TypeError: ")


def test_second_start_runs_no_old_entry_again() -> None:
    outcome = run_scripts(
        QUEUE + SAY + 'rrApiOnReady.push(say("a"));', TRACKER_JS, "rrStandIn.start();", tracker="after"
    )
    assert said(outcome) == "a"


def test_started_queue_is_an_object_with_push_alone() -> None:
    outcome = run_scripts(
        "rrApi.view(Object.keys(rrApiOnReady), Array.isArray(rrApiOnReady), rrApiOnReady.length);", tracker="before"
    )
    assert outcome.calls == (Call("view", (["push"], False, Odd("undefined", "undefined"))),)


def test_late_push_runs_at_once() -> None:
    outcome = run_scripts(SAY + 'rrApi.view("a"); rrApiOnReady.push(say("b")); rrApi.view("c");', tracker="before")
    assert said(outcome) == "abc"


def test_push_of_two_runs_both_before_the_start() -> None:
    assert said(run_scripts(QUEUE + SAY + 'rrApiOnReady.push(say("f"), say("g"));')) == "fg"


def test_push_of_two_runs_the_first_alone_after_the_start() -> None:
    assert said(run_scripts(SAY + 'rrApiOnReady.push(say("f"), say("g"));', tracker="before")) == "f"


def test_error_of_a_late_push_does_not_reach_the_page() -> None:
    outcome = run_scripts(SAY + 'rrApiOnReady.push(function () { throw 1; }); rrApi.view("a");', tracker="before")
    assert (said(outcome), outcome.errors, outcome.thrown) == ("a", ("1",), ())


@pytest.mark.parametrize("tracker", ["after", "before"])
def test_try_inside_an_entry_hides_its_error_even_from_the_log(tracker: str) -> None:
    outcome = run_scripts(
        QUEUE + "rrApiOnReady.push(function () { try { rrApi.noSuchMethod({}); } catch (e) {} });", tracker=tracker
    )
    assert (outcome.calls, outcome.errors, outcome.printed) == ((), (), ())


@pytest.mark.parametrize("tracker", ["after", "before"])
def test_misspelled_method_without_try_is_logged(tracker: str) -> None:
    outcome = run_scripts(
        QUEUE + SAY + 'rrApiOnReady.push(function () { rrApi.setCostumer({}); }); rrApiOnReady.push(say("a"));',
        tracker=tracker,
    )
    assert outcome.errors == ("TypeError: rrApi.setCostumer is not a function",)
    assert said(outcome) == "a"


def test_queue_made_by_the_page_before_the_main_code_is_kept() -> None:
    main_code = "var rrApi = {}; var rrApiOnReady = rrApiOnReady || []; rrApi.view = rrApi.order = function () {};"
    assert said(run_scripts(QUEUE + SAY + 'rrApiOnReady.push(say("a"));', main_code)) == "a"


def test_main_code_pasted_again_after_loading_wipes_the_api() -> None:
    outcome = run_scripts(
        "var rrApi = {}; var rrApiOnReady = rrApiOnReady || [];",
        "rrApiOnReady.push(function () { rrApi.setCustomer({}); });",
        tracker="before",
    )
    assert outcome.calls == ()
    assert outcome.errors == ("TypeError: rrApi.setCustomer is not a function",)


def test_page_without_a_queue_starts_too() -> None:
    outcome = run_scripts()
    assert (outcome.calls, outcome.errors, outcome.queued) == ((), (), None)


def test_async_init_runs_once_after_the_queue() -> None:
    outcome = run_scripts(QUEUE + SAY + 'rrApiOnReady.push(say("a"), say("b")); window.rrAsyncInit = say("z");')
    assert said(outcome) == "abz"
    assert outcome.strays == ("say", "rrAsyncInit")


def test_async_init_finds_the_queue_started() -> None:
    outcome = run_scripts(SAY + 'window.rrAsyncInit = function () { rrApiOnReady.push(say("late")); };')
    assert said(outcome) == "late"


def test_error_in_async_init_is_logged() -> None:
    assert run_scripts("window.rrAsyncInit = function () { throw 1; };").errors == ("1",)


def test_call_between_loading_and_start_is_lost_in_silence() -> None:
    outcome = run_scripts(
        "window.rrStandInManual = true;",
        TRACKER_JS,
        'rrApi.setEmail("a"); rrStandIn.start(); rrApi.setEmail("b");',
        tracker="none",
    )
    assert outcome.lost == (Call("setEmail", ("a",)),)
    assert outcome.calls == (Call("setEmail", ("b",)),)
    assert (outcome.errors, outcome.thrown) == ((), ())


def test_manual_start_waits_until_it_is_called() -> None:
    waiting = ["window.rrStandInManual = true;", TRACKER_JS, QUEUE + SAY + 'rrApiOnReady.push(say("a"));']
    assert (said(run_scripts(*waiting, tracker="none")), run_scripts(*waiting, tracker="none").queued) == ("", 1)
    assert said(run_scripts(*waiting, "rrStandIn.start();", tracker="none")) == "a"


def test_loading_the_file_twice_forgets_no_call() -> None:
    outcome = run_scripts(QUEUE + SAY + 'rrApiOnReady.push(say("a"));', TRACKER_JS, 'rrApi.view("b");', TRACKER_JS)
    assert said(outcome) == "ab"


def test_arguments_are_kept_as_the_very_objects_received() -> None:
    outcome = run_scripts(
        "var sent = {}; rrApi.setCustomer(sent, 1); var kept = rrStandIn.calls[0].arguments;"
        "rrApi.view(kept[0] === sent, Array.isArray(kept), kept.length);",
        tracker="before",
    )
    assert outcome.calls == (
        Call("setCustomer", ({}, Odd("number", "1"))),
        Call("view", (True, True, Odd("number", "2"))),
    )


@pytest.mark.parametrize(
    "method",
    ["setCustomer", "setProfile", "setEmail", "order", "view", "groupView", "categoryView", "addToBasket",
     "removeFromBasket", "recomAddToCart", "recomMouseDown", "search", "welcomeSequence"],
)  # fmt: skip
def test_documented_method_is_recorded(method: str) -> None:
    assert run_scripts(f'rrApi.{method}("a", "b");', tracker="before").calls == (Call(method, ("a", "b")),)


def test_nothing_else_of_the_page_is_touched() -> None:
    assert run_scripts().strays == ()


def test_file_is_plain_ascii_without_eval_or_network() -> None:
    """ASCII, because it is served and pasted in every charset."""
    assert TRACKER_JS.isascii()
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", TRACKER_JS, flags=re.DOTALL)
    assert not re.search(r"\b(eval|Function|XMLHttpRequest|fetch|sendBeacon|Image|document|cookie|https?)\b", code)
    assert not re.search(r"\b(let|const|class|async)\b|=>|`|\.\.\.", code)
