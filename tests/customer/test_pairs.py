"""Mappings with several values for a key: no value is silently dropped, wherever the mapping is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from multidict import CIMultiDict, MultiDict

from rr_snippet import CustomerError, render_snippet, to_payload
from rr_snippet.customer.pairs import read_pairs


def django(pairs: list[tuple[str, str]]) -> Any:
    from django.utils.datastructures import MultiValueDict  # what a QueryDict is

    query: Any = MultiValueDict()
    for key, value in pairs:
        query.appendlist(key, value)
    return query


def starlette_form(pairs: list[tuple[str, str]]) -> Any:
    from starlette.datastructures import FormData

    return FormData(pairs)


def starlette_query(pairs: list[tuple[str, str]]) -> Any:
    from starlette.datastructures import QueryParams

    return QueryParams(pairs)


def werkzeug(pairs: list[tuple[str, str]]) -> Any:
    from werkzeug.datastructures import ImmutableMultiDict

    return ImmutableMultiDict(pairs)


def werkzeug_combined(pairs: list[tuple[str, str]]) -> Any:
    from werkzeug.datastructures import CombinedMultiDict
    from werkzeug.datastructures import MultiDict as Werkzeug

    return CombinedMultiDict([Werkzeug([pair]) for pair in pairs])


MAKERS: list[Callable[[list[tuple[str, str]]], Any]] = [
    django, starlette_form, starlette_query, werkzeug, werkzeug_combined, MultiDict, CIMultiDict,
]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS)
def test_a_key_with_two_values_is_told_wherever_it_stands(make: Any) -> None:
    twice = [("a", "1"), ("a", "2")]
    for data, path in (
        (make([("customerId", "1"), ("customerId", "2")]), "customerId"),
        ({"customerId": "1", "customData": make(twice)}, "customData[1]"),
        ({"customerId": "1", "softLinks": make(twice)}, "softLinks[1].name"),
        ({"customerId": "1", "softLinks": [make([("name", "1"), ("name", "2"), ("value", "3")])]}, "softLinks[0]"),
    ):
        with pytest.raises(CustomerError) as caught:
            render_snippet(data)
        assert [(problem.code, problem.path) for problem in caught.value.problems] == [("field.twice", path)]


@pytest.mark.parametrize("make", MAKERS)
def test_with_one_value_each_they_are_as_good_as_any(make: Any) -> None:
    data = make([("customerId", "1"), ("email", "anna@shop.ru")])
    assert to_payload(data) == to_payload({"customerId": "1", "email": "anna@shop.ru"})
    assert sorted(read_pairs(data) or ()) == [("customerId", "1"), ("email", "anna@shop.ru")]
