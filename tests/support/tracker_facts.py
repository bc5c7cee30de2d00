"""How the stand-in handles the queue: point by point what the public tracker source of January 2020 does.

The facts run twice, in a bare engine and in a browser, in classes that inherit them and have a fixture `run`.
"""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from tests.support.javascript import Tracker
from tests.support.outcome import TRACKER_JS, Call, Odd, Outcome, with_numbers

QUEUE = "window.rrApiOnReady = window.rrApiOnReady || [];\n"
SAY = "function say(letter) { return function () { rrApi.view(letter); }; }\n"
TRACKERS = pytest.mark.parametrize("tracker", ["after", "before"])


class Run(Protocol):
    """Runs scripts in a fresh page with the stand-in loaded after them, before them, or not at all."""

    def __call__(self, *scripts: str, tracker: Tracker = "after") -> Outcome: ...


def said(outcome: Outcome) -> str:
    return "".join(call.arguments[0] for call in outcome.calls)


def of_one(product: str, qnt: float, price: float) -> list[dict[str, Any]]:
    return [{"transaction": "1", "items": [{"id": product, "qnt": qnt, "price": price}], "person": None}]


UNSENT = Odd("undefined", "undefined")
# By what is odd about it: the argument, what would have been sent of it, how many errors are logged.
ORDERS: dict[str, tuple[str, list[dict[str, Any]], int]] = {
    "as documented": ('{transaction: "1", items: [{id: "a", qnt: 2, price: 9.5}]}', of_one("a", 2, 9.5), 0),
    "one id twice": (
        '{transaction: "1", items: [{id: 7, qnt: 2, price: 9.5}, {id: "7", qnt: 0.5, price: 8}]}',
        of_one("7", 2.5, 8),
        0,
    ),
    "numbers first": (
        '{transaction: "1", items: [{id: "b", qnt: 1, price: 1}, {id: 9, qnt: 1, price: 1}, {id: 7, qnt: 1, price: 1}]}',
        [{
            "transaction": "1",
            "items": [{"id": each, "qnt": 1, "price": 1} for each in (7, 9, "b")],
            "person": None,
        }],
        0,
    ),
    "a price as text": ('{transaction: "1", items: [{id: "a", qnt: "2", price: "1 200,50"}]}', of_one("a", 2, 1), 0),
    "no price": ('{transaction: "1", items: [{id: "a", qnt: 1}]}', of_one("a", 1, 0), 0),
    "no number": ('{transaction: "1", items: [{id: "a", qnt: "x", price: "x"}]}', of_one("a", 1, 0), 0),
    "quantity of 0": ('{transaction: "1", items: [{id: "a", qnt: 0, price: 5}]}', of_one("a", 1, 5), 0),
    "no quantity": ('{transaction: "1", items: [{id: "a", price: 5}]}', of_one("a", 1, 5), 0),
    "below zero": ('{transaction: "1", items: [{id: "a", qnt: -2, price: -5}]}', of_one("a", -2, -5), 0),
    "null as an id": (
        '{transaction: "1", items: [{id: "a", qnt: 1, price: 5}, {id: null, qnt: 1, price: 5}]}', [], 1,
    ),
    "no id": ('{transaction: "1", items: [{qnt: 1, price: 5}]}', [], 1),
    "no items": ('{transaction: "1"}', [], 1),
    "empty items": ('{transaction: "1", items: []}', [], 0),
    "nothing at all": ("", [], 1),
    "no transaction": (
        '{items: [{id: "a", qnt: 1, price: 5}]}', [{**of_one("a", 1, 5)[0], "transaction": UNSENT}], 0,
    ),
    "a region": (
        '{transaction: "1", stockId: "s", items: [{id: "a", qnt: 1, price: 5}]}',
        [{**of_one("a", 1, 5)[0], "stockId": "s"}],
        0,
    ),
}  # fmt: skip


