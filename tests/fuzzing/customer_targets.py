"""Targets about customers: what is read, refused and rendered."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final, TypeVar

import phonenumbers
from phonenumbers import PhoneNumber
from pydantic import TypeAdapter, ValidationError

from rr_snippet import Customer, CustomerError, Renderer, RenderOptions
from rr_snippet.block.frame import render_template
from rr_snippet.block.read_back import read_block
from rr_snippet.customer.faults import read_faults
from rr_snippet.customer.phone import PhoneFaultError, read_phone
from rr_snippet.customer.push_fields import read_timestamp
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import Problem, SourceError
from rr_snippet.messages import MESSAGES
from rr_snippet.sources.records import read_records
from tests.customer.test_strict_json import slowly
from tests.fuzzing.chooser import Chooser
from tests.fuzzing.oracles import block_forms, check_error, expected_payload, leaks, read_json, with_marks

_Made = TypeVar("_Made")

_NO_LIMIT: Final = 10**9

PUSH: Final[dict[str, Any]] = {
    "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
    "applicationId": "ru.shop.app",
    "fcmProjectId": "project",
    "token": "Ж-token",
}
FULL: Final[dict[str, Any]] = {
    "customerId": "42",
    "email": "anna@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "customData": {"Имя": "Анна", "a": ""},
    "defaultStockId": "Москва",
    "softLinks": [{"name": "card", "value": "1"}, {"Name": "telegram", "Value": "anna"}],
    "mobilePushSubscription": {"fcmSubscription": PUSH},
    "isAgreedToReceiveMarketingMail": False,
}
SNAKE: Final = {field.alias: name for name, field in Customer.model_fields.items()}
_RENDERER: Final = Renderer(RenderOptions(payload_max_chars=_NO_LIMIT))


def _check_rendering(customer: Customer) -> None:
    """Make sure that an accepted customer is rendered, and that the block holds the same data."""
    payload = expected_payload(customer, is_region=customer.default_stock_id is not None)
    block = str(_RENDERER.render(customer))
    assert block == block_forms({"setCustomer": payload})[False, False], "another block than the description asks for"
    assert read_block(block) == {"setCustomer": payload}, "the block reads back as something else"
    assert _RENDERER.to_payload(customer) == payload, "the payload is something else"


def customer_json(data: bytes) -> None:
    """A customer as JSON: any other text is refused without showing it, and a customer comes out whole."""
    for document in (data, data.decode("utf-8", "surrogateescape")):
        try:
            customer = Customer.model_validate_json(document)
        except CustomerError as error:
            check_error(error)
        else:
            _check_rendering(customer)
    found = read_json(data)
    if found is None:
        return
    try:
        customer = Customer.parse(with_marks(found))  # type: ignore[arg-type]
    except CustomerError as error:
        check_error(error)
    else:
        _check_rendering(customer)


def json_line(data: bytes) -> None:
    """A line of JSON: the quick reader and the strict one return the same, or refuse with the same words."""
    quick, strict = _outcome(lambda: decode_json(data)), _outcome(lambda: slowly(data))
    assert quick == strict, "one reader finds another thing"


def _outcome(read: Callable[[], object]) -> str:
    try:
        value = read()
    except CustomerError as error:
        check_error(error)
        return str(error)
    return _with_types(value)


def _with_types(value: object) -> str:
    if isinstance(value, dict):
        pairs = getattr(value, "pairs", list(value.items()))
        return f"{type(value)}{[(key, _with_types(item)) for key, item in pairs]}"
    # A number is cut to more digits than any field accepts.
    return f"{[_with_types(item) for item in value]}" if isinstance(value, list) else f"{type(value)}{value!r:.600}"


# Customers as Python objects


def _strange(choose: Chooser) -> object:
    kind = choose.byte() % 12
    if kind < 6:
        return choose.text()
    return (None, choose.flag(), choose.number(), {}, [], {choose.text(): choose.pick(["", 5, None, "x"])})[kind - 6]


def _texts(choose: Chooser) -> dict[str, str]:
    return {choose.text(): choose.text() for _ in range(choose.byte() % 4)}


def _links(choose: Chooser) -> object:
    names = choose.pick((("name", "value"), ("Name", "Value"), ("name", "Value")))
    return [dict(zip(names, entry, strict=True)) for entry in _texts(choose).items()]


def _push(choose: Chooser) -> object:
    fields: dict[str, object] = {**PUSH, "isDevEnvironment": choose.flag()}
    kind = choose.pick(("fcmSubscription", "apnsSubscription", "huaweiSubscription"))
    if kind != "fcmSubscription" or choose.byte() == 1:
        del fields["fcmProjectId"]
    if kind != "apnsSubscription" or choose.byte() == 1:
        del fields["isDevEnvironment"]
    for name in list(fields):
        if choose.byte() % 4 == 1:
            fields[name] = _strange(choose)
    return {kind: fields}


_MAKERS: Final[dict[str, Callable[[Chooser], object]]] = {
    "customData": _texts,
    "softLinks": lambda choose: _texts(choose) if choose.flag() else _links(choose),
    "mobilePushSubscription": _push,
    "isAgreedToReceiveMarketingMail": Chooser.flag,
}


def _make_customer(choose: Chooser) -> dict[str, object]:
    data: dict[str, object] = {}
    for alias in FULL:
        name = alias if choose.flag() else SNAKE[alias]
        kind = choose.byte() % 8
        if kind == 0 and alias == "customerId":
            data[name] = choose.text()
        elif kind in (1, 2):
            data[name] = FULL[alias]
        elif kind in (3, 4, 5):
            data[name] = _MAKERS.get(alias, Chooser.text)(choose)
        elif kind == 6:
            data[name] = _strange(choose)
    if choose.byte() % 16 == 1:
        data[choose.text()] = _strange(choose)
    return data


def _tried(make: Callable[[], _Made]) -> tuple[_Made | None, tuple[Problem, ...]]:
    """Return the result, or its problems."""
    try:
        return make(), ()
    except CustomerError as error:
        check_error(error)
        return None, error.problems


_ADAPTER: Final = TypeAdapter(Customer)


def read_as_a_host(fields: dict[str, Any]) -> Customer | None:
    """Return the customer that a host's pydantic builds from `fields`, without our own entry point."""
    try:
        return _ADAPTER.validate_python(fields)
    except ValidationError:
        return None


