"""Warnings: given for probable mistakes, and not for ordinary people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import Customer, CustomerError


def codes_of(**fields: str) -> list[str]:
    return [problem.code for problem in Customer(**{"customer_id": "42", **fields}).warnings]


@pytest.mark.parametrize(
    "customer_id",
    [
        "NULL", "None", "nan", "undefined", "0", "-1", "guest", "Anonymous", "[object Object]", "{{ user.id }}", "{% id %}",
        "${id}", "%USER_ID%", "#ID#", "<%= id %>", "<?= id ?>", "{user.id}", "1.00042E+05", "1,00042e+05", "1E+15", "-2E-7",
        "'6940095349001",
    ],
)  # fmt: skip
def test_what_stands_for_no_id(customer_id: str) -> None:
    assert codes_of(customer_id=customer_id) == ["customer_id.placeholder"]


@pytest.mark.parametrize(
    "customer_id",
    [
        "007", "1e5", "1E5", "a1e5f", "10", "00", "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
        "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "guest-house-12", "guest7", "Анна Петрова", "user@shop.ru", "#12", "100%",
        "o'neil", "null-7", "😀", "a-b_c.d:e",
    ],
)  # fmt: skip
def test_ordinary_ids(customer_id: str) -> None:
    assert codes_of(customer_id=customer_id) == []


@pytest.mark.parametrize(
    "text", [" 7", "7 ", "7\u200b", "\ufeff7", "7\u00a0", "1\u00a0000", "Мо\u00adсква", "\u202a7\u202c"]
)
def test_spaces_that_do_not_show(text: str) -> None:
    assert codes_of(customer_id=text) == ["customer_id.space"]
    assert codes_of(default_stock_id=text) == ["stock_id.space"]
    assert codes_of(default_stock_id=f"Нижний Новгород{text.strip('7 ')}"[:15]) == []


@pytest.mark.parametrize(
    ("phone", "is_told"),
    [
        ("0000000", True), ("+7 (111) 111-11-11", True), ("89999999999", True), ("999 99 99", True), ("+70000000000", True),
        ("7777778", False), ("777 88 99", False), ("1111112", False), ("91111111111", False),
        *((phone, False) for phone in (
            "71112223344", "81112223344", "+71112223344", "+7(111)2223344", "+7(111)222-33-44", "+7 (111) 222-33-44",
            "+7 (111) 222 33 44", "+7 111 222 33 44", "+7-111-222-33-44", "8-111-222-33-44", "5577999617074",
            "31687224865", "56948840030", "123456789012345",
        )),
    ],
)  # fmt: skip
def test_made_up_phones(phone: str, is_told: bool) -> None:
    assert codes_of(phone=phone) == ["phone.placeholder"] * is_told


@pytest.mark.parametrize(
    ("email", "is_told"),
    [
        ("аnna@shop.ru", True), ("anna@shоp.ru", True), ("anna@gmail.сom", True), ("a1б@shop.ru", False),
        ("анна@почта.рф", False), ("anna@почта.рф", False), ("anna.анна@shop.ru", False), ("ünal@shop.de", False),
    ],
)  # fmt: skip
def test_mixed_scripts(email: str, is_told: bool) -> None:
    assert codes_of(email=email) == ["email.mixed_scripts"] * is_told


@given(st.text(min_size=4, max_size=30), st.sampled_from(["phone", "email"]))
def test_no_kind_and_no_place_shows_a_value(text: str, field: str) -> None:
    marked = f"{text}secret"
    for value in (marked, f"7911{marked}", f"{marked}@", f"a@{marked}"):
        try:
            Customer.parse({"customerId": "1", field: value})
        except CustomerError as error:
            [problem] = error.problems
            told = problem.text_in("en") + problem.text_in("ru") + repr(problem)
            assert "secret" not in told
            assert set(dict(problem.details)) <= {
                "char", "place", "scheme", "two", "letters", "extension", "scientific", "decimal", "digits", "no_at",
                "display_name", "comma", "count", "limit",
            }  # fmt: skip
            char = str(dict(problem.details).get("char", "U+0020"))
            assert not chr(int(char.split()[0][2:], 16)).isalnum()
