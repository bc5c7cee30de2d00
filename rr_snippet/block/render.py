"""Render the block of a customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Unpack

from markupsafe import Markup

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.frame import Frame, prepare_frame
from rr_snippet.block.options import RenderKeywords, RenderOptions
from rr_snippet.block.payload import spread_over_lines, write_payload
from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.customer.texts import exact_text
from rr_snippet.errors import Problem, RenderError
from rr_snippet.options import refuse, wrong_value

# The object stands eight spaces in; so do the further lines of a spread one.
_MARGIN: Final = 8


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
        return str.__new__(Markup, self._render(read_customer(customer, self._rules), nonce_attribute))

    def render_text(self, customer: object) -> tuple[str, Customer]:
        """Return the block for `customer` as plain text, for files rather than pages, and the customer who was read.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        read = read_customer(customer, self._rules)
        return self._render(read), read

    def _render(self, customer: Customer, nonce_attribute: str = "") -> str:
        frame, payload = self._write(customer)
        if self._options.pretty:
            payload = spread_over_lines(payload, margin=_MARGIN)
        return f"{frame.opening}{nonce_attribute}{frame.head}{payload}{frame.tail}"

    def _write(self, customer: Customer) -> tuple[Frame, str]:
        values = customer.__dict__
        variant = self._options.variant
        # From the dict: a model built without validation may lack the attribute, which the writer will tell.
        stock_id = values.get("default_stock_id")
        has_stock = stock_id is not None and (exact_text(stock_id) if type(stock_id) is not str else stock_id) != ""
        if variant == "auto":
            variant = "region" if has_stock else "no-region"
        elif variant == "region" and not has_stock:
            raise RenderError(Problem.of("variant.stock_missing", "defaultStockId"))
        elif variant == "no-region" and has_stock:
            raise RenderError(Problem.of("variant.stock_unexpected", "defaultStockId"))
        frame = self._frames[variant]
        limit = self._options.payload_max_chars
        payload = write_payload(values, link_name=frame.link_name, link_value=frame.link_value, max_chars=limit)
        return frame, payload

    def to_payload(self, customer: Customer | Mapping[str, Any]) -> dict[str, Any]:
        """Return the object that `setCustomer` will receive, as a new dict.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        payload: dict[str, Any] = json.loads(self.payload_text(customer))
        return payload

    def payload_text(self, customer: Customer | Mapping[str, Any]) -> str:
        """Return the object that `setCustomer` will receive, as it stands in the block: JSON in printable ASCII.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        return self._write(read_customer(customer, self._rules))[1]


# Few sets of options are in use at a time; the bound is for a caller who varies the limit without end. By type: 1 is
# equal to True, and no value of a switch.
@lru_cache(maxsize=64, typed=True)
def _kept_renderer(**options: Any) -> Renderer:
    return Renderer(RenderOptions.of(options))


def _renderer(options: Mapping[str, Any]) -> Renderer:
    try:
        return _kept_renderer(**options)
    except TypeError:  # a value without a hash, which is none of an option
        return Renderer(RenderOptions.of(options))


def render_snippet(
    customer: Customer | Mapping[str, Any], *, nonce: str | None = None, **options: Unpack[RenderKeywords]
) -> Markup:
    """Return the block for `customer`; `options` are those of `RenderOptions`.

    Raises:
        CustomerError, RenderError: as `Renderer.render`.
        OptionError: `option.unknown`, `option.value`.
    """
    return _renderer(options).render(customer, nonce=nonce)


def to_payload(customer: Customer | Mapping[str, Any], **options: Unpack[RenderKeywords]) -> dict[str, Any]:
    """Return the object that `setCustomer` will receive, as a new dict; `options` are those of `RenderOptions`.

    Raises:
        CustomerError, RenderError: as `Renderer.render`.
        OptionError: `option.unknown`, `option.value`.
    """
    return _renderer(options).to_payload(customer)
