"""Rules about the arguments of the person's calls: the object of setCustomer and setProfile, the address of setEmail.

This module checks shape and types, as JavaScript sees them. The values go through the validators of every customer: the
literal becomes the customer that it describes, with valid stand-ins for what is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from rr_snippet.check.finding import Finding
from rr_snippet.check.leaves import LeafRules, is_placeholder, is_unrendered
from rr_snippet.check.values import Kind, Member, Value
from rr_snippet.customer.customer import FIELDS as CUSTOMER_FIELDS
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.pairs import object_of
from rr_snippet.customer.texts import is_blank
from rr_snippet.errors import CustomerError, Problem
from rr_snippet.options import suggestion

# The type of each field in JavaScript, and the subject of its codes.
_TYPES: Final[dict[str, Kind]] = {"text": "string", "flag": "boolean", "object": "object", "array": "array"}
_SUBJECTS: Final = {
    "default_stock_id": "stock_id",
    "mobile_push_subscription": "push",
    "is_agreed_to_receive_marketing_mail": "consent",
}
FIELDS: Final = {field.alias: (_TYPES[field.kind], _SUBJECTS.get(field.name, field.name)) for field in CUSTOMER_FIELDS}

# The fields of setProfile on the vendor's pages. Whether it accepts more is unknown.
_PROFILE_FIELDS: Final = ("email", "defaultStockId", "isAgreedToReceiveMarketingMail")

_STAND_INS: Final[dict[str, Any]] = {
    "email": "name@shop.ru",
    "phone": "71112223344",
    "isDevEnvironment": True,
    "creationTimestamp": "2025-03-31T11:03:02Z",
}
_STAND_IN: Final = "x"

_SPELLINGS: Final = {True: ("Name", "Value"), False: ("name", "value")}
_STEP: Final = re.compile(r"\[(\d+)\]|([A-Za-z]+)")


def person_findings(method: str, value: Value, rules: LeafRules) -> Iterator[Finding]:
    """Yield what is wrong with the argument of a person's call."""
    if method == "setEmail":
        label = Value("string", value.start, value.start, "email")
        value = Value("object", value.start, value.stop, members=(Member(label, value),))
    for variant in value.variants():
        if variant.kind == "object":
            yield from _object_findings(method, variant, rules)
        elif variant.tags:
            yield from rules.print_findings(variant)
        else:
            yield Finding.of(variant.start, "value.not_literal" if variant.kind == "unknown" else "customer.type")


def nothing_given(method: str, position: int) -> Finding:
    """Return the finding for a person's call without an argument."""
    if method == "setCustomer":
        return Finding.of(position, "customer_id.missing", "customerId")
    return Finding.of(position, "guest.email_missing", "email")


def _object_findings(method: str, value: Value, rules: LeafRules) -> Iterator[Finding]:
    known = FIELDS if method == "setCustomer" else _PROFILE_FIELDS
    if not value.is_open:
        if method == "setCustomer" and value.member("customerId") is None:
            yield nothing_given(method, value.start)
        if method == "setProfile" and value.member("email") is None:
            yield nothing_given(method, value.start)
        if method == "setProfile" and value.member("isAgreedToReceiveMarketingMail") is None:
            yield Finding.of(value.start, "guest.consent_missing", "isAgreedToReceiveMarketingMail")
    seen: set[str] = set()
    given: dict[str, Any] = {}
    for position, member in enumerate(value.members):
        name = member.key
        if name is None:
            yield from rules.findings(member.value if member.is_spread else member.label, f"[{position}]")
        elif name not in known:
            near = suggestion(name, known)
            if near or method == "setCustomer":
                yield Finding.of(member.start, "field.unknown", f"[{position}]", **near)
        elif name in seen:
            yield Finding.of(member.start, "field.twice", name)
        else:
            seen.add(name)
            yield from rules.findings(member.value, name)
            yield from _field_findings(value, member, name, given)
    yield from _customer_findings(value, given)


