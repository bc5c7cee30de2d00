"""Names in a source: mapped to fields, left out, missing, and similar to a field's."""

from __future__ import annotations

import io
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rr_snippet import to_payload
from rr_snippet.errors import OptionError, Problem, SourceError
from rr_snippet.sources.columns import Columns, Header
from rr_snippet.sources.names import looks_like
from rr_snippet.sources.records import read_records

NAMES = {"ID": "customerId", "Почта": "email", "Город": "customData.city", "a=b": "soft_links.card", "Пол": None}


def payloads(data: str | bytes, **settings: Any) -> list[Any]:
    """Return for each record its payload, or the codes of its problems."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return [
        to_payload(record.customer) if record.customer else [problem.code for problem in record.problems]
        for record in read_records(stream, **settings)
    ]


def texts_of(data: str | bytes, **settings: Any) -> list[str]:
    """Return the problems of a source that cannot be read."""
    with pytest.raises(SourceError) as caught:
        payloads(data, **settings)
    return str(caught.value).splitlines()


ANNA = {
    "customerId": "1",
    "email": "anna@shop.ru",
    "customData": {"city": "Уфа"},
    "softLinks": {"card": "77"},
    "isAgreedToReceiveMarketingMail": True,
}


@pytest.mark.parametrize(
    "data",
    [
        "ID;Почта;Город;a=b;Пол\n1;anna@shop.ru;Уфа;77;ж\n",
        '{"ID": 1, "Почта": "anna@shop.ru", "Город": "Уфа", "a=b": "77", "Пол": "ж"}\n',
        '[{"ID": 1, "Почта": "anna@shop.ru", "Город": "Уфа", "a=b": "77", "Пол": "ж"}]',
        '{"ID": 1, "Почта": "anna@shop.ru",\n"Город": "Уфа", "a=b": "77", "Пол": "ж"}',
    ],
)
def test_one_mapping_for_every_format(data: str) -> None:
    [payload] = payloads(data, columns=Columns.of(NAMES))
    assert payload | {"softLinks": {"card": "77"}} == ANNA
    unmapped = Columns.of({name: to for name, to in NAMES.items() if to}, ignore_unmapped=True)
    assert payloads(data, columns=unmapped) == [payload]


def test_entries_join_what_is_given_as_a_whole() -> None:
    columns = Columns.of({"city": "customData.city", "tel": "customData.tel", "card": "softLinks.card"})
    [whole, null, links, wrong, twice] = payloads(
        '{"customerId": 1, "customData": {"a": "b"}, "city": "x", "tel": null, "softLinks": {"n": "1"}, "card": "2"}\n'
        '{"customerId": 1, "customData": null, "city": "x"}\n'
        '{"customerId": 1, "softLinks": [{"name": "n", "value": "1"}], "card": "2"}\n'
        '{"customerId": 1, "customData": 5, "city": "x"}\n'
        '{"customerId": 1, "customData": {"city": "y"}, "city": "x"}\n',
        columns=columns,
    )
    assert whole["customData"] == {"a": "b", "city": "x"}
    assert null["customData"] == {"city": "x"}
    assert whole["softLinks"] == links["softLinks"]
    assert wrong == ["custom_data.type"]
    assert twice == ["field.twice"]


@pytest.mark.parametrize(
    ("data", "columns", "told"),
    [
        ("customerId,consent_\n1,false\n", {"consent": "isAgreedToReceiveMarketingMail"},
         ["column B (consent_) matches no field; did you mean isAgreedToReceiveMarketingMail? "
          "--map assigns it to a field, or leaves it out [column.unknown]",
          "consent is mapped, but there is no such column; did you mean consent_? [column.missing]"]),
        ('{"customerId": 1}\n{"customerId": 2}\n', {"consent": "isAgreedToReceiveMarketingMail"},
         ["consent is mapped, but there is no such column [column.missing]"]),
        ('[{"customerId": 1}]', {"a": None}, ["a is mapped, but there is no such column [column.missing]"]),
        ("ID,Mail,EMAIL\n1,,\n", {"ID": "customerId", "Mail": "email", "EMAIL": "email"},
         ["email: given twice, in the columns B (Mail), C (EMAIL); expected one of them [field.twice]"]),
        ("ID,a,b\n1,,\n", {"ID": "customerId", "a": "customData.x", "b": "customData.x"},
         ["customData.x: given twice, in the columns B (a), C (b); expected one of them [field.twice]"]),
        ("customerId" + ",x" * 26 + "\n", {"x": None, "y": None},
         ["y is mapped, but there is no such column [column.missing]"]),
        ("customerId" + "," * 26 + "x\n", {"": None},
         ["column AA (x) matches no field; --map assigns it to one, or leaves it out [column.unknown]"]),
        ("anna@shop.ru;79112223344\n", {"id": "customerId"},
         ["column A matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "column B matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "id is mapped, but there is no such column [column.missing]"]),
        ("id,anna@shop.ru,79112223344\n", {"id": "customerId"},
         ["column B matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "column C matches no field; --map assigns it to one, or leaves it out [column.unknown]"]),
        # Customers without a header, whose words of consent and of contact look like the names of fields.
        ("42;Anna;subscribed\n", {"id": "customerId"},
         ["column A matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "column B matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "column C matches no field; did you mean isAgreedToReceiveMarketingMail? "
          "--map assigns it to a field, or leaves it out [column.unknown]",
          "id is mapped, but there is no such column [column.missing]"]),
        ("email;phone;Anna;Анна\n", {"Ann": "customData.name"},
         ["column C matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "column D matches no field; --map assigns it to one, or leaves it out [column.unknown]",
          "Ann is mapped, but there is no such column [column.missing]"]),
    ],
)  # fmt: skip
def test_what_is_mapped_has_to_be_there(data: str, columns: dict[str, str | None], told: list[str]) -> None:
    assert texts_of(data, columns=Columns.of(columns)) == told


def test_nothing_is_missing_where_there_is_nothing() -> None:
    assert payloads("[]", columns=Columns.of({"consent": None})) == []


def test_records_wait_for_the_last_name() -> None:
    """A caller that prints records as they come prints nothing before every name has been met."""
    lines = '{"customerId": 1}\n{"customerId": 2, "tel": "71112223344"}\n{"customerId": 3}\n'
    assert [payload["customerId"] for payload in payloads(lines, columns=Columns.of({"tel": "phone"}))] == [
        "1",
        "2",
        "3",
    ]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("costumerId", ["id is not mapped to a field; did you mean customerId? [column.target]"]),
        ("phone.x", ["id is not mapped to a field; did you mean phone? [column.target]"]),
        ("", ["id is not mapped to a field; expected a field, customData.KEY or softLinks.KEY [column.target]"]),
        ("customData.", ["id is not mapped to a field; did you mean customData? [column.target]"]),
    ],
)
def test_a_mapping_leads_to_fields(target: str, told: list[str]) -> None:
    with pytest.raises(OptionError) as caught:
        Columns.of({"id": target})
    assert str(caught.value).splitlines() == told


def test_columns_that_look_like_fields_are_told_when_they_are_left_out() -> None:
    notes: list[Problem] = []
    columns = Columns.of({"ID": "customerId", "E-mail": None}, ignore_unmapped=True)
    text = "ID;Accepts Email Marketing;E-mail;Phone;Note\n1;no;anna@shop.ru;x;y\n"
    assert len(payloads(text, columns=columns, note=notes.append)) == 1
    assert [problem.text_in("ru") for problem in notes] == [
        "столбец B (Accepts Email Marketing) пропущен, хотя похож на isAgreedToReceiveMarketingMail; "
        "--map использует его или пропустит молча [column.left_out]",
        "столбец D (Phone) пропущен, хотя похож на phone; --map использует его или пропустит молча [column.left_out]",
    ]
    assert payloads(text, columns=columns), "`note` is optional"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Customer ID", "customerId"), ("XML_ID", "customerId"), ("Код клиента", "customerId"), ("user_id", "customerId"),
        ("E-mail", "email"), ("Электронная почта", "email"), ("billing_email", "email"), ("Адрес электронной почты", "email"),
        ("Телефон", "phone"), ("Personal Mobile", "phone"), ("billing_phone", "phone"),
        ("marketing_consent", "isAgreedToReceiveMarketingMail"), ("Consent", "isAgreedToReceiveMarketingMail"),
        ("Accepts Email Marketing", "isAgreedToReceiveMarketingMail"), ("Согласие на рассылку", "isAgreedToReceiveMarketingMail"),
        ("Регион", "defaultStockId"), ("Soft-Links", "softLinks"),
        ("phoned", None), ("name", None), ("order_id", None), ("paid", None), ("", None), ("id" * 51, None),
    ],
)  # fmt: skip
def test_what_shops_call_the_fields(name: str, field: str | None) -> None:
    assert looks_like(name) == field


def test_a_mapping_travels_to_other_processes() -> None:
    columns = Columns.of(NAMES, ignore_unmapped=True)
    again = pickle.loads(pickle.dumps(columns))
    assert again == columns
    assert again.targets == columns.targets


@given(
    st.lists(st.text(max_size=5), max_size=6), st.dictionaries(st.text(max_size=5), st.sampled_from(["email", None]))
)
def test_every_column_is_mapped_told_or_left_out(names: list[str], mapping: dict[str, str | None]) -> None:
    header = Header(names, Columns.of(mapping))
    told = {problem.code for problem in header.problems}
    for name, target in zip(names, header.targets, strict=True):
        assert (target is not None) == (mapping.get(name) is not None)
        assert target is not None or name in mapping or "column.unknown" in told
    assert ("column.missing" in told) == bool(mapping.keys() - set(names))
    assert ("field.twice" in told) == (sum(target is not None for target in header.targets) > 1)
