"""What a page should have instead of its block: this library's tag, or the block with gaps to fill in.

A gap is a comment in the place of a value. If somebody copies the block and forgets a gap, the page has a syntax error
and sends no customer who does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rr_snippet.block.render import render_snippet
from rr_snippet.check.leaves import is_placeholder, is_unrendered
from rr_snippet.check.person import FIELDS
from rr_snippet.check.template import Template
from rr_snippet.check.values import Member, Value
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.push import KINDS
from rr_snippet.customer.usual import fields_of
from rr_snippet.errors import CustomerError
from rr_snippet.options import did_you_mean

TAGS: Final = {
    "django": "{% load rr_snippet %}{% rr_customer %}",
    "jinja": "{{ rr_customer(customer) }}",
}
_GAPS: Final = {
    "customerId": "/* your customer id */",
    "email": "/* the customer's e-mail */",
    "phone": "/* the customer's phone */",
    "defaultStockId": "/* the region's id in your feed */",
    "isAgreedToReceiveMarketingMail": "/* true or false, as the customer chose */",
}
_CONSENT: Final = "isAgreedToReceiveMarketingMail"
_BEFORE: Final = '{"customerId":"1",'
_AFTER: Final = f',"{_CONSENT}":true}}'


def corrected_block(value: Value, template: Template, *, with_values: bool) -> str | None:
    """Return what should replace a call, `None` if that is unknown.

    With `with_values` the valid values in the page are kept, otherwise none are.
    """
    helper = template.helper
    if helper is not None and template.tags_within(value.start, value.stop):
        return TAGS[helper]
    value = next(value.variants())
    if value.kind != "object":
        return None
    fields: dict[str, Member] = {}
    for member in value.members:
        name = member.key if member.key in FIELDS else did_you_mean(member.key, FIELDS)
        if name is not None:
            fields.setdefault(name, member)
    names = [name for name in FIELDS if name in fields or name in ("customerId", _CONSENT)]
    has_stock = "defaultStockId" in fields
    texts = [
        _field_text(name, fields[name].value if name in fields else None, has_stock=has_stock, is_kept=with_values)
        for name in names
    ]
    frame = str(render_snippet({"customerId": "1"}))
    return frame.replace(f"{_BEFORE[:-1]}{_AFTER}", "{" + ",".join(texts) + "}")


def _field_text(name: str, value: Value | None, *, has_stock: bool, is_kept: bool) -> str:
    gap = f'"{name}":{_GAPS.get(name, "")}'
    if value is None:
        return gap
    if name == _CONSENT:
        consent = _consent(value) if is_kept else None
        return gap if consent is None else f'"{name}":{str(consent).lower()}'
    if name == "customData":
        return '"customData":{' + ",".join(_custom_data_texts(value, is_kept=is_kept)) + "}"
    if name == "softLinks":
        return '"softLinks":[' + ",".join(_link_texts(value, has_stock=has_stock, is_kept=is_kept)) + "]"
    kept = _rendered(name, _plain(value, name)) if is_kept else None
    if kept is not None:
        return kept
    return _push_gap(value) if name == "mobilePushSubscription" else gap


def _rendered(name: str, data: Any, *, has_stock: bool = False) -> str | None:
    """Return a field as a block would have it, `None` if it would be refused."""
    customer = {"customerId": "1", name: data, **({"defaultStockId": "1"} if has_stock else {})}
    try:
        block = str(render_snippet(Customer.model_validate(customer)))
    except CustomerError:
        return None
    start = block.index(_BEFORE) + len(_BEFORE) if name != "customerId" else block.index('"customerId"')
    text = block[start : block.rindex(_AFTER)].removeprefix('"defaultStockId":"1",' if has_stock else "")
    return text or None


def _custom_data_texts(value: Value, *, is_kept: bool) -> Iterator[str]:
    for member in value.members:
        kept = _rendered("customData", {member.key or "": _plain(member.value, "customData")}) if is_kept else None
        key = _rendered("customData", {member.key: ""}) if is_kept and member.key else None
        if kept is not None:
            yield kept.removeprefix('"customData":{').removesuffix("}")
        else:
            name = "/* name */" if key is None else key.removeprefix('"customData":{').removesuffix(':""}')
            yield f"{name}:/* value */"


def _link_texts(value: Value, *, has_stock: bool, is_kept: bool) -> Iterator[str]:
    name, text = ("Name", "Value") if has_stock else ("name", "value")
    for pair in _pairs(value):
        kept = _rendered("softLinks", [pair], has_stock=has_stock) if is_kept else None
        if kept is not None:
            yield kept.removeprefix('"softLinks":[').removesuffix("]")
        else:
            yield f'{{"{name}":/* link name */,"{text}":/* link value */}}'


def _pairs(value: Value) -> Iterator[tuple[Any, Any]]:
    for item in value.items:
        halves = {(member.key or "").lower(): _plain(member.value, "softLinks") for member in item.members}
        yield halves.get("name"), halves.get("value")
    for member in value.members:
        yield member.key, _plain(member.value, "softLinks")


def _plain(value: Value, name: str) -> Any:
    """Return a value in Python's types, or for an unknown value one that every field refuses."""
    if value.kind == "object":
        return {member.key or "": _plain(member.value, name) for member in value.members}
    is_known = value.kind in ("string", "boolean") and not is_placeholder(value, name) and not is_unrendered(value)
    return value.plain if is_known and value.plain is not None else 0.5


def _push_gap(value: Value) -> str:
    kind = next((member.key for member in value.members if member.key in KINDS), next(iter(KINDS)))
    names = [field.alias for field in fields_of(KINDS[str(kind)])]
    return f'"mobilePushSubscription":{{"{kind}":{{' + ",".join(f'"{name}":/* {name} */' for name in names) + "}}"


def _consent(value: Value) -> bool | None:
    """Return the intended consent, even if it is in quotes, `None` if it is unknown."""
    if value.kind in ("boolean", "python") and value.plain is not None:
        return value.plain in (True, "true")
    if value.kind == "string" and isinstance(value.plain, str) and value.plain.lower() in ("true", "false"):
        return value.plain.lower() == "true"
    return None
