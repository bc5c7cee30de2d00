"""`phone_clean` and `drop_faulty`: a customer is not lost because of one field."""

from __future__ import annotations

import copy
import pickle
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import Customer, CustomerError, render_snippet
from rr_snippet.customer.lenient import clean_phone

GOOD = {"customerId": "1", "email": "anna@shop.ru", "customData": {"a": "b"}, "softLinks": {"card": "7"}}
PUSH = {"fcmSubscription": {"token": ""}}


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("+7\u00a0911 222-33-44", "+7 911 222-33-44"),
        ("+7 911\u202f222–33—44", "+7 911 222-33-44"),
        ("+7 911 222‑33−44", "+7 911 222-33-44"),
        ("\u202a+7911\u200b2223344\u202c", "+79112223344"),
        ("\ufeff79112223344\t", "79112223344"),
        ("tel:+79112223344", "+79112223344"),
        ("'79112223344", "79112223344"),
        ('="79112223344"', "79112223344"),
        ("79112223344;", "79112223344"),
        ("79112223344.", "79112223344"),
        ("７９１１２２２３３４４", "79112223344"),
        ("٧٩١١٢٢٢٣٣٤٤", "79112223344"),
        ("+7 (911) 222-33-44", "+7 (911) 222-33-44"),
        ("8 (911)\x00 222-33-44", "8 (911) 222-33-44"),
        (" ", ""),
    ],
)
def test_a_phone_is_cleaned(written: str, cleaned: str) -> None:
    assert clean_phone(written) == cleaned
    for data in ({"customerId": "1", "phone": written}, MappingProxyType({"customerId": "1", "phone": written})):
        customer = Customer.parse(data, phone_clean=True)
        assert customer.phone == (cleaned or None)
        assert customer.is_phone_cleaned == (written != cleaned)
        assert customer.dropped == ()


@pytest.mark.parametrize(
    "phone", ["+7 911 222-33-44, +7 911 222-33-45", "8 911 222-33-44 доб. 5", "7,9112E+10", "79112223344.0"]
)
def test_nothing_is_guessed(phone: str) -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", "phone": phone}, phone_clean=True)
    assert caught.value.code == "phone.shape"


@given(st.text(max_size=20))
def test_to_clean_twice_changes_nothing(text: str) -> None:
    once = clean_phone(text)
    assert clean_phone(once) == once or once.casefold().startswith("tel:")


def test_a_cleaned_phone_follows_the_other_rules() -> None:
    data = {"customerId": "1", "phone": "8\u00a0911 222–33–44"}
    assert Customer.parse(data, phone_clean=True, phone_region="RU").phone == "+79112223344"
    assert Customer.parse({"customerId": "1", "phone": 5}, phone_clean=True, drop_faulty=True).phone is None
    with pytest.raises(CustomerError):
        Customer.parse(5, phone_clean=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "left", "dropped"),
    [
        ({"email": "anna@"}, {"email": None}, ["email: email.shape"]),
        ({"phone": "12"}, {"phone": None}, ["phone: phone.too_short"]),
        ({"phone": "8 911", "email": 5}, {"email": None}, ["email: email.type", "phone: phone.too_short"]),
        ({"mobilePushSubscription": PUSH}, {},
         ["mobilePushSubscription.fcmSubscription.creationTimestamp: push.field_missing",
          "mobilePushSubscription.fcmSubscription.applicationId: push.field_missing",
          "mobilePushSubscription.fcmSubscription.fcmProjectId: push.field_missing",
          "mobilePushSubscription.fcmSubscription.token: push.field_blank"]),
        ({"customData": {"a": "b", "": "c", "d": 5}}, {}, ["customData[1]: custom_data.key_blank", "customData[2]: custom_data.value_type"]),
        ({"customData": {"": "c"}}, {"custom_data": None}, ["customData[0]: custom_data.key_blank"]),
        ({"softLinks": [{"name": "card", "value": "7"}, {"name": "x", "value": " "}, 5]}, {},
         ["softLinks[1].value: soft_link.value_blank", "softLinks[2]: soft_link.type"]),
        ({"softLinks": [["card", "7"], ["card", "8"]]}, {}, ["softLinks[1].name: soft_link.duplicate"]),
        ({"soft_links": {"card": "7", "x": ""}, "softLinks": None}, None, []),
        ({"customData": 5}, None, []),
        ({"softLinks": "x"}, None, []),
        ({"email": "anna@", "foo": 1}, None, []),
        ({"email": "anna@", "isAgreedToReceiveMarketingMail": "no"}, None, []),
        ({"email": "anna@", "defaultStockId": "x" * 51}, None, []),
        ({"email": "anna@", "customerId": ""}, None, []),
    ],
)  # fmt: skip
def test_what_is_faulty_is_left_out(data: dict[str, Any], left: dict[str, Any] | None, dropped: list[str]) -> None:
    given_data = {key: value for key, value in GOOD.items() if key != "softLinks" or "soft_links" not in data} | data
    with pytest.raises(CustomerError) as caught:
        Customer.parse(given_data)
    if left is None:
        with pytest.raises(CustomerError) as again:
            Customer.parse(given_data, drop_faulty=True)
        assert again.value.problems == caught.value.problems
        return
    customer = Customer.parse(given_data, drop_faulty=True)
    assert customer.model_dump() == Customer(**GOOD).model_dump() | left
    assert [f"{problem.path}: {problem.code}" for problem in customer.dropped] == dropped
    assert customer.dropped == caught.value.problems
    assert render_snippet(given_data, drop_faulty=True) == render_snippet(customer)
    for same in (
        copy.copy(customer),
        copy.deepcopy(customer),
        pickle.loads(pickle.dumps(customer)),
        customer.model_copy(),
    ):
        assert same.dropped == customer.dropped


def test_faults_that_are_only_counted_are_left_out_too() -> None:
    many = {f"k{number}": number for number in range(250)}
    customer = Customer.parse({"customerId": "1", "customData": {**many, "a": "b"}}, drop_faulty=True)
    assert customer.custom_data == {"a": "b"}


def test_a_key_twice_is_no_single_fault() -> None:
    customer = Customer.model_validate_json  # reads strictly
    with pytest.raises(CustomerError):
        customer('{"customerId": "1", "email": "anna@shop.ru", "email": "b@shop.ru"}')
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", "email": "anna@shop.ru", "Email": "x", "phone": "1"}, drop_faulty=True)
    assert [problem.code for problem in caught.value.problems] == ["phone.too_short", "field.unknown"]


def test_a_customer_that_exists_is_read_again() -> None:
    strict = Customer(customer_id="1", phone="8 911 222-33-44")
    lenient = Customer.parse(strict, drop_faulty=True, phone_check="valid")
    assert (lenient.phone, [problem.code for problem in lenient.dropped]) == (None, ["phone.region_needed"])
    assert strict.phone == "8 911 222-33-44"
    assert Customer.model_construct(customer_id="1").dropped == ()


def test_a_consent_that_is_required_is_never_left_out() -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", "phone": "1"}, drop_faulty=True, require_consent=True)
    assert [problem.code for problem in caught.value.problems] == ["phone.too_short", "consent.missing"]
