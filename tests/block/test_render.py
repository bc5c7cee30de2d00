"""Options, the renderer, and generated customers through a real JavaScript engine."""

from __future__ import annotations

import dataclasses
import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from rr_snippet import Customer, Renderer, RenderError, RenderOptions, render_snippet, to_payload
from rr_snippet.block.frame import render_template
from rr_snippet.errors import OptionError
from tests.support.javascript import run_html

# Any text, and texts full of dangerous characters.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.text(st.sampled_from("\\\"'<>/&-!u0041n\u2028Я😀{}$%`[]\uffff"), max_size=20),
    st.sampled_from(["</script>", "<!--<script>", "constructor", "toString", "10", "__proto__x"]),
)
FILLED = TEXT.filter(lambda text: text.strip() != "")
NO_CONTROL = FILLED.filter(lambda text: not any(c < " " or "\x7f" <= c <= "\x9f" for c in text))
PUSH_TEXTS = dict.fromkeys(("application_id", "token"), FILLED)
TIME = st.just("2025-03-31T11:03:02.3564674+03:00")
CUSTOMERS = st.fixed_dictionaries(
    {"customer_id": NO_CONTROL},
    optional={
        "email": st.sampled_from(["anna@shop.ru", "o'neil+x@shop.ru", "анна@почта.рф"]),
        "phone": st.sampled_from(["+7 (111) 222-33-44", "71112223344"]),
        "custom_data": st.dictionaries(FILLED.filter(lambda key: key != "__proto__"), TEXT, max_size=5),
        "default_stock_id": NO_CONTROL.filter(lambda text: len(text.encode("utf-16-le")) <= 100),
        "soft_links": st.dictionaries(FILLED, FILLED, max_size=4),
        "mobile_push_subscription": st.one_of(
            st.fixed_dictionaries({**PUSH_TEXTS, "creation_timestamp": TIME, "fcm_project_id": FILLED}).map(
                lambda body: {"fcmSubscription": body}
            ),
            st.fixed_dictionaries({**PUSH_TEXTS, "creation_timestamp": TIME, "is_dev_environment": st.booleans()}).map(
                lambda body: {"apnsSubscription": body}
            ),
            st.fixed_dictionaries({**PUSH_TEXTS, "creation_timestamp": TIME}).map(
                lambda body: {"huaweiSubscription": body}
            ),
        ),
        "is_agreed_to_receive_marketing_mail": st.booleans(),
    },
)


