"""What comes of a customer: problems and warnings, both blocks, what the tracker will get, sizes, lines of code.

All of it is asked of the library's own functions. Nothing here knows a rule.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from rr_snippet.block.options import RenderOptions, Variant
from rr_snippet.block.read_back import read_block
from rr_snippet.block.render import Renderer
from rr_snippet.check import CheckOptions, Finding, check_page
from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import MissingDependencyError, PageError, Problem, SnippetError
from rr_snippet.preview.code_lines import code_lines
from rr_snippet.preview.form import CONSENT, Form
from rr_snippet.preview.highlight import as_html, mark_differences, pieces_of

# Shows where a region would stand, for a customer without one; the checker's placeholder too.
STOCK_PLACEHOLDER: Final = "STOCK-ID"

_SHOWN: Final[tuple[Variant, Variant]] = ("region", "no-region")


@dataclass(frozen=True, slots=True)
class Input:
    """What there is to look at: the data of a customer, or why there is none.

    `findings` are what the checker says of a pasted block, `None` where it has not been asked or is `missing`.
    """

    data: Any = None
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] | None = None
    missing: Problem | None = None

    @property
    def corrected(self) -> str | None:
        """The block that should stand in the place of the pasted one."""
        return next((finding.corrected for finding in self.findings or () if finding.corrected), None)


@dataclass(frozen=True, slots=True)
class VariantView:
    """One of the two blocks. The one that is not the customer's own is there to compare."""

    name: str
    html: Markup
    is_own: bool


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much it is: bytes, save for the two of the limit, which counts characters of the object."""

    block: int
    spread: int
    payload: int
    limit: int


@dataclass(frozen=True, slots=True)
class Result:
    """What comes of a customer; without one, what speaks against it."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    customer: Customer | None = None
    block: str = ""
    variants: tuple[VariantView, ...] = ()
    payload: dict[str, Any] | None = None
    meant: dict[str, Any] | None = None
    sizes: Sizes | None = None
    code: dict[str, str] | None = None

    @property
    def payload_json(self) -> str:
        """The object that stands in the block, as JSON."""
        return json.dumps(self.payload, ensure_ascii=False, indent=2)

    @property
    def meant_json(self) -> str:
        """What the tracker has to get, as JSON."""
        return json.dumps(self.meant)


def read_form(form: Form) -> Input:
    """Return what the fields of the form say."""
    return Input(form.data())


def read_json(text: str) -> Input:
    """Return what a JSON text says."""
    try:
        return Input(decode_json(text))
    except SnippetError as error:
        return Input(problems=error.problems)


def read_pasted(text: str) -> Input:
    """Return what a pasted block, page or script says: of a block of ours its customer, of all what the checker finds.

    The values in a corrected block are those that were pasted: they go back to whoever has pasted them.
    """
    stripped = text.strip()
    if not stripped:
        return Input(problems=(Problem.of("source.empty"),))
    data, problems = None, tuple[Problem, ...]()
    try:
        data = read_block(stripped)
    except PageError as error:
        problems = error.problems
    findings, missing = None, None
    try:
        # No script begins with a tag. What is checked is what was pasted, so that lines and columns are its own.
        is_script = not stripped.startswith("<") and "<script" not in stripped.lower()
        found = check_page(text, CheckOptions(with_values=True), name="pasted.js" if is_script else "pasted.html")
        findings = tuple(found)
    except MissingDependencyError as error:
        missing = error.problems[0]
    return Input(data, problems, findings, missing)


def look_at(given: Input, options: RenderOptions, *, is_pretty: bool) -> Result:
    """Return all there is to show of what was given."""
    if given.problems:
        return Result(given.problems)
    try:
        customer = read_customer(given.data, options.rules())
    except SnippetError as error:
        return Result(error.problems)
    renderer = Renderer(replace(options, pretty=is_pretty))
    try:
        block = renderer.render(customer)
        payload = renderer.to_payload(customer)
    except SnippetError as error:
        return Result(error.problems, customer.warnings)
    own: Variant = "region" if "defaultStockId" in payload else "no-region"
    pieces = mark_differences(
        *(pieces_of(_block_in(variant, customer, options, is_pretty=is_pretty)) for variant in _SHOWN)
    )
    compact, spread = (Renderer(replace(options, pretty=spread)).render(customer) for spread in (False, True))
    return Result(
        warnings=customer.warnings,
        customer=customer,
        block=str(block),
        variants=tuple(
            VariantView(name, as_html(found), is_own=name == own) for name, found in zip(_SHOWN, pieces, strict=True)
        ),
        payload=payload,
        meant=_meant(customer),
        sizes=Sizes(len(compact), len(spread), _payload_chars(compact), options.payload_max_chars),
        code=code_lines(customer, options),
    )


def _meant(customer: Customer) -> dict[str, Any]:
    """Return what the tracker has to get: from the model, not from the block, for the one is to tell of the other."""
    meant = {name: value for name, value in customer.model_dump(by_alias=True).items() if value not in (None, {})}
    if customer.soft_links:
        name, value = ("Name", "Value") if customer.default_stock_id else ("name", "value")
        meant["softLinks"] = [{name: key, value: text} for key, text in customer.soft_links.items()]
    # What the vendor takes it for where it is left out, and what is written out here.
    return {CONSENT: True, **meant}


def _payload_chars(block: str) -> int:
    """Return the length of the object in a block on as few lines as the vendor's, of which the object takes one."""
    return block.rindex(");\n") - block.index("setCustomer(") - len("setCustomer(")


def _block_in(variant: Variant, customer: Customer, options: RenderOptions, *, is_pretty: bool) -> str:
    """Return the block as it would be in `variant`: without the region, or with one to show where it stands."""
    stock_id = (customer.default_stock_id or STOCK_PLACEHOLDER) if variant == "region" else None
    # The placeholder may not be what makes a block too large.
    limit = options.payload_max_chars + 100
    renderer = Renderer(replace(options, variant=variant, pretty=is_pretty, payload_max_chars=limit))
    return str(renderer.render(customer.model_copy(update={"default_stock_id": stock_id})))
