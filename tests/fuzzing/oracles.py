"""What must be true of a result and of an error for any input."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from pydantic import ValidationError

from rr_snippet import Customer, SnippetError
from rr_snippet.customer.push import kind_of
from rr_snippet.messages import MESSAGES
from tests.block.test_read_back import DEBUG_TAIL, HEAD, OPENING, TAIL, compact, spread

# Replaces a customer's values in the data, and must never be in an error.
MARK = "S3cr3tM4rk"


def check_error(error: SnippetError, *, codes: frozenset[str] | None = None) -> None:
    """Make sure that an error is one of ours, and that the mark is nowhere in it."""
    assert error.problems, "an error without a problem"
    for problem in error.problems:
        assert problem.code in MESSAGES, problem.code
        assert codes is None or problem.code in codes, problem.code
        assert problem.text_in("ru"), problem.code
    assert not leaks(error), "an error shows a value"


def leaks(error: BaseException | None) -> bool:
    """Return whether the mark is anywhere in `error`, its cause or its context."""
    if error is None:
        return False
    shown = [str(error), repr(error), repr(error.args), repr(vars(error))]
    if isinstance(error, ValidationError):
        shown.append(repr(error.errors()))
    return any(MARK in text for text in shown) or leaks(error.__cause__) or leaks(error.__context__)


def expected_payload(customer: Customer, *, is_region: bool) -> dict[str, Any]:
    """Return what `setCustomer` must receive, implemented a second time from the vendor's description."""
    name, value = ("Name", "Value") if is_region else ("name", "value")
    payload: dict[str, Any] = {"customerId": customer.customer_id}
    if customer.email:
        payload["email"] = customer.email
    if customer.phone:
        payload["phone"] = customer.phone
    if customer.custom_data:
        payload["customData"] = dict(customer.custom_data)
    if customer.default_stock_id:
        payload["defaultStockId"] = customer.default_stock_id
    if customer.soft_links:
        payload["softLinks"] = [{name: key, value: text} for key, text in customer.soft_links.items()]
    push = customer.mobile_push_subscription
    if push is not None:
        fields = push.model_dump(by_alias=True)
        order = ("isDevEnvironment", "creationTimestamp", "applicationId", "fcmProjectId", "token")
        payload["mobilePushSubscription"] = {kind_of(push): {key: fields[key] for key in order if key in fields}}
    payload["isAgreedToReceiveMarketingMail"] = customer.is_agreed_to_receive_marketing_mail is not False
    return payload


def block_forms(calls: dict[str, dict[str, Any]], *, nonce: str | None = None) -> dict[tuple[bool, bool], str]:
    """Return the blocks of calls: pretty or not, for debugging or not."""
    opening = OPENING if nonce is None else f'{OPENING} nonce="{nonce}"'
    head = f"{opening}{HEAD}".removesuffix("rrApi.setCustomer(")
    return {
        (pretty, debug): head
        + ");\n        ".join(f"rrApi.{method}({write(payload)}" for method, payload in calls.items())
        + (DEBUG_TAIL if debug else TAIL)
        for pretty, write in ((False, compact), (True, spread))
        for debug in (False, True)
    }


def with_marks(value: object) -> object:
    """Return JSON data with the mark in each text, and in each name that is no field's."""
    if isinstance(value, dict):
        return {_marked_name(key): with_marks(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_marks(item) for item in value]
    return f"{value}{MARK}" if isinstance(value, str) else value


_OURS = {
    "name", "value", "Name", "Value", "fcmSubscription", "apnsSubscription", "huaweiSubscription", "token",
    "creationTimestamp", "applicationId", "fcmProjectId", "isDevEnvironment",
    *(field.alias for field in Customer.model_fields.values()), *Customer.model_fields,
}  # fmt: skip


def _marked_name(name: str) -> str:
    return name if name in _OURS else f"{name}{MARK}"


def read_json(text: str | bytes) -> object:
    """Return JSON as Python's own reader reads it, `None` if it refuses it."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text)
    return None
