"""Every case file: blocks compared to the byte, errors and warnings to the word, in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rr_snippet import (
    Customer,
    Guest,
    Order,
    Renderer,
    RenderOptions,
    SnippetError,
    render_order,
    to_payload,
)
from rr_snippet.block.frame import render_template
from rr_snippet.block.read_back import read_block
from rr_snippet.customer.guest import read_person
from rr_snippet.messages import MESSAGES
from tests.support.cases import Case, each_case
from tests.support.javascript import run_html, script_texts
from tests.support.outcome import with_numbers


@each_case("render")
def test_block_is_exact(case: Case) -> None:
    assert case.render() == case.expected


@each_case("render")
def test_prepared_frame_and_template_agree(case: Case) -> None:
    if case.options.get("pretty"):
        return  # the plain template has unknown option; the object is compared by the next test
    variant = "region" if case.customer().default_stock_id else "no-region"
    plain = render_template(
        case.customer(), variant=variant, nonce=case.options.get("nonce"), debug=case.options.get("debug", False)
    )
    assert plain == case.expected


@each_case("render")
def test_pretty_differs_in_white_space_only(case: Case) -> None:
    compact = Renderer(RenderOptions(**without(case, "nonce"), pretty=False)).render(case.customer())
    pretty = Renderer(RenderOptions(**without(case, "nonce"), pretty=True)).render(case.customer())
    objects = [object_text(text) for text in (compact, pretty)]
    assert json.loads(objects[0]) == json.loads(objects[1])
    spread = json.dumps(json.loads(objects[0]), indent=2).replace("\n", "\n" + " " * 8)
    # The lines are the same, but inside of strings we escape more characters.
    assert [line[: len(line) - len(line.lstrip())] for line in objects[1].split("\n")] == [
        line[: len(line) - len(line.lstrip())] for line in spread.split("\n")
    ]


@each_case("render")
@pytest.mark.parametrize("tracker", ["after", "before"])
def test_block_calls_once_with_what_went_in(case: Case, tracker: str) -> None:
    received = run_html(case.render(), tracker=tracker).customer()  # type: ignore[arg-type]
    assert received == to_payload(case.customer())


@each_case("render")
def test_block_reads_back_as_the_customer(case: Case) -> None:
    (script,) = script_texts(f"<!doctype html><p>before</p>{case.render()}<p>after</p>")
    payload = json.loads(object_text(script))
    customer = case.customer()
    if customer.is_agreed_to_receive_marketing_mail is None:  # sent as true
        customer = customer.model_copy(update={"is_agreed_to_receive_marketing_mail": True})
    assert Customer.model_validate(payload) == customer


def object_text(block: str) -> str:
    """Return the object literal of a block; no string in it can hold what ends it here."""
    return block.partition("setCustomer(")[2].partition(");\n      }")[0]


def without(case: Case, *names: str) -> dict[str, object]:
    return {name: value for name, value in case.options.items() if name not in {*names, "pretty"}}


@each_case("errors")
def test_error_is_told_in_full(case: Case) -> None:
    with pytest.raises(SnippetError) as caught:
        case.render()
    error = caught.value
    texts = [problem.text_in(language) for language in ("en", "ru") for problem in error.problems]  # type: ignore[arg-type]
    assert "\n".join(texts) == case.expected
    assert str(error) == "\n".join(problem.text_in("en") for problem in error.problems)
    assert error.code == error.problems[0].code


@each_case("orders")
def test_block_of_an_order_is_exact(case: Case) -> None:
    assert case.render() == case.expected


@each_case("orders")
def test_prepared_frame_and_template_of_an_order_agree(case: Case) -> None:
    if case.options.get("pretty"):
        return
    person = (
        None if case.head["person"] is None else read_person(case.head["person"], RenderOptions(**case.rules()).rules())
    )
    variant = "frame" if person is None else "guest" if isinstance(person, Guest) else "no-region"
    if isinstance(person, Customer) and person.default_stock_id:
        variant = "region"
    options = {name: case.options[name] for name in ("nonce", "debug") if name in case.options}
    order = Order.model_validate(case.head["order"])
    assert render_template(person, variant=variant, order=order, **options) == case.expected


@each_case("orders")
def test_pretty_block_of_an_order_holds_the_same(case: Case) -> None:
    pretty = render_order(case.head["order"], case.head["person"], **{**case.options, "pretty": True})
    compact = render_order(case.head["order"], case.head["person"], **{**case.options, "pretty": False})
    assert read_block(pretty) == read_block(compact)
    assert len(pretty.split("\n")) > len(compact.split("\n")) + 8


@each_case("orders")
@pytest.mark.parametrize("tracker", ["after", "before"])
def test_block_of_an_order_tells_who_and_then_what(case: Case, tracker: str) -> None:
    said = run_html(case.render(), tracker=tracker).said()  # type: ignore[arg-type]
    person, order = case.head["person"], Order.model_validate(case.head["order"])
    wanted: list[tuple[str, Any]] = [("order", to_payload(order))]
    if person is not None:
        found = read_person(person, RenderOptions(**case.rules()).rules())
        wanted.insert(0, ("setProfile" if isinstance(found, Guest) else "setCustomer", to_payload(found)))
    assert [(method, with_numbers(argument)) for method, argument in said] == wanted


@each_case("orders")
def test_block_of_an_order_is_read_back(case: Case) -> None:
    calls = read_block(case.render())
    assert Order.model_validate(calls["order"]) == Order.model_validate(case.head["order"])
    assert [*calls][-1] == "order"
    if case.head["person"] is not None:
        (person,) = (calls[method] for method in calls if method != "order")
        assert read_person(person) == read_person(case.head["person"], RenderOptions(**case.rules()).rules())
    assert render_order(calls["order"], person if case.head["person"] else None, **case.options) == case.render()


@each_case("warnings")
def test_warning_is_told_and_stops_nothing(case: Case) -> None:
    warnings = case.customer().warnings
    assert "\n".join(problem.text_in(language) for language in ("en", "ru") for problem in warnings) == case.expected  # type: ignore[arg-type]
    assert case.render().startswith("<script")


def test_every_message_speaks_both_languages() -> None:
    for code, (english, russian) in MESSAGES.items():
        assert english, code
        assert not english[0].isupper() or english.startswith("None"), code
        assert not english.endswith((".", "!")), code
        assert any("а" <= letter <= "я" for letter in russian), code
        places = [{part.partition("}")[0] for part in text.split("{")[1:]} for text in (english, russian)]
        assert places[0] == places[1], code
