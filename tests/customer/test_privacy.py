"""No field's value and no key of customer data shows anywhere when something goes wrong."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError, field_validator

from rr_snippet import (
    ApnsSubscription,
    Customer,
    CustomerError,
    FcmSubscription,
    HuaweiSubscription,
    RenderError,
    SnippetError,
    render_snippet,
)
from tests.support.liars import (
    MARK,
    FailingKey,
    FailingMapping,
    FailingSequence,
    FailingZone,
    HostileBytes,
    HostileItems,
    HostileName,
    HostilePair,
    Nobody,
    NoKey,
    Pairs,
    Proxy,
    Text,
    Unequal,
)

# For each field one wrong value, with the mark in every place of a value or a key.
WRONG: dict[str, list[Any]] = {
    "customerId": [f"{MARK}\x00", f"{MARK}\ud800", [MARK], {MARK: MARK}, 1.5, Text(f"\x00{MARK}")],
    "email": [MARK, f"{MARK}@", f"{MARK}@shop.ru\ud800", f"{MARK * 30}@shop.ru", [MARK], f"{MARK}@{MARK}@shop.ru"],
    "phone": [MARK, f"+7{MARK}", f"{MARK}\ud800", [MARK], {MARK}],
    "customData": [MARK, [MARK], {MARK: 5}, {MARK: {MARK: MARK}}, {5: MARK}, {"": MARK}, {f"{MARK}\ud800": MARK},
                   {MARK: f"{MARK}\ud800"}, {"__proto__": MARK}, FailingMapping()],
    "defaultStockId": [MARK * 9, f"{MARK}\n.", f"{MARK}\ud800", [MARK], {MARK: MARK}],
    "softLinks": [MARK, [MARK], [[MARK]], {MARK: [MARK]}, {MARK: ""}, {"": MARK}, [{MARK: MARK}], [{"name": MARK}],
                  [[MARK, MARK], [MARK, MARK]], {f"{MARK}\ud800": MARK}, FailingSequence(), [FailingMapping()]],
    "mobilePushSubscription": [MARK, [MARK], {MARK: MARK}, {"fcmSubscription": MARK}, {"fcmSubscription": {MARK: MARK}},
                               {"apnsSubscription": {"isDevEnvironment": MARK, "creationTimestamp": MARK,
                                                     "applicationId": f"{MARK}\ud800", "token": [MARK]}},
                               {"huaweiSubscription": {"creationTimestamp": f"2025-03-31T11:03:02{MARK}"}}],
    "isAgreedToReceiveMarketingMail": [MARK, [MARK], {MARK: MARK}],
    MARK: [MARK],
}  # fmt: skip


def bad_data() -> Iterator[dict[str, Any]]:
    """Yield data with one wrong field among valid ones, all with the mark, and then with every field wrong."""
    good = {"customerId": MARK, "email": f"{MARK}@shop.ru", "customData": {MARK: MARK}, "softLinks": {MARK: MARK}}
    for name, values in WRONG.items():
        for value in values:
            yield {**good, name: value}
    yield {name: values[0] for name, values in WRONG.items()}
    yield {"email": f"{MARK}@shop.ru"}


def as_json(data: dict[str, Any]) -> str:
    """Return `data` as JSON.

    Raises:
        TypeError: JSON cannot hold it.
    """
    document = json.dumps(data)
    if "5" in json.loads(document).get("customData", ()):
        raise TypeError("a key that is no text")
    return document


ENTRIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "constructor": lambda data: Customer(**data),
    "parse": Customer.parse,
    "parse with rules": lambda data: Customer.parse(data, phone_region="RU", phone_check="valid", require_consent=True),
    "model_validate": Customer.model_validate,
    "model_validate strict": lambda data: Customer.model_validate(data, strict=True),
    "model_validate from attributes": lambda data: Customer.model_validate(
        type("Row", (), {**data, "customerId": f"{MARK}\x00"})(), from_attributes=True
    ),
    "model_validate_strings": Customer.model_validate_strings,
    "model_validate_json": lambda data: Customer.model_validate_json(as_json(data)),
    "model_validate_json of broken JSON": lambda data: Customer.model_validate_json(as_json(data)[:-1]),
    "model_validate_json of bytes in no encoding": lambda data: Customer.model_validate_json(
        as_json(data).encode() + b"\xff"
    ),
    "model_copy": lambda data: Customer(customer_id=MARK).model_copy(update={"phone": 5, **data}),
    "render_snippet": render_snippet,
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_value_shows_in_an_error(entry: str, caplog: pytest.LogCaptureFixture) -> None:
    tried = 0
    for data in bad_data():
        try:
            as_json(data)
        except TypeError:
            if "json" in entry:
                continue  # it cannot be JSON at all
        with caplog.at_level(logging.DEBUG), pytest.raises(CustomerError) as caught:
            ENTRIES[entry](data)
        assert_silent(caught.value)
        logging.getLogger("shop").error("rejected: %s %r", caught.value, caught.value, exc_info=caught.value)
        tried += 1
    assert tried > 40
    assert MARK not in without_source_lines(caplog.text)


def assert_silent(error: SnippetError) -> None:
    told = [
        str(error),
        repr(error),
        repr(error.args),
        repr(vars(error)),
        repr(error.problems),
        repr(error.__notes__) if hasattr(error, "__notes__") else "",
        *(problem.text_in("ru") for problem in error.problems),
        *traceback.format_exception_only(error),
        pickle.dumps(error).decode("latin-1"),
    ]
    assert all(MARK not in text for text in told), told
    assert error.__cause__ is None
    assert error.__context__ is None
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), copied.problems, str(copied)) == (type(error), error.problems, str(error))


def without_source_lines(text: str) -> str:
    """Return a traceback without the source lines of this file, which have the word MARK."""
    return "\n".join(line for line in text.splitlines() if "tests/" not in line and "MARK" not in line)


@pytest.mark.parametrize("model", [FcmSubscription, ApnsSubscription, HuaweiSubscription])
def test_no_value_shows_in_the_error_of_a_subscription(model: Any) -> None:
    for data in ({MARK: MARK}, {"token": [MARK], "creationTimestamp": MARK}, {"applicationId": f"{MARK}\ud800"}):
        for build in (lambda: model(**data), lambda: model.model_validate(data), lambda: model.model_validate([MARK])):  # noqa: B023
            with pytest.raises(CustomerError) as caught:
                build()
            assert_silent(caught.value)


def customer() -> Customer:
    return Customer(
        customer_id=MARK,
        email=f"{MARK}@shop.ru",
        phone="71112223344",
        custom_data={MARK: MARK},
        default_stock_id=MARK,
        soft_links={MARK: MARK},
        mobile_push_subscription=HuaweiSubscription(
            creation_timestamp="2025-03-31T11:03:02Z", application_id=MARK, token=MARK
        ),
    )


FIELDS = [name for name in WRONG if name != MARK]


# By name, because pytest would call methods of the values to name the tests.
STRANGE = {
    "text": Proxy("42"),
    "number": Proxy(42),
    "boolean": Proxy(True),
    "mapping": Proxy({"a": "b"}),
    "nobody": Nobody(),
    "items": HostileItems(a="b"),
}


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", FIELDS)
def test_a_value_that_claims_or_fails_is_refused_in_our_words(name: str, kind: str) -> None:
    if kind == "mapping" and name in {"customData", "softLinks"}:
        return  # read through its items, as any mapping is
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", name: STRANGE[kind]})
    assert_silent(caught.value)
    assert {problem.path.partition("[")[0] for problem in caught.value.problems} == {name}


def test_a_proxy_of_a_subscription_is_none() -> None:
    push = HuaweiSubscription(creation_timestamp="2025-03-31T11:03:02Z", application_id="a", token="t")
    for value in (Proxy(push), Nobody()):
        with pytest.raises(CustomerError) as caught:
            Customer.parse({"customerId": "1", "mobilePushSubscription": value})
        assert caught.value.code == "push.type"
    for broken in (Proxy(push), SimpleNamespace(**vars(push))):
        with pytest.raises(RenderError) as refused:
            render_snippet(Customer.model_construct(customer_id="1", mobile_push_subscription=broken))
        assert refused.value.code == "payload.leaf"


NO_CUSTOMERS = {**STRANGE, "none": None, "mark": MARK, "five": 5, "list": [MARK]}


@pytest.mark.parametrize("kind", NO_CUSTOMERS)
def test_what_is_no_customer_is_told_without_showing_it(kind: str) -> None:
    data: Any = NO_CUSTOMERS[kind]
    for build in (Customer.parse, Customer.model_validate, render_snippet, FcmSubscription.model_validate):
        with pytest.raises(CustomerError) as caught:
            build(data)
        assert_silent(caught.value)
    if type(data) is not str:
        with pytest.raises(CustomerError) as caught:
            Customer.model_validate_json(data)
        assert caught.value.code == "customer.json"
    with pytest.raises(CustomerError) as caught:
        Customer(customer_id="1").model_copy(update=data or MARK)
    assert_silent(caught.value)


def test_hostile_names_and_pairs_do_not_get_a_word() -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.parse({"customerId": "1", HostileName("e-mail"): "a"})
    assert str(caught.value) == "[1]: unknown field; did you mean email? [field.unknown]"
    customer = Customer.parse({HostileName("customerId"): "1", "softLinks": [HostilePair(("a", "b"))]})
    assert customer == Customer(customer_id="1", soft_links={"a": "b"})
    broken = Customer.model_construct(customer_id=HostileName("\ud800"))
    with pytest.raises(RenderError) as refused:
        render_snippet(broken)
    assert refused.value.code == "text.surrogate"
    assert_silent(refused.value)


def released() -> memoryview:
    view = memoryview(f'{{"customerId": "{MARK}"}}'.encode())
    view.release()
    return view


PUSH = {"creationTimestamp": datetime(2025, 3, 31, tzinfo=FailingZone()), "applicationId": "a", "token": "t"}
FAILING: dict[str, tuple[Callable[[], object], str]] = {
    "key of a customer": (lambda: Customer.parse({FailingKey("email"): MARK, "customerId": "1"}), "customer.type"),
    "key, rendered": (lambda: render_snippet({FailingKey("email"): MARK, "customerId": "1"}), "customer.type"),
    "key, with a rule": (
        lambda: Customer.parse({FailingKey("isAgreedToReceiveMarketingMail"): True}, require_consent=True),
        "customer.type",
    ),
    "key of a link": (
        lambda: render_snippet({"customerId": "1", "softLinks": [{FailingKey("name"): MARK, "value": MARK}]}),
        "customer.type",
    ),
    "kind of a subscription": (
        lambda: render_snippet({"customerId": "1", "mobilePushSubscription": {FailingKey("fcmSubscription"): {}}}),
        "customer.type",
    ),
    "key of a subscription": (
        lambda: Customer(customer_id="1", mobile_push_subscription={"fcmSubscription": {FailingKey("token"): MARK}}),
        "customer.type",
    ),
    "key without a hash": (lambda: Customer.parse(Pairs((NoKey(), MARK))), "customer.type"),
    "key that is a list": (lambda: Customer.parse(Pairs(([MARK], MARK))), "customer.type"),
    "link without a hash": (
        lambda: Customer.parse({"customerId": "1", "softLinks": [Pairs((NoKey(), MARK))]}),
        "customer.type",
    ),
    "offset": (
        lambda: Customer.parse({"customerId": "1", "mobilePushSubscription": {"huaweiSubscription": PUSH}}),
        "push.timestamp_offset",
    ),
    "update": (lambda: Customer(customer_id=MARK).model_copy(update=FailingMapping()), "customer.type"),
    "bytes": (lambda: Customer.model_validate_json(HostileBytes(b"{}")), "customer_id.missing"),
    "memoryview": (lambda: Customer.model_validate_json(released()), "customer.encoding"),
    "stock id, not validated": (
        lambda: render_snippet(Customer.model_construct(customer_id=MARK, default_stock_id=Unequal(MARK))),
        "payload.leaf",
    ),
}


@pytest.mark.parametrize("case", FAILING)
def test_code_of_a_value_that_fails_does_not_get_a_word(case: str) -> None:
    build, code = FAILING[case]
    with pytest.raises(SnippetError) as caught:
        build()
    assert caught.value.code == code
    assert_silent(caught.value)


def test_an_exhausted_machine_is_not_told_as_bad_data() -> None:
    class Exhausted(FailingKey):
        __hash__ = FailingKey.__hash__

        def __eq__(self, other: object) -> bool:
            raise MemoryError

    with pytest.raises(MemoryError):
        Customer.parse({Exhausted("email"): "a", "customerId": "1"})


class Loyal(Customer):
    """A shop's own subclass, with its own fields and validator."""

    points: dict[str, int] | None = None
    tier: str = ""

    @field_validator("tier")
    @classmethod
    def _read_tier(cls, tier: str) -> str:
        raise ValueError(f"no such tier: {tier}")


