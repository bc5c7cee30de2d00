"""What is typed into the page: texts in, the data of a customer out, and back again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl

from rr_snippet.customer.customer import FIELDS, Customer
from rr_snippet.customer.pairs import object_of
from rr_snippet.customer.push import KINDS, kind_of
from rr_snippet.customer.texts import has_control
from rr_snippet.customer.usual import fields_of

TEXT_FIELDS: Final = tuple(field.alias for field in FIELDS if field.kind == "text")
CONSENT: Final = "isAgreedToReceiveMarketingMail"
PUSH: Final = "mobilePushSubscription"
PUSH_FLAG: Final = "isDevEnvironment"

# Kind -> the vendor's names of its fields, in the vendor's order.
PUSH_FIELDS: Final = {kind: tuple(part.alias for part in fields_of(model)) for kind, model in KINDS.items()}
# Each name once, in the order in which the form has them.
PUSH_NAMES: Final = (PUSH_FLAG, "creationTimestamp", "applicationId", "fcmProjectId", "token")

# A form with more is of no use to anybody: such a customer is looked at as JSON.
_ROWS_MAX: Final = 1_000
# Two inputs a row, and as many again for what is added by hand.
_FIELDS_MAX: Final = 4 * _ROWS_MAX

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The state of the fields. Every value is a text, as a form has it; consent is `true`, `false` or empty."""

    texts: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(TEXT_FIELDS, ""))
    custom_data: Pairs = ()
    soft_links: Pairs = ()
    push_kind: str = ""
    push: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(PUSH_NAMES, ""))
    consent: str = ""

    @classmethod
    def of(cls, customer: Customer) -> Form | None:
        """Return the fields that stand for `customer`, or `None` where a form cannot hold it unchanged.

        A line of text loses its line ends in a browser, and HTML has no way to write most other control characters.
        Nor is it made for thousands of rows. A consent that was not given is none that was chosen.
        """
        push = customer.mobile_push_subscription
        kind = kind_of(push)
        values = {field.alias: getattr(customer, field.name) or "" for field in FIELDS}
        parts = {part.alias: getattr(push, part.name) for part in fields_of(type(push))} if push else {}
        form = cls(
            texts={name: values[name] for name in TEXT_FIELDS},
            custom_data=tuple((customer.custom_data or {}).items()),
            soft_links=tuple((customer.soft_links or {}).items()),
            push_kind=kind or "",
            push={name: _form_text(parts.get(name, "")) for name in PUSH_NAMES},
            consent=_form_text(
                customer.is_agreed_to_receive_marketing_mail
                if "is_agreed_to_receive_marketing_mail" in customer.model_fields_set
                else None
            ),
        )
        rows = (*form.custom_data, *form.soft_links)
        texts = (*form.texts.values(), *form.push.values(), *(text for pair in rows for text in pair))
        return None if len(rows) > _ROWS_MAX or any(map(has_control, texts)) else form

    def rows_given(self, name: str) -> list[int]:
        """Return the numbers of the rows of `customData` or `softLinks` in which something stands."""
        rows = self.custom_data if name == "customData" else self.soft_links
        return [number for number, pair in enumerate(rows) if pair != ("", "")]

    def data(self) -> dict[str, Any]:
        """Return what the fields say, in the vendor's order and spelling; a field left empty is left out.

        Nothing is judged here: that is what `Customer.parse` is for.
        """
        texts = self.texts
        given: dict[str, Any] = {"customerId": texts["customerId"]}
        given |= {name: texts[name] for name in ("email", "phone") if texts[name]}
        if rows := self.rows_given("customData"):
            given["customData"] = object_of([self.custom_data[row] for row in rows])
        if texts["defaultStockId"]:
            given["defaultStockId"] = texts["defaultStockId"]
        if rows := self.rows_given("softLinks"):
            links = [self.soft_links[row] for row in rows]
            given["softLinks"] = [{"name": name, "value": value} for name, value in links]
        if self.push_kind:
            # Of a kind that does not exist, what there is to know is that it does not.
            names = PUSH_FIELDS.get(self.push_kind, ())
            given[PUSH] = {self.push_kind: {name: _given(name, self.push[name]) for name in names}}
        if self.consent:
            given[CONSENT] = _given(CONSENT, self.consent)
        return given

    def json_text(self) -> str:
        """Return the same as JSON; a key that stands twice does so here too."""
        return (
            "{\n" + ",\n".join(f"  {_json(name)}: {_json_member(value)}" for name, value in self.data().items()) + "\n}"
        )

    def changed(self, action: str) -> Form:
        """Return the form after `add-customData`, `remove-softLinks-2` and the like; anything else changes nothing."""
        verb, _, rest = action.partition("-")
        name, _, number = rest.partition("-")
        attribute = {"customData": "custom_data", "softLinks": "soft_links"}.get(name)
        if attribute is None:
            return self
        rows: Pairs = getattr(self, attribute)
        if verb == "add":
            # A form without rows shows an empty one: after that there are two.
            rows = (*(rows or (("", ""),)), ("", ""))
        elif verb == "remove":
            rows = tuple(pair for row, pair in enumerate(rows) if str(row) != number)
        return replace(self, **{attribute: rows})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser has sent: the form, the two other ways to give a customer, and what is asked for."""

    form: Form
    mode: str
    json: str
    block: str
    is_pretty: bool
    action: str


def read_sent(body: bytes) -> Sent:
    """Return what stands in the body of a form.

    Raises:
        ValueError: more fields than a form of ours can have.
    """
    pairs = parse_qsl(
        body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="replace"
    )
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        # A browser sends every line end of a text area as CR LF.
        given.setdefault(name, []).append(text.replace("\r\n", "\n"))

    def last(name: str) -> str:
        return given.get(name, [""])[-1]

    def rows(name: str, key: str) -> Pairs:
        # Both inputs of a row are always sent, so that a half is nothing that a browser would send.
        return tuple(zip(given.get(f"{name}.{key}", ()), given.get(f"{name}.value", ()), strict=False))

    form = Form(
        texts={name: last(name) for name in TEXT_FIELDS},
        custom_data=rows("customData", "key"),
        soft_links=rows("softLinks", "name"),
        push_kind=last("push.kind"),
        push={name: last(f"push.{name}") for name in PUSH_NAMES},
        consent=last(CONSENT),
    )
    action = last("do")
    mode = action if action in ("form", "json", "block") else last("mode")
    if action.startswith(("add-", "remove-")):
        # Rows are the form's, whatever was looked at before.
        mode = "form"
    return Sent(form, mode, last("json"), last("block"), is_pretty="pretty" in given, action=action)


def _form_text(value: str | bool | None) -> str:  # noqa: FBT001 - one of three kinds of value
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value).lower()


def _given(name: str, text: str) -> str | bool | None:
    """Return what the text of an input stands for: of a choice that was not made, nothing."""
    if name not in (PUSH_FLAG, CONSENT):
        return text
    return {"true": True, "false": False, "": None}.get(text, text)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")


def _json_member(value: Any) -> str:
    pairs = getattr(value, "pairs", None)
    if pairs is None:
        return _json(value)
    return "{\n" + ",\n".join(f"    {_json(key)}: {_json(text)}" for key, text in pairs) + "\n  }"
