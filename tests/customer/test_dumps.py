"""A dump can be read again, subscriptions included, alone and in a host's model."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from rr_snippet import Customer

PUSH = {"creationTimestamp": "2025-03-31T11:03:02.3564674+03:00", "applicationId": "a", "token": "t"}
CUSTOMERS = [
    Customer(customer_id="1"),
    *(
        Customer.parse(
            {
                "customerId": "1", "email": "anna@shop.ru", "customData": {"a": "b"}, "softLinks": {"c": "d"},
                "mobilePushSubscription": {kind: {**PUSH, **more}},
            }
        )
        for kind, more in (
            ("fcmSubscription", {"fcmProjectId": "p"}),
            ("apnsSubscription", {"isDevEnvironment": True}),
            ("huaweiSubscription", {}),
        )
    ),
]  # fmt: skip
SETTINGS: list[dict[str, Any]] = [
    {}, {"by_alias": True}, {"mode": "json"}, {"mode": "json", "by_alias": True}, {"exclude_unset": True},
    {"exclude_none": True}, {"exclude_defaults": True},
]  # fmt: skip


class Host(BaseModel):
    customer: Customer


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("customer", CUSTOMERS, ids=range(len(CUSTOMERS)))
def test_a_dump_can_be_read_again(customer: Customer, settings: dict[str, Any]) -> None:
    assert Customer.model_validate(customer.model_dump(**settings)) == customer
    text = {name: value for name, value in settings.items() if name != "mode"}
    assert Customer.model_validate_json(customer.model_dump_json(**text)) == customer
    host = Host(customer=customer)
    assert Host.model_validate(host.model_dump(**settings)) == host
    assert Host.model_validate_json(host.model_dump_json(**text)) == host
    adapter = TypeAdapter(list[Customer])
    assert adapter.validate_json(adapter.dump_json([customer])) == [customer]


def test_a_subscription_is_dumped_as_the_vendor_wraps_it() -> None:
    assert CUSTOMERS[3].model_dump(by_alias=True)["mobilePushSubscription"] == {"huaweiSubscription": PUSH}
    assert CUSTOMERS[3].model_dump()["mobile_push_subscription"] == {
        "huaweiSubscription": {
            "creation_timestamp": PUSH["creationTimestamp"], "application_id": "a", "token": "t",
        }
    }  # fmt: skip
    broken = Customer.model_construct(customer_id="1", mobile_push_subscription=5)  # type: ignore[arg-type]
    assert broken.model_dump()["mobile_push_subscription"] is None
