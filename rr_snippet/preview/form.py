"""The form of the page: from texts to the data of a customer, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rr_snippet.customer.customer import FIELDS, Customer
from rr_snippet.customer.pairs import object_of
from rr_snippet.customer.push import KINDS, kind_of
from rr_snippet.customer.texts import has_control
from rr_snippet.customer.usual import fields_of

TEXT_FIELDS: Final = tuple(field.alias for field in FIELDS if field.kind == "text")
CONSENT: Final = "isAgreedToReceiveMarketingMail"
PUSH: Final = "mobilePushSubscription"
PUSH_FLAG: Final = "isDevEnvironment"

# By kind: the vendor's names of its fields, in the vendor's order.
PUSH_FIELDS: Final = {kind: tuple(part.alias for part in fields_of(model)) for kind, model in KINDS.items()}
# Each name once, in the order of the form.
PUSH_NAMES: Final = (PUSH_FLAG, "creationTimestamp", "applicationId", "fcmProjectId", "token")

# With more rows a form helps nobody. Such a customer is shown as JSON.
ROWS_MAX: Final = 1_000

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The state of the fields. Every value is a text, as in a form; the consent is `true`, `false` or empty."""

    texts: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(TEXT_FIELDS, ""))
    custom_data: Pairs = ()
    soft_links: Pairs = ()
    push_kind: str = ""
    push: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(PUSH_NAMES, ""))
    consent: str = ""

    @classmethod
    def of(cls, customer: Customer) -> Form | None:
        """Return the fields for `customer`, or `None` if a form cannot hold it unchanged.

        A text input loses line ends in a browser, and HTML cannot express most other control characters. Thousands of
        rows are too many. An absent consent is no choice.
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
        return None if len(rows) > ROWS_MAX or any(map(has_control, texts)) else form

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed or chosen yet."""
        return self.data() == _NOTHING

    def rows_given(self, name: str) -> list[int]:
        """Return the numbers of the rows of `customData` or `softLinks` that are not empty."""
        rows = self.custom_data if name == "customData" else self.soft_links
        return [number for number, pair in enumerate(rows) if pair != ("", "")]

    def data(self) -> dict[str, Any]:
        """Return the data of the fields in the vendor's order and spelling, without empty fields.

        Nothing is validated here; `Customer.parse` does that.
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
            # For an unknown kind, only that fact matters.
            names = PUSH_FIELDS.get(self.push_kind, ())
            given[PUSH] = {self.push_kind: {name: _given(name, self.push[name]) for name in names}}
        if self.consent:
            given[CONSENT] = _given(CONSENT, self.consent)
        return given

    def json_text(self) -> str:
        """Return the same as JSON, with any repeated keys."""
        return (
            "{\n" + ",\n".join(f"  {_json(name)}: {_json_member(value)}" for name, value in self.data().items()) + "\n}"
        )

    def changed(self, action: str, removed: str = "") -> tuple[Form, str]:
        """Return the form after `add-customData`, `remove-softLinks-2`, `restore` and the like, and what was removed.

        The page keeps what was removed as text, and sends it with `restore`. Any other action changes nothing.
        """
        verb, _, rest = action.partition("-")
        name, _, number = rest.partition("-")
        if verb == "restore":
            name, number, *pair = _read_removed(removed)
        attribute = _ROWS.get(name)
        if attribute is None:
            return self, removed
        # A form without rows shows an empty row.
        rows: list[tuple[str, str]] = list(getattr(self, attribute) or [("", "")])
        place = int(number) if number.isdecimal() and len(number) < 10 else len(rows)
        if verb == "add":
            rows.append(("", ""))
        elif verb == "restore":
            rows.insert(place, (pair[0], pair[1]))
            removed = ""
        elif verb == "remove" and place < len(rows):
            removed = json.dumps([name, number, *rows.pop(place)])
        return replace(self, **{attribute: tuple(rows)}), removed  # type: ignore[arg-type]


_NOTHING: Final = {"customerId": ""}
_ROWS: Final = {"customData": "custom_data", "softLinks": "soft_links"}


def _read_removed(text: str) -> list[str]:
    """Return the name, number and both texts of a removed row, or nothing if no page of ours has sent them."""
    try:
        parts = json.loads(text)
    except ValueError:
        parts = None
    is_row = isinstance(parts, list) and len(parts) == 4 and all(isinstance(part, str) for part in parts)
    return parts if is_row else ["", "", "", ""]


def _form_text(value: str | bool | None) -> str:  # noqa: FBT001 - one of three kinds of value
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value).lower()


def _given(name: str, text: str) -> str | bool | None:
    """Return the value of an input's text, or nothing for a choice that was not made."""
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