def expected_payload(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the tracker must receive for `data`, implemented a second time from the contract."""
    payload: dict[str, Any] = {"customerId": data["customer_id"]}
    for name, wire in (("email", "email"), ("phone", "phone"), ("custom_data", "customData")):
        if data.get(name):
            payload[wire] = data[name]
    stock = data.get("default_stock_id")
    if stock:
        payload["defaultStockId"] = stock
    if data.get("soft_links"):
        keys = ("Name", "Value") if stock else ("name", "value")
        payload["softLinks"] = [dict(zip(keys, link, strict=True)) for link in data["soft_links"].items()]
    if "mobile_push_subscription" in data:
        ((kind, body),) = data["mobile_push_subscription"].items()
        camel = {
            "is_dev_environment": "isDevEnvironment",
            "creation_timestamp": "creationTimestamp",
            "application_id": "applicationId",
            "fcm_project_id": "fcmProjectId",
            "token": "token",
        }
        payload["mobilePushSubscription"] = {kind: {camel[name]: body[name] for name in camel if name in body}}
    payload["isAgreedToReceiveMarketingMail"] = data.get("is_agreed_to_receive_marketing_mail", True)
    return payload


@settings(max_examples=150, deadline=None)
@given(CUSTOMERS, st.sampled_from(["after", "before"]))
def test_the_tracker_receives_what_went_in(data: dict[str, Any], tracker: Any) -> None:
    page = f"<!doctype html><title>t</title><p>before</p>{render_snippet(data)}<p>after</p>"
    assert run_html(page, tracker=tracker).customer() == expected_payload(data)


@settings(max_examples=300)
@given(CUSTOMERS)
def test_every_way_gives_the_same_bytes(data: dict[str, Any]) -> None:
    customer = Customer(**data)
    block = render_snippet(customer)
    variant = "region" if customer.default_stock_id else "no-region"
    payload = expected_payload(data)
    assert block == render_snippet(data) == render_template(customer, variant=variant)
    assert block == Renderer().render(Customer.model_validate_json(json.dumps(payload)))
    assert json.dumps(to_payload(customer)) == json.dumps(payload)
    assert Customer.parse(payload) == customer


def test_the_result_is_markup() -> None:
    block = render_snippet({"customerId": "42"})
    assert type(block) is Markup
    assert not block.endswith("\n")


def test_options_are_frozen_and_known() -> None:
    options = RenderOptions(variant="region", phone_region="RU")
    assert Renderer(options).options is options
    assert [field.name for field in dataclasses.fields(options)] == [
        "variant", "pretty", "debug", "payload_max_chars", "phone_region", "phone_check", "require_consent",
        "phone_clean", "drop_faulty",
    ]  # fmt: skip
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.variant = "auto"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Renderer(options).anything = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("variant", "Region"),
        ("variant", None),
        ("variant", []),
        ("pretty", "yes"),
        ("debug", 1),
        ("payload_max_chars", 0),
        ("payload_max_chars", True),
        ("payload_max_chars", "9"),
        ("phone_region", "ru"),
        ("phone_region", 7),
        ("phone_check", None),
        ("require_consent", None),
        ("phone_clean", 1),
        ("drop_faulty", "yes"),
    ],
)
def test_a_wrong_option_fails_at_construction(name: str, value: Any) -> None:
    for build in (lambda: RenderOptions(**{name: value}), lambda: render_snippet({"customerId": "1"}, **{name: value})):
        with pytest.raises(OptionError) as caught:
            build()
        assert [(problem.path, problem.code) for problem in caught.value.problems] == [(name, "option.value")]


@pytest.mark.parametrize("options", [{}, 0, "", {"variant": "region"}, "region"])
def test_a_renderer_takes_options_and_nothing_else(options: Any) -> None:
    with pytest.raises(OptionError) as caught:
        Renderer(options)
    assert str(caught.value) == "options: wrong value; expected a RenderOptions [option.value]"


def test_the_options_hold_for_a_customer_too() -> None:
    customer = Customer(customer_id="1", phone="8 (911) 222-33-44")
    assert to_payload(customer, phone_region="RU")["phone"] == "+79112223344"
    with pytest.raises(ValueError, match=r"consent\.missing"):
        Renderer(RenderOptions(require_consent=True)).render(customer)


def test_the_limit_is_on_the_compact_text() -> None:
    customer = Customer(customer_id="1" * (65_536 - len('{"customerId":"","isAgreedToReceiveMarketingMail":true}')))
    assert render_snippet(customer) != render_snippet(customer, pretty=True)
    longer = Customer(customer_id=customer.customer_id + "1")
    for pretty in (False, True):
        with pytest.raises(RenderError) as caught:
            render_snippet(longer, pretty=pretty)
        assert str(caught.value) == "65537 characters; at most 65536 allowed [payload.too_large]"
        assert render_snippet(longer, pretty=pretty, payload_max_chars=65_537)


def test_the_number_of_entries_leaves_nothing_behind() -> None:
    def render(count: int) -> None:
        render_snippet({"customerId": "1", "customData": dict.fromkeys(map(str, range(count)), "")})

    render(2000)
    tracemalloc.start()
    try:
        for count in range(2001, 2004):
            render(count)
        kept_bytes = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept_bytes < 100_000


def test_threads_share_a_renderer() -> None:
    renderer = Renderer()

    def render(number: int) -> bool:
        payload = renderer.to_payload({"customerId": number, "softLinks": {"a": number}})
        return payload["customerId"] == payload["softLinks"][0]["value"] == str(number)

    with ThreadPoolExecutor(max_workers=4) as threads:
        assert all(threads.map(render, range(2000)))
