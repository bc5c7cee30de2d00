"""Write a customer as the vendor's object: in the vendor's names and order, without absent fields.

The object is fixed text with a gap for each string of the customer. The strings are not changed here: `escape.py` makes
all of them safe at once and fills the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Any, Final

from rr_snippet.block.escape import Gaps, TooLong, fill_gaps
from rr_snippet.customer.customer import FIELDS
from rr_snippet.customer.faults import PROBLEMS_MAX
from rr_snippet.customer.push import KINDS, kind_of
from rr_snippet.customer.texts import exact_text, has_surrogate
from rr_snippet.customer.usual import FieldName, fields_of
from rr_snippet.errors import Problem, RenderError

_FLAGS: Final = {True: "true", False: "false"}
_USUAL_MAX_ENTRIES: Final = 256
_PUSH_OPENINGS: Final[dict[str | None, str]] = {kind: f'"{kind}":{{' for kind in KINDS}


def write_payload(fields: Mapping[str, Any], *, link_name: str, link_value: str, max_chars: int | None = None) -> str:
    """Return the object as compact JSON text, with soft links in the spelling of the variant's template.

    `fields` are a customer's attributes. Each leaf is checked again here, because the customer may have been built
    without validation or changed since. Texts that cannot fit into `max_chars` are not even escaped.

    Raises:
        RenderError: `payload.leaf` for a leaf that is neither text nor boolean; `text.surrogate`; `payload.too_large`.
    """
    return write_object(fields, max_chars, _customer_problems, _take_apart, link_name, link_value)


def write_object(
    fields: Mapping[str, Any],
    max_chars: int | None,
    problems_in: Callable[[Mapping[str, Any]], Iterable[Problem]],
    take_apart: Callable[..., tuple[Gaps, list[str]]],
    *spelling: str,
) -> str:
    """Return the object for `fields`, which `take_apart` divides into fixed text and the strings for its gaps.

    Raises:
        RenderError: `payload.too_large`; the problems from `problems_in`, if `fields` cannot be written.
    """
    count: int | str = 0
    try:
        payload = fill_gaps(*take_apart(fields, *spelling), max_chars=max_chars)
        if max_chars is None or (count := len(payload)) <= max_chars:
            return payload
    except TooLong as too_long:
        count = f">{too_long.chars}"
    except Exception:  # noqa: BLE001, S110 - a customer built without validation can hold anything; the error may show it
        pass
    if count:
        raise RenderError(Problem.of("payload.too_large", count=count, limit=max_chars or 0))
    raise RenderError(*_leaf_problems(problems_in, fields))


def _take_apart(fields: Mapping[str, Any], link_name: str, link_value: str) -> tuple[Gaps, list[str]]:
    """Return the fixed text around a customer's strings, and the strings, both in the vendor's order."""
    texts = [fields["customer_id"]]
    if has_email := (email := fields["email"]) is not None and email != "":
        texts.append(email)
    if has_phone := (phone := fields["phone"]) is not None and phone != "":
        texts.append(phone)
    if data := fields["custom_data"]:
        texts += chain.from_iterable(data.items())
    if has_stock_id := (stock_id := fields["default_stock_id"]) is not None and stock_id != "":
        texts.append(stock_id)
    if links := fields["soft_links"]:
        texts += chain.from_iterable(links.items())
    push_opening = ""
    if (push := fields["mobile_push_subscription"]) is not None:
        push_opening = _take_push_apart(push, texts)
    agreed = fields["is_agreed_to_receive_marketing_mail"]
    data_count = len(data) if data else 0
    link_count = len(links) if links else 0
    lay_out = _lay_out if data_count + link_count <= _USUAL_MAX_ENTRIES else _lay_out.__wrapped__
    gaps = lay_out(
        has_email,
        has_phone,
        data_count,
        has_stock_id,
        link_count,
        push_opening,
        flag_text(True if agreed is None else agreed),
        link_name,
        link_value,
    )
    return gaps, texts


def _take_push_apart(push: Any, texts: list[str]) -> str:
    """Add the strings of a subscription to `texts`, and return the start of its object."""
    kind, fields = kind_of(push), push.__dict__
    opening = _PUSH_OPENINGS[kind]
    texts += (fields["creation_timestamp"], fields["application_id"])
    if kind == "fcmSubscription":
        texts.append(fields["fcm_project_id"])
    texts.append(fields["token"])
    if kind == "apnsSubscription":
        return f'{opening}"isDevEnvironment":{flag_text(fields["is_dev_environment"])},'
    return opening


# A shop's customers have few shapes. The cache holds only counts and our own names, nobody's data. A layout with very
# many entries is never kept, because strangers choose their number and could fill the memory.
@lru_cache(maxsize=256)
def _lay_out(
    has_email: bool,
    has_phone: bool,
    data_count: int,
    has_stock_id: bool,
    link_count: int,
    push_opening: str,
    agreed: str,
    link_name: str,
    link_value: str,
) -> Gaps:
    """Return the fixed text of an object of this shape."""
    fixed = ['{"customerId":']
    end = ""
    if has_email:
        fixed.append(',"email":')
    if has_phone:
        fixed.append(',"phone":')
    if data_count:
        fixed += [',"customData":{', *[":", ","] * data_count][:-1]
        end = "}"
    if has_stock_id:
        fixed.append(f'{end},"defaultStockId":')
        end = ""
    if link_count:
        name, value = f'"{link_name}":', f',"{link_value}":'
        fixed += [f'{end},"softLinks":[{{{name}', *[value, f"}},{{{name}"] * link_count][:-1]
        end = "}]"
    if push_opening:
        fixed += [f'{end},"mobilePushSubscription":{{{push_opening}"creationTimestamp":', ',"applicationId":']
        if push_opening.startswith('"fcmSubscription"'):
            fixed.append(',"fcmProjectId":')
        fixed.append(',"token":')
        end = "}}"
    fixed.append(f'{end},"isAgreedToReceiveMarketingMail":{agreed}}}')
    return Gaps.between(fixed)


def flag_text(value: object) -> str:
    """Return a boolean as JSON has it.

    Raises:
        TypeError: anything else.
    """
    if value is not True and value is not False:
        raise TypeError("no boolean")
    return _FLAGS[value]


def _leaf_problems(
    problems_in: Callable[[Mapping[str, Any]], Iterable[Problem]], fields: Mapping[str, Any]
) -> tuple[Problem, ...]:
    """Return the problems of an object that could not be written."""
    problems: tuple[Problem, ...] = ()
    # Another thread may be changing the customer's dicts. Then the only problem is that they cannot be written.
    with suppress(Exception):
        problems = tuple(islice(problems_in(fields), PROBLEMS_MAX))
    return problems or (Problem.of("payload.leaf"),)


def field_problems(table: Iterable[FieldName], fields: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the problems of a model's attributes that cannot be written, in the order of its fields."""
    for name, path, kind, is_required in table:
        value = fields.get(name)
        if value is None and not is_required:
            continue
        if name == "mobile_push_subscription":
            yield from _push_problems(value, path)
        elif kind in ("object", "array"):
            if type(value) is not dict:
                yield Problem.of("payload.leaf", path)
                continue
            for position, entry in enumerate(value.items()):
                for text in entry:
                    yield from text_problems(text, f"{path}[{position}]")
        elif kind == "flag":
            yield from _flag_problems(value, path)
        else:
            yield from text_problems(value, path)


_customer_problems: Final = partial(field_problems, FIELDS)


def _push_problems(push: object, path: str) -> Iterator[Problem]:
    kind = kind_of(push)
    if kind is None:
        yield Problem.of("payload.leaf", path)
        return
    for part in fields_of(KINDS[kind]):
        check = _flag_problems if part.kind == "flag" else text_problems
        yield from check(push.__dict__.get(part.name), f"{path}.{kind}.{part.alias}")


def text_problems(value: object, path: str) -> Iterator[Problem]:
    """Yield the problem of a leaf that must be a text and cannot be written."""
    text = exact_text(value)
    if text is None:
        yield Problem.of("payload.leaf", path)
    elif has_surrogate(text):
        yield Problem.of("text.surrogate", path)


def _flag_problems(value: object, path: str) -> Iterator[Problem]:
    if value is not True and value is not False:
        yield Problem.of("payload.leaf", path)


_PART: Final = re.compile(r'"[^"]*"|[a-z0-9.-]+|[{}\[\]:,]')


def spread_over_lines(payload: str, *, margin: int) -> str:
    """Return compact payload text in the layout of `json.dumps(indent=2)`, with all lines but the first in by `margin`.

    No string has a quote inside, see `escape.py`.
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
