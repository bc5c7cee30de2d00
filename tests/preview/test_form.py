"""The form of the preview: the data of its fields, and the customers that it can show."""

from __future__ import annotations

import json

import pytest

from rr_snippet import Customer, CustomerError
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import Form
from rr_snippet.preview.sent import Sent, read_sent
from tests.support.preview import body_of

FULL = EXAMPLES["region"]


def test_fields_are_the_vendors_object_in_its_order() -> None:
    assert list(FULL.data().items()) == [
        ("customerId", "100042"),
        ("email", "anna@shop.ru"),
        ("phone", "+7 (111) 222-33-44"),
        ("customData", {"name": "Анна", "favourite brand": "O'Neil & «Заря»"}),
        ("defaultStockId", "Москва"),
        ("softLinks", [{"name": "loyalty card", "value": "7700123456"}, {"name": "telegram", "value": "anna_p"}]),
        (
            "mobilePushSubscription",
            {
                "fcmSubscription": {
                    "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
                    "applicationId": "ru.shop.app",
                    "fcmProjectId": "my-awesome-fcm-project",
                    "token": "fcm-push-token",
                }
            },
        ),
        ("isAgreedToReceiveMarketingMail", True),
    ]


def test_what_is_left_empty_is_left_out_but_the_required_id() -> None:
    assert Form().data() == {"customerId": ""}


def test_rows_left_empty_are_no_entries_and_half_filled_ones_are() -> None:
    form = Form(custom_data=(("", ""), ("a", ""), ("", "b")), soft_links=(("", ""), ("", "x")))
    assert (form.rows_given("customData"), form.rows_given("softLinks")) == ([1, 2], [1])
    assert form.data()["customData"] == {"a": "", "": "b"}
    assert form.data()["softLinks"] == [{"name": "", "value": "x"}]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("fcmSubscription", ["creationTimestamp", "applicationId", "fcmProjectId", "token"]),
        ("apnsSubscription", ["isDevEnvironment", "creationTimestamp", "applicationId", "token"]),
        ("huaweiSubscription", ["creationTimestamp", "applicationId", "token"]),
        ("pigeonSubscription", []),
    ],
)
def test_a_subscription_has_the_fields_of_its_kind(kind: str, names: list[str]) -> None:
    assert list(Form(push_kind=kind).data()["mobilePushSubscription"][kind]) == names


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("maybe", "maybe")])
def test_choices_are_booleans_and_what_no_browser_sends_stays_what_it_is(text: str, value: object) -> None:
    form = Form(consent=text, push_kind="apnsSubscription", push={**FULL.push, "isDevEnvironment": text})
    assert form.data()["isAgreedToReceiveMarketingMail"] is value
    assert form.data()["mobilePushSubscription"]["apnsSubscription"]["isDevEnvironment"] is value


@pytest.mark.parametrize("name", EXAMPLES)
def test_json_says_the_same_as_the_form(name: str) -> None:
    text = EXAMPLES[name].json_text()
    assert decode_json(text) == EXAMPLES[name].data()
    assert json.loads(text) == EXAMPLES[name].data()


def test_a_key_that_stands_twice_stands_twice_in_json_too() -> None:
    form = Form(custom_data=(("a", "1"), ("b", "2"), ("a", "3")))
    text = '{\n  "customerId": "",\n  "customData": {\n    "a": "1",\n    "b": "2",\n    "a": "3"\n  }\n}'
    assert form.json_text() == text
    for data in (form.data(), decode_json(text)):
        with pytest.raises(CustomerError) as caught:
            Customer.parse({**data, "customerId": "1"})  # type: ignore[dict-item]
        assert [(problem.path, problem.code) for problem in caught.value.problems] == [("customData[2]", "field.twice")]


@pytest.mark.parametrize("name", ["no-region", "region"])
def test_a_customer_fills_the_form_that_makes_it(name: str) -> None:
    assert Form.of(Customer.parse(EXAMPLES[name].data())) == EXAMPLES[name]


@pytest.mark.parametrize("kind", ["apnsSubscription", "huaweiSubscription"])
@pytest.mark.parametrize("flag", ["true", "false"])
def test_every_kind_of_subscription_fills_the_form(kind: str, flag: str) -> None:
    form = Form(
        texts={**FULL.texts, "customerId": "1"},
        push_kind=kind,
        push={**FULL.push, "fcmProjectId": "", "isDevEnvironment": flag if kind == "apnsSubscription" else ""},
        consent=flag,
    )
    assert Form.of(Customer.parse(form.data())) == form


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ({}, ""),
        ({"isAgreedToReceiveMarketingMail": None}, ""),
        ({"isAgreedToReceiveMarketingMail": True}, "true"),
        ({"isAgreedToReceiveMarketingMail": False}, "false"),
    ],
)
def test_nobody_agrees_by_being_shown_in_a_form(given: dict[str, object], choice: str) -> None:
    form = Form.of(Customer.parse({"customerId": "1", **given}))
    assert form is not None
    assert form.consent == choice