def two_ways(data: bytes) -> None:
    """A dict: our entry point with prepared frames gives the same bytes as pydantic with the templates."""
    choose = Chooser(data)
    pretty, debug = choose.flag(), choose.flag()
    nonce = choose.pick((None, "abc123", "+/_-AZaz09=="))
    fields = _make_customer(choose)
    renderer = Renderer(RenderOptions(pretty=pretty, debug=debug, payload_max_chars=_NO_LIMIT))
    customer, problems = _tried(lambda: Customer.parse(fields))
    if customer is None:
        rendered, again = _tried(lambda: renderer.render(fields, nonce=nonce))
        assert rendered is None, "rendered, though no customer"
        assert again == problems, "two ways, two lists of problems"
        assert read_as_a_host(fields) is None, "read in a host's model, though no customer"
        return
    assert read_as_a_host(fields) == customer, "a host's model holds something else"
    block = str(renderer.render(fields, nonce=nonce))
    assert block == str(renderer.render(customer, nonce=nonce)), "a dict and its customer give two blocks"
    variant = "no-region" if customer.default_stock_id is None else "region"
    if not pretty:
        plain = render_template(customer, variant=variant, nonce=nonce, debug=debug)
        assert block == plain, "the template gives another block"
    payload = expected_payload(customer, is_region=variant == "region")
    assert block == block_forms({"setCustomer": payload}, nonce=nonce)[pretty, debug], (
        "another block than the description asks for"
    )
    assert read_block(block) == {"setCustomer": payload}, "the block reads back as something else"


# Phones

_PHONE_CODES: Final = frozenset(
    f"phone.{fault}" for fault in ("type", "shape", "too_short", "too_long", "region_needed", "impossible", "not_valid")
) | {"text.surrogate"}
_DIGITS: Final = frozenset("0123456789")
_CHECKS: Final = ("shape", "possible", "valid")
_REGIONS: Final = (None, "RU", "US", "DE", "IT", "BR", "CI", "SM", "AR", "GB")


