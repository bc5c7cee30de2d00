"""Whose block a page gets, and how the files with the customers are read."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from rr_snippet import Renderer, RenderOptions, render_snippet
from rr_snippet.errors import CustomerError, MissingDependencyError, RenderError, SourceError
from rr_snippet.site.blocks import NO_BLOCK, PageBlocks
from rr_snippet.site.entries import Entry, read_entries
from tests.support.liars import MARK


def block(customer_id: str, **fields: Any) -> str:
    return render_snippet({"customerId": customer_id, **fields})


def read(text: str | bytes, source_format: str, **options: Any) -> tuple[PageBlocks, list[str]]:
    """Return the blocks of a file, and the notices about its entries."""
    blocks = PageBlocks(Renderer())
    stream = io.BytesIO(text.encode() if isinstance(text, str) else text)
    told = [
        f"{entry.line or entry.number}: {problem}"
        for entry in read_entries(stream, source_format=source_format, **options)
        for problem in blocks.add(entry)
    ]
    return blocks, told


@pytest.mark.parametrize(
    ("source_format", "text"),
    [
        ("json", '{"index.html": {"customerId": "1", "email": "a@shop.ru"}, "shop/**": {"customerId": 2}}'),
        ("json", '[{"page": "index.html", "customerId": "1", "email": "a@shop.ru"}, {"customerId": 2, "page": "shop/**"}]'),
        ("json", '\ufeff{"page": "index.html", "customerId": "1", "email": "a@shop.ru"}'),
        ("jsonl", '{"page": "index.html", "customerId": "1", "email": "a@shop.ru"}\n\n{"page": "shop/**", "customerId": 2}\n'),
        ("csv", "page,customerId,email\nindex.html,1,a@shop.ru\nshop/**,2,\n"),
        ("csv", "customerId;page;email\r\n1;index.html;a@shop.ru\r\n2;shop/**;\r\n"),
        ("yaml", 'index.html: {customerId: "1", email: a@shop.ru}\n"shop/**":\n  customerId: 2\n'),
        ("yaml", '\ufeff- {page: index.html, customerId: &id "1", email: a@shop.ru}\n- page: shop/**\n  customerId: 2\n'),
        ("toml", '\ufeff["index.html"]\ncustomerId = "1"\nemail = "a@shop.ru"\n["shop/**"]\ncustomerId = 2\n'),
    ],
)  # fmt: skip
def test_every_format_says_the_same(source_format: str, text: str) -> None:
    blocks, told = read(text, source_format)
    assert told == []
    assert blocks.find("index.html") == block("1", email="a@shop.ru")
    assert blocks.find("shop/a/b.html") == (block("2") if "shop/**" in text else None)
    assert blocks.find("other.html") is None
    assert type(blocks.find("index.html")) is str


def test_the_stronger_source_wins() -> None:
    blocks, told = read(
        '{"**": {"customerId": 1}, "a*": {"customerId": 2}, "a.html": {"customerId": 3}, "b": null}', "json"
    )
    assert told == []
    blocks.default = block("4")
    assert blocks.find("a.html", block("5")) == block("3")  # its path, wherever the entry is
    assert blocks.find("ab.html", block("5")) == block("1")  # the first pattern
    assert blocks.find("b") == NO_BLOCK
    blocks, _ = read('{"x": null}', "json")
    blocks.default = block("4")
    assert blocks.find("a.html", block("5")) == block("5")
    assert blocks.find("a.html", NO_BLOCK) == NO_BLOCK
    assert blocks.find("a.html") == block("4")


def test_unused_entries_are_known() -> None:
    blocks, _ = read('{"a": null, "b": null, "*": null, "c*": null}', "json")
    assert [entry.pattern for entry in blocks.unused(["a", "cd"])] == ["b", "c*"]
    assert [entry.number for entry in blocks.unused([])] == [1, 2, 3, 4], "reported as pattern.unused"


@pytest.mark.parametrize(
    ("source_format", "text", "told"),
    [
        ("json", '{"a": {"customerId": ""}, "../b": {}}', [
            "1: customerId: must not be blank [customer_id.blank]",
            "2: page: neither a path within the site nor a pattern; expected something like shop/index.html or shop/** [pattern.shape]",
            "2: customerId: required: the customer's unique id [customer_id.missing]"]),
        ("json", '{"a": null, "a": null}', ["2: page: duplicate path or pattern [pattern.twice]"]),
        ("json", '{"a": {"customerId": 1, "customerId": 2}}', ["1: customerId: given twice; expected one value [field.twice]"]),
        ("json", '[{"customerId": 1}, 5, {"page": 7, "customerId": 1}]', [
            "1: page: required: the path of a page or a pattern such as shop/** [pattern.missing]",
            "2: not customer data; expected a mapping of field names to values [customer.type]",
            "3: page: required: the path of a page or a pattern such as shop/** [pattern.missing]"]),
        ("json", '[{"page": "a", "page": "b", "customerId": 1}]', ["1: page: given twice; expected one value [field.twice]"]),
        ("json", "{", ["1: not valid JSON: ends too early, at line 1, column 2; a closing bracket is missing [customer.json]"]),
        ("json", "{}", []),
        ("jsonl", '{"page": "a", "customerId": 1}\n{"a": null}\n', [
            "2: page: required: the path of a page or a pattern such as shop/** [pattern.missing]",
            "2: customerId: required: the customer's unique id [customer_id.missing]",
            "2: [0]: unknown field [field.unknown]"]),
        ("csv", "page,customerId\n,1\n", [
            "2: page: required: the path of a page or a pattern such as shop/** [pattern.missing]"]),
        ("csv", "page,customerId,customData\na,,{\n", [
            "2: customData: not valid JSON: ends too early, at line 1, column 2; a closing bracket is missing [customer.json]",
            "2: customerId: required: the customer's unique id [customer_id.missing]"]),
        ("csv", "page,customerId,page\na,1,b\n", ["2: page: given twice; expected one value [field.twice]"]),
        ("json", '{"1.html": "42", "b/*": {"customerId": 1}}', [
            "1: not customer data; expected a mapping of field names to values [customer.type]"]),
        ("yaml", "a: {customerId: 1, customerId: 2}\na: null\n", [
            "1: customerId: given twice; expected one value [field.twice]"]),
        ("yaml", "a: null\na: null\n", ["2: page: duplicate path or pattern [pattern.twice]"]),
        ("yaml", "- 5\n- {page: a, customerId: 1}\n", [
            "1: not customer data; expected a mapping of field names to values [customer.type]"]),
        ("yaml", "5\n", ["1: not customer data; expected a mapping of field names to values [customer.type]"]),
        ("yaml", "# nothing\n", []),
        ("toml", 'a = 5\n', ["1: not customer data; expected a mapping of field names to values [customer.type]"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(source_format: str, text: str, told: list[str]) -> None:
    assert read(text, source_format)[1] == told


@pytest.mark.parametrize(
    ("source_format", "text", "told"),
    [
        ("json", "", "empty; expected a customer [source.empty]"),
        ("csv", "page,who\n", "column B (who) matches no field; --map assigns it to one, or leaves it out [column.unknown]"),
        ("toml", f'a = 1\n"{MARK}" = {MARK}\n', "not valid TOML at line 2, column"),
        ("toml", f'[{MARK}]\n[{MARK}]\n', "not valid TOML at line 2, column"),
        ("toml", "a = " + "[" * 5000, "not valid TOML; expected tables of pages [source.toml]"),
        ("yaml", f"a: [{MARK}\nb: 1\n", "not valid YAML at line 2, column 2; expected a mapping of pages [source.yaml]"),
        ("yaml", f"{MARK}: *{MARK}\n", "not valid YAML at line 1, column"),
        ("yaml", "&a [*a]\n", "not valid YAML"),
        ("yaml", "a: \x07\n", "not valid YAML; expected a mapping of pages [source.yaml]"),
        ("yaml", "a: null\n---\nb: null\n", "not valid YAML at line 2, column 1"),
        ("yaml", b"\xff", "not utf-8 text; specify the right encoding [customer.encoding]"),
        ("toml", b"\xff", "not utf-8 text; specify the right encoding [customer.encoding]"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read(source_format: str, text: str | bytes, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(text, source_format)
    assert str(caught.value).startswith(told)
    assert MARK not in str(caught.value)
    assert caught.value.__context__ is None


def test_yaml_guesses_nothing() -> None:
    text = """
    a: {customerId: 0123, defaultStockId: 1_000, email: no@shop.ru, customData: {x: no, y: 12:30:45, z: 1.10, d: 2024-01-01}}
    b: {customerId: 123, isAgreedToReceiveMarketingMail: false, phone: ~, email: null, softLinks: {n: "true", m: 'null'}}
    """
    text += """c: {customerId: &id "1", customData: {same: *id}}
    """
    blocks, told = read(text, "yaml")
    assert told == []
    assert blocks.find("c") == block("1", customData={"same": "1"})
    assert blocks.find("a") == block(
        "0123",
        defaultStockId="1_000",
        email="no@shop.ru",
        customData={"x": "no", "y": "12:30:45", "z": "1.10", "d": "2024-01-01"},
    )
    assert blocks.find("b") == block("123", isAgreedToReceiveMarketingMail=False, softLinks={"n": "true", "m": "null"})


def test_yaml_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingDependencyError) as caught:
        read("a: null", "yaml")
    assert str(caught.value) == "PyYAML is needed: pip install 'rr-snippet[yaml]' [dependency.missing]"


def test_toml_that_the_disk_does_not_give() -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(SourceError) as caught:
        next(read_entries(Broken(), source_format="toml"))
    assert str(caught.value) == "cannot be read: Input/output error [source.unreadable]"


def test_encoding_and_delimiter_of_csv() -> None:
    text = "page|customerId|defaultStockId\nа.html|1|Москва\n".encode("cp1251")
    blocks, told = read(text, "csv", encoding="cp1251", delimiter="|")
    assert told == []
    assert blocks.find("а.html") == block("1", defaultStockId="Москва")


@pytest.mark.parametrize(
    ("metadata", "customer"),
    [
        ({}, None),
        ({"title": "x", "rr": "y"}, None),
        ({"rr_customer": {"customerId": 1}}, {"customerId": 1}),
        ({"rr_customer": '{"customerId": 1}'}, {"customerId": 1}),
        ({"rr_customer": None}, NO_BLOCK),
        ({"rr_customer": "null"}, NO_BLOCK),
        ({"rr_customer_id": "1", "rr_email": "a@shop.ru", "rr_phone": ""}, {"customerId": 1, "email": "a@shop.ru"}),
        ({"rr_customer_id": 1, "rr_soft_links": '{"a": "b"}'}, {"customerId": 1, "softLinks": {"a": "b"}}),
        ({"rr_customer_id": "1", "rr_is_agreed_to_receive_marketing_mail": "false"},
         {"customerId": 1, "isAgreedToReceiveMarketingMail": False}),
    ],
)  # fmt: skip
def test_metadata_of_a_page(metadata: dict[str, object], customer: Any) -> None:
    found = PageBlocks(Renderer()).read_metadata(metadata)
    assert found == (render_snippet(customer) if isinstance(customer, dict) else customer)


@pytest.mark.parametrize(
    ("metadata", "codes"),
    [
        ({"rr_customer": "1", "rr_email": "a@shop.ru"}, ["field.twice"]),
        ({"rr_customer": "{"}, ["customer.json"]),
        ({"rr_customer": False}, ["customer.type"]),
        ({"rr_email": "a"}, ["customer_id.missing", "email.shape"]),
        ({"rr_customer_id": "", "rr_mail": "a"}, ["customer_id.missing", "field.unknown"]),
        ({"rr_customer_id": "1", "rr_email": ["a", "b"]}, ["email.type"]),
        ({"rr_customer_id": "1", "rr_custom_data": "{"}, ["customer.json"]),
    ],
)
def test_metadata_that_is_no_customer(metadata: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(CustomerError) as caught:
        PageBlocks(Renderer()).read_metadata(metadata)
    assert sorted(problem.code for problem in caught.value.problems) == codes


def test_options_and_nonce_hold_for_all() -> None:
    blocks = PageBlocks(Renderer(RenderOptions(variant="region")), nonce="abc")
    customer = {"customerId": 1, "defaultStockId": "7"}
    assert blocks.render(customer) == render_snippet(customer, nonce="abc")
    assert blocks.read(json.dumps(customer).encode()) == render_snippet(customer, nonce="abc")
    assert [problem.code for problem in blocks.add(Entry(1, None, "a", {"customerId": 1}))] == ["variant.stock_missing"]
    with pytest.raises(RenderError) as caught:
        PageBlocks(Renderer(), nonce="a b")
    assert caught.value.code == "nonce.shape"


def test_nothing_speaks_of_a_value() -> None:
    text = json.dumps(
        {MARK: {"customerId": MARK, "email": MARK, MARK: MARK}, "/" + MARK: {"phone": MARK}, "a": {MARK: 1}}
    )
    blocks, told = read(text, "json")
    assert len(told) == 7
    assert MARK not in "".join(told) + repr(blocks)
