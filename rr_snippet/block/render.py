"""Render the block: the only user of our templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any, Final, Literal, NamedTuple, get_args

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.frame import read_templates
from rr_snippet.block.payload import spread_over_lines, write_payload
from rr_snippet.customer.customer import Customer, read_usual_customer
from rr_snippet.customer.phone import PhoneCheck
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.texts import exact_text
from rr_snippet.errors import Problem, RenderError
from rr_snippet.options import refuse, unknown_option, wrong_choice, wrong_switch, wrong_value

Variant = Literal["auto", "region", "no-region"]

# The object stands eight spaces in; so do the further lines of a spread one.
_MARGIN: Final = 8


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Every option of a rendering.

    `variant` `auto` is `region` exactly for customers with a `default_stock_id`. `pretty` spreads the object over
    lines, `debug` lets the block report its errors to the console. `payload_max_chars` limits the object, in
    characters of its compact text. The other three are rules for reading a customer, see `Customer.parse`.

    Raises:
        OptionError: `option.value`, at construction.
    """

    variant: Variant = "auto"
    pretty: bool = False
    debug: bool = False
    payload_max_chars: int = 65_536
    phone_region: str | None = None
    phone_check: PhoneCheck = "shape"
    require_consent: bool = False

    def __post_init__(self) -> None:
        limit = self.payload_max_chars
        refuse(
            wrong_choice("variant", self.variant, get_args(Variant)),
            wrong_switch("pretty", self.pretty),
            wrong_switch("debug", self.debug),
            None if type(limit) is int and limit > 0 else wrong_value("payload_max_chars", "a whole number from 1"),
            *CustomerRules.problems(self.phone_region, self.phone_check, self.require_consent),
        )

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> RenderOptions:
        """Build the options from a mapping of their names.

        Raises:
            OptionError: `option.unknown`, `option.value`.
        """
        known = [field.name for field in fields(cls)]
        refuse(*(unknown_option(str(name), known) for name in options if name not in known))
        return cls(**options)

    def rules(self) -> CustomerRules:
        """Return those of the options that say how a customer is read."""
        rules = CustomerRules(self.phone_region, self.phone_check, self.require_consent)
        return DEFAULT_RULES if rules == DEFAULT_RULES else rules


class Frame(NamedTuple):
    """A template rendered around a gap: what is the same for every customer."""

    opening: str
    """From `<` to where a nonce would stand."""
    head: str
    """From there to the object."""
    tail: str
    """From the object to `</script>`."""
    link_name: str
    link_value: str


class _Gap:
    """Stands in for the customer when a template is prepared, and takes down how it spells soft links."""

    MARK: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
    link_name: str
    link_value: str


def _rr_payload(customer: Customer | _Gap, *, link_name: str, link_value: str) -> Markup:
    """Write the payload (the filter of our templates)."""
    if isinstance(customer, _Gap):
        customer.link_name, customer.link_value = link_name, link_value
        return Markup(customer.MARK)  # noqa: S704 - a constant
    # Safe: the writer returns no text whose alphabet it has not proven.
    return Markup(write_payload(customer.__dict__, link_name=link_name, link_value=link_value))  # noqa: S704