@pytest.mark.parametrize(
    "part",
    [
        {"customData": {"a": "1\n2"}},
        {"customData": {"a\t": "1"}},
        {"softLinks": {"a": "1\r2"}},
        {"customData": dict.fromkeys(map(str, range(999)), "a"), "softLinks": {"a": "b", "c": "d"}},
        {"mobilePushSubscription": {"huaweiSubscription": {**dict.fromkeys(("applicationId", "token"), "a\0"), "creationTimestamp": "2025-03-31T11:03:02Z"}}},
    ],
)  # fmt: skip
def test_what_a_form_would_change_it_does_not_show(part: dict[str, object]) -> None:
    assert Form.of(Customer.parse({"customerId": "1", **part})) is None


def test_adding_and_removing_rows() -> None:
    form = Form(custom_data=(("a", "1"), ("b", "2"), ("c", "3")))
    assert form.changed("add-customData")[0].custom_data == (*form.custom_data, ("", ""))
    less, removed = form.changed("remove-customData-1")
    assert less.custom_data == (("a", "1"), ("c", "3"))
    assert less.changed("restore", removed) == (form, "")
    # If there are fewer rows by now, it becomes the last.
    assert Form(custom_data=(("x", "y"),)).changed("restore", removed)[0].custom_data == (("x", "y"), ("b", "2"))
    assert form.changed("remove-customData-7") == (form, "")
    # A form without rows shows an empty row.
    assert form.changed("add-softLinks")[0].soft_links == (("", ""), ("", ""))
    for action in ("", "form", "json", "add-", "add-email", "remove", "keep-customData-0", "remove-customData-²"):
        assert form.changed(action, "kept") == (form, "kept")


@pytest.mark.parametrize("removed", ["", "{", "7", "[]", '["customData", "0", "a"]', '["customData", "0", 1, "b"]'])
def test_what_no_page_has_removed_is_not_restored(removed: str) -> None:
    form = Form(custom_data=(("a", "1"),))
    assert form.changed("restore", removed) == (form, removed)


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_browser_sends_is_the_form_again(name: str) -> None:
    sent = Sent(
        EXAMPLES[name],
        "json",
        json='{\n"a": "é\u2028"}',
        block="b",
        record=7,
        choices=Choices("RU", require_consent=True, nonce="abc", pretty=True, debug=True),
        action="language",
        removed="x",
        tab="block",
        state="0123456789abcdef",
    )
    others = {field: getattr(sent, field) for field in sent.__slots__ if field != "form"}
    assert read_sent(body_of(EXAMPLES[name], **others)) == sent


@pytest.mark.parametrize(
    ("mode", "do", "expected"),
    [
        ("form", "json", "json"),
        ("json", "", "json"),
        ("json", "form", "form"),
        ("", "block", "block"),
        ("", "", "form"),
        ("nonsense", "", "form"),
        ("json", "add-customData", "form"),
        ("block", "remove-softLinks-0", "form"),
        ("block", "restore", "form"),
    ],
)
def test_a_button_says_which_way_is_meant(mode: str, do: str, expected: str) -> None:
    assert read_sent(body_of(Form(), mode=mode, action=do)).mode == expected


@pytest.mark.parametrize(("text", "number"), [(b"", 1), (b"x", 1), (b"12", 12), (b"0", 0), (b"9" * 5000, 1)])
def test_the_number_of_a_record_is_one_of_some_size(text: bytes, number: int) -> None:
    assert read_sent(b"record=" + text).record == number


def test_only_what_has_something_in_it_is_not_empty() -> None:
    assert Form().is_empty
    assert Form(custom_data=(("", ""),)).is_empty
    assert not any(form.is_empty for form in (Form(consent="true"), Form(push_kind="x"), FULL))


@pytest.mark.parametrize("body", [b"", b"&&&", b"=", b"%zz=%", b"customData.key=a", b"\xff\xfe=1", b"email=%ff%d0"])
def test_any_bytes_are_a_form_of_some_kind(body: bytes) -> None:
    form = read_sent(body).form
    assert form.data() == {"customerId": ""} | ({"email": "\ufffd\ufffd"} if b"email" in body else {})


def test_more_fields_than_a_form_has_are_none() -> None:
    with pytest.raises(ValueError, match="Max number of fields exceeded"):
        read_sent(b"a=1&" * 50_000)
