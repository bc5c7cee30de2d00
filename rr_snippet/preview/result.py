"""The result of a customer: problems and warnings, the block, both variants, what the tracker will receive, code.

Everything comes from the library's own functions. Nothing here knows a rule.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.block.render import Renderer
from rr_snippet.check import Finding
from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.errors import Language, Problem, SnippetError
from rr_snippet.preview.beside import warnings_beside
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.code_lines import code_lines
from rr_snippet.preview.form import CONSENT, Form
from rr_snippet.preview.highlight import as_html, mark_differences, pieces_of
from rr_snippet.preview.records import read_text
from rr_snippet.sources.records import RawRecord
from rr_snippet.sources.text_fields import join_problems

# The place of a region in the block of a customer without one. The checker has the same placeholder.
STOCK_PLACEHOLDER: Final = "STOCK-ID"

_SHOWN: Final[tuple[Variant, Variant]] = ("region", "no-region")


@dataclass(frozen=True, slots=True)
class Input:
    """The input: the data of a customer, or the reason why there is none.

    Without any typing it is empty. `records` are all records in a text, and `record` is the current one. `findings` are
    the checker's for pasted code, `None` if it was not asked or is `missing`. `is_ours` means that the code is a block
    of this library, and `differences` are what distinguishes a valid block from ours.
    """

    data: Any = None
    problems: tuple[Problem, ...] = ()
    records: Sequence[RawRecord] = ()
    record: int = 1
    findings: tuple[Finding, ...] | None = None
    missing: Problem | None = None
    is_ours: bool = False
    differences: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given, right or wrong."""
        return self == _EMPTY

    @property
    def has_errors(self) -> bool:
        """Whether the checker has found errors."""
        return any(finding.severity == "error" for finding in self.findings or ())

    def corrected_in(self, language: Language) -> str | None:
        """Return the block that should replace the pasted one, with its gaps in English or Russian."""
        return next((finding.corrected_in(language) for finding in self.findings or () if finding.corrected), None)


_EMPTY: Final = Input()


@dataclass(frozen=True, slots=True)
class VariantView:
    """One of the two blocks, spread over lines. The other variant than the customer's is only for comparison."""

    name: str
    html: Markup
    is_own: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a customer, or its problems. `chars` is the length of the object, `limit` its limit."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    customer: Customer | None = None
    block: str = ""
    variants: tuple[VariantView, ...] = ()
    payload: dict[str, Any] | None = None
    meant: dict[str, Any] | None = None
    chars: int = 0
    limit: int = 0
    code: dict[str, str] | None = None

    @property
    def payload_json(self) -> str:
        """The object in the block, as JSON."""
        return as_json(self.payload)

    @property
    def meant_json(self) -> str:
        """What the tracker must receive, as JSON."""
        return json.dumps(self.meant)

    @property
    def block_html(self) -> Markup:
        """The coloured block as the page has it."""
        return as_html(pieces_of(self.block))


def read_form(form: Form) -> Input:
    """Return the input in the fields of the form."""
    return Input() if form.is_empty else Input(form.data())


def read_typed(text: str, record: int = 1) -> Input:
    """Return the input in a text of JSON, JSON Lines or CSV; of several records the one with this number."""
    if not text.strip():
        return Input()
    records, problems = read_text(text)
    if not records:
        return Input(problems=problems)
    number = min(max(record, 1), len(records))
    chosen = records[number - 1]
    return Input(chosen.data, chosen.problems, records, number)


def text_of(given: Input, text: str) -> str:
    """Return the whole customer that was read from a text, as text for printing and for sending to others."""
    return as_json(given.data) if len(given.records) > 1 else text


def as_json(data: object) -> str:
    """Return data as JSON for people."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def look_at(given: Input, options: RenderOptions, choices: Choices | None = None) -> Result:
    """Return the result of an input, with the options and the choices beside them."""
    choices = choices or Choices.of(options)
    try:
        options = choices.applied_to(options)
    except SnippetError as error:
        return Result(error.problems)
    if given.data is None and (given.problems or not given.records):
        return Result(given.problems)
    try:
        customer = read_customer(given.data, options.rules())
        problems = given.problems
    except SnippetError as error:
        problems = join_problems(error.problems, given.problems)
    if problems:
        return Result(problems, warnings_beside(given.data, problems, options.rules()))
    try:
        block = Renderer(options).render(customer, nonce=choices.nonce.strip() or None)
    except SnippetError as error:
        return Result(error.problems, customer.warnings)
    payload = Renderer(options).to_payload(customer)
    own: Variant = "region" if "defaultStockId" in payload else "no-region"
    pieces = mark_differences(*(pieces_of(_block_in(variant, customer, options)) for variant in _SHOWN))
    return Result(
        warnings=customer.warnings,
        customer=customer,
        block=str(block),
        variants=tuple(
            VariantView(name, as_html(found), is_own=name == own) for name, found in zip(_SHOWN, pieces, strict=True)
        ),
        payload=payload,
        meant=_meant(customer),
        chars=_payload_chars(str(Renderer(replace(options, pretty=False)).render(customer))),
        limit=options.payload_max_chars,
        code=code_lines(customer, options, nonce=choices.nonce.strip()),
    )


def _meant(customer: Customer) -> dict[str, Any]:
    """Return what the tracker must receive, from the model instead of the block, so that the two can be compared."""
    meant = {name: value for name, value in customer.model_dump(by_alias=True).items() if value not in (None, {})}
    if customer.soft_links:
        name, value = ("Name", "Value") if customer.default_stock_id else ("name", "value")
        meant["softLinks"] = [{name: key, value: text} for key, text in customer.soft_links.items()]
    # The vendor's default for an absent consent, which the block writes out.
    return {CONSENT: True, **meant}


def _payload_chars(block: str) -> int:
    """Return the length of the object in a compact block, where the object is one line."""
    return block.rindex(");\n") - block.index("setCustomer(") - len("setCustomer(")


def _block_in(variant: Variant, customer: Customer, options: RenderOptions) -> str:
    """Return the block in `variant`: without the region, or with a placeholder for one."""
    stock_id = (customer.default_stock_id or STOCK_PLACEHOLDER) if variant == "region" else None
    # The placeholder must not make a block too large.
    limit = options.payload_max_chars + 100
    renderer = Renderer(replace(options, variant=variant, pretty=True, payload_max_chars=limit))
    return str(renderer.render(customer.model_copy(update={"default_stock_id": stock_id})))
