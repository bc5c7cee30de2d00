"""Customers that JSON cannot express. The others are in the case files."""

from __future__ import annotations

import copy
import enum
import pickle
import uuid
from collections import OrderedDict, UserDict
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from inspect import signature
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from rr_snippet import ApnsSubscription, Customer, CustomerError, FcmSubscription, HuaweiSubscription
from rr_snippet.customer.email import is_email
from rr_snippet.errors import OptionError
from tests.support.liars import FailingMapping, FailingSequence, Text, Whole

FCM = {
    "creation_timestamp": "2025-03-31T11:03:02.3564674+03:00",
    "application_id": "a",
    "fcm_project_id": "f",
    "token": "t",
}


def codes(**data: Any) -> list[tuple[str, str]]:
    with pytest.raises(CustomerError) as caught:
        Customer(**data)
    return [(problem.path, problem.code) for problem in caught.value.problems]


class Driver(uuid.UUID):
    """A UUID as a database driver builds it."""


class Colour(enum.StrEnum):
    RED = "red"


class Number(enum.IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        (42, "42", "a whole number"),
        (-42, "-42", "a whole number"),
        (10**64 - 1, "9" * 64, "64 digits"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001", "a UUID"),
        (Driver(int=1), "00000000-0000-0000-0000-000000000001", "a driver's UUID"),
        (Text("42"), "42", "a subclass counts as its characters"),
        (Whole(42), "42", "a subclass counts as its number"),
        (Colour.RED, "red", "the characters of a member"),
        (Number.ONE, "1", "the number of a member"),
        (" 42 ", " 42 ", "never trimmed"),
    ],
)
def test_ids_become_exact_texts(value: Any, expected: str, why: str) -> None:
    customer = Customer(customer_id=value)
    assert customer.customer_id == expected, why
    assert type(customer.customer_id) is str
    if len(expected) <= 50:
        assert Customer(customer_id="1", default_stock_id=value).default_stock_id == expected


def test_a_stock_id_of_64_digits_is_too_long() -> None:
    assert codes(customer_id=1, default_stock_id=10**63) == [("defaultStockId", "stock_id.too_long")]


@pytest.mark.parametrize(
    "value", [True, 1.0, b"42", ["42"], object(), 10**64, -(10**64), pytest.param(10**5000, id="huge"), uuid.UUID]
)
def test_other_ids_are_refused(value: Any) -> None:
    assert codes(customer_id=value) == [("customerId", "customer_id.type")]


def test_a_uuid_that_fails_is_no_id() -> None:
    broken = uuid.UUID.__new__(uuid.UUID)
    assert codes(customer_id=broken) == [("customerId", "customer_id.type")]
    assert codes(customer_id="1", default_stock_id=broken) == [("defaultStockId", "stock_id.type")]


@pytest.mark.parametrize("mapping", [dict, OrderedDict, UserDict, MappingProxyType])
def test_any_mapping_is_read(mapping: Any) -> None:
    data = mapping({"customerId": "1", "customData": mapping({"a": "b"}), "softLinks": mapping({"c": "d"})})
    customer = Customer.parse(data)
    assert customer == Customer(customer_id="1", custom_data={"a": "b"}, soft_links={"c": "d"})
    assert type(customer.custom_data) is dict


def test_a_mapping_that_fails_is_none() -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.parse(FailingMapping())
    assert caught.value.code == "customer.type"
    assert codes(
        customer_id="1",
        custom_data=FailingMapping(),
        soft_links=FailingMapping(),
        mobile_push_subscription=FailingMapping(),
    ) == [
        ("customData", "custom_data.type"),
        ("softLinks", "soft_links.type"),
        ("mobilePushSubscription", "push.type"),
    ]
    assert codes(customer_id="1", soft_links=FailingSequence()) == [("softLinks", "soft_links.type")]


def test_what_was_given_is_never_changed_nor_kept() -> None:
    data: dict[str, Any] = {"customerId": "1", "customData": {"a": "b"}, "softLinks": {"c": "d"}}
    before = copy.deepcopy(data)
    customer = Customer.parse(data)
    data["customData"]["a"] = data["softLinks"]["c"] = "changed"
    assert (customer.custom_data, customer.soft_links) == ({"a": "b"}, {"c": "d"})
    assert before == {"customerId": "1", "customData": {"a": "b"}, "softLinks": {"c": "d"}}


