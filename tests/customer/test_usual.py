"""The usual shape of each field: the reader with all the rules returns every value unchanged that the shape accepts."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from rr_snippet import ApnsSubscription, Customer, FcmSubscription
from rr_snippet.customer.model import plain_validator
from rr_snippet.customer.usual import Reader, reader_of
from tests.hostile.corpus import read_corpus
from tests.support.liars import HostileItems, Text

STRINGS = [hostile.text for hostile in read_corpus()]


def reader_for(model: type[Any], name: str) -> Reader:
    reader = reader_of(model.model_fields[name])
    assert reader is not None
    return reader


READERS = {name: reader_for(Customer, name) for name in Customer.model_fields} | {
    f"push.{name}": reader_for(model, name)
    for model in (FcmSubscription, ApnsSubscription)
    for name in model.model_fields
}
SHAPES = {name: SchemaValidator(reader.shape).validate_python for name, reader in READERS.items()}

PUSH = {"creationTimestamp": "2025-03-31T11:03:02.3564674+03:00", "applicationId": "a", "token": "t"}
FCM = {"fcmSubscription": {**PUSH, "fcmProjectId": "p"}}
TYPICAL = {
    "customerId": "42", "email": "Anna.Petrova@Shop.RU", "phone": "8 (911) 222-33-44", "customData": {"Имя": "Анна"},
    "defaultStockId": "Москва", "softLinks": {"card": "1"}, "mobilePushSubscription": FCM,
    "isAgreedToReceiveMarketingMail": False,
}  # fmt: skip

# Characters of every script, and those with their own rules.
CHARACTERS = st.one_of(
    st.characters(),
    st.characters(codec="utf-8"),
    st.sampled_from("\x00\x1f \x7f\x85\xa0\u200b\u2028\u3000\ufeff\ud800_аЯ7"),
)
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=8),
    st.text(CHARACTERS, min_size=45, max_size=55),
    st.sampled_from(["", "__proto__", "42", *STRINGS]),
    st.builds(Text, st.text(max_size=4)),
)
EMAILS = st.builds(
    "{}@{}.{}".format,
    st.text(st.sampled_from("aZ9_+-.!'яЯё"), min_size=1, max_size=40),
    st.lists(st.text(st.sampled_from("aZ9-яё7"), min_size=1, max_size=40), min_size=1, max_size=3).map(".".join),
    st.sampled_from(
        [
            "ru",
            "RU",
            "Com",
            "test",
            "local",
            "onion",
            "arpa",
            "ARPA",
            "invalid",
            "localhost",
            "r",
            "x1",
            "1x",
            "info",
            "рф",
            "РФ",
            "дети",
            "москва",
            "xn--p1ai",
        ]
    ),
)
PHONES = st.text(st.sampled_from("+7890 ()-"), min_size=5, max_size=20)
STAMPS = st.builds(
    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}".format,
    st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32), st.integers(0, 25), st.integers(0, 61),
    st.integers(0, 61), st.sampled_from(["", ".1", ".1234567", ".12345678"]),
    st.sampled_from(["Z", "z", "+03:00", "-24:00", "+03:60", "", "\n"]),
)  # fmt: skip
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, EMAILS, PHONES, STAMPS)
MAPPINGS = st.one_of(
    st.dictionaries(TEXTS, TEXTS, max_size=3),
    st.builds(HostileItems, st.dictionaries(st.text(max_size=2), st.text(max_size=2))),
)
ITEM = st.one_of(
    st.fixed_dictionaries({"name": TEXTS, "value": TEXTS}),
    st.fixed_dictionaries({"Name": TEXTS, "Value": TEXTS}),
    st.dictionaries(st.sampled_from(["name", "Name", "value", "Value", "x"]), PLAIN, max_size=3),
)
WRAPPED = st.dictionaries(
    st.sampled_from(["fcmSubscription", "apnsSubscription", "huaweiSubscription", "fcm_subscription"]),
    st.dictionaries(
        st.sampled_from([*PUSH, "fcmProjectId", "isDevEnvironment", "application_id", "x"]), PLAIN, max_size=5
    ),
    max_size=2,
)
VALUES = st.one_of(PLAIN, MAPPINGS, st.lists(ITEM, max_size=3), WRAPPED, st.just(FCM))


def outcome(read: Callable[[Any], Any], value: Any) -> Any:
    """Return the result of a reader, or its error."""
    try:
        return read(value)
    except ValidationError:
        return ValidationError


def check(name: str, value: Any) -> None:
    found = outcome(SHAPES[name], value)
    if found is not ValidationError:
        read = outcome(READERS[name].read, value)
        assert type(read) is type(found)
        assert read == found
        if isinstance(value, dict) and name in {"custom_data", "soft_links"}:
            assert found is not value


@pytest.mark.parametrize("name", READERS)
def test_what_the_usual_shape_accepts_is_what_the_reader_returns(name: str) -> None:
    @settings(max_examples=400)
    @given(VALUES)
    def try_values(value: Any) -> None:
        check(name, value)

    try_values()


@pytest.mark.parametrize("name", ["email", "phone", "push.creation_timestamp"])
def test_so_it_is_for_what_looks_nearly_right(name: str) -> None:
    @settings(max_examples=2_000)
    @given({"email": EMAILS, "phone": PHONES, "push.creation_timestamp": STAMPS}[name])
    def try_values(value: Any) -> None:
        check(name, value)

    try_values()


@pytest.mark.parametrize("name", READERS)
def test_so_it_is_for_every_hostile_string(name: str) -> None:
    for string in STRINGS:
        for value in (
            string,
            {string: string},
            {"a": string},
            [{"name": string, "value": string}],
            {"fcmSubscription": string},
        ):
            check(name, value)


def test_the_patterns_name_no_class_of_characters() -> None:
    # A class grows with each version of Unicode. A range of characters stays the same.
    for name, reader in READERS.items():
        for pattern in re.findall(r"'pattern': '((?:[^'\\]|\\.)*)'", repr(reader.shape)):
            assert not re.search(r"\\\\[pPwWdDsSbB]", pattern), name


@pytest.mark.parametrize(
    "value",
    ["a@пример.рф", "анна.иванова@почта.рф", "a@xn--e1afmkfd.рф", f"{'a' * 60}@b.ru", f"a@{'я' * 55}.дети"],
)
def test_usual_addresses_are_those_of_email_validator(value: str) -> None:
    if outcome(SHAPES["email"], value) is not ValidationError:
        validate_email(value, check_deliverability=False, test_environment=True)


def test_the_pattern_of_a_timestamp_knows_the_calendar() -> None:
    days = [str(date(2023, 1, 1) + timedelta(days=day)) for day in range(2 * 366)]
    shape, read = SHAPES["push.creation_timestamp"], READERS["push.creation_timestamp"].read
    for day in days:
        usual = outcome(shape, f"{day}T00:00:00Z") is not ValidationError
        assert usual == (day[5:] != "02-29")
        assert read(f"{day}T00:00:00Z") == f"{day}T00:00:00Z"
    for month in range(14):
        for number in range(33):
            text = f"2023-{month:02}-{number:02}"
            assert (outcome(shape, f"{text}T00:00:00Z") is not ValidationError) == (text in days)


LINKS = [{"name": "card", "value": "1"}, {"name": "telegram", "value": "anna"}]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, "the typical customer"),
        ({"email": None, "phone": None, "customData": None, "softLinks": None}, "None for what there is not"),
        ({"email": "анна@почта.рф"}, "a Russian address"),
        ({"mobilePushSubscription": {"apnsSubscription": {**PUSH, "isDevEnvironment": True}}}, "another kind"),
        ({"mobilePushSubscription": {"huaweiSubscription": PUSH}}, "the third kind"),
    ],
)
def test_a_faultless_dict_passes_without_a_call_into_python(
    changes: dict[str, Any], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {**TYPICAL, **changes}
    names = {field.alias: name for name, field in Customer.model_fields.items()}
    for given_data in (data, {names[alias]: value for alias, value in data.items()}):
        assert (
            python_calls(lambda given_data=given_data: plain_validator(Customer).validate_python(given_data)) == []
        ), why


def test_the_vendors_list_of_links_takes_one_call() -> None:
    for links in (LINKS, [{"Name": item["name"], "Value": item["value"]} for item in LINKS]):
        calls = python_calls(
            lambda links=links: plain_validator(Customer).validate_python({**TYPICAL, "softLinks": links})
        )
        assert calls == ["_pair_up"]


def python_calls(work: Callable[[], object]) -> list[str]:
    """Return the Python functions that `work` calls, without `work` itself."""
    calls: list[str] = []

    def note(frame: Any, event: str, _argument: object) -> None:
        if event == "call":
            calls.append(frame.f_code.co_name)

    work()  # the first use builds what is kept
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return [name for name in calls if name not in {"<lambda>", "plain_validator"}]