@cache
def _environment() -> Environment:
    """Return the private environment; no application's filters, policies or loaders reach it."""
    environment = Environment(
        loader=DictLoader(read_templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["rr_payload"] = _rr_payload
    return environment


def render_template(customer: Customer | _Gap, *, variant: str, nonce: str | None = None, debug: bool = False) -> str:
    """Render the block of `variant` (`region` or `no-region`) through its template, the plain way."""
    return _environment().get_template(f"{variant}.j2").render(customer=customer, nonce=nonce, debug=debug)


@cache
def prepare_frame(variant: str, *, debug: bool = False) -> Frame:
    """Render the template of `variant` (`region` or `no-region`) once, and keep its parts for all customers."""
    gap = _Gap()
    before, tail = render_template(gap, variant=variant, debug=debug).split(gap.MARK)
    with_nonce = render_template(gap, variant=variant, nonce=gap.MARK, debug=debug)
    opening = with_nonce[: with_nonce.index(' nonce="')]
    return Frame(opening, before.removeprefix(opening), tail, gap.link_name, gap.link_value)


class Renderer:
    """Renders customers with one set of options. Immutable: threads may share it."""

    __slots__ = ("_frames", "_options", "_rules")

    def __init__(self, options: RenderOptions | None = None) -> None:
        if options is None:
            options = RenderOptions()
        if not isinstance(options, RenderOptions):
            refuse(wrong_value("options", "a RenderOptions"))
        self._options = options
        self._rules = self._options.rules()
        self._frames = {
            variant: prepare_frame(variant, debug=self._options.debug) for variant in ("region", "no-region")
        }

    @property
    def options(self) -> RenderOptions:
        """The options given at construction."""
        return self._options

    def render(self, customer: Customer | Mapping[str, Any], *, nonce: str | None = None) -> Markup:
        """Return the block for `customer`, without a line end after it.

        A mapping is parsed first; a `Customer` is held to the same rules, so that options mean the same for both.

        Raises:
            CustomerError: the data is no customer.
            RenderError: `variant.stock_missing`, `variant.stock_unexpected`, `nonce.shape`, `payload.too_large`;
                `payload.leaf` and `text.surrogate` for a customer built without validation.
        """
        nonce_attribute = "" if nonce is None else f' nonce="{check_nonce(nonce)}"'
        # Safe: the frame is ours, the nonce and the payload are proven by the functions that made them.
        # By the constructor of str: Markup's own looks for __html__ first, which costs more than all of the joining.
        return str.__new__(Markup, self._render(self._read(customer), nonce_attribute))

    def render_text(self, customer: object) -> tuple[str, str | None]:
        """Return the block for `customer` as plain text, for files rather than pages, and the id in it.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        values = self._read(customer)
        return self._render(values), exact_text(values["customer_id"])

    def _render(self, values: Mapping[str, Any], nonce_attribute: str = "") -> str:
        frame, payload = self._write(values)
        if self._options.pretty:
            payload = spread_over_lines(payload, margin=_MARGIN)
        return f"{frame.opening}{nonce_attribute}{frame.head}{payload}{frame.tail}"

    def _read(self, customer: object) -> dict[str, Any]:
        if self._rules is DEFAULT_RULES:
            if type(customer) is Customer:
                return customer.__dict__
            if type(customer) is dict and (values := read_usual_customer(customer)) is not None:
                return values
        return Customer._parse(customer, self._rules).__dict__

    def _write(self, values: Mapping[str, Any]) -> tuple[Frame, str]:
        variant = self._options.variant
        # From the dict: a model built without validation may lack the attribute, which the writer will tell.
        stock_id = values.get("default_stock_id")
        has_stock = stock_id != "" if type(stock_id) is str else stock_id is not None and exact_text(stock_id) != ""
        if variant == "auto":
            variant = "region" if has_stock else "no-region"
        elif variant == "region" and not has_stock:
            raise RenderError(Problem.of("variant.stock_missing", "defaultStockId"))
        elif variant == "no-region" and has_stock:
            raise RenderError(Problem.of("variant.stock_unexpected", "defaultStockId"))
        frame = self._frames[variant]
        payload = write_payload(values, link_name=frame.link_name, link_value=frame.link_value)
        if len(payload) > self._options.payload_max_chars:
            limit = self._options.payload_max_chars
            raise RenderError(Problem.of("payload.too_large", count=len(payload), limit=limit))
        return frame, payload

    def to_payload(self, customer: Customer | Mapping[str, Any]) -> dict[str, Any]:
        """Return the object that `setCustomer` will receive, as a new dict.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        payload: dict[str, Any] = json.loads(self._write(self._read(customer))[1])
        return payload


# Few sets of options are in use at a time; the bound is for a caller who varies the limit without end.
_renderer = lru_cache(maxsize=64)(Renderer)


def render_snippet(customer: Customer | Mapping[str, Any], *, nonce: str | None = None, **options: Any) -> Markup:
    """Return the block for `customer`; `options` are those of `RenderOptions`.

    Raises:
        CustomerError, RenderError: as `Renderer.render`.
        OptionError: `option.unknown`, `option.value`.
    """
    return _renderer(RenderOptions.of(options) if options else None).render(customer, nonce=nonce)


def to_payload(customer: Customer | Mapping[str, Any], **options: Any) -> dict[str, Any]:
    """Return the object that `setCustomer` will receive, as a new dict; `options` are those of `RenderOptions`.

    Raises:
        CustomerError, RenderError: as `Renderer.render`.
        OptionError: `option.unknown`, `option.value`.
    """
    return _renderer(RenderOptions.of(options) if options else None).to_payload(customer)
