"""The block that a page should have instead of the one it has, written by our own renderer."""

from __future__ import annotations

from typing import Any

from rr_snippet.block.render import render_snippet
from rr_snippet.check.literal import Value
from rr_snippet.check.person import FIELDS
from rr_snippet.check.printing import is_placeholder, is_unrendered
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.push import KINDS
from rr_snippet.customer.usual import fields_of
from rr_snippet.errors import CustomerError, SnippetError
from rr_snippet.options import did_you_mean

_PLACEHOLDERS: dict[str, Any] = {
    "customerId": "CUSTOMER-ID",
    "email": "name@shop.ru",
    "phone": "+7 (111) 222-33-44",
    "defaultStockId": "STOCK-ID",
}
_BODY: dict[str, Any] = {
    "isDevEnvironment": False,
    "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
    "applicationId": "APPLICATION-ID",
    "fcmProjectId": "PROJECT-ID",
    "token": "TOKEN",
}


def corrected_block(value: Value, *, with_values: bool) -> str | None:
    """Return the sound block for the object of a call, `None` where nothing can be said of it.

    Values are replaced by placeholders, unless `with_values`: then those that are sound are kept.
    """
    if value.kind != "object":
        return None
    fields: dict[str, Value] = {}
    for member in value.members:
        name = member.key if member.key in FIELDS else did_you_mean(member.key, FIELDS)
        if name is not None:
            fields.setdefault(name, member.value)
    data: dict[str, Any] = {"customerId": _PLACEHOLDERS["customerId"]}
    for name, field in fields.items():
        found = _kept(name, field) if with_values else None
        found = _placeholder(name, field) if found is None else found
        if found is not None:
            data[name] = found
    try:
        return str(render_snippet(data))
    except SnippetError:  # too large
        return None


def _kept(name: str, value: Value) -> Any:
    """Return the field as the page has it, `None` if it would be refused."""
    plain = _plain(value, name)
    try:
        Customer.model_validate({"customerId": "1", name: plain})
    except CustomerError:
        return None
    return plain


def _plain(value: Value, name: str) -> Any:
    if value.kind == "object":
        return {member.key or "": _plain(member.value, name) for member in value.members}
    if value.kind == "array":
        # The case of the letters is the variant's business.
        return [
            {(member.key or "").lower(): _plain(member.value, name) for member in item.members} for item in value.items
        ]
    is_known = value.kind in ("string", "boolean") and not is_placeholder(value, name) and not is_unrendered(value)
    return value.plain if is_known else 0.5


def _placeholder(name: str, value: Value) -> Any:
    if name in _PLACEHOLDERS:
        return _PLACEHOLDERS[name]
    if name == "customData":
        return {f"name {number}": f"value {number}" for number, _ in enumerate(value.members, 1)}
    if name == "softLinks":
        count = len(value.items) or len(value.members)
        return {f"link name {number}": f"link value {number}" for number in range(1, count + 1)}
    if name == "mobilePushSubscription":
        kind = next((member.key for member in value.members if member.key in KINDS), None)
        if kind is None:
            return None
        known = {field.alias for field in fields_of(KINDS[kind])}
        return {kind: {name: text for name, text in _BODY.items() if name in known}}
    return _consent(value)


def _consent(value: Value) -> bool | None:
    """Return the consent that is meant: what is in quotes is meant as what it says."""
    if value.kind in ("boolean", "python"):
        return value.plain in (True, "true")
    if value.kind == "string" and isinstance(value.plain, str) and value.plain.lower() in ("true", "false"):
        return value.plain.lower() == "true"
    return None