def phone(data: bytes) -> None:
    """A phone: all settings give a number of the documented form, or a documented code."""
    choose = Chooser(data)
    region: Any = choose.pick(_REGIONS)
    check: Any = choose.pick(_CHECKS)
    value: object
    if choose.byte() % 4 == 1:
        value = PhoneNumber(
            country_code=choose.pick((7, 1, 49, 39, 0, -1, choose.number())),
            national_number=choose.number(),
            italian_leading_zero=choose.pick((None, True, False)),
            number_of_leading_zeros=choose.pick((None, 1, 5)),
        )
    else:
        value = choose.rest_as_text()
    data_of_one = {"customerId": "1", "phone": value}
    customer, problems = _tried(lambda: Customer.parse(data_of_one, phone_region=region, phone_check=check))
    try:
        found = read_phone(value, region=region, check=check)
    except PhoneFaultError as error:
        fault: PhoneFaultError | None = error
    else:
        fault = None
    if fault is not None:
        assert fault.code in _PHONE_CODES, fault.code
        assert not leaks(fault), "a fault shows a number"
        assert [problem.code for problem in problems] == [fault.code], "two ways, two codes"
        return
    assert customer is not None, "one way refuses, the other does not"
    assert customer.phone == found, "two ways, two numbers"
    if found is None:
        assert isinstance(value, str), "a number went missing"
        assert not value.strip(), "a number went missing"
        return
    digits = [character for character in found if character in _DIGITS]
    assert 7 <= len(digits) <= 15, "too few digits or too many"
    assert set(found) <= _DIGITS | set("+ -()"), "another character"
    assert found.rfind("+") <= 0, "a plus within"
    assert found[-1] in _DIGITS
    if region is None and isinstance(value, str):
        assert found == value.strip(), "changed without need"
    else:
        assert set(found[1:]) <= _DIGITS, "no E.164"
        assert found[0] == "+", "no E.164"
        assert found[1] != "0", "no E.164"
    if check == "valid":
        assert phonenumbers.is_valid_number(phonenumbers.parse(found, None)), "not valid"


# Points in time

_TIME_CODES: Final = frozenset(
    ("push.field_blank", "push.timestamp_shape", "push.timestamp_offset", "push.timestamp_date", "text.surrogate")
)


def timestamp(data: bytes) -> None:
    """A point in time: accepted unchanged exactly if a reading part by part finds a date, a time and an offset."""
    choose = Chooser(data)
    text = choose.rest_as_text()
    is_time = _is_timestamp(text)
    try:
        found = read_timestamp(text)
    except ValidationError as error:
        codes = {fault.code for fault in read_faults(error)}
        assert codes <= _TIME_CODES, codes
        assert codes <= MESSAGES.keys()
        assert not is_time, "a point in time is refused"
        return
    assert is_time, "accepted, though no point in time"
    assert found == text, "changed"


def _is_timestamp(text: str) -> bool:
    parts = [text[:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19]]
    if not all(part and set(part) <= _DIGITS for part in parts) or len("".join(parts)) != 14:
        return False
    if [text[at : at + 1] for at in (4, 7, 10, 13, 16)] != ["-", "-", "T", ":", ":"]:
        return False
    fraction = text[19:]
    if fraction.startswith("."):
        rest = fraction[1:].lstrip("0123456789")
        if not 1 <= len(fraction) - 1 - len(rest) <= 7:
            return False
    else:
        rest = fraction
    zone = timezone(timedelta(0))
    if rest != "Z":
        hours, minutes = rest[1:3], rest[4:6]
        is_offset = rest[:1] in ("+", "-") and rest[3:4] == ":" and len(rest) == 6 and set(hours + minutes) <= _DIGITS
        if not is_offset or int(hours) > 23 or int(minutes) > 59:
            return False
        zone = timezone(timedelta(hours=int(hours), minutes=int(minutes)))
    try:
        datetime(*map(int, parts), tzinfo=zone)  # type: ignore[arg-type,misc]
    except ValueError:
        return False
    return True


# Sources

_FORMATS: Final = (None, "json", "jsonl", "csv")
_ENCODINGS: Final = ("utf-8", "utf-8", "cp1251", "utf-16")
_DELIMITERS: Final = (None, ",", ";", "\t")


def records(data: bytes) -> None:
    """A file of customers: each record is a customer or its problems, or the file as a whole is refused."""
    choose = Chooser(data)
    source_format: Any = choose.pick(_FORMATS)
    encoding, delimiter = choose.pick(_ENCODINGS), choose.pick(_DELIMITERS)
    stream = io.BytesIO(choose.rest())
    number = line = 0
    try:
        for record in read_records(stream, source_format=source_format, encoding=encoding, delimiter=delimiter):
            number += 1
            assert record.number == number, "the numbers have a gap"
            assert (record.line or line + 1) > line, "the line numbers do not grow"
            line = record.line or line
            assert (record.customer is None) == bool(record.problems), "neither a customer nor a problem"
            if record.customer is not None:
                _check_rendering(record.customer)
            else:
                check_error(CustomerError(*record.problems))
    except SourceError as error:
        check_error(error)
    assert not stream.closed, "the stream is closed, but is not ours to close"
