"""The files that one valid customer goes through from a dict to the block, in order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import rr_snippet
from rr_snippet import Customer, render_snippet

PACKAGE = Path(rr_snippet.__file__).parent

DATA: dict[str, Any] = {
    "customerId": "42",
    "email": "anna.petrova@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "customData": {"Имя": "Анна"},
    "defaultStockId": "Москва",
    "softLinks": {"card": "7700123456"},
    "mobilePushSubscription": {
        "huaweiSubscription": {
            "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00", "applicationId": "ru.shop", "token": "t",
        }
    },
    "isAgreedToReceiveMarketingMail": True,
}  # fmt: skip


def files_entered(customer: Any, **options: Any) -> list[str]:
    """Return our files in the order in which `render_snippet` first enters them."""
    files: list[str] = []

    def note(frame: Any, event: str, _argument: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(PACKAGE):
            name = path.relative_to(PACKAGE).as_posix()
            if name not in files:
                files.append(name)

    render_snippet(customer, **options)  # the first use builds what is kept
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        render_snippet(customer, **options)
    finally:
        sys.setprofile(before)
    return files


def test_a_good_customer_goes_through_six_files_at_the_most() -> None:
    way = ["block/render.py", "customer/customer.py", "block/payload.py", "block/escape.py"]
    push = [*way[:3], "customer/push.py", way[3]]
    assert files_entered(DATA) == push
    assert files_entered(Customer(**DATA)) == [*way[:2], "customer/texts.py", *push[2:]]
    assert files_entered({**DATA, "mobilePushSubscription": None}) == way
    links = [{"name": "card", "value": "7700123456"}]
    assert files_entered({**DATA, "softLinks": links}) == [*way[:2], "customer/soft_links.py", *push[2:]]


def test_with_a_region_for_phones_it_goes_through_two_more() -> None:
    assert files_entered(DATA, phone_region="RU") == [
        "block/render.py", "customer/customer.py", "customer/phone.py", "customer/texts.py",
        "block/payload.py", "customer/push.py", "block/escape.py",
    ]  # fmt: skip
