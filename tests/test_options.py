"""The problems of wrong options. Each room tests its own options."""

from __future__ import annotations

import pytest

from rr_snippet.options import did_you_mean, wrong_choice


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customer-id", "customerId"),
        ("CUSTOMERID", "customerId"),
        ("custmerId", "customerId"),
        ("mail", "email"),
        ("x", None),
        ("customerId" * 9, None),
        (5, None),
    ],
)
def test_suggestions_are_names_of_ours(name: object, expected: str | None) -> None:
    assert did_you_mean(name, ["customerId", "email"]) == expected


@pytest.mark.parametrize("value", ["Shape", "", None, 1, []])
def test_what_is_no_choice_is_told_with_the_choices(value: object) -> None:
    assert str(wrong_choice("phone_check", value, ("shape", "valid"))) == (
        "phone_check: wrong value; expected shape, valid [option.value]"
    )
    assert wrong_choice("phone_check", "valid", ("shape", "valid")) is None
