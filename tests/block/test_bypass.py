"""Customers built without validation: the writer checks each leaf itself."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup

from rr_snippet import ApnsSubscription, Customer, FcmSubscription, RenderError, render_snippet, to_payload
from rr_snippet.block import payload
from tests.support.javascript import run_html
from tests.support.liars import FailingMapping, Text

PUSH = {"creation_timestamp": "2025-03-31T11:03:02Z", "application_id": "a", "token": "t"}


def faults(customer: Customer) -> list[tuple[str, str]]:
    with pytest.raises(RenderError) as caught:
        render_snippet(customer)
    return [(problem.path, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("customer_id", None, [("customerId", "payload.leaf")]),
        ("customer_id", 5, [("customerId", "payload.leaf")]),
        ("customer_id", b"a", [("customerId", "payload.leaf")]),
        ("customer_id", "\ud800", [("customerId", "text.surrogate")]),
        ("email", ["a"], [("email", "payload.leaf")]),
        ("phone", 7.5, [("phone", "payload.leaf")]),
        ("custom_data", ["a"], [("customData", "payload.leaf")]),
        ("custom_data", FailingMapping(), [("customData", "payload.leaf")]),
        ("custom_data", {"a": 1, 2: "b", "c": None, "d": {"e": "f"}},
         [(f"customData[{i}]", "payload.leaf") for i in range(4)]),
        ("custom_data", {"a\udc00": "b"}, [("customData[0]", "text.surrogate")]),
        ("default_stock_id", True, [("defaultStockId", "payload.leaf")]),
        ("soft_links", [("a", "b")], [("softLinks", "payload.leaf")]),
        ("soft_links", {"a": ["b"]}, [("softLinks[0]", "payload.leaf")]),
        ("mobile_push_subscription", {"fcmSubscription": {}}, [("mobilePushSubscription", "payload.leaf")]),
        ("mobile_push_subscription", FcmSubscription.model_construct(**PUSH),
         [("mobilePushSubscription.fcmSubscription.fcmProjectId", "payload.leaf")]),
        ("mobile_push_subscription", ApnsSubscription.model_construct(**PUSH, is_dev_environment="false"),
         [("mobilePushSubscription.apnsSubscription.isDevEnvironment", "payload.leaf")]),
        ("is_agreed_to_receive_marketing_mail", "false", [("isAgreedToReceiveMarketingMail", "payload.leaf")]),
        ("is_agreed_to_receive_marketing_mail", 1, [("isAgreedToReceiveMarketingMail", "payload.leaf")]),
        ("is_agreed_to_receive_marketing_mail", 0, [("isAgreedToReceiveMarketingMail", "payload.leaf")]),
    ],
)  # fmt: skip
def test_a_model_built_without_validation(field: str, value: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(Customer.model_construct(**{"customer_id": "1", field: value})) == expected


def test_an_empty_model() -> None:
    assert faults(Customer.model_construct()) == [("customerId", "payload.leaf")]


def test_all_faults_at_once() -> None:
    broken = Customer.model_construct(customer_id=5, email=5, custom_data={"a": 5}, soft_links={5: "a"})
    assert [path for path, _ in faults(broken)] == ["customerId", "email", "customData[0]", "softLinks[0]"]


def test_a_writer_that_fails_for_no_known_reason_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rr_snippet.block.escape.encode_basestring_ascii", lambda _: '"<"')
    assert faults(Customer(customer_id="é")) == [("", "payload.leaf")]


def test_dicts_changed_after_validation() -> None:
    customer = Customer(customer_id="1", custom_data={"a": "b"}, soft_links={"a": "b"})
    assert customer.custom_data is not None
    assert customer.soft_links is not None
    customer.custom_data["</script>"] = "<script>"
    customer.soft_links["'"] = Markup("<b>")
    assert run_html(render_snippet(customer)).customer()["customData"] == {"a": "b", "</script>": "<script>"}
    customer.custom_data["c"] = 5  # type: ignore[assignment]
    assert faults(customer) == [("customData[2]", "payload.leaf")]


def test_empty_texts_are_left_out() -> None:
    empty = Customer.model_construct(customer_id="1", email="", phone="", default_stock_id="", soft_links={"a": "b"})
    assert to_payload(empty) == {
        "customerId": "1",
        "softLinks": [{"name": "a", "value": "b"}],
        "isAgreedToReceiveMarketingMail": True,
    }


def test_emptied_dicts_are_left_out() -> None:
    customer = Customer(customer_id="1", custom_data={"a": "b"}, soft_links={"a": "b"})
    assert customer.custom_data is not None
    assert customer.soft_links is not None
    customer.custom_data.clear()
    customer.soft_links.clear()
    assert to_payload(customer) == {"customerId": "1", "isAgreedToReceiveMarketingMail": True}


@pytest.mark.parametrize("subclass", [Text, Markup])
def test_texts_of_subclasses_count_as_their_characters(subclass: type[str]) -> None:
    text = subclass("<b>&'\"")
    broken = Customer.model_construct(
        customer_id=text, email=text, custom_data={text: text}, default_stock_id=text, soft_links={text: text}
    )
    plain = "<b>&'\""
    assert run_html(render_snippet(broken)).customer() == {
        "customerId": plain,
        "email": plain,
        "customData": {plain: plain},
        "defaultStockId": plain,
        "softLinks": [{"Name": plain, "Value": plain}],
        "isAgreedToReceiveMarketingMail": True,
    }


def test_a_subclass_of_a_subscription_is_of_its_kind() -> None:
    class Ours(FcmSubscription):
        """A shop's own."""

    push = Ours(**PUSH, fcm_project_id="f")
    payload = to_payload(Customer(customer_id="1", mobile_push_subscription=push))
    assert payload["mobilePushSubscription"]["fcmSubscription"]["fcmProjectId"] == "f"


def test_a_dict_that_another_thread_changes_meanwhile_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"a": 5, "b": 6}
    found = payload.text_problems

    def changing(value: object, path: str) -> object:
        data[f"{len(data)}"] = 7
        return found(value, path)

    monkeypatch.setattr(payload, "text_problems", changing)
    customer = Customer.model_construct(customer_id="1", custom_data=data)  # type: ignore[arg-type]
    assert faults(customer) == [("", "payload.leaf")]


def test_of_many_faults_a_hundred_are_told() -> None:
    broken = Customer.model_construct(customer_id="1", custom_data=dict.fromkeys(map(str, range(900)), 5))  # type: ignore[arg-type]
    assert len(faults(broken)) == 100
