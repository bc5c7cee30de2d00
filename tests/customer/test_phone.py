"""Phones: the vendor's fourteen examples, the shape by an independent implementation, and E.164."""

from __future__ import annotations

import itertools
import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet.customer.phone import PhoneFaultError, read_phone, region_problem
from tests.fuzzing.russian_phones import differences

EXAMPLES = {
    "71112223344": "+71112223344",
    "81112223344": "+71112223344",
    "+71112223344": "+71112223344",
    "+7(111)2223344": "+71112223344",
    "+7(111)222-33-44": "+71112223344",
    "+7 (111) 222-33-44": "+71112223344",
    "+7 (111) 222 33 44": "+71112223344",
    "+7 111 222 33 44": "+71112223344",
    "+7-111-222-33-44": "+71112223344",
    "8-111-222-33-44": "+71112223344",
    "5577999617074": "+5577999617074",
    "31687224865": "+31687224865",
    "56948840030": "+56948840030",
    "123456789012345": "+123456789012345",
}


@pytest.mark.parametrize(("text", "e164"), EXAMPLES.items())
def test_each_example_of_the_vendor(text: str, e164: str) -> None:
    assert read_phone(text) == text
    assert read_phone(f" {text}\n") == text
    assert read_phone(text, region="RU") == e164
    assert read_phone(e164, region="RU") == e164


def has_shape(text: str) -> bool:
    """Apply the contract's sentence word by word, with no regular expression for the whole."""
    rest = text.removeprefix("+")
    if not rest or not (rest[0] in "0123456789(" and rest[-1] in "0123456789"):
        return False
    if set(rest) - set("0123456789 -()"):
        return False
    first_digit = min(index for index, character in enumerate(rest) if character.isdigit())
    if rest[:first_digit] not in ("", "("):  # only the one bracket may be before the first digit
        return False
    between = ["".join(group) for digit, group in itertools.groupby(rest[first_digit:], str.isdigit) if not digit]
    if any(len(separators) > 2 for separators in between):
        return False
    if rest.count("(") > 1 or rest.count("(") != rest.count(")"):
        return False
    if "(" in rest:
        opening, closing = rest.index("("), rest.index(")")
        return opening < closing and any(map(str.isdigit, rest[opening:closing]))
    return True


@given(st.text(st.sampled_from("0123456789012345678901234567 --()+a"), max_size=24))
def test_shape_is_the_contracts_sentence(text: str) -> None:
    check_shape(text.strip())


@given(
    st.from_regex(r"\+?\(?[0-9]{1,4}[ ()-]{0,3}[0-9]{1,4}[ ()-]{0,3}[0-9]{1,4}[ ()-]{0,3}[0-9]{1,4}", fullmatch=True)
)
def test_shape_is_the_contracts_sentence_near_real_numbers(text: str) -> None:
    check_shape(text)


def check_shape(text: str) -> None:
    count = len(re.findall("[0-9]", text))
    expected: object = text
    if not text:
        expected = None
    elif not has_shape(text):
        expected = "phone.shape"
    elif count < 7:
        expected = "phone.too_short"
    elif count > 15:
        expected = "phone.too_long"
    assert outcome(text) == expected


def outcome(value: object, **rules: str) -> object:
    try:
        return read_phone(value, **rules)  # type: ignore[arg-type]
    except PhoneFaultError as error:
        return error.code


@pytest.mark.parametrize(
    ("text", "rules", "expected", "why"),
    [
        ("9112223344", {"region": "RU"}, "+79112223344", "a national number"),
        ("89112223344", {"region": "RU"}, "+79112223344", "Russia's trunk 8"),
        ("020 7946 0018", {"region": "GB"}, "+442079460018", "another country's trunk prefix"),
        ("79112223344", {"region": "GB"}, "+79112223344", "international without +"),
        ("2223344", {"region": "US"}, "phone.impossible", "only local: cannot be dialled from elsewhere"),
        ("999123456789", {"region": "RU"}, "+999123456789", "from 11 digits up, + and the digits"),
        ("+999123456789", {"region": "RU"}, "+999123456789", "with + there is nothing to guess"),
        ("9991234567", {"region": "US"}, "+19991234567", "possible is enough"),
        ("00000000000", {"region": "RU"}, "phone.shape", "no country code begins with 0"),
        ("+7 911 222-33-44", {"check": "possible"}, "+7 911 222-33-44", "checked, and sent as written"),
        ("+7 911 222-33-44", {"check": "valid"}, "+7 911 222-33-44", "checked, and sent as written"),
        ("8 911 222-33-44", {"check": "valid", "region": "RU"}, "+79112223344", "both"),
        ("8 111 222-33-44", {"check": "valid", "region": "RU"}, "phone.not_valid", "no such range"),
        ("123456789012345", {"check": "possible", "region": "RU"}, "phone.impossible", "the ladder's last step"),
        ("+999123456789", {"check": "possible"}, "phone.impossible", "no such country code"),
        ("8 911 222-33-44", {"check": "valid"}, "phone.region_needed", "whose 8?"),
        ("00318289193210", {"region": "JP"}, "phone.too_long", "with its country code it has 16 digits"),
    ],
)
def test_rules(text: str, rules: dict[str, str], expected: str, why: str) -> None:
    assert outcome(text, **rules) == expected, why


def test_phone_number_objects_are_sent_as_e164() -> None:
    assert read_phone(phonenumbers.parse("8 (911) 222-33-44", "RU")) == "+79112223344"
    assert outcome(phonenumbers.parse("8 (911) 222-33-44", "RU"), check="valid", region="GB") == "+79112223344"
    assert outcome(phonenumbers.parse("8 (111) 222-33-44", "RU"), check="valid") == "phone.not_valid"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (phonenumbers.PhoneNumber(), "phone.shape"),
        (phonenumbers.PhoneNumber(country_code=7), "phone.shape"),
        (phonenumbers.PhoneNumber(country_code=7, national_number=1), "phone.too_short"),
        (phonenumbers.PhoneNumber(country_code=0, national_number=9111234567), "phone.shape"),
        (phonenumbers.PhoneNumber(country_code=7, national_number=-9111234567), "phone.shape"),
    ],
)
def test_a_phone_number_made_by_hand_may_be_none(number: phonenumbers.PhoneNumber, expected: str) -> None:
    assert outcome(number) == expected


def test_a_phone_number_that_fails_is_none() -> None:
    class Failing(phonenumbers.PhoneNumber):
        country_code = property(lambda self: 1 // 0)

    assert outcome(Failing.__new__(Failing)) == "phone.shape"


@pytest.mark.parametrize("value", [71112223344, b"71112223344", True, ["71112223344"]])
def test_other_types_are_refused(value: object) -> None:
    assert outcome(value) == "phone.type"


@pytest.mark.parametrize("region", ["ru", "XX", "", "RUS", 7, None, []])
def test_an_unknown_region_is_refused(region: object) -> None:
    assert str(region_problem(region)) == (
        "phone_region: wrong value; expected a two-letter country code such as RU [option.value]"
    )
    assert region_problem("RU") is None


def test_russian_numbers_become_what_phonenumbers_makes_of_them() -> None:
    assert differences(20_000, seed=1) == []


@pytest.mark.parametrize("text", [text for text, e164 in EXAMPLES.items() if e164 == "+71112223344"])
def test_the_library_is_not_asked_about_them(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rr_snippet.customer.phone._to_e164", lambda *_: pytest.fail("asked"))
    assert read_phone(text, region="RU") == "+71112223344"
