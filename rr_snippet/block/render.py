"""Render the block of a customer or an order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Unpack

from markupsafe import Markup

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.frame import NOBODY, prepare_frame
from rr_snippet.block.options import RenderKeywords, RenderOptions
from rr_snippet.block.payload import spread_over_lines, write_payload
from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.customer.model import PrivateModel
from rr_snippet.customer.texts import exact_text, is_really
from rr_snippet.errors import CustomerError, Problem, RenderError
from rr_snippet.options import refuse, wrong_value

# The object is indented by eight spaces, and so are the other lines of a spread one.
_MARGIN: Final = 8

if TYPE_CHECKING:
    from rr_snippet.customer.guest import Guest, Person
    from rr_snippet.customer.order import Order


class Renderer:
    """Renders customers with one set of options. Immutable, so threads may share it."""

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

        A mapping is parsed first. The same rules apply to a `Customer`, so options mean the same for both.

        Raises:
            CustomerError: the data is no customer.
            RenderError: `variant.stock_missing`, `variant.stock_unexpected`, `nonce.shape`, `payload.too_large`;
                `payload.leaf` and `text.surrogate` for a customer built without validation.
        """
        nonce_attribute = _nonce_attribute(nonce)
        # Safe: the frame is ours, and the nonce and the payload are proven by the functions that made them.
        # By the constructor of str, because Markup's own first looks for __html__, which costs more than the joining.
        return str.__new__(Markup, self._render(read_customer(customer, self._rules), nonce_attribute))

    def render_text(self, customer: object) -> tuple[str, Customer]:
        """Return the block for `customer` as plain text, for files instead of pages, and the customer itself.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        read = read_customer(customer, self._rules)
        return self._render(read), read

    def render_order(
        self, order: Order | Mapping[str, Any], person: Person | Mapping[str, Any] | None, *, nonce: str | None = None
    ) -> Markup:
        """Return the block that sends the buyer and then the order; if `person` is `None`, only the order.

        A mapping with a customer's id is a `Customer`, any other a `Guest`.

        Raises:
            CustomerError: every problem of the person and of the order.
            RenderError: as `render`, for either.
        """
        from rr_snippet.customer.guest import read_person
        from rr_snippet.customer.order import read_order

        nonce_attribute = _nonce_attribute(nonce)
        who, what = None, None
        problems: list[Problem] = []
        try:
            who = None if person is None else read_person(person, self._rules)
        except CustomerError as error:
            problems += error.problems
        try:
            what = read_order(order)
        except CustomerError as error:
            problems += error.problems
        if problems:
            raise CustomerError(*problems)
        return str.__new__(Markup, self._render_calls(who, what, nonce_attribute))

    def render_person(self, person: Person | Mapping[str, Any], *, nonce: str | None = None) -> Markup:
        """Return the block that sends only a person, who may be a `Guest`; see `render_order`.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        from rr_snippet.customer.guest import read_person

        nonce_attribute = _nonce_attribute(nonce)
        return str.__new__(Markup, self._render_calls(read_person(person, self._rules), None, nonce_attribute))

    def _render_calls(self, person: Person | None, order: Order | None, nonce_attribute: str) -> str:
        variant, objects = NOBODY, []
        if is_really(person, Customer):
            variant, payload = self._write(person)
            objects.append(payload)
        elif person is not None:
            variant = "guest"
            objects.append(self._write_of_order_page(person))
        if order is not None:
            objects.append(self._write_of_order_page(order))
        frame = prepare_frame(variant, has_order=order is not None, debug=self._options.debug)
        if self._options.pretty:
            objects = [spread_over_lines(each, margin=_MARGIN) for each in objects]
        return f"{frame.opening}{nonce_attribute}{frame.head}{frame.joint.join(objects)}{frame.tail}"

    def _write_of_order_page(self, model: PrivateModel) -> str:
        """Return the object of a guest or of an order."""
        from rr_snippet.block.order import write_order, write_profile
        from rr_snippet.customer.order import Order

        limit = self._options.payload_max_chars
        if is_really(model, Order):
            return write_order(model.__dict__, max_chars=limit)
        self._variant_of(model.__dict__)
        return write_profile(model.__dict__, max_chars=limit)

    def _render(self, customer: Customer, nonce_attribute: str = "") -> str:
        variant, payload = self._write(customer)
        frame = self._frames[variant]
        if self._options.pretty:
            payload = spread_over_lines(payload, margin=_MARGIN)
        return f"{frame.opening}{nonce_attribute}{frame.head}{payload}{frame.tail}"

    def _write(self, customer: Customer) -> tuple[str, str]:
        """Return the variant of a customer's block, and the object in it."""
        values = customer.__dict__
        variant = self._variant_of(values)
        frame = self._frames[variant]
        limit = self._options.payload_max_chars
        payload = write_payload(values, link_name=frame.link_name, link_value=frame.link_value, max_chars=limit)
        return variant, payload

    def _variant_of(self, values: Mapping[str, Any]) -> str:
        """Return the variant for a person's attributes.

        Raises:
            RenderError: `variant.stock_missing`, `variant.stock_unexpected`.
        """
        variant = self._options.variant
        # From the dict, because a model built without validation may lack the attribute. The writer reports that.
        stock_id = values.get("default_stock_id")
        has_stock = stock_id is not None and (exact_text(stock_id) if type(stock_id) is not str else stock_id) != ""
        if variant == "auto":
            return "region" if has_stock else "no-region"
        if variant == "region" and not has_stock:
            raise RenderError(Problem.of("variant.stock_missing", "defaultStockId"))
        if variant == "no-region" and has_stock:
            raise RenderError(Problem.of("variant.stock_unexpected", "defaultStockId"))
        return variant

    def to_payload(self, customer: Customer | Guest | Order | Mapping[str, Any]) -> dict[str, Any]:
        """Return the object that `setCustomer` will receive, as a new dict; `setProfile` for a `Guest`, or `order`.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        payload: dict[str, Any] = json.loads(self.payload_text(customer))
        return payload

    def payload_text(self, customer: Customer | Guest | Order | Mapping[str, Any]) -> str:
        """Return the object that `setCustomer` will receive, as the block has it: JSON in printable ASCII.

        For a `Guest` it is the object of `setProfile`, for an `Order` that of `order`.

        Raises:
            CustomerError, RenderError: as `render`.
        """
        if is_really(customer, PrivateModel) and not is_really(customer, Customer):
            return self._write_of_order_page(customer)
        return self._write(read_customer(customer, self._rules))[1]


def _nonce_attribute(nonce: str | None) -> str:
    return "" if nonce is None else f' nonce="{check_nonce(nonce)}"'


# A program uses few sets of options. The limit is for a caller with ever new values. Typed, because 1 equals True, but
# is no value of a switch.
@lru_cache(maxsize=64, typed=True)
def _kept_renderer(**options: Any) -> Renderer:
    return Renderer(RenderOptions.of(options))


def _renderer(options: Mapping[str, Any]) -> Renderer:
    try:
        return _kept_renderer(**options)
    except TypeError:  # a value without a hash, which no option accepts
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


def render_order(
    order: Order | Mapping[str, Any],
    person: Person | Mapping[str, Any] | None,
    *,
    nonce: str | None = None,
    **options: Unpack[RenderKeywords],
) -> Markup:
    """Return the block that sends the buyer and then the order; `options` are those of `RenderOptions`.

    Raises:
        CustomerError, RenderError: as `Renderer.render_order`.
        OptionError: `option.unknown`, `option.value`.
    """
    return _renderer(options).render_order(order, person, nonce=nonce)


def to_payload(
    customer: Customer | Guest | Order | Mapping[str, Any], **options: Unpack[RenderKeywords]
) -> dict[str, Any]:
    """Return the object that `setCustomer` will receive, as a new dict; `setProfile` for a `Guest`, or `order`.

    `options` are those of `RenderOptions`.

    Raises:
        CustomerError, RenderError: as `Renderer.render`.
        OptionError: `option.unknown`, `option.value`.
    """
    return _renderer(options).to_payload(customer)
