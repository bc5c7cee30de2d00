"""What the preview shows about a customer: problems, both blocks, sizes and code, all of it escaped."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from hypothesis import given

from rr_snippet import Customer, Problem, RenderOptions, render_order, render_snippet, to_payload
from rr_snippet.check import javascript
from rr_snippet.customer.customer import read_customer
from rr_snippet.integrations._settings import OPTION_KEYS
from rr_snippet.messages import MESSAGES
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.code_lines import code_lines
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import CONSENT, PUSH_FIELDS, PUSH_NAMES, TEXT_FIELDS, Form
from rr_snippet.preview.highlight import Piece, as_html, mark_differences, pieces_of
from rr_snippet.preview.look import acted, look
from rr_snippet.preview.pages import State, render_page, render_parts
from rr_snippet.preview.pasted import read_pasted
from rr_snippet.preview.result import Input, look_at, read_form, read_typed
from rr_snippet.preview.sent import Sent
from rr_snippet.preview.static import static_page
from rr_snippet.preview.words import WORDS, Words
from tests.block.test_render import CUSTOMERS

GOOD = ["no-region", "region", "hostile"]
HTML = "{http://www.w3.org/1999/xhtml}"


def see(form: Form = Form(), options: RenderOptions | None = None, **sent: Any) -> State:  # noqa: B008 - immutable
    options = options or RenderOptions()
    return look(acted(Sent(form, **{"choices": Choices.of(options), **sent})), options)


def page_of(state: State, language: Any = "en") -> Any:
    text = render_page(state, language, nonce="n", frame_url="sandbox/x", key="k")
    return html5lib.parse(text, treebuilder="etree")


def by_id(page: Any, name: str) -> Any:
    (found,) = [element for element in page.iter() if isinstance(element.tag, str) and element.get("id") == name]
    return found


def text_of(element: Any) -> str:
    return "".join(element.itertext())


# --- both blocks


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("options", [{}, {"pretty": True}, {"debug": True}])
def test_the_block_is_what_stands_in_the_page(name: str, options: dict[str, Any]) -> None:
    state = see(EXAMPLES[name], RenderOptions(**options))
    block = render_snippet(EXAMPLES[name].data(), **options)
    assert text_of(by_id(page_of(state), "block")) == state.result.block == block
    nonce = see(EXAMPLES[name], RenderOptions(**options), choices=Choices(nonce=" abc ", **options))
    assert nonce.result.block == render_snippet(EXAMPLES[name].data(), nonce="abc", **options)


@pytest.mark.parametrize("name", GOOD)
def test_both_variants_are_compared_line_by_line(name: str) -> None:
    data = EXAMPLES[name].data()
    state = see(EXAMPLES[name])
    page = page_of(state)
    blocks = {}
    for variant in state.result.variants:
        article = by_id(page, f"variant-{variant.name}")
        blocks[variant.name] = text_of(article.find(f"{HTML}pre/{HTML}code"))
    stock_id = data.pop("defaultStockId", "STOCK-ID")
    assert blocks == {
        "region": render_snippet({**data, "defaultStockId": stock_id}, variant="region", pretty=True),
        "no-region": render_snippet(data, variant="no-region", pretty=True),
    }
    assert [variant.name for variant in state.result.variants if variant.is_own] == [
        name if name != "hostile" else "region"
    ]


@pytest.mark.parametrize(
    "customer",
    [
        {},
        {"defaultStockId": "softLinks"},
        {"defaultStockId": "defaultStockId", "customData": {"defaultStockId": "defaultStockId"}},
        {"softLinks": {"name": "value", "Name": "Value"}, "customData": {"Name": "x"}},
        {"defaultStockId": "1", "email": "anna@shop.ru", "softLinks": {"a": "b"}},
    ],
)
@pytest.mark.parametrize("is_pretty", [True, False])
def test_exactly_the_differences_are_marked(customer: dict[str, Any], is_pretty: bool) -> None:
    full = {"customerId": "1", "defaultStockId": "S", **customer}
    stock_id = full["defaultStockId"]
    short = {name: value for name, value in full.items() if name != "defaultStockId"}
    texts = [render_snippet(data, pretty=is_pretty) for data in (full, short)]
    region, other = mark_differences(*map(pieces_of, texts))
    assert ["".join(piece.text for piece in pieces) for pieces in (region, other)] == texts
    links = len(full.get("softLinks", ()))
    assert [piece.text for piece in region if piece.is_different] == [
        '"defaultStockId"', ":", f'"{stock_id}"', ",", *['"Name"', '"Value"'] * links,
    ]  # fmt: skip
    assert [piece.text for piece in other if piece.is_different] == ['"name"', '"value"'] * links
    # Without the differences the blocks are equal.
    assert [piece.text for piece in region if not piece.is_different and piece.kind != "space"] == [
        piece.text for piece in other if not piece.is_different and piece.kind != "space"
    ]


def test_the_colours_of_a_block() -> None:
    pieces = pieces_of(render_snippet({"customerId": "true", "isAgreedToReceiveMarketingMail": False}))
    kinds: dict[str, list[str]] = {}
    for piece in pieces:
        kinds.setdefault(piece.kind, []).append(piece.text)
    assert kinds["key"] == ['"customerId"', '"isAgreedToReceiveMarketingMail"']
    assert kinds["text"] == ['"text/javascript"', '"rrApiOnReady"', '"rrApiOnReady"', '"true"']
    assert kinds["word"] == ["window", "window", "function", "try", "false", "catch"]
    assert kinds["tag"] == ["<script", "</script", ">"]


def test_pieces_are_escaped() -> None:
    html = as_html(pieces_of('<script>"<b>&":true'))
    assert html == (
        '<span class="hl-tag">&lt;script</span>&gt;<span class="hl-key">&quot;&lt;b&gt;&amp;&quot;</span>:'
        '<span class="hl-word">true</span>'
    )


def test_of_very_many_pieces_only_the_differences_have_an_element() -> None:
    pieces = [Piece("key", '"<"'), Piece("text", '"b"', is_different=True)] * 1501
    assert as_html(pieces[:3000]) == (
        '<span class="hl-key">&quot;&lt;&quot;</span><mark><span class="hl-text">&quot;b&quot;</span></mark>' * 1500
    )
    assert as_html(pieces) == "&quot;&lt;&quot;<mark>&quot;b&quot;</mark>" * 1501


@pytest.mark.parametrize("pretty", [True, False])
def test_a_block_at_the_limit_is_compared_all_the_same(pretty: bool) -> None:
    limit = len('{"customerId":"1","isAgreedToReceiveMarketingMail":true}')
    options = RenderOptions(payload_max_chars=limit, pretty=pretty)
    result = look_at(Input({"customerId": "1"}), options)
    assert (result.chars, result.limit, len(result.variants)) == (limit, limit, 2)
    assert [problem.code for problem in look_at(Input({"customerId": "12"}), options).problems] == ["payload.too_large"]


@pytest.mark.parametrize("name", GOOD)
def test_the_size_is_told(name: str) -> None:
    data = EXAMPLES[name].data()
    result = look_at(Input(data), RenderOptions())
    frame = str(render_snippet({"customerId": "1"})).replace(
        '{"customerId":"1","isAgreedToReceiveMarketingMail":true}', ""
    )
    assert (result.chars, result.limit) == (len(render_snippet(data)) - len(frame), 65_536)
    summary = text_of(by_id(page_of(see(EXAMPLES[name])), "summary"))
    warned = f" Warnings: {len(result.warnings)}." if result.warnings else ""
    assert summary == f"The block is ready: {len(render_snippet(data).encode())} bytes.{warned}"


def test_rules_of_the_shop_are_kept() -> None:
    form = replace(EXAMPLES["no-region"], consent="", texts={**EXAMPLES["no-region"].texts, "phone": "8 911 222-33-44"})
    assert see(form).result.problems == ()
    assert [problem.code for problem in see(form, RenderOptions(require_consent=True)).result.problems] == [
        "consent.missing"
    ]
    payload = see(form, RenderOptions(phone_region="RU")).result.payload
    assert payload is not None
    assert payload["phone"] == "+79112223344"


# --- problems


def test_every_problem_stands_beside_its_field() -> None:
    state = see(EXAMPLES["wrong"])
    with pytest.raises(ValueError) as caught:
        Customer.parse(EXAMPLES["wrong"].data())
    problems = caught.value.problems  # type: ignore[attr-defined]
    assert state.result.problems == problems
    page = page_of(state, "ru")
    places = {
        element.get("id"): [text_of(child) for child in element if child.get("class") == "error"]
        for element in page.iter(f"{HTML}div")
        if element.get("class") == "notes" and any(child.get("class") == "error" for child in element)
    }
    messages = {problem.path: f"{problem.message_in('ru')} {problem.code}" for problem in problems}
    push = "mobilePushSubscription.apnsSubscription"
    assert places == {
        "n-customerId": [messages["customerId"]],
        "n-email": [messages["email"]],
        "n-phone": [messages["phone"]],
        "n-customData-0": [messages["customData[0]"]],
        "n-customData-2": [messages["customData[2]"]],
        "n-defaultStockId": [messages["defaultStockId"]],
        "n-softLinks-1": [messages["softLinks[1].name"]],
        "n-push-isDevEnvironment": [messages[f"{push}.isDevEnvironment"]],
        "n-push-creationTimestamp": [messages[f"{push}.creationTimestamp"]],
        "n-push-token": [messages[f"{push}.token"]],
    }
    invalid = {element.get("id") for element in page.iter() if element.get("aria-invalid") == "true"}
    assert invalid == {
        "f-customerId", "f-email", "f-phone", "f-customData-0-key", "f-customData-2-key", "f-defaultStockId",
        "f-softLinks-1-name", "f-push-isDevEnvironment", "f-push-creationTimestamp", "f-push-token",
    }  # fmt: skip
    links = {str(a.get("href"))[1:] for a in by_id(page, "outcome").iter(f"{HTML}a")}
    warned = {"f-customData-1-key", "f-softLinks-1-value", "f-isAgreedToReceiveMarketingMail"}
    assert {link for link in links if link.startswith("f-")} == invalid | warned
    assert text_of(by_id(page, "summary")) == "Блока нет. Ошибок: 10. Предупреждений: 3."


def test_rows_left_empty_do_not_shift_what_is_said_of_the_others() -> None:
    form = Form(
        texts={**Form().texts, "customerId": "1"}, custom_data=(("", ""), ("", "x")), soft_links=(("", ""), ("a", ""))
    )
    page = page_of(see(form))
    invalid = {element.get("id") for element in page.iter() if element.get("aria-invalid") == "true"}
    assert invalid == {"f-customData-1-key", "f-softLinks-1-value"}


def test_warnings_are_shown_and_stop_nothing() -> None:
    form = replace(EXAMPLES["no-region"], consent="false", soft_links=(("a", "anna@shop.ru"),))
    page = page_of(see(form))
    for slot, code in ((CONSENT, "consent.not_unsubscribe"), ("softLinks-0", "soft_link.email")):
        (note,) = by_id(page, f"n-{slot}")
        assert (note.get("class"), text_of(note)) == ("warning", f"{MESSAGES[code][0]} {code}")
    assert [element.get("id") for element in page.iter() if element.get("aria-invalid") == "true"] == []
    assert re.fullmatch(r"The block is ready: \d+ bytes\. Warnings: 2\.", text_of(by_id(page, "summary")))


def test_what_is_chosen_is_kept_and_counts() -> None:
    chosen = Choices("ru", require_consent=True, nonce="abc", pretty=True, debug=True)
    state = see(replace(EXAMPLES["no-region"], consent=""), choices=chosen)
    page = page_of(state)
    assert [problem.code for problem in state.result.problems] == ["consent.missing"]
    values = {
        name: by_id(page, f"f-option-{name}").get("value" if name in ("phone_region", "nonce") else "checked")
        for name in Choices.__slots__
    }
    assert values == {"phone_region": "ru", "require_consent": "", "nonce": "abc", "pretty": "", "debug": ""}
    good = see(EXAMPLES["no-region"], choices=chosen).result
    assert good.block == render_snippet(
        EXAMPLES["no-region"].data(), nonce="abc", phone_region="RU", pretty=True, debug=True
    )
    assert by_id(page, "options").get("open") is not None
    assert by_id(page_of(see(EXAMPLES["no-region"])), "options").get("open") is None


@pytest.mark.parametrize(("name", "code"), [("phone_region", "option.value"), ("nonce", "nonce.shape")])
@pytest.mark.parametrize("mode", ["form", "json"])
def test_an_option_that_means_nothing_is_told_beside_it(name: str, code: str, mode: str) -> None:
    text = "customerId\n1\n2"
    page = page_of(see(EXAMPLES["no-region"], mode=mode, json=text, choices=Choices(**{name: "<<"})))
    (note,) = by_id(page, f"n-option-{name}")
    assert text_of(note).endswith(code)
    assert by_id(page, f"f-option-{name}").get("aria-invalid") == "true"
    assert text_of(by_id(page, "summary")).startswith("No block. Problems: 1.")


@pytest.mark.parametrize("sent", [{}, {"mode": "json"}, {"mode": "block"}, {"mode": "json", "json": " \n"}])
def test_nothing_entered_is_nothing_wrong(sent: dict[str, Any]) -> None:
    state = see(**sent)
    page = page_of(state)
    assert (by_id(page, "bar").get("class"), text_of(by_id(page, "summary"))) == ("neutral", WORDS["summary.empty"][0])
    assert [element.get("id") for element in page.iter() if element.get("aria-invalid") == "true"] == []
    assert (state.sent.form, state.is_mirror, state.result.problems) == (Form(), True, ())


def test_a_kind_of_push_that_does_not_exist_is_told_at_the_choice() -> None:
    page = page_of(see(replace(EXAMPLES["no-region"], push_kind="pigeonSubscription")))
    (note,) = by_id(page, "n-push-kind")
    assert text_of(note).endswith("push.kind_unknown")
    assert by_id(page, "f-push-kind").get("aria-invalid") == "true"


def test_what_is_about_no_field_is_told_in_the_list_alone() -> None:
    page = page_of(see(EXAMPLES["no-region"], RenderOptions(payload_max_chars=100)))
    assert text_of(by_id(page, "summary")) == "No block. Problems: 1."
    assert "payload.too_large" in text_of(by_id(page, "outcome"))
    assert [a.get("href") for a in by_id(page, "outcome").iter(f"{HTML}a")] == []


def test_a_value_of_custom_data_that_is_no_text_is_told_at_the_value() -> None:
    # No form can send this, but the page does not rely on that.
    state = replace(
        see(replace(EXAMPLES["no-region"], custom_data=(("a", "1"),))),
        result=look_at(Input({"customerId": "1", "customData": {"a": 1}}), RenderOptions()),
    )
    assert by_id(page_of(state), "f-customData-0-value").get("aria-invalid") == "true"


# --- the other ways to give a customer


def test_the_form_follows_the_json() -> None:
    state = see(EXAMPLES["wrong"], mode="json", json=EXAMPLES["region"].json_text())
    assert (state.sent.form, state.is_mirror, state.result.problems) == (EXAMPLES["region"], True, ())
    assert state.sent.json == EXAMPLES["region"].json_text()


def test_python_names_and_other_shapes_of_links_are_read_too() -> None:
    state = see(mode="json", json='{"customer_id": 42, "soft_links": {"a": 1}}')
    assert state.sent.form.soft_links == (("a", "1"),)
    assert state.result.payload == to_payload({"customerId": "42", "softLinks": {"a": "1"}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"customerId": 1,}', ["customer.json"]),
        ("[]", ["source.empty"]),
        ("null", ["customer.type"]),
        ("7", ["customer.type"]),
        ('{"customerId": 1, "customData": {"a": 30}, "mail": 1}', ["custom_data.value_type", "field.unknown"]),
        ('{"customerId": "\\ud800"}', ["text.surrogate"]),
        ('{"customerId": "1", "customerId": "2"}', ["field.twice"]),
    ],
)
def test_json_that_is_no_customer_leaves_the_form_alone(text: str, said: list[str]) -> None:
    state = see(EXAMPLES["region"], mode="json", json=text)
    assert (state.sent.form, state.is_mirror) == (EXAMPLES["region"], False)
    assert [problem.code for problem in state.result.problems] == said
    page = page_of(state)
    area = by_id(page, "f-json")
    assert (area.text or "", area.get("aria-invalid")) == (text, "true")
    assert [text_of(note).rpartition(" ")[2] for note in by_id(page, "n-json")] == said
    # The problem is not at the fields, which show another customer.
    assert not [
        note
        for note in page.iter(f"{HTML}div")
        if note.get("class") == "notes" and len(note) and note.get("id") not in ("n-json", "n-behind")
    ]
    assert WORDS["form.behind"][0] in text_of(by_id(page, "panel-form"))


def test_code_among_the_json_is_sent_to_where_it_belongs() -> None:
    notes = [text_of(note) for note in by_id(page_of(see(mode="json", json="rrApi.setCustomer({})")), "n-json")]
    problem = Problem.of("customer.json", call=1, line=1, column=1)
    assert notes == [f"line 1 {problem.message} customer.json", WORDS["json.call"][0]]


def test_a_customer_that_no_form_can_show_is_looked_at_all_the_same() -> None:
    state = see(EXAMPLES["region"], mode="json", json='{"customerId": "1", "customData": {"a": "1\\n2"}}')
    assert (state.sent.form, state.is_mirror, state.result.problems) == (EXAMPLES["region"], False, ())
    assert state.result.payload == to_payload({"customerId": "1", "customData": {"a": "1\n2"}})


def test_a_first_line_end_in_a_text_is_kept() -> None:
    assert by_id(page_of(see(mode="json", json="\n\n{}")), "f-json").text == "\n\n{}"


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("options", [{}, {"pretty": True}, {"nonce": "r4nd0m"}, {"debug": True}])
def test_a_block_of_ours_is_read_back(name: str, options: dict[str, Any]) -> None:
    block = f"\n{render_snippet(EXAMPLES[name].data(), **options)}\n"
    state = see(EXAMPLES["wrong"], mode="block", block=block, json="{")
    assert state.sent.form == EXAMPLES[name]
    assert state.sent.json == EXAMPLES[name].json_text()
    assert state.result.payload == to_payload(EXAMPLES[name].data())
    assert WORDS["block.ours"][0] in text_of(by_id(page_of(state), "findings"))


def test_a_block_of_others_is_checked_and_corrected() -> None:
    block = (
        "<script>(window.rrApiOnReady=window.rrApiOnReady||[]).push(function(){try{rrApi.setCustomer("
        '{"customerId":"42","isAgreedToReceiveMarketingMail":"false"})}catch(e){}})</script>'
    )
    state = see(EXAMPLES["region"], mode="block", block=block)
    assert (state.sent.form, state.is_mirror, state.result.problems) == (EXAMPLES["region"], False, ())
    page = page_of(state)
    assert text_of(by_id(page, "summary")) == "The pasted code has errors: 1."
    findings = text_of(by_id(page, "findings"))
    column = block.index('"false"') + 1
    assert f"error, line 1, column {column}: isAgreedToReceiveMarketingMail" in findings
    assert "consent.type" in findings
    data = {"customerId": "42", "isAgreedToReceiveMarketingMail": False}
    assert text_of(by_id(page, "corrected")) == render_snippet(data)
    assert WORDS["block.gaps"][0] not in text_of(by_id(page, "outcome"))


def test_a_corrected_block_has_gaps_where_nothing_is_known() -> None:
    block = "<script>rrApi.setCustomer({customerId: id, email: '{{ user.email }}'})</script>"
    page = page_of(see(mode="block", block=block))
    assert text_of(by_id(page, "corrected")) == str(render_snippet({"customerId": "1"})).replace(
        '{"customerId":"1","isAgreedToReceiveMarketingMail":true}',
        '{"customerId":/* your customer id */,"email":/* the customer\'s e-mail */,'
        '"isAgreedToReceiveMarketingMail":/* true or false, as the customer chose */}',
    )
    assert WORDS["block.gaps"][0] in text_of(by_id(page, "outcome"))
    russian = text_of(by_id(page_of(see(mode="block", block=block), "ru"), "corrected"))
    assert '{"customerId":/* ваш идентификатор покупателя */,' in russian


FRAME = "<script>(window.rrApiOnReady = window.rrApiOnReady || []).push(function () {{\n  try {{ rrApi.setCustomer({}); }} catch (e) {{}}\n}});</script>"


@pytest.mark.parametrize(
    ("block", "data", "differences"),
    [
        (FRAME.format("{customerId: '42', email: 'anna@shop.ru'}"), {"customerId": "42", "email": "anna@shop.ru"},
         ("frame", "consent", "spelling")),
        (FRAME.format("{customData: {}, customerId: `42`, isAgreedToReceiveMarketingMail: true}"),
         {"customData": {}, "customerId": "42", CONSENT: True}, ("frame", "order", "absent", "spelling")),
        (str(render_snippet({"customerId": "42"})).replace('"42"', " '42' "), {"customerId": "42", CONSENT: True},
         ("spelling",)),
    ],
)  # fmt: skip
def test_a_correct_block_of_others_is_correct(block: str, data: dict[str, Any], differences: tuple[str, ...]) -> None:
    state = see(EXAMPLES["wrong"], mode="block", block=block)
    assert (state.given.data, state.given.differences, state.result.problems) == (data, differences, ())
    assert (state.is_mirror, state.sent.form.texts["customerId"]) == (True, "42")
    assert state.result.payload == to_payload(data)
    page = page_of(state)
    assert by_id(page, "bar").get("class") == "good"
    assert text_of(by_id(page, "summary")) == WORDS["summary.foreign"][0].format(bytes=len(state.result.block))
    told = [text_of(item) for item in by_id(page, "findings").iter(f"{HTML}li")]
    assert told == [WORDS[f"differs.{name}"][0] for name in differences]
    assert by_id(page, "f-block").get("aria-invalid") == "false"


@pytest.mark.parametrize(
    ("block", "summary"),
    [
        (FRAME.format("{customerId: id}"), "summary.unknown"),
        (FRAME.format("customer"), "summary.unknown"),
        (FRAME.format("{customerId: '1'}") + FRAME.format("{customerId: '1'}"), "summary.unknown"),
        (str(render_order({"transaction": "7", "items": [{"id": 1, "qnt": 1, "price": 5}]}, None)), "summary.unknown"),
        ("<p>Hello</p>", "summary.bad"),
    ],
)
def test_code_without_one_customer_in_it_shows_none(block: str, summary: str) -> None:
    state = see(mode="block", block=block)
    assert (state.given.data, state.result.customer) == (None, None)
    assert text_of(by_id(page_of(state), "summary")) == WORDS[summary][0].format(problems=1)


def test_sound_code_that_this_shop_refuses_is_told_so() -> None:
    state = see(mode="block", block=FRAME.format("{customerId: '42'}"), choices=Choices(require_consent=True))
    page = page_of(state)
    assert text_of(by_id(page, "summary")) == "No block. Problems: 1."
    assert "consent.missing" in text_of(by_id(page, "n-block"))


def test_a_script_without_tags_is_read_as_one() -> None:
    given = read_pasted('rrApi.setCustomer({"customerId": "42"})')
    assert given.findings is not None
    assert [finding.code for finding in given.findings] == ["queue.outside", "try.missing"]


def test_a_page_without_a_script_element_is_read_as_one() -> None:
    """A handler in an attribute is a script too."""
    state = see(mode="block", block=" <div onclick='rrApi.setCustomer({customerId:1})'>x</div>")
    assert [(finding.code, finding.line) for finding in state.given.findings or ()] == [("handler.inline", 1)]


def test_findings_stand_where_they_stand_in_what_was_pasted() -> None:
    call = "rrApi.setCustomer({customerId:1})"
    plain, shifted = (see(mode="block", block=text).given.findings or () for text in (call, f"\n\n\n   {call}"))
    assert plain
    assert [(finding.code, finding.line, finding.column) for finding in shifted] == [
        (finding.code, finding.line + 3, finding.column + 3) for finding in plain
    ]


def test_a_block_that_no_form_can_show_is_in_the_json() -> None:
    customer = {"customerId": "new", "customData": {"a": "1\n2"}}
    state = see(Form(), mode="block", json='{"customerId": "old"}', block=render_snippet(customer))
    assert (json.loads(state.sent.json)["customData"], state.is_mirror) == ({"a": "1\n2"}, False)
    page = page_of(state)
    assert text_of(by_id(page, "n-behind")) == WORDS["form.behind"][0]
    assert text_of(by_id(page, "n-json-behind")) == ""
    foreign = page_of(see(mode="block", json='{"customerId": "old"}', block="rrApi.setCustomer({})"))
    assert text_of(by_id(foreign, "n-json-behind")) == WORDS["json.behind"][0]


# --- large inputs


def test_no_page_is_longer_than_anybody_reads() -> None:
    """If there are hundreds of problems, warnings and findings, those that are not shown are counted."""
    problems = see(
        mode="json", json=json.dumps({"customerId": "1", "customData": dict.fromkeys(map(str, range(900)), 1)})
    )
    assert len(problems.result.problems) == 101
    page = page_of(problems)
    assert text_of(by_id(page, "outcome")).count("custom_data.value_type") == 100
    assert "further problems, not listed: 800" in text_of(by_id(page, "outcome"))
    assert text_of(by_id(page, "summary")) == "No block. Problems: 900."
    findings = see(mode="block", block="rrApi.setCustomer({customerId:1});" * 150)
    count = len(findings.given.findings or ())
    assert count > 300
    said = text_of(by_id(page_of(findings), "findings"))
    assert said.count(", line 1, column") == 200
    assert f"And {count - 200} more." in said


def test_rows_are_counted_once() -> None:
    """Counting them for each problem would take seconds."""
    form = Form(texts={**Form().texts, "customerId": "1"}, custom_data=(("", "a"),) * 1900)
    state = see(form)
    calls = 0
    assert len(state.result.problems) == 101

    class Counting(Form):
        def rows_given(self, name: str) -> list[int]:
            nonlocal calls
            calls += 1
            return super().rows_given(name)

    counting = Counting(**{field: getattr(form, field) for field in ("texts", "custom_data")})
    render_parts(replace(state, sent=replace(state.sent, form=counting)), "en", frame_url="x", has_new_form=False)
    # Once for each kind of rows, and once for the printed text.
    assert calls == 4


# --- what the tracker receives


@given(CUSTOMERS)
def test_what_is_meant_is_what_is_sent(fields: dict[str, Any]) -> None:
    """The model and the text of the block give the same object."""
    result = look_at(Input(fields), RenderOptions())
    assert result.meant == result.payload == to_payload(fields)


@pytest.mark.parametrize("part", [{}, {"customData": {}}, {"softLinks": []}, {"email": ""}, {CONSENT: None}])
def test_what_is_left_empty_is_not_meant(part: dict[str, Any]) -> None:
    result = look_at(Input({"customerId": "1", **part}), RenderOptions())
    assert result.meant == result.payload == {"customerId": "1", CONSENT: True}


def test_what_has_nothing_to_do_with_it_has_no_findings() -> None:
    state = see(mode="block", block="<p>Hello</p>")
    assert state.given.findings == ()
    assert WORDS["block.clean"][0] in text_of(by_id(page_of(state), "findings"))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_without_the_checker_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tree_sitter", None)
    javascript._parser.cache_clear()
    try:
        state = see(mode="block", block=render_snippet({"customerId": "1"}))
    finally:
        javascript._parser.cache_clear()
    assert state.result.problems == ()
    findings = text_of(by_id(page_of(state, language), "findings"))
    assert "pip install 'rr-snippet[check]'" in findings
    assert WORDS["block.ours"][language == "ru"] in findings


# --- code


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "options", [{}, {"phone_region": "RU", "require_consent": True}, {"pretty": True, "debug": True}]
)
def test_the_lines_of_code_render_the_block(name: str, options: dict[str, Any]) -> None:
    customer = read_customer(EXAMPLES[name].data(), RenderOptions(**options).rules())
    lines = code_lines(customer, RenderOptions(**options))
    block = render_snippet(EXAMPLES[name].data(), **options)
    printed = {}
    for kind in ("python", "jinja"):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(lines[kind], kind, "exec"), {})
        printed[kind] = output.getvalue()
    assert printed == {"python": f"{block}\n", "jinja": f"<body>{block}</body>\n"}
    settings, tracking = lines["django"].split("# shop/tracking.py\n")
    namespace: dict[str, Any] = {"INSTALLED_APPS": [], "MIDDLEWARE": []}
    exec(settings, namespace)
    exec(tracking, namespace)
    assert render_snippet(namespace["customer"](None), **options) == block
    assert namespace["INSTALLED_APPS"] == ["rr_snippet.integrations.django"]
    given = namespace["RR_SNIPPET"]
    assert given.pop("CUSTOMER") == "shop.tracking.customer"
    assert {OPTION_KEYS[key]: value for key, value in given.items()} == options


# --- words and escaping


def test_both_languages_have_the_same_places_for_details() -> None:
    for key, texts in WORDS.items():
        places = [re.findall(r"\{(\w*)\}", text) for text in texts]
        assert sorted(places[0]) == sorted(places[1]), key
        assert all(texts), key


def test_every_word_is_said_somewhere() -> None:
    said = set()

    class Listening(Words):
        def __call__(self, key: str, **details: str | int) -> str:
            said.add(key)
            return super().__call__(key, **details)

    import rr_snippet.preview.pages as pages

    before = pages.Words
    pages.Words = Listening  # type: ignore[misc]
    try:
        foreign = '<script>rrApi.setCustomer({customerId: 1, softLinks: [{Name: "a", value: "b"}]}); rrApi.setEmail("a@b.ru")</script>'
        odd = FRAME.format("{customData: {}, customerId: '42'}")
        states = [
            *map(see, EXAMPLES.values()),
            see(replace(EXAMPLES["region"], consent="false")),
            see(replace(EXAMPLES["region"], consent="")),
            *(see(replace(EXAMPLES["region"], push_kind=kind, push={**EXAMPLES["region"].push, "isDevEnvironment": "true"})) for kind in PUSH_FIELDS),
            see(replace(EXAMPLES["region"], soft_links=(("a", "b"), ("", ""))), action="remove-softLinks-1"),
            see(mode="json", json="{"),
            see(mode="json", json="rrApi.setCustomer({})"),
            see(mode="json", json="customerId\n" + "1\n" * 1001),
            see(mode="form", json='[{"customerId": 1}, {"customerId": 2}]'),
            see(mode="block", block=foreign),
            see(mode="block", block=odd),
            see(mode="block", block=FRAME.format("{customerId: id}")),
            see(mode="block", block="rrApi.setCustomer({customerId: 1});" * 150),
            see(mode="block", block=render_snippet({"customerId": "1"})),
        ]  # fmt: skip
        for state in states:
            render_page(state, "en", nonce="n", frame_url="x", key="k")
        static_page(Input(EXAMPLES["region"].data()), RenderOptions(), "en", text="")
    finally:
        pages.Words = before  # type: ignore[misc]
    # Severities that no finding has here, and the words of the command in its terminal.
    silent = {"severity.error", "severity.warning", "severity.note"}
    assert set(WORDS) - said - silent == {key for key in WORDS if key.startswith("terminal.")}


def test_numbers_as_the_language_writes_them() -> None:
    assert [Words(language).number(65536) for language in ("en", "ru")] == ["65,536", "65\N{NO-BREAK SPACE}536"]  # type: ignore[arg-type]


HOSTILE = "'\"><script>alert(1)</script><img src=x onerror=alert(2)></textarea></code></style><base href=//e.test>{{7*7}}&lt;b&gt;"


def shape_of(page: Any) -> Counter[tuple[str, tuple[str, ...]]]:
    """Return the elements with the names of their attributes."""
    return Counter(
        (element.tag, tuple(sorted(element.attrib))) for element in page.iter() if isinstance(element.tag, str)
    )


def filled(text: str) -> Form:
    return Form(
        texts=dict.fromkeys(TEXT_FIELDS, text),
        custom_data=((text, text),),
        soft_links=((text, text),),
        push_kind="fcmSubscription",
        push=dict.fromkeys(PUSH_NAMES, text),
        consent="true",
    )


def scripts_of(page: Any) -> list[tuple[str | None, str | None]]:
    return [(element.get("src"), element.text) for element in page.iter(f"{HTML}script")]


FIELDS = [
    *TEXT_FIELDS, "customData.key", "customData.value", "softLinks.name", "softLinks.value", "push.kind",
    *(f"push.{name}" for name in PUSH_NAMES), CONSENT,
]  # fmt: skip


def with_text(form: Form, name: str, text: str) -> Form:
    group, _, part = name.partition(".")
    if group == "customData":
        return replace(form, custom_data=((text, "v"),) if part == "key" else (("k", text),))
    if group == "softLinks":
        return replace(form, soft_links=((text, "v"),) if part == "name" else (("k", text),))
    if name == "push.kind":
        return replace(form, push_kind=text)
    if group == "push":
        kind = next(kind for kind, names in PUSH_FIELDS.items() if part in names)
        return replace(form, push_kind=kind, push={**form.push, part: text})
    if name == CONSENT:
        return replace(form, consent=text)
    return replace(form, texts={**form.texts, name: text})


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_field_lets_markup_into_the_page(name: str, language: str) -> None:
    # As a key of custom data each gives a warning.
    # As an id both look like a template that was not rendered.
    harmless_text = "{{".ljust(len(HOSTILE), "=")
    hostile, harmless = (
        page_of(see(with_text(EXAMPLES["no-region"], name, text)), language) for text in (HOSTILE, harmless_text)
    )
    assert scripts_of(hostile) == [("preview.js", None)]
    assert shape_of(hostile) == shape_of(harmless)
    assert not [key for _, names in shape_of(hostile) for key in names if key.startswith("on")]


@pytest.mark.parametrize("mode", ["json", "block"])
def test_no_area_lets_markup_into_the_page(mode: str) -> None:
    area = by_id(page := page_of(see(mode=mode, **{mode: HOSTILE})), f"f-{mode}")
    assert (area.text, scripts_of(page)) == (HOSTILE, [("preview.js", None)])


def test_the_inputs_hold_what_was_typed_and_nothing_else() -> None:
    page = page_of(see(filled(HOSTILE)))
    values = [
        element.get("value") for element in page.iter(f"{HTML}input") if element.get("type") in ("text", "tel", None)
    ]
    # The problems of the options come last.
    assert values == [HOSTILE] * (len(TEXT_FIELDS) + 4 + len(PUSH_NAMES) - 1) + ["", ""]


def test_read_form_judges_nothing() -> None:
    assert read_form(EXAMPLES["wrong"]) == Input(EXAMPLES["wrong"].data())
    assert read_typed('{"a": 1}').data == {"a": 1}
