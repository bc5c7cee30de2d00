"""What the tracker will know about a customer, in words for people who do not read code."""

from __future__ import annotations

from typing import Final, NamedTuple

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.push import kind_of
from rr_snippet.preview.words import Words

_TEXTS: Final = {
    "customerId": "customer_id",
    "email": "email",
    "phone": "phone",
    "defaultStockId": "default_stock_id",
}
_PAIRS: Final = {"customData": "custom_data", "softLinks": "soft_links"}


class Known(NamedTuple):
    """One known thing: its name, and the values."""

    label: str
    texts: tuple[str, ...]


def known_of(customer: Customer, say: Words) -> list[Known]:
    """Return everything that is sent about a customer, and last what is not."""
    known: list[Known] = []
    missing: list[str] = []
    for name, attribute in _TEXTS.items():
        value = getattr(customer, attribute)
        if value is None:
            missing.append(say(f"label.{name}"))
        else:
            known.append(Known(say(f"label.{name}"), (value,)))
    for name, attribute in _PAIRS.items():
        pairs = getattr(customer, attribute) or {}
        if pairs:
            known.append(Known(say(f"known.{name}"), tuple(f"{key}: {text}" for key, text in pairs.items())))
    push = customer.mobile_push_subscription
    if push is not None:
        text = say(f"known.{kind_of(push)}", application=push.application_id)
        known.append(Known(say("label.mobilePushSubscription"), (text,)))
    is_asked = "is_agreed_to_receive_marketing_mail" in customer.model_fields_set
    consent = customer.is_agreed_to_receive_marketing_mail if is_asked else None
    known.append(Known(say("label.isAgreedToReceiveMarketingMail"), (say(f"known.consent.{str(consent).lower()}"),)))
    if missing:
        known.append(Known(say("known.missing"), (", ".join(missing),)))
    return known
