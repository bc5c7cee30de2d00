"""What a customer may hold and probably does not mean; nothing here stops a rendering."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rr_snippet.customer.email import is_email
from rr_snippet.customer.texts import has_control
from rr_snippet.errors import Problem

if TYPE_CHECKING:
    from rr_snippet.customer.customer import Customer

_CONSENT: Final = "isAgreedToReceiveMarketingMail"

# Seen in hand-written integrations, where the shop has no address but sends one all the same.
_MADE_UP_EMAIL: Final = re.compile(r"no-?reply@.*|.*[@.](?:unknown\.email|example\.(?:com|net|org))", re.IGNORECASE)
# Observed: the tracker of 2020 put the keys of custom data into the query of a URL without encoding them.
_UNSAFE_IN_QUERY: Final = re.compile(r"[&=#?%+]")


def warnings_of(customer: Customer) -> Iterator[Problem]:
    """Yield each warning, in the order of the fields."""
    if customer.email is not None and _MADE_UP_EMAIL.fullmatch(customer.email):
        yield Problem.of("email.placeholder", "email")
    for position, key in enumerate(customer.custom_data or ()):
        if _UNSAFE_IN_QUERY.search(key) or has_control(key):
            yield Problem.of("custom_data.key_unsafe", f"customData[{position}]")
    for position, value in enumerate((customer.soft_links or {}).values()):
        if is_email(value.strip()):
            yield Problem.of("soft_link.email", f"softLinks[{position}].value")
    if customer.is_agreed_to_receive_marketing_mail is False:
        yield Problem.of("consent.not_unsubscribe", _CONSENT)
    elif customer.is_agreed_to_receive_marketing_mail is None:
        yield Problem.of("consent.assumed", _CONSENT)
