"""What a browser sends: the form, the other ways to give a customer, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from rr_snippet.preview.choices import Choices
from rr_snippet.preview.form import CONSENT, PUSH_NAMES, ROWS_MAX, TEXT_FIELDS, Form, Pairs

MODES: Final = ("form", "json", "block")

# Two inputs a row, and as many again for what is added by hand.
_FIELDS_MAX: Final = 4 * ROWS_MAX


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent. `mode` is the way in which the customer was given, `record` which one of several is looked at."""

    form: Form
    mode: str = "form"
    json: str = ""
    block: str = ""
    record: int = 1
    choices: Choices = field(default_factory=Choices)
    action: str = ""
    removed: str = ""
    tab: str = ""
    state: str = ""


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
    mode = action if action in MODES else last("mode")
    if action.startswith(("add-", "remove-", "restore")):
        # Rows are the form's, whatever was looked at before.
        mode = "form"
    mode = mode if mode in MODES else "form"
    record = last("record")
    return Sent(
        form,
        mode,
        last("json"),
        last("block"),
        record=int(record) if record.isdecimal() and len(record) < 10 else 1,
        choices=Choices(
            last("phone_region"), "require_consent" in given, last("nonce"), "pretty" in given, "debug" in given
        ),
        action=action,
        removed=last("removed"),
        tab=last("tab") if last("tab") in MODES else mode,
        state=last("state"),
    )
