"""Every case file: blocks to the byte, errors and warnings to the word, in both languages."""

from __future__ import annotations

import json

import pytest

from rr_snippet import Customer, Renderer, RenderOptions, SnippetError, to_payload
from rr_snippet.block.frame import render_template
from rr_snippet.messages import MESSAGES
from tests.support.cases import Case, each_case
from tests.support.javascript import run_html, script_texts


@each_case("render")
def test_block_is_exact(case: Case) -> None:
    assert case.render() == case.expected


@each_case("render")
def test_prepared_frame_and_template_agree(case: Case) -> None:
    if case.options.get("pretty"):
        return  # the plain template has no such option; the object is compared by the next test
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
    # The same lines; only the spelling of characters inside of strings is ours.
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