def test_no_value_of_a_field_that_a_subclass_adds_shows() -> None:
    with pytest.raises(CustomerError) as caught:
        Loyal.parse({"customerId": "1", "points": {MARK: MARK}, "tier": MARK})
    assert [(problem.path, problem.code, problem.details) for problem in caught.value.problems] == [
        ("points", "field.refused", ()),
        ("tier", "field.refused", ()),
    ]
    assert_silent(caught.value)


def test_models_that_lack_their_attributes() -> None:
    emptied = customer()
    emptied.__dict__.clear()
    unmade = Customer.__new__(Customer)
    claimed = Customer.model_construct(_fields_set={"email", "customer_id"})
    for broken in (emptied, unmade, claimed):
        with pytest.raises(RenderError) as caught:
            render_snippet(broken)
        assert ("customerId", "payload.leaf") in [(problem.path, problem.code) for problem in caught.value.problems]
        with pytest.raises(CustomerError) as refused:
            render_snippet(broken, phone_region="RU")
        assert refused.value.code == "customer_id.missing"
        assert MARK not in repr(broken)


def test_no_value_shows_in_a_repr() -> None:
    shown = customer()
    assert repr(shown) == (
        "Customer(customer_id=…, email=…, phone=…, custom_data=…, default_stock_id=…, soft_links=…, "
        "mobile_push_subscription=…)"
    )
    assert str(shown) == repr(shown)[len("Customer(") : -1].replace(",", "")
    assert repr(shown.mobile_push_subscription) == "HuaweiSubscription(creation_timestamp=…, application_id=…, token=…)"
    assert MARK not in "".join(map(repr, shown.__rich_repr__()))
    assert MARK not in "".join(map(repr, shown.__pretty__(repr)))
    assert MARK not in repr(shown.warnings)