def test_keys_that_are_no_texts() -> None:
    assert codes(customer_id="1", custom_data={5: "a", None: "b", "c": "d"}) == [
        ("customData[0]", "custom_data.key_type"),
        ("customData[1]", "custom_data.key_type"),
    ]
    assert "custom_data.key_type" in {code for _, code in codes(customer_id="1", custom_data={b"a": "b"})}
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", 5: "a", b"email": "b"})  # type: ignore[dict-item]
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("[1]", "field.unknown"),
        ("[2]", "field.unknown"),
    ]


def test_texts_of_subclasses_lose_their_own_ways() -> None:
    customer = Customer(
        customer_id="1",
        email=Text("anna@shop.ru"),
        phone=Text("71112223344"),
        custom_data={Text("a"): Text("b")},
        soft_links=[(Text("c"), Text("d"))],
        mobile_push_subscription={"fcmSubscription": {name: Text(value) for name, value in FCM.items()}},
    )
    assert customer.model_dump() == {
        "customer_id": "1",
        "email": "anna@shop.ru",
        "phone": "71112223344",
        "custom_data": {"a": "b"},
        "default_stock_id": None,
        "soft_links": {"c": "d"},
        "mobile_push_subscription": {"fcmSubscription": FCM},
        "is_agreed_to_receive_marketing_mail": True,
    }
    assert customer.custom_data is not None
    assert {type(text) for pair in customer.custom_data.items() for text in pair} == {str}


@pytest.mark.parametrize(
    "links",
    [
        {"a": "1", "b": 2},
        [("a", "1"), ("b", 2)],
        (["a", "1"], ["b", 2]),
        [{"name": "a", "value": "1"}, {"Name": "b", "Value": 2}],
        [MappingProxyType({"name": "a", "value": "1"}), UserDict({"Name": "b", "Value": "2"})],
    ],
)
def test_soft_links_in_every_form(links: Any) -> None:
    assert Customer(customer_id="1", soft_links=links).soft_links == {"a": "1", "b": "2"}


@pytest.mark.parametrize("links", ["ab", b"ab", bytearray(b"a"), {("a", "b")}, 5, iter([("a", "b")]), True])
def test_what_is_no_list_of_links(links: Any) -> None:
    assert codes(customer_id="1", soft_links=links) == [("softLinks", "soft_links.type")]


def test_a_uuid_is_no_value_of_a_link() -> None:
    assert codes(customer_id="1", soft_links={"a": uuid.UUID(int=1)}) == [
        ("softLinks[0].value", "soft_link.value_type")
    ]


def test_consent() -> None:
    for value in (True, False, None):
        customer = Customer(customer_id="1", is_agreed_to_receive_marketing_mail=value)
        assert customer.is_agreed_to_receive_marketing_mail is value
    assert Customer(customer_id="1").is_agreed_to_receive_marketing_mail is True
    for wrong in ("true", "false", 0, 1, 0.0, Whole(1), [], "yes"):
        assert codes(customer_id="1", is_agreed_to_receive_marketing_mail=wrong) == [
            ("isAgreedToReceiveMarketingMail", "consent.type")
        ]


class Nowhere(tzinfo):
    """A time zone whose code fails."""

    def utcoffset(self, _: object) -> timedelta:
        raise RuntimeError("secret")


class Nanoseconds(datetime):
    """A time with its own ISO format."""

    def isoformat(self, *_: object, **__: object) -> str:
        return "secret"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2025, 3, 31, 11, 3, 2, 356467, timezone(timedelta(hours=3))), "2025-03-31T11:03:02.356467+03:00"),
        (datetime(2024, 2, 29, 11, 3, 2, tzinfo=UTC), "2024-02-29T11:03:02+00:00"),
        (Nanoseconds(25, 1, 1, tzinfo=UTC), "0025-01-01T00:00:00+00:00"),
        ("2025-03-31T11:03:02.3564674+03:00", "2025-03-31T11:03:02.3564674+03:00"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("0001-01-01T23:59:59.1-23:59", "0001-01-01T23:59:59.1-23:59"),
    ],
)
def test_timestamps(value: Any, expected: str) -> None:
    assert FcmSubscription(**{**FCM, "creation_timestamp": value}).creation_timestamp == expected


@pytest.mark.parametrize(
    "value",
    [
        datetime(2025, 3, 31, 11, 3, 2),
        datetime(2025, 3, 31, 11, 3, 2, tzinfo=timezone(timedelta(hours=3, seconds=30))),
        datetime(2025, 3, 31, 11, 3, 2, tzinfo=Nowhere()),
    ],
)
def test_times_without_a_whole_offset(value: datetime) -> None:
    with pytest.raises(CustomerError) as caught:
        FcmSubscription(**{**FCM, "creation_timestamp": value})
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("creationTimestamp", "push.timestamp_offset")
    ]


