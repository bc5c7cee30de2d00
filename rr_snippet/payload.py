"""Write a customer as the vendor's object: its names, its order, what is absent left out.

The object is laid out as fixed text with a gap for each string of the customer's. The strings are not touched here:
`escape.py` makes them safe, all at once, and puts them into the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from rr_snippet.customer import Customer
from rr_snippet.errors import Problem, RenderError
from rr_snippet.escape import fill_gaps
from rr_snippet.push import KINDS, kind_of
from rr_snippet.text_rules import has_surrogate

_FLAGS: Final = {True: "true", False: "false"}


def write_payload(customer: Customer, *, link_name: str, link_value: str) -> str:
    """Return the object as compact JSON text, with soft links spelled as the variant's template says.

    Whoever made the customer, and whatever was done to it since: each leaf is checked here again.

    Raises:
        RenderError: `payload.leaf` for what is neither text nor boolean, `text.surrogate`.
    """
    try:
        return fill_gaps(*_lay_out(customer, link_name, link_value))
    except Exception:  # noqa: BLE001 - a customer built without validation can hold anything; the error may show it
        problems = tuple(_leaf_problems(customer))
    raise RenderError(*(problems or (Problem.of("payload.leaf"),)))


def _lay_out(customer: Customer, link_name: str, link_value: str) -> tuple[list[str], list[str]]:
    """Return the fixed pieces and the strings between them; there is one more of the former."""
    fields = customer.__dict__
    fixed = ['{"customerId":']
    texts = [fields["customer_id"]]
    end = ""
    if (email := fields["email"]) is not None:
        fixed.append(',"email":')
        texts.append(email)
    if (phone := fields["phone"]) is not None:
        fixed.append(',"phone":')
        texts.append(phone)
    if data := fields["custom_data"]:
        fixed.append(',"customData":{')
        fixed += (":", ",") * len(data)
        fixed.pop()
        texts += chain.from_iterable(data.items())
        end = "}"
    if (stock_id := fields["default_stock_id"]) is not None:
        fixed.append(f'{end},"defaultStockId":')
        texts.append(stock_id)
        end = ""
    if links := fields["soft_links"]:
        fixed.append(f'{end},"softLinks":[{{"{link_name}":')
        fixed += (f',"{link_value}":', f'}},{{"{link_name}":') * len(links)
        fixed.pop()
        texts += chain.from_iterable(links.items())
        end = "}]"
    if (push := fields["mobile_push_subscription"]) is not None:
        fixed.append(f'{end},"mobilePushSubscription":{{')
        _lay_out_push(push, fixed, texts)
        end = "}}"
    agreed = fields["is_agreed_to_receive_marketing_mail"]
    fixed.append(f'{end},"isAgreedToReceiveMarketingMail":{_flag(True if agreed is None else agreed)}}}')
    return fixed, texts


def _lay_out_push(push: Any, fixed: list[str], texts: list[str]) -> None:
    kind = kind_of(push)
    fields = push.__dict__
    flag = f'"isDevEnvironment":{_flag(fields["is_dev_environment"])},' if kind == "apnsSubscription" else ""
    fixed[-1] += f'"{kind}":{{{flag}"creationTimestamp":'
    fixed.append(',"applicationId":')
    texts += (fields["creation_timestamp"], fields["application_id"])
    if kind == "fcmSubscription":
        fixed.append(',"fcmProjectId":')
        texts.append(fields["fcm_project_id"])
    fixed.append(',"token":')
    texts.append(fields["token"])


def _flag(value: object) -> str:
    if value is not True and value is not False:
        raise TypeError("no boolean")
    return _FLAGS[value]


def _leaf_problems(customer: Customer) -> Iterator[Problem]:
    """Yield what is wrong with the leaves of a customer that could not be written."""
    for name, field in Customer.model_fields.items():
        value = customer.__dict__.get(name)
        path = field.alias or name
        if name == "customer_id":
            yield from _text_problems(value, path)
        elif value is None:
            continue
        elif name in {"custom_data", "soft_links"}:
            if type(value) is not dict:
                yield Problem.of("payload.leaf", path)
                continue
            for position, entry in enumerate(value.items()):
                for text in entry:
                    yield from _text_problems(text, f"{path}[{position}]")
        elif name == "mobile_push_subscription":
            yield from _push_problems(value, path)
        elif name == "is_agreed_to_receive_marketing_mail":
            yield from _flag_problems(value, path)
        else:
            yield from _text_problems(value, path)


def _push_problems(push: object, path: str) -> Iterator[Problem]:
    kind = kind_of(push)
    if kind is None:
        yield Problem.of("payload.leaf", path)
        return
    for name, field in KINDS[kind].model_fields.items():
        check = _flag_problems if name == "is_dev_environment" else _text_problems
        yield from check(push.__dict__.get(name), f"{path}.{kind}.{field.alias}")


def _text_problems(value: object, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem.of("payload.leaf", path)
    elif has_surrogate(value):
        yield Problem.of("text.surrogate", path)


def _flag_problems(value: object, path: str) -> Iterator[Problem]:
    if value is not True and value is not False:
        yield Problem.of("payload.leaf", path)


_PART: Final = re.compile(r'"[^"]*"|[a-z]+|[{}\[\]:,]')


def spread_over_lines(payload: str, *, margin: int) -> str:
    """Return compact payload text as `json.dumps(indent=2)` would lay it out, further lines moved in by `margin`.

    Strings need no care: no quote stands inside of one, see `escape.py`.
    """
    lines = [""]
    depth = 0
    for part in _PART.findall(payload):
        if part in "}]":
            depth -= 1
            lines.append(" " * (margin + 2 * depth))
        lines[-1] += ": " if part == ":" else part
        if part in "{[,":
            depth += part != ","
            lines.append(" " * (margin + 2 * depth))
    return "\n".join(lines)