def test_a_customer_cannot_be_changed() -> None:
    shown = customer()
    for change in (
        lambda: setattr(shown, "email", MARK),
        lambda: setattr(shown, MARK, MARK),
        lambda: delattr(shown, "email"),
        lambda: setattr(shown.mobile_push_subscription, "token", MARK),
    ):
        with pytest.raises(CustomerError) as caught:
            change()
        assert caught.value.code == "customer.frozen"
        assert_silent(caught.value)
    assert shown == customer()


class Host(BaseModel):
    """A shop's own model, which does nothing for privacy."""

    customer: Customer
    push: FcmSubscription | None = None


@pytest.mark.parametrize("read", ["python", "json", "strings", "adapter", "union"])
def test_a_hosts_error_gets_no_value(read: str) -> None:
    for data in bad_data():
        whole = {"customer": data, "push": {"token": [MARK], MARK: MARK}}
        try:
            document = as_json(whole)
        except TypeError:
            if read == "json":
                continue
        with pytest.raises(ValidationError) as caught:
            if read == "python":
                Host.model_validate(whole)
            elif read == "json":
                Host.model_validate_json(document.replace("\\ud800", ""), context={MARK: MARK})
            elif read == "strings":
                Host.model_validate_strings(whole)
            elif read == "adapter":
                TypeAdapter(dict[str, Customer]).validate_python({"a": data})
            else:
                TypeAdapter(Customer | FcmSubscription).validate_python(data)
        error = caught.value
        assert MARK not in str(error)
        assert MARK not in repr(error.errors())
        assert MARK not in error.json()
        assert MARK not in without_source_lines("".join(traceback.format_exception(error)))


def test_no_value_shows_when_a_customer_made_without_validation_is_rendered() -> None:
    for name, values in WRONG.items():
        for value in values:
            field = next((key for key, known in Customer.model_fields.items() if known.alias == name), None)
            if field is None:
                continue
            broken = Customer.model_construct(**{"customer_id": "1", field: value})
            try:
                block = render_snippet(broken)
            except RenderError as error:
                assert_silent(error)
            else:
                assert block.isascii()
