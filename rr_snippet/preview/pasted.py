"""Read pasted code: a block of ours, another valid call, or code with findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from rr_snippet.block.frame import prepare_frame
from rr_snippet.block.read_back import read_block
from rr_snippet.check import CheckOptions, check_page
from rr_snippet.check.given import given_customers
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.errors import CustomerError, MissingDependencyError, PageError, Problem
from rr_snippet.preview.form import CONSENT
from rr_snippet.preview.result import Input
from rr_snippet.sources.names import FIELD_SPELLINGS, FIELDS

_SPACE: Final = re.compile(r"\s+")
_CALL: Final = "setCustomer("


def read_pasted(text: str) -> Input:
    """Return the customer of a pasted block, page or script if it is valid, and what the checker finds.

    A corrected block has the pasted values, because only the person who has pasted them sees it.
    """
    stripped = text.strip()
    if not stripped:
        return Input()
    objects, problems = None, tuple[Problem, ...]()
    try:
        objects = read_block(stripped)
    except PageError as error:
        problems = error.problems
    # A block with a guest, or with an order alone, has no customer.
    data: Any = None if objects is None else objects.get("setCustomer")
    # A script does not begin with a tag. The text is checked as pasted, so that lines and columns are right.
    is_script = not stripped.startswith("<") and "<script" not in stripped.lower()
    name = "pasted.js" if is_script else "pasted.html"
    try:
        findings = tuple(check_page(text, CheckOptions(with_values=True), name=name))
        customers = given_customers(text, name=name)
    except MissingDependencyError as error:
        missing = error.problems[0]
        return Input(data, problems, missing=missing, is_ours=objects is not None)
    if objects is not None:
        return Input(data, findings=findings, is_ours=True)
    found = Input(findings=findings)
    if found.has_errors:
        return found
    if not customers:
        return Input(problems=problems, findings=findings)
    if len(customers) > 1 or not _is_customer(customers[0]):
        return found
    return Input(customers[0], findings=findings, differences=tuple(_differences(stripped, customers[0])))


def _is_customer(data: Any) -> bool:
    try:
        Customer.parse(data)
    except CustomerError:
        return False
    return True


def _differences(text: str, data: object) -> Iterator[str]:
    """Yield the keys of the words for what distinguishes a valid block from ours."""
    pairs = read_pairs(data) or []
    frame = prepare_frame("no-region")
    before = _SPACE.sub("", text).partition(_CALL)[0]
    if before != _SPACE.sub("", f"{frame.opening}{frame.head}").partition(_CALL)[0]:
        yield "frame"
    names = [FIELD_SPELLINGS.get(str(name), "") for name, _ in pairs]
    if names != [name for name in FIELDS if name in names]:
        yield "order"
    if CONSENT not in names:
        yield "consent"
    if any(value in (None, "", {}, []) for _, value in pairs):
        yield "absent"
    yield "spelling"
