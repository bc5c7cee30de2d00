"""What users write, as type checkers see it. `make lint` checks it with mypy and pyright; it is never run.

A wrong line is marked for both, and both fail if a marked line is right.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from markupsafe import Markup
from pydantic import BaseModel

from rr_snippet import (
    ApnsSubscription,
    Customer,
    CustomerError,
    FcmSubscription,
    Guest,
    HuaweiSubscription,
    Insertion,
    OptionError,
    Order,
    OrderItem,
    OutputError,
    Problem,
    Renderer,
    RenderOptions,
    SourceError,
    find_insertion,
    inject,
    render_order,
    render_snippet,
    to_payload,
)


def either_spelling(uuid: UUID, now: datetime) -> list[Customer]:
    push = FcmSubscription(creation_timestamp=now, application_id="a", fcm_project_id="p", token="t")
    return [
        Customer(customer_id="42"),
        Customer(customerId=42),
        Customer(customer_id=uuid, email=None, custom_data={"a": "b"}, soft_links={"card": 7}),
        Customer(customerId="42", softLinks=[{"name": "card", "value": "7"}], isAgreedToReceiveMarketingMail=False),
        Customer(customer_id="42", mobile_push_subscription=push),
        Customer(customerId="42", mobilePushSubscription={"huaweiSubscription": {"token": "t"}}),
    ]


def pushes(now: datetime) -> None:
    FcmSubscription(creationTimestamp="2025-03-31T11:03:02Z", applicationId="a", fcmProjectId="p", token="t")
    ApnsSubscription(isDevEnvironment=True, creationTimestamp=now, applicationId="a", token="t")
    ApnsSubscription(is_dev_environment=True, creation_timestamp=now, application_id="a", token="t")
    HuaweiSubscription(creation_timestamp=now, application_id="a", token="t")
    HuaweiSubscription(creationTimestamp=now, applicationId="a", token="t")


class Loyal(Customer):
    loyalty: int = 0


class Host(BaseModel):
    customer: Customer


def subclass() -> tuple[int, Loyal, Customer]:
    loyal = Loyal(customer_id="1", loyalty=3)
    return loyal.loyalty, Loyal.parse({"customerId": "1"}), Host(customer=loyal).customer


def options(customer: Customer, data: dict[str, Any]) -> Markup:
    renderer = Renderer(RenderOptions(variant="region", phone_region="RU"))
    payload: dict[str, Any] = to_payload(data, phone_check="possible")
    parsed: Customer = Customer.parse(payload, phone_region="RU", require_consent=True)
    return render_snippet(customer, nonce="abc", pretty=True, phone_region=None) + renderer.render(parsed, nonce=None)


def order(customer: Customer, data: dict[str, Any]) -> Markup:
    guest = Guest(email="a@shop.ru", is_agreed_to_receive_marketing_mail=True)
    Guest(email="a@shop.ru", defaultStockId=7, isAgreedToReceiveMarketingMail=False)
    item = OrderItem(id=7, quantity=Decimal("1.5"), price=990)
    bought = Order(transaction=17, items=[item, OrderItem(id="7", qnt=1, price=0.5), {"id": 8, "qnt": 1, "price": 1}])
    numbers: list[int | Decimal] = [bought.items[0].quantity, item.price]
    payloads: list[dict[str, Any]] = [to_payload(bought, pretty=True), to_payload(guest)]
    blocks = [
        render_order(bought, customer, nonce="abc", phone_region="RU"),
        render_order(data, data),
        Renderer().render_order(bought, guest, nonce=None),
        Renderer().render_person(guest),
    ]
    assert numbers, payloads
    return render_order(bought, None) + blocks[0]


def pages(page: bytes, text: str, snippet: Markup) -> tuple[bytes, str, Insertion]:
    return inject(page, snippet), inject(text, snippet, if_present="replace"), find_insertion(page)


def errors(error: CustomerError | OptionError | SourceError | OutputError) -> tuple[Problem, ...]:
    return error.problems


def wrong(customer: Customer) -> None:
    Customer(email="anna@shop.ru")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    Customer(customer_id="1", emial="a@shop.ru")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    Customer(customer_id="1", email=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    render_snippet(customer, prety=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    render_snippet(customer, variant="regional")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    to_payload(customer, phone_chek="valid")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Customer.parse({}, region="RU")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Guest(email="a@shop.ru")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    OrderItem(id=7, quantity="1", price=1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    Order(transaction="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    render_order({}, customer, prety=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    render_order({})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    RenderOptions(prety=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    inject(b"page", customer)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
