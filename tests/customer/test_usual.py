"""The quick ways of reading, beside the models and the full rules: the same values, or no decision at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import Customer, CustomerError
from rr_snippet.customer import phone, push
from rr_snippet.customer.customer import read_usual_customer
from rr_snippet.customer.phone import is_usual_phone, read_phone
from rr_snippet.customer.push import KINDS, UsualPush, read_timestamp, read_usual_push
from tests.support.cases import FOLDER, read_cases
from tests.support.liars import Text

PUSH: dict[str, Any] = {
    "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
    "applicationId": "ru.shop.app",
    "fcmProjectId": "project",
    "token": "Ж-token",
}
FULL: dict[str, Any] = {
    "customerId": "42",
    "email": "anna@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "customData": {"Имя": "Анна", "a": ""},
    "defaultStockId": "Москва",
    "softLinks": [{"name": "card", "value": "1"}, {"Name": "telegram", "Value": "anna"}],
    "mobilePushSubscription": {"fcmSubscription": PUSH},
    "isAgreedToReceiveMarketingMail": False,
}
SNAKE = {field.alias: name for name, field in Customer.model_fields.items()}


def by_the_model(data: object) -> dict[str, Any] | None:
    """Return the attributes of the model, a subscription as `UsualPush`, or `None` where there is none to be had."""
    try:
        values = dict(Customer.model_validate(data).__dict__)
    except CustomerError:
        return None
    subscription = values["mobile_push_subscription"]
    if subscription is not None:
        (kind,) = (kind for kind, model in KINDS.items() if type(subscription) is model)
        values["mobile_push_subscription"] = UsualPush(kind, subscription.__dict__)
    return values


STRANGE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(""), st.just(" "), st.just("a\x00"), st.just("\ud800"),
    st.just("x" * 60), st.just([]), st.just({}), st.just({"__proto__": "a"}), st.just([("a", "b")]),
    st.just([{"name": "a", "value": "b"}, {"name": "a", "value": "c"}]), st.just([{"name": "a", "Value": "b"}]),
    st.just([{"name": None, "value": "b"}]), st.just([{"name": "a", "value": 5}]), st.just({"a": "b"}),
    st.just({"fcmSubscription": {}}), st.just({"apnsSubscription": PUSH}), st.just({"fcm_subscription": PUSH}),
    st.just({"fcmSubscription": {**PUSH, "token": " "}}), st.just({"fcmSubscription": {**PUSH, "application_id": "b"}}),
    st.just({"fcmSubscription": PUSH, "apnsSubscription": None}), st.just({"fcmSubscription": None}), st.text(max_size=9),
)  # fmt: skip
NAMES = [*SNAKE, *SNAKE.values()]
CHANGES = st.dictionaries(st.sampled_from([*NAMES, "Email", "", "favourite"]), STRANGE, max_size=3)


@given(st.sets(st.sampled_from(list(FULL))), CHANGES)
def test_what_is_read_is_what_the_model_holds(dropped: set[str], changes: dict[str, Any]) -> None:
    data = {**{name: value for name, value in FULL.items() if name not in dropped}, **changes}
    usual = read_usual_customer(data)
    if usual is not None:
        assert usual == by_the_model(data)


@pytest.mark.parametrize("folder", sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
def test_every_case_is_read_as_the_model_reads_it(folder: str) -> None:
    for case in read_cases(folder):
        data = case.head.get("customer")
        usual = read_usual_customer(data) if type(data) is dict else None
        assert usual is None or usual == by_the_model(data), case.name


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (FULL, "the vendor's names"),
        ({SNAKE[name]: value for name, value in FULL.items()}, "Python's names"),
        ({"customerId": 42, "email": None}, "absent and None"),
        ({**FULL, "softLinks": {"card": "1"}, "mobilePushSubscription": {"apnsSubscription": {
            "isDevEnvironment": True, "creation_timestamp": "2024-02-29T00:00:00Z", "application_id": "a", "token": "t",
        }}}, "the other forms"),
    ],
)  # fmt: skip
def test_the_usual_customer_is_read_quickly(data: dict[str, Any], why: str) -> None:
    usual = read_usual_customer(data)
    assert usual is not None, why
    assert usual == by_the_model(data), why


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({}, "the id is required"),
        ({"email": "anna@shop.ru"}, "the id is required, whatever else there is"),
        ({Text("customerId"): "42"}, "the name may lie"),
        ({"customerId": "42", "customer_id": "42"}, "one field twice"),
        ({"customerId": "42", "favourite": "tea"}, "no such field"),
        ({"customerId": "42", "phone": "12"}, "a rule refuses it"),
        ({"customerId": "42", "mobilePushSubscription": "token"}, "no object"),
    ],
)
def test_all_else_is_left_to_the_model(data: dict[Any, Any], why: str) -> None:
    assert read_usual_customer(data) is None, why


@pytest.mark.parametrize(
    "value", [{}, {"fcmSubscription": "a"}, {1: PUSH}, {"mail": PUSH}, {"huaweiSubscription": PUSH}, "a"]
)
def test_other_subscriptions_are_left_to_the_model(value: object) -> None:
    with pytest.raises(ValueError, match="not the usual"):
        read_usual_push(value)


@given(st.from_regex(phone._USUAL, fullmatch=True))
def test_a_usual_phone_has_the_shape(text: str) -> None:
    assert is_usual_phone(text)
    assert phone._SHAPE.fullmatch(text)
    assert read_phone(text) == text


def test_the_pattern_of_a_timestamp_knows_the_calendar() -> None:
    days = [date(2023, 1, 1) + timedelta(days=day) for day in range(2 * 366)]
    for day in days:
        usual = push._USUAL_TIMESTAMP.fullmatch(f"{day}T00:00:00Z") is not None
        assert usual == ((day.month, day.day) != (2, 29))
        assert read_timestamp(f"{day}T00:00:00Z") == f"{day}T00:00:00Z"
    for month in range(14):
        for number in range(33):
            text = f"2023-{month:02}-{number:02}"
            matched = push._USUAL_TIMESTAMP.fullmatch(f"{text}T00:00:00Z") is not None
            assert matched == (text in map(str, days))
