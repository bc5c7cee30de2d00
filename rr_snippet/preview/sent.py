"""What a browser sends: the form, the other ways of giving a customer, and the action."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from rr_snippet.preview.choices import Choices
from rr_snippet.preview.form import CONSENT, PUSH_NAMES, ROWS_MAX, TEXT_FIELDS, Form, Pairs

MODES: Final = ("form", "json", "block")

# Two inputs for each row, and as many again for rows added by hand.
_FIELDS_MAX: Final = 4 * ROWS_MAX


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent. `mode` is the way in which the customer was given, `record` the current one of several."""

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
    """Return the contents of a form's body.

    Raises:
        ValueError: more fields than a form of ours can have.
    """
    pairs = parse_qsl(
        body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="replace"
    )
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        # Browsers send every line end in a text area as CR LF.
        given.setdefault(name, []).append(text.replace("\r\n", "\n"))

    def last(name: str) -> str:
        return given.get(name, [""])[-1]

    def rows(name: str, key: str) -> Pairs:
        # A browser always sends both inputs of a row, never one of them.
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
        # Rows belong to the form, whatever was current before.
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