class TrackerFacts:
    """The facts about the queue. A class that inherits them defines a fixture `run`."""

    def test_start_runs_every_entry_in_order(self, run: Run) -> None:
        outcome = run(QUEUE + SAY + 'rrApiOnReady.push(say("a"), say("b")); rrApiOnReady.push(say("c"));')
        assert said(outcome) == "abc"

    def test_entry_pushed_by_an_entry_runs_after_the_others(self, run: Run) -> None:
        outcome = run(
            QUEUE
            + SAY
            + 'rrApiOnReady.push(function () { rrApiOnReady.push(say("z")); }); rrApiOnReady.push(say("a"));'
        )
        assert said(outcome) == "az"

    def test_each_entry_has_its_own_try(self, run: Run) -> None:
        outcome = run(QUEUE + SAY + 'rrApiOnReady.push(function () { throw new Error("no"); }, say("a"));')
        assert said(outcome) == "a"
        assert outcome.errors == ("Error: no",)

    def test_error_of_an_entry_goes_to_console_log_only(self, run: Run) -> None:
        outcome = run(QUEUE + 'rrApiOnReady.push(function () { throw new Error("no"); });')
        assert [line.split("\n")[0] for line in outcome.printed] == ["log: Error: no"]
        assert outcome.thrown == ()

    def test_start_survives_without_a_console(self, run: Run) -> None:
        outcome = run(QUEUE + SAY + 'delete window.console; rrApiOnReady.push(function () { throw 1; }, say("a"));')
        assert said(outcome) == "a"
        assert outcome.errors == ("1",)

    def test_entry_gets_one_argument_an_object_with_session_id(self, run: Run) -> None:
        outcome = run(
            QUEUE + "rrApiOnReady.push(function (session) { rrApi.view(String(arguments.length), session); });"
        )
        assert outcome.calls == (Call("view", ("1", {"sessionId": "0123456789abcdef01234567"})),)

    def test_late_entry_gets_the_same_argument(self, run: Run) -> None:
        outcome = run(
            "rrApiOnReady.push(function (session) { rrApi.view(String(arguments.length), session); });",
            tracker="before",
        )
        assert outcome.calls == (Call("view", ("1", {"sessionId": "0123456789abcdef01234567"})),)

    @TRACKERS
    def test_entry_that_is_no_function_is_logged_and_skipped(self, run: Run, tracker: Tracker) -> None:
        entries = ["null", "undefined", "7", '"text"', "{}", "[]"]
        pushes = "".join(f"rrApiOnReady.push({entry});" for entry in entries)
        outcome = run(QUEUE + SAY + pushes + 'rrApiOnReady.push(say("a"));', tracker=tracker)
        assert said(outcome) == "a"
        assert len(outcome.errors) == len(outcome.printed) == len(entries)
        assert {error.partition(":")[0] for error in outcome.errors} == {"TypeError"}

    def test_second_start_runs_no_old_entry_again(self, run: Run) -> None:
        outcome = run(QUEUE + SAY + 'rrApiOnReady.push(say("a"));', TRACKER_JS, "rrStandIn.start();", tracker="after")
        assert said(outcome) == "a"

    def test_started_queue_is_an_object_with_push_alone(self, run: Run) -> None:
        outcome = run(
            "rrApi.view(Object.keys(rrApiOnReady), Array.isArray(rrApiOnReady), rrApiOnReady.length);", tracker="before"
        )
        assert outcome.calls == (Call("view", (["push"], False, Odd("undefined", "undefined"))),)

    def test_late_push_runs_at_once(self, run: Run) -> None:
        outcome = run(SAY + 'rrApi.view("a"); rrApiOnReady.push(say("b")); rrApi.view("c");', tracker="before")
        assert said(outcome) == "abc"

    def test_push_of_two_runs_both_before_the_start(self, run: Run) -> None:
        assert said(run(QUEUE + SAY + 'rrApiOnReady.push(say("f"), say("g"));')) == "fg"

    def test_push_of_two_runs_the_first_alone_after_the_start(self, run: Run) -> None:
        assert said(run(SAY + 'rrApiOnReady.push(say("f"), say("g"));', tracker="before")) == "f"

    def test_error_of_a_late_push_does_not_reach_the_page(self, run: Run) -> None:
        outcome = run(SAY + 'rrApiOnReady.push(function () { throw 1; }); rrApi.view("a");', tracker="before")
        assert (said(outcome), outcome.errors, outcome.thrown) == ("a", ("1",), ())

    @TRACKERS
    def test_try_inside_an_entry_hides_its_error_even_from_the_log(self, run: Run, tracker: Tracker) -> None:
        outcome = run(
            QUEUE + "rrApiOnReady.push(function () { try { rrApi.noSuchMethod({}); } catch (e) {} });", tracker=tracker
        )
        assert (outcome.calls, outcome.errors, outcome.printed) == ((), (), ())

    @TRACKERS
    def test_misspelled_method_without_try_is_logged(self, run: Run, tracker: Tracker) -> None:
        outcome = run(
            QUEUE + SAY + 'rrApiOnReady.push(function () { rrApi.setCostumer({}); }); rrApiOnReady.push(say("a"));',
            tracker=tracker,
        )
        assert outcome.errors == ("TypeError: rrApi.setCostumer is not a function",)
        assert said(outcome) == "a"

    def test_queue_made_by_the_page_before_the_main_code_is_kept(self, run: Run) -> None:
        main_code = "var rrApi = {}; var rrApiOnReady = rrApiOnReady || []; rrApi.view = rrApi.order = function () {};"
        assert said(run(QUEUE + SAY + 'rrApiOnReady.push(say("a"));', main_code)) == "a"

    def test_main_code_pasted_again_after_loading_wipes_the_api(self, run: Run) -> None:
        outcome = run(
            "var rrApi = {}; var rrApiOnReady = rrApiOnReady || [];",
            "rrApiOnReady.push(function () { rrApi.setCustomer({}); });",
            tracker="before",
        )
        assert outcome.calls == ()
        assert outcome.errors == ("TypeError: rrApi.setCustomer is not a function",)

    def test_page_without_a_queue_starts_too(self, run: Run) -> None:
        outcome = run()
        assert (outcome.calls, outcome.errors, outcome.queued) == ((), (), None)

    def test_async_init_runs_once_after_the_queue(self, run: Run) -> None:
        outcome = run(QUEUE + SAY + 'rrApiOnReady.push(say("a"), say("b")); window.rrAsyncInit = say("z");')
        assert said(outcome) == "abz"
        assert outcome.strays == ("say", "rrAsyncInit")

    def test_async_init_finds_the_queue_started(self, run: Run) -> None:
        outcome = run(SAY + 'window.rrAsyncInit = function () { rrApiOnReady.push(say("late")); };')
        assert said(outcome) == "late"

    def test_error_in_async_init_is_logged(self, run: Run) -> None:
        assert run("window.rrAsyncInit = function () { throw 1; };").errors == ("1",)

    def test_call_between_loading_and_start_is_lost_in_silence(self, run: Run) -> None:
        outcome = run(
            "window.rrStandInManual = true;",
            TRACKER_JS,
            'rrApi.setEmail("a"); rrStandIn.start(); rrApi.setEmail("b");',
            tracker="none",
        )
        assert outcome.lost == (Call("setEmail", ("a",)),)
        assert outcome.calls == (Call("setEmail", ("b",)),)
        assert (outcome.errors, outcome.thrown) == ((), ())

    def test_manual_start_waits_until_it_is_called(self, run: Run) -> None:
        waiting = ["window.rrStandInManual = true;", TRACKER_JS, QUEUE + SAY + 'rrApiOnReady.push(say("a"));']
        assert (said(run(*waiting, tracker="none")), run(*waiting, tracker="none").queued) == ("", 1)
        assert said(run(*waiting, "rrStandIn.start();", tracker="none")) == "a"

    def test_loading_the_file_twice_forgets_no_call(self, run: Run) -> None:
        outcome = run(QUEUE + SAY + 'rrApiOnReady.push(say("a"));', TRACKER_JS, 'rrApi.view("b");', TRACKER_JS)
        assert said(outcome) == "ab"

    def test_arguments_are_kept_as_the_very_objects_received(self, run: Run) -> None:
        outcome = run(
            "var sent = {}; rrApi.setCustomer(sent, 1); var kept = rrStandIn.calls[0].arguments;"
            "rrApi.view(kept[0] === sent, Array.isArray(kept), kept.length);",
            tracker="before",
        )
        assert outcome.calls == (
            Call("setCustomer", ({}, Odd("number", "1"))),
            Call("view", (True, True, Odd("number", "2"))),
        )

    def test_documented_methods_are_recorded(self, run: Run) -> None:
        names = ["setCustomer", "setProfile", "setEmail", "order", "view", "groupView", "categoryView", "addToBasket"]
        names += ["removeFromBasket", "recomAddToCart", "recomMouseDown", "search", "welcomeSequence"]
        outcome = run("".join(f'rrApi.{name}("a", "b");' for name in names), tracker="before")
        assert outcome.calls == tuple(Call(name, ("a", "b")) for name in names)

    @pytest.mark.parametrize(("order", "sent", "errors"), ORDERS.values(), ids=ORDERS)
    def test_orders_are_what_the_tracker_makes_of_them(
        self, run: Run, order: str, sent: list[dict[str, Any]], errors: int
    ) -> None:
        outcome = run(f"rrApi.order({order}); rrApi.view(rrStandIn.orders);", tracker="before")
        assert [call.method for call in outcome.calls] == ["order", "view"]
        assert with_numbers(outcome.calls[1].arguments) == (sent,)
        assert (len(outcome.errors), outcome.thrown) == (errors, ())
        assert {error.partition(":")[0] for error in outcome.errors} <= {"TypeError"}

    def test_an_order_has_the_person_told_of_before_it(self, run: Run) -> None:
        one = 'rrApi.order({transaction: "1", items: [{id: 7, qnt: 1, price: 1}]});'
        outcome = run(
            f"{one}rrApi.setCustomer({{customerId: 'c'}});{one}rrApi.setProfile({{email: 'g'}});{one}"
            "rrApi.view(rrStandIn.orders.map(function (order) { return order.person; }));",
            tracker="before",
        )
        assert outcome.calls[-1].arguments == ([None, {"customerId": "c"}, {"email": "g"}],)

    def test_the_same_order_again_is_sent_again(self, run: Run) -> None:
        one = 'rrApi.order({transaction: "1", items: [{id: 7, qnt: 1, price: 1}]});'
        outcome = run(f"{one}{one}rrApi.view(rrStandIn.orders.length);", tracker="before")
        assert outcome.calls[-1].arguments == (Odd("number", "2"),)

    def test_an_order_before_the_start_is_lost(self, run: Run) -> None:
        one = 'rrApi.order({transaction: "1", items: [{id: 7, qnt: 1, price: 1}]});'
        outcome = run(
            "window.rrStandInManual = true;", TRACKER_JS, f"{one}rrStandIn.start(); rrApi.view(rrStandIn.orders);",
            tracker="none",
        )  # fmt: skip
        assert ([call.method for call in outcome.lost], outcome.calls[-1].arguments) == (["order"], ([],))

    def test_a_later_load_forgets_no_order(self, run: Run) -> None:
        one = 'rrApi.order({transaction: "1", items: [{id: 7, qnt: 1, price: 1}]});'
        outcome = run(one, TRACKER_JS, f"{one}rrApi.view(rrStandIn.orders.length);", tracker="before")
        assert outcome.calls[-1].arguments == (Odd("number", "2"),)

    def test_nothing_else_of_the_page_is_touched(self, run: Run) -> None:
        assert run().strays == ()
