"""Records from JSON, JSON Lines and CSV: valid ones are read in spite of broken ones, and these have their place."""

from __future__ import annotations

import io
from typing import Any

import pytest

from rr_snippet import Customer, CustomerError
from rr_snippet.customer.rules import CustomerRules
from rr_snippet.errors import OptionError, SourceError
from rr_snippet.sources.lines import RECORD_MAX_CHARS
from rr_snippet.sources.records import read_records
from rr_snippet.sources.text_fields import read_text_fields


def read(data: str | bytes, **options: Any) -> list[tuple[int, int | None, str | None, list[str]]]:
    """Return the number, line, id and problems of each record."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    records = [
        (
            record.number,
            record.line,
            record.customer.customer_id if record.customer else None,
            [f"{problem.path}:{problem.code}" for problem in record.problems],
        )
        for record in read_records(stream, **options)
    ]
    assert not stream.closed
    return records


def source_faults(data: str | bytes, **options: Any) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read(data, **options)
    assert caught.value.__context__ is None
    return [f"{problem.path}:{problem.code}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "expected", "why"),
    [
        ('{"customerId": 1}', [(1, 1, "1", [])], "one object on one line"),
        ('\ufeff{"customerId": 1}', [(1, 1, "1", [])], "a byte order mark"),
        ('\n\n{"customerId": 1}', [(1, 3, "1", [])], "blank lines before"),
        ('{\n"customerId": 1\n}\n', [(1, None, "1", [])], "one object over several lines"),
        ('[{"customerId": 1},\n {"customerId": 2}]', [(1, None, "1", []), (2, None, "2", [])], "an array"),
        ("[]", [], "an empty array"),
        (" [ ] \n", [], "an empty array with room"),
        ('{"customerId": 1}\n\r\n{"customerId": 2}\r\n', [(1, 1, "1", []), (2, 3, "2", [])], "JSON Lines"),
        ('{"customerId": 1}\n5\n[]\n{"customerId": 2}',
         [(1, 1, "1", []), (2, 2, None, [":customer.type"]), (3, 3, None, [":customer.type"]), (4, 4, "2", [])],
         "lines that are no objects"),
        ('{"customerId": 1}\n{"customerId"\n{"customerId": 2}',
         [(1, 1, "1", []), (2, 2, None, [":customer.json"]), (3, 3, "2", [])], "a broken line"),
        ('{"customerId": 1}\n{"customerId": NaN}\n{"email":"a@b.ru","email":"a@b.ru"}',
         [(1, 1, "1", []), (2, 2, None, [":customer.json"]),
          (3, 3, None, ["customerId:customer_id.missing", "email:field.twice"])], "NaN, and a key twice"),
        ('[{"customerId": 1}, {"customerId": 2}, {"customerId": ]',
         [(1, None, "1", []), (2, None, "2", []), (3, None, None, [":customer.json"])], "an array that breaks off"),
        ('[{"customerId": 1} {"customerId": 2}]', [(1, None, "1", []), (2, None, None, [":customer.json"])],
         "a comma forgotten"),
        ('[{"customerId": 1}] x', [(1, None, "1", []), (2, None, None, [":customer.json"])], "more after the end"),
        ('[] x', [(1, None, None, [":customer.json"])], "more after an empty array"),
        ('[{"customerId": 1}, 5, {"customerId": 3}]',
         [(1, None, "1", []), (2, None, None, [":customer.type"]), (3, None, "3", [])], "an element that is no object"),
        ('{"customerId": 1,\n', [(1, None, None, [":customer.json"])], "a broken object"),
        ('\n\n[\n{"customerId": 1},\n{"customerId" 5}]', [(1, None, "1", []), (2, None, None, [":customer.json"])],
         "blank lines before an array"),
        ("5", [(1, 1, None, [":customer.type"])], "a number"),
        ('"x"', [(1, 1, None, [":customer.type"])], "a text"),
        ('null\n{"customerId": 2}', [(1, 1, None, [":customer.type"]), (2, 2, "2", [])], "JSON Lines that begin with null"),
        ('{"customerId"\n{"customerId": 2}\n', [(1, 1, None, [":customer.json"]), (2, 2, "2", [])],
         "JSON Lines of which the first is broken"),
        ('{"customData": {"a": "b"}\n, "customerId": 7}', [(1, None, "7", [])], "an object whose first line ends in }"),
        ('"customerId"\n"1"\n', [(1, 2, "1", [])], "CSV of one quoted column"),
        ("customerId,email,phone\n1,,,x\n", [(1, 2, None, [":column.extra"])], "a cell beyond the header"),
        ("[" * 100_000, [(1, None, None, [":customer.json"])], "nesting without end"),
        ("customerId,email\n1,a@shop.ru\n2,\n", [(1, 2, "1", []), (2, 3, "2", [])], "CSV"),
        ("customerId;email\r\n1;a@shop.ru\r\n", [(1, 2, "1", [])], "CSV with semicolons"),
        ("customerId\temail\n1\ta@shop.ru\n", [(1, 2, "1", [])], "CSV with tabs"),
        ("customerId\n1\n\n2\n", [(1, 2, "1", []), (2, 4, "2", [])], "CSV of one column, and a blank line"),
        ('"customer_id","email"\n"1","a@shop.ru"\n', [(1, 2, "1", [])], "CSV with quotes and Python's names"),
        ('customerId,customData\n1,"{""a"":\n""b""}"\n2,\n', [(1, 2, "1", []), (2, 4, "2", [])],
         "a cell over two lines"),
        ("customerId,email\n,a@shop.ru\n1,x\n2\n",
         [(1, 2, None, ["customerId:customer_id.missing"]), (2, 3, None, ["email:email.shape"]), (3, 4, "2", [])],
         "an empty cell is absent, and so is one that is not there"),
        ("customerId,email\n1,a@shop.ru,more\n2,a@shop.ru,\n",
         [(1, 2, None, [":column.extra"]), (2, 3, "2", [])], "cells beyond the header, an empty one among them"),
        ("customerId,isAgreedToReceiveMarketingMail\n1,true\n2,false\n3,True\n4,1\n",
         [(1, 2, "1", []), (2, 3, "2", []), (3, 4, None, ["isAgreedToReceiveMarketingMail:consent.type"]),
          (4, 5, None, ["isAgreedToReceiveMarketingMail:consent.type"])], "exactly true and false are booleans"),
        ('customerId,softLinks,customData\n1,"[[""a"",1]]",{\n2,{},"{""a"":""b"",""a"":""c""}"\n',
         [(1, 2, None, ["customData:customer.json"]), (2, 3, None, ["customData[1]:field.twice"])], "JSON in cells"),
        ('customerId,email\n1,"a"b\n2,a@shop.ru\n', [(1, 2, None, [":customer.csv"]), (2, 3, "2", [])], "a stray quote"),
    ],
)  # fmt: skip
def test_records(data: str, expected: object, why: str) -> None:
    assert read(data) == expected, why


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    for text, line in (
        ('\n\n[\n{"customerId": 1},\n{"customerId" 5}]', 5),
        ("\n{\n]", 3),
        ("\n[\n1 2]", 3),
        ("\n[]\nx", 3),
    ):
        (*_, record) = read_records(io.BytesIO(text.encode()))
        assert dict(record.problems[0].details)["line"] == line, text


def test_names_of_columns_may_have_room_around_them() -> None:
    assert read("customerId, email\n1,a@shop.ru\n") == [(1, 2, "1", [])]


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        ("customerId;defaultStockId\n1;Москва\n".encode("cp1251"), {"encoding": "cp1251"}, [(1, 2, "1", [])]),
        ("customerId\tdefaultStockId\n1\tМосква\n".encode("utf-16"), {"encoding": "utf-16"}, [(1, 2, "1", [])]),
        ("customerId|email\n1|a@shop.ru\n", {"delimiter": "|"}, [(1, 2, "1", [])]),
        ('{"customerId": 1}', {"source_format": "json"}, [(1, None, "1", [])]),
        ('[{"customerId": 1}]', {"source_format": "jsonl"}, [(1, 1, None, [":customer.type"])]),
        ("5", {"source_format": "json"}, [(1, None, None, [":customer.type"])]),
        ('{"customerId": 1}', {"rules": CustomerRules(require_consent=True)},
         [(1, 1, None, ["isAgreedToReceiveMarketingMail:consent.missing"])]),
    ],
)  # fmt: skip
def test_what_the_caller_says(data: Any, options: dict[str, Any], expected: object) -> None:
    assert read(data, **options) == expected


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        ("", {}, [":source.empty"]),
        ("\ufeff \n", {}, [":source.empty"]),
        ('["Москва"]'.encode("cp1251"), {}, [":customer.encoding"]),
        ('{\n"customerId": "\xff"}'.encode("latin-1"), {}, [":customer.encoding"]),
        (b"\x00", {"encoding": "utf-16"}, [":customer.encoding"]),
        ("customerId,e-mail,foo\n1,,\n", {}, [":column.unknown", ":column.unknown"]),
        ("customerId,customer_id\n1,1\n", {}, ["customerId:field.twice"]),
        ('"customerId', {}, [":customer.csv"]),
        ("a" * (RECORD_MAX_CHARS + 1), {}, [":customer.too_long"]),
        ("a" * (RECORD_MAX_CHARS + 1) + "\ncustomerId\n1\n", {}, [":customer.too_long"]),
    ],
)
def test_an_input_that_cannot_be_read_at_all(data: Any, options: dict[str, Any], expected: list[str]) -> None:
    assert source_faults(data, **options) == expected


def test_a_stray_byte_spoils_its_own_record() -> None:
    broken = '"customer.encoding"'
    assert broken  # this test is the case of that code
    lines = b'{"customerId": 1}\n{"customerId": "\xd0\xff"}\n{"customerId": 3}\n'
    assert read(lines) == [(1, 1, "1", []), (2, 2, None, [":customer.encoding"]), (3, 3, "3", [])]
    rows = b"customerId,defaultStockId\n1,a\n2,\xcc\n3,c\n"
    assert read(rows) == [(1, 2, "1", []), (2, 3, None, [":customer.encoding"]), (3, 4, "3", [])]


@pytest.mark.parametrize(
    ("before", "line", "after", "line_number"),
    [
        ('{"customerId": 1}\n', '{"customerId": "%s"}\n', '{"customerId": 3}\n', 1),
        ("customerId,email\n1,\n", "%s,\n", "3,\n", 2),
    ],
)
def test_a_line_without_end_is_passed_over(before: str, line: str, after: str, line_number: int) -> None:
    data = before + line % ("a" * RECORD_MAX_CHARS * 2) + after
    assert read(data) == [
        (1, line_number, "1", []),
        (2, line_number + 1, None, [":customer.too_long"]),
        (3, line_number + 2, "3", []),
    ]
    assert read(before + line % ("a" * RECORD_MAX_CHARS * 2))[1:] == [
        (2, line_number + 1, None, [":customer.too_long"])
    ]


def test_a_stream_that_fails() -> None:
    class Failing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: object) -> int:
            raise OSError(5, "Input/output error")

    with pytest.raises(SourceError) as caught:
        list(read_records(io.BufferedReader(Failing())))
    assert str(caught.value) == "cannot be read: Input/output error [source.unreadable]"


@pytest.mark.parametrize(
    "options", [{"encoding": "nope"}, {"encoding": "hex"}, {"encoding": "a\0b"}, {"encoding": 5}, {"delimiter": ";;"}, {"delimiter": '"'}, {"delimiter": ""},
                {"source_format": "xml"}],
)  # fmt: skip
def test_wrong_options(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError) as caught:
        read("customerId\n1", **options)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        (next(iter(options)), "option.value")
    ]


def test_fields_that_are_all_text() -> None:
    fields = [
        ("customerId", "1"),
        ("email", ""),
        ("isAgreedToReceiveMarketingMail", "false"),
        ("softLinks", '{"a": 1}'),
    ]
    assert read_text_fields(fields) == Customer(
        customer_id="1", is_agreed_to_receive_marketing_mail=False, soft_links={"a": "1"}
    )
    with pytest.raises(CustomerError) as caught:
        read_text_fields([("customerId", "1"), ("customer_id", "2"), ("foo", "3"), ("bar", ""), ("customData", "[")])
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("customerId", "field.twice"),
        ("[2]", "field.unknown"),
        ("customData", "customer.json"),
    ]
