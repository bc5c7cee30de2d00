"""From what was sent to what is shown. The other ways of giving a customer follow the one that was used."""

from __future__ import annotations

from dataclasses import replace

from rr_snippet.block.options import RenderOptions
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.rules import CustomerRules
from rr_snippet.errors import CustomerError, OptionError
from rr_snippet.preview.form import Form
from rr_snippet.preview.pages import State
from rr_snippet.preview.pasted import read_pasted
from rr_snippet.preview.records import LISTED_MAX, list_records, read_text
from rr_snippet.preview.result import Input, as_json, look_at, read_form, read_typed
from rr_snippet.preview.sent import Sent


def acted(sent: Sent) -> Sent:
    """Return what was sent, after the action of the button that sent it."""
    form, removed = sent.form.changed(sent.action, sent.removed)
    return replace(sent, form=form, removed=removed, action="")


def look(sent: Sent, options: RenderOptions) -> State:
    """Return the state that the page shows for what was sent."""
    form, is_mirror, is_text_behind, text = sent.form, True, False, sent.json
    given = given_by(sent)
    if sent.mode == "form":
        # Several customers are not replaced by the one in the form.
        is_text_behind = len(read_text(text)[0]) > 1
        text = text if is_text_behind else "" if given.is_empty else form.json_text()
    else:
        followed = Form() if given.is_empty else _form_of(given)
        form, is_mirror = followed or form, followed is not None
        if sent.mode == "block":
            is_text_behind = given.data is None
            text = text if is_text_behind else followed.json_text() if followed else as_json(given.data)
    entries = list_records(given.records[:LISTED_MAX], _rules(sent, options)) if len(given.records) > 1 else []
    return State(
        sent=replace(sent, form=form, json=text, record=given.record),
        given=given,
        result=look_at(given, options, sent.choices),
        is_mirror=is_mirror,
        is_text_behind=is_text_behind,
        entries=tuple(entries),
    )


def _rules(sent: Sent, options: RenderOptions) -> CustomerRules:
    try:
        return sent.choices.applied_to(options).rules()
    except OptionError:
        return options.rules()


def given_by(sent: Sent) -> Input:
    """Return the customer in what was sent, by the way that was used."""
    if sent.mode == "json":
        return read_typed(sent.json, sent.record)
    return read_pasted(sent.block) if sent.mode == "block" else read_form(sent.form)


def _form_of(given: Input) -> Form | None:
    # By the default rules, which keep a phone as written.
    try:
        return Form.of(Customer.parse(given.data))
    except CustomerError:
        return None
