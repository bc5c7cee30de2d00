"""Orders in the command: `--order` of `render`, `validate` and `schema`."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from rr_snippet import CustomerError, Guest, Order, OrderItem, render_order
from rr_snippet.customer.schema import order_schema
from rr_snippet.sources.orders import read_order_document
from tests.cli.test_commands import call, run
from tests.support.liars import MARK

ITEM: dict[str, Any] = {"id": 7, "qnt": 2, "price": 990.5}
ORDER: dict[str, Any] = {"transaction": "A-17", "items": [ITEM, {"id": "8", "quantity": 1, "price": 0}]}
CUSTOMER: dict[str, Any] = {"customerId": "42", "phone": "8 911 222-33-44", "isAgreedToReceiveMarketingMail": True}
GUEST: dict[str, Any] = {"email": "anna@shop.ru", "isAgreedToReceiveMarketingMail": False}


@pytest.fixture
def order_file(tmp_path: Path) -> Any:
    def write(**fields: Any) -> str:
        path = tmp_path / "order.json"
        path.write_text(json.dumps({**ORDER, **fields}), "utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("fields", "person"),
    [
        ({"customer": CUSTOMER}, CUSTOMER),
        ({"guest": GUEST}, GUEST),
        ({"guest": GUEST, "customer": None}, GUEST),
        ({}, None),
    ],
)
def test_an_order_is_rendered_with_who_bought_it(
    fields: dict[str, Any], person: Any, order_file: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    for arguments, options in (
        ([], {}),
        (["--nonce", "abc", "--pretty"], {"nonce": "abc", "pretty": True}),
        (["--phone-region", "RU", "--debug", "--from", "json"], {"phone_region": "RU", "debug": True}),
    ):
        expected = render_order(ORDER, person, **options) + "\n"
        assert call(capfd, "render", "--order", order_file(**fields), *arguments) == (0, expected, "")


def test_an_order_comes_from_standard_input_to_the_last_digit() -> None:
    document = '\ufeff{"guest": {"email": "a@shop.ru", "isAgreedToReceiveMarketingMail": true},'
    document += '"transaction": 17, "items": [{"id": 7, "qnt": 1.50, "price": 1E+2}]}'
    order = Order(transaction="17", items=[OrderItem(id=7, qnt=Decimal("1.50"), price=Decimal(100))])
    guest = Guest(email="a@shop.ru", is_agreed_to_receive_marketing_mail=True)
    assert run("render", "--order", data=document) == (0, render_order(order, guest) + "\n", "")


REJECTED: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "both": (
        json.dumps({"customer": {"customerId": "", MARK: 1}, "transaction": MARK + "\n", MARK: 5, "items": [5]}),
        [
            ("customer.customerId", "customer_id.blank"),
            ("customer[1]", "field.unknown"),
            ("transaction", "order.transaction_control"),
            ("items[0]", "order_item.type"),
            ("[2]", "field.unknown"),
        ],
    ),
    "guest": (
        json.dumps({**ORDER, "guest": {"email": MARK}}),
        [("guest.email", "email.shape"), ("guest.isAgreedToReceiveMarketingMail", "guest.consent_missing")],
    ),
    "customer and guest": (json.dumps({**ORDER, "customer": CUSTOMER, "guest": GUEST}), [("guest", "field.twice")]),
    "customer twice": (
        '{"customer": {"customerId": "1"}, "customer": {"customerId": "2"}, "transaction": "1",'
        ' "items": [{"id": 7, "qnt": 1, "price": 1}]}',
        [("customer", "field.twice")],
    ),
    "transaction twice": (
        '{"transaction": "1", "transaction": "2", "items": [{"id": 7, "qnt": 1, "price": 1}]}',
        [("transaction", "field.twice")],
    ),
    "no customer": (json.dumps({**ORDER, "customer": MARK}), [("customer", "customer.type")]),
    "no guest": (json.dumps({**ORDER, "guest": [MARK]}), [("guest", "guest.type")]),
    "no order": ("{}", [("transaction", "order.transaction_missing"), ("items", "order.items_missing")]),
    "a list": ("[]", [("", "order.type")]),
    "no JSON": ("{", [("", "customer.json")]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_wrong_is_told_at_its_place(name: str, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document, expected = REJECTED[name]
    with pytest.raises(CustomerError) as caught:
        read_order_document(document)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == expected
    assert MARK not in f"{caught.value!r} {caught.value}"
    file = tmp_path / "order.json"
    file.write_text(document)
    lines = [f"{file}: error: {problem}" for problem in caught.value.problems]
    assert call(capfd, "render", "--order", str(file)) == (1, "", "\n".join(lines) + "\n")
    code, out, err = call(capfd, "validate", "--order", str(file))
    told = [f"{file}: error: {problem}" for problem in caught.value.problems]
    summary = f"orders: 1, rejected: 1; errors: {len(expected)}, warnings: 0"
    assert (code, out.splitlines(), err) == (1, [*told, summary], "")


def test_what_cannot_be_rendered_as_asked_is_told(order_file: Any, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, "render", "--order", order_file(guest=GUEST), "--variant", "region")
    assert (code, out) == (1, "")
    assert err.endswith(" [variant.stock_missing]\n")


def test_rules_hold_for_the_customer(order_file: Any, capfd: pytest.CaptureFixture[str]) -> None:
    file = order_file(customer={"customerId": "1"})
    code, out, _ = call(capfd, "validate", "--order", file, "--require-consent", "--lang", "ru")
    assert code == 1
    assert out.splitlines()[-1] == "заказов: 1, отклонено: 1; ошибок: 1, предупреждений: 0"
    assert "customer.isAgreedToReceiveMarketingMail: " in out.splitlines()[0]


def test_warnings_of_the_customer_reject_nothing(order_file: Any, capfd: pytest.CaptureFixture[str]) -> None:
    file = order_file(customer={"customerId": "guest"})
    code, out, err = call(capfd, "validate", "--order", file, file, "--format", "json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert [(each["path"], each["code"], each["severity"]) for each in report["findings"]] == [
        ("customer.customerId", "customer_id.placeholder", "warning")
    ] * 2
    assert (report["counts"]["orders"], report["counts"]["rejected"], report["counts"]["warnings"]) == (2, 0, 2)
    assert call(capfd, "validate", "--order", order_file(guest=GUEST))[0] == 0


@pytest.mark.parametrize("command", ["render", "validate"])
@pytest.mark.parametrize(
    "arguments",
    [["--from", "csv"], ["--map", "a=customerId"], ["--ignore-unmapped"], ["--delimiter", ";"], ["--encoding", "cp1251"],
     ["--consent-words", "yes=true;no=false"]],
)  # fmt: skip
def test_options_of_tables_are_refused(
    command: str, arguments: list[str], order_file: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capfd, command, "--order", order_file(), *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("rr-snippet: error: --order: ")
    assert err.endswith(" [option.value]\n")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "none.json")
    assert call(capfd, "render", "--order", missing)[0] == 2
    assert call(capfd, "validate", "--order", missing)[0] == 2


def test_the_schema_of_an_order_agrees_with_the_library(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, "schema", "--order")
    assert (code, json.loads(out), err) == (0, order_schema(), "")
    jsonschema.Draft202012Validator.check_schema(order_schema())
    validator = jsonschema.Draft202012Validator(order_schema())
    for data in (
        ORDER,
        {**ORDER, "transaction": 17, "customer": {"customer_id": "1", "softLinks": {"a": "b"}}},
        {**ORDER, "guest": {"email": "a@shop.ru", "is_agreed_to_receive_marketing_mail": True, "defaultStockId": 7}},
        {**ORDER, "guest": GUEST, "customer": None},
    ):
        assert list(validator.iter_errors(data)) == []
        read_order_document(json.dumps(data))
    for data in (
        {**ORDER, "transaction": ""},
        {**ORDER, "items": []},
        {"items": [ITEM]},
        *({**ORDER, "items": [{**ITEM, **wrong}]} for wrong in (
            {"id": None}, {"id": 1.5}, {"id": 2**53}, {"id": "__proto__"}, {"id": " "}, {"qnt": 0}, {"qnt": "1"},
            {"quantity": 1}, {"price": -1}, {"price": "1"}, {"price": 10**15}, {"colour": 1},
        )),
        {**ORDER, "items": [{"id": 7, "price": 1}]},
        {**ORDER, "customer": {"email": "a@shop.ru"}},
        {**ORDER, "guest": {"email": "a@shop.ru"}},
        {**ORDER, "guest": {**GUEST, "phone": "71112223344"}},
        {**ORDER, "guest": GUEST, "customer": CUSTOMER},
        {**ORDER, "total": 5},
    ):  # fmt: skip
        assert not validator.is_valid(data), data
        with pytest.raises(CustomerError):
            read_order_document(json.dumps(data))


def test_a_host_can_tell_tools_what_an_order_is() -> None:
    class Host(BaseModel):
        order: Order
        guest: Guest | None = None

    schema = Host.model_json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"order": {"transaction": "1", "items": [ITEM]}, "guest": GUEST})
    assert not validator.is_valid({"order": {"transaction": "1", "items": [{**ITEM, "price": "1"}]}})