@settings(max_examples=300)
@given(
    st.builds(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}".format,
        st.integers(0, 9999),
        st.integers(0, 13),
        st.integers(0, 32),
        st.integers(0, 25),
        st.integers(0, 61),
        st.integers(0, 61),
        st.sampled_from(["", ".1", ".1234567"]),
        st.sampled_from(["Z", "+03:00", "-23:59"]),
    )
)
def test_a_date_is_what_the_calendar_says(text: str) -> None:
    try:
        datetime.fromisoformat(text[:19])
        real = "T24" not in text  # Python 3.13 reads it as midnight
    except ValueError:
        real = False
    if real:
        assert FcmSubscription(**{**FCM, "creation_timestamp": text}).creation_timestamp == text
    else:
        with pytest.raises(CustomerError) as caught:
            FcmSubscription(**{**FCM, "creation_timestamp": text})
        assert caught.value.code == "push.timestamp_date"


@pytest.mark.parametrize(
    ("push", "kind"),
    [
        (FcmSubscription(**FCM), FcmSubscription),
        ({"fcmSubscription": FcmSubscription(**FCM)}, FcmSubscription),
        ({"fcm_subscription": FCM, "apns_subscription": None}, FcmSubscription),
        (
            {"apnsSubscription": {k: v for k, v in FCM.items() if k != "fcm_project_id"} | {"isDevEnvironment": True}},
            ApnsSubscription,
        ),
        (
            MappingProxyType({"huaweiSubscription": UserDict({k: v for k, v in FCM.items() if k != "fcm_project_id"})}),
            HuaweiSubscription,
        ),
    ],
)
def test_push_in_every_form(push: Any, kind: type) -> None:
    assert type(Customer(customer_id="1", mobile_push_subscription=push).mobile_push_subscription) is kind


@pytest.mark.parametrize("push", ["t", 5, [FCM], FCM.items(), object()])
def test_what_is_no_push(push: Any) -> None:
    assert codes(customer_id="1", mobile_push_subscription=push) == [("mobilePushSubscription", "push.type")]


def test_one_kind_does_not_pass_for_another() -> None:
    huawei = HuaweiSubscription(creation_timestamp="2025-03-31T11:03:02Z", application_id="a", token="t")
    assert codes(customer_id="1", mobile_push_subscription={"fcmSubscription": huawei}) == [
        ("mobilePushSubscription.fcmSubscription", "push.type")
    ]
    assert codes(customer_id="1", mobile_push_subscription=Customer(customer_id="1")) == [
        ("mobilePushSubscription", "push.type")
    ]


def test_copies() -> None:
    customer = Customer(customer_id="1", email="anna@shop.ru", custom_data={"a": "b"})
    assert customer.model_copy() == copy.copy(customer) == copy.deepcopy(customer) == customer
    assert pickle.loads(pickle.dumps(customer)) == customer
    changed = customer.model_copy(update={"customerId": 5, "email": None})
    assert changed == Customer(customer_id="5", custom_data={"a": "b"})
    assert changed.model_fields_set == {"customer_id", "email", "custom_data"}
    with pytest.raises(CustomerError) as caught:
        customer.model_copy(update={"foo": 1, "email": "x", "customerId": 5, "customer_id": 6})
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("email", "email.shape"),
        ("[0]", "field.unknown"),
        ("customerId", "field.twice"),
    ]


def test_parse_holds_a_customer_to_its_rules() -> None:
    customer = Customer(customer_id="1", phone="8 (911) 222-33-44")
    assert Customer.parse(customer) is customer
    assert Customer.parse(customer, phone_region="RU").phone == "+79112223344"
    with pytest.raises(CustomerError) as caught:
        Customer.parse(customer, require_consent=True, phone_check="possible")
    assert [problem.code for problem in caught.value.problems] == ["phone.region_needed", "consent.missing"]
    agreed = Customer(customer_id="1", is_agreed_to_receive_marketing_mail=True)
    assert Customer.parse(agreed, require_consent=True) == agreed


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ({"phone_region": "xx"}, ["phone_region"]),
        (
            {"phone_region": 5, "phone_check": None, "require_consent": 1},
            ["phone_region", "phone_check", "require_consent"],
        ),
    ],
)
def test_rules_that_mean_nothing(rules: Any, names: list[str]) -> None:
    with pytest.raises(OptionError) as caught:
        Customer.parse({"customerId": "1"}, **rules)
    assert [problem.path for problem in caught.value.problems] == names