def _field_findings(whole: Value, member: Member, name: str, given: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the shape of a field; put a value that can be validated into `given`."""
    value = member.value
    kind, subject = FIELDS[name]
    if value.is_opaque:
        return
    if value.kind != kind:
        yield Finding.of(value.start, f"{subject}.type", name)
    elif kind == "boolean":
        return
    elif kind == "string":
        if name != "customerId" and isinstance(value.plain, str) and is_blank(value.plain):
            yield Finding.of(value.start, "value.empty", name)
        else:
            given[name] = _plain(value, name, name)
    elif name == "customData":
        given[name] = _custom_data(value)
    elif name == "softLinks":
        links: list[tuple[Any, Any]] = []
        for position, item in enumerate(value.items):
            yield from _link_findings(whole, item, position)
            links.append(_link(item, position))
        given[name] = links
    else:
        given[name] = _push(value)


def _plain(value: Value, name: str, field: str, stand_in: Any = None) -> Any:
    """Return a value in Python's types, or a valid one for what is unknown or already reported."""
    if value.kind == "string" and value.plain is not None:
        if not is_placeholder(value, field) and not is_unrendered(value):
            return value.plain
    elif value.kind == "boolean":
        return value.plain is not False
    elif value.kind == "null":
        return None
    elif value.kind not in ("string", "unknown", "python"):
        return 0.5  # neither a text nor a boolean
    return _STAND_INS.get(name, stand_in or _STAND_IN)


def _custom_data(value: Value) -> dict[str, Any]:
    pairs: list[tuple[str, Any]] = []
    for position, member in enumerate(value.members):
        key = member.key
        if key is None or is_placeholder(member.label, "customData") or is_unrendered(member.label):
            key = f"unknown {position}"
        pairs.append((key, _plain(member.value, "", "customData")))
    return object_of(pairs)


def _link_findings(whole: Value, item: Value, position: int) -> Iterator[Finding]:
    path = f"softLinks[{position}]"
    if item.is_opaque:
        return
    keys = [member for member in item.members if (member.key or "").lower() in ("name", "value")]
    if item.kind != "object" or not (keys or item.is_open):
        yield Finding.of(item.start, "soft_link.type", path)
        return
    has_stock = whole.member("defaultStockId") is not None
    expected = _SPELLINGS[has_stock]
    name, value = expected
    for member in item.members:
        if member.key is not None and member not in keys:
            yield Finding.of(member.start, "field.unknown", path)
    if len({(member.key or "").lower() for member in keys}) < 2 and not item.is_open:
        yield Finding.of(item.start, "soft_link.half", path, name=name, value=value)
    used = {member.key for member in keys}
    if not any(used <= set(spelling) for spelling in _SPELLINGS.values()):
        yield Finding.of(item.start, "soft_link.mixed_case", path, name=name, value=value)
    elif not used <= set(expected) and (has_stock or not whole.is_open):
        stock = {"stock": "defaultStockId"} if has_stock else {}
        yield Finding.of(keys[0].start, "soft_link.variant", path, name=name, value=value, **stock)
    for member in keys:
        if (member.key or "").lower() == "value" and member.value.kind in ("number", "null"):
            yield Finding.of(member.value.start, "soft_link.value_type", f"{path}.value")


def _link(item: Value, position: int) -> tuple[Any, Any]:
    """Return a link as a pair. Missing halves are made up, and no name is made up twice."""
    halves = {(member.key or "").lower(): member.value for member in item.members}
    name, value = halves.get("name"), halves.get("value")
    unique = f"unknown {position}"
    is_told = value is None or value.kind in ("number", "null")
    return (
        unique if name is None else _plain(name, "", "softLinks", unique),
        _STAND_IN if value is None or is_told else _plain(value, "", "softLinks"),
    )


def _push(value: Value) -> Any:
    pairs = []
    for kind in value.members:
        body: Any = None
        if kind.key is None or kind.value.is_opaque or kind.value.is_open:
            return None
        if kind.value.kind == "object":
            body = object_of(
                [
                    (_wire_name(field.key), _plain(field.value, field.key or "", "mobilePushSubscription"))
                    for field in kind.value.members
                ]
            )
        elif kind.value.kind != "null":
            body = 0.5
        pairs.append((_wire_name(kind.key), body))
    return object_of(pairs)


def _wire_name(name: str | None) -> str:
    """Return a name that is known only in the vendor's spelling. In a page Python's spelling is wrong too."""
    return (name or "").replace("_", "-")


def _customer_findings(whole: Value, given: dict[str, Any]) -> Iterator[Finding]:
    """Yield what the customer's own validators say about the values."""
    data = {"customerId": _STAND_IN, **given}
    problems: list[Problem] = []
    try:
        customer = Customer.model_validate(data)
    except CustomerError as error:
        problems += error.problems
        bad = {problem.path.partition(".")[0].partition("[")[0] for problem in problems}
        customer = Customer.model_validate(
            {"customerId": _STAND_IN, **{k: v for k, v in given.items() if k not in bad}}
        )
    problems += [problem for problem in customer.warnings if not problem.code.startswith("consent.")]
    for problem in problems:
        yield Finding(_locate(whole, problem), problem.code, problem.path, problem.details)


def _locate(whole: Value, problem: Problem) -> int:
    """Return the offset in the page of the path that a problem names."""
    value = whole
    start = whole.start
    is_key = problem.code.startswith(("custom_data.key_", "field.", "push.kind_", "push.field_unknown"))
    for index, name in _STEP.findall(problem.path):
        if value.kind == "array":
            value = value.items[int(index)]
            start = value.start
            continue
        found = value.members[int(index)] if index else _named(value, name)
        if found is None:
            break
        value = found.value
        start = found.start if is_key else value.start
    return start


def _named(value: Value, name: str) -> Member | None:
    return next((member for member in reversed(value.members) if (member.key or "").lower() == name.lower()), None)
