"""Recognise names in a source that are those of fields, or look like them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from rr_snippet.customer import customer

FIELDS: Final = tuple(each.alias for each in customer.FIELDS)
"""The fields of a customer by the vendor's names, in the vendor's order."""

FIELD_SPELLINGS: Final = {spelling: each.alias for spelling, each in customer.SPELLINGS.items()}
"""The vendor's spelling of a field by either spelling."""

NAME_MAX_CHARS: Final = 100
_NAME_MAX_DIGITS: Final = 4

# The names of fields in shops and mailing services, in lower case and reduced to letters and digits.
_LOOKS: Final = {
    "customerId": re.compile(
        r"^(?:external|customer|client|user|buyer|contact|xml)?(?:id|guid|код|ид)(?:клиента|покупателя|пользователя)?$"
    ),
    "email": re.compile(
        r"^(?:(?:customer|user|billing|contact|personal|work)?(?:e?mail|emailaddress|имейл)"
        r"|(?:адрес)?(?:электронн(?:ая|ой))?почт[аы]|элпочта)$"
    ),
    "phone": re.compile(
        r"^(?:customer|user|billing|contact|personal|work|мобильный|контактный)?"
        r"(?:phone|phonenumber|mobile|mobilephone|tel|telephone|телефон|номертелефона)$"
    ),
    "isAgreedToReceiveMarketingMail": re.compile(
        r"consent|optin|subscribed|accepts(?:email)?marketing|newsletter|соглас|подписан|подписк|рассылк"
    ),
    "defaultStockId": re.compile(r"^(?:(?:default)?(?:stock|region|store|warehouse)(?:id)?|регион|склад|магазин)$"),
}


def looks_like(name: str) -> str | None:
    """Return the field that a column of this name is probably meant for, or `None`."""
    if len(name) > NAME_MAX_CHARS:
        return None
    folded = _fold(name)
    return _FOLDED.get(folded) or next((field for field, look in _LOOKS.items() if look.search(folded)), None)


def is_spelt_like_field(name: str) -> bool:
    """Return whether only letter case and separators distinguish a name from that of a field."""
    return _fold(name) in _FOLDED


def is_header(names: Collection[str]) -> bool:
    """Return whether a first row surely holds names. Otherwise it may be a customer's data, which no message shows."""
    # A cell may say `mobile` or `subscribed`, as a header does, but only a header says `id`.
    return any(looks_like(name) == "customerId" for name in names)


def may_be_value(name: str) -> bool:
    """Return whether a cell of a header is perhaps a customer's data, such as an address or a phone."""
    return "@" in name or sum(map(str.isdigit, name)) > _NAME_MAX_DIGITS


def _fold(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


_FOLDED: Final = {_fold(field): field for field in FIELDS}