def test_consent_of_the_wrong_type_is_not_also_missing() -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", "isAgreedToReceiveMarketingMail": "no"}, require_consent=True)
    assert [problem.code for problem in caught.value.problems] == ["consent.type"]


class Host(BaseModel):
    """A shop's own model."""

    customer: Customer


def test_as_a_field_of_another_model() -> None:
    assert Host.model_validate({"customer": {"customerId": 1}}).customer == Customer(customer_id="1")
    assert Host(customer=Customer(customer_id="1")).customer.customer_id == "1"
    assert Host.model_validate_json('{"customer": {"customerId": "1", "softLinks": {"a": "b"}}}').customer.soft_links
    with pytest.raises(ValidationError) as caught:
        Host.model_validate({"customer": {"customerId": "", "customData": {"a": 5}}}, context={"a host's": "own"})
    assert [(line["type"], line["loc"], line["input"]) for line in caught.value.errors()] == [
        ("customer_id.blank", ("customer", "customerId"), None),
        ("custom_data.value_type", ("customer", "customData", 0), None),
    ]
    with pytest.raises(ValidationError):
        TypeAdapter(list[Customer]).validate_python([5])


def test_strings_are_read_like_anything_else() -> None:
    assert Customer.model_validate_strings({"customerId": "1"}) == Customer(customer_id="1")
    with pytest.raises(CustomerError):
        Customer.model_validate_strings({"customerId": "1", "isAgreedToReceiveMarketingMail": "true"})


def test_json_may_begin_with_a_byte_order_mark() -> None:
    assert Customer.model_validate_json('\ufeff{"customerId": 1}'.encode()) == Customer(customer_id="1")
    assert Customer.model_validate_json(bytearray(b'{"customerId": 1}')) == Customer(customer_id="1")
    with pytest.raises(CustomerError) as caught:
        Customer.model_validate_json(b'{"customerId": "\xff"}')
    assert caught.value.code == "customer.encoding"
    for deep in ("[" * 100_000, '{"customerId": ' + "9" * 5000 + "}"):
        with pytest.raises(CustomerError) as caught:
            Customer.model_validate_json(deep)
        assert caught.value.code in {"customer.json", "customer_id.type"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("anna@shop.ru", True),
        ("a@b.test", True),
        ("a@test", True),
        ("a@b.localhost", False),
        ("a@b.onion", False),
        ("a@b.arpa", False),
        ("a@b.invalid", False),
        ("a@b.local", False),
        ("a@localhostx.ru", True),
        ("a@xn--e1afmkfd.ru", True),
        ("a@ab--cd.ru", False),
        ("a@-b.ru", False),
        ("a@b.r2", False),
        ("a@b.RU", True),
        ("анна@почта.рф", True),
        ("a" * 300 + "@b.ru", False),
        ("", False),
        ("@", False),
    ],
)
def test_addresses(address: str, expected: bool) -> None:
    assert is_email(address) is expected


def test_a_signature_shows_fields_and_types_and_survives_the_building() -> None:
    class Ours(Customer):
        shop: str

    class Built(Customer, defer_build=False):
        shop: str

    expected = (
        "(*, customer_id: str, email: str | None = None, phone: str | None = None, "
        "custom_data: dict[str, str] | None = None, default_stock_id: str | None = None, "
        "soft_links: dict[str, str] | None = None, mobile_push_subscription: Any = None, "
        "is_agreed_to_receive_marketing_mail: bool | None = True"
    )
    for model, more in ((Customer, ")"), (Ours, ", shop: str)"), (Built, ", shop: str)")):
        for _ in range(2):
            assert str(signature(model)).replace("typing.", "") == expected + more
            model.model_rebuild(force=True)


def test_what_the_rules_say_stands_beside_all_else_in_the_order_of_the_fields() -> None:
    data = {"phone": "1234567", "customerId": "", "isAgreedToReceiveMarketingMail": None, "customData": {"a": 5}}
    with pytest.raises(CustomerError) as caught:
        Customer.parse(data, phone_region="RU", require_consent=True)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("customerId", "customer_id.blank"),
        ("phone", "phone.impossible"),
        ("customData[0]", "custom_data.value_type"),
        ("isAgreedToReceiveMarketingMail", "consent.missing"),
    ]
