"""The frame of the block: the templates, found in any installation and rendered in a private environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from rr_snippet.block.payload import write_payload
from rr_snippet.customer.customer import Customer

if TYPE_CHECKING:
    from rr_snippet.customer.guest import Guest
    from rr_snippet.customer.order import Order

NOBODY: Final = "frame"
"""The variant of an order without a person: only the frame."""
VARIANTS: Final = ("region", "no-region", "guest", NOBODY)

NAMES: Final = (*(f"{variant}.j2" for variant in VARIANTS), "order.j2")


def read_templates() -> dict[str, str]:
    """Return the text of each template by its name, with LF line ends and no final one.

    A wheel has the templates inside the package in `_templates`, even if it is a zip file on `sys.path`. An editable
    install and a checkout have them in `templates/`, beside the package.
    """
    package = files("rr_snippet")
    folder = package / "_templates"
    if not folder.is_dir():
        folder = package / ".." / "templates"
    return {name: (folder / name).read_text(encoding="utf-8").rstrip("\n") for name in NAMES}


class Frame(NamedTuple):
    """A template rendered with gaps: the text that is the same for every customer."""

    opening: str
    """From `<` to the place of a nonce."""
    head: str
    """From there to the object."""
    joint: str
    """From the person's object to the order's, empty if there is only one object."""
    tail: str
    """From the last object to `</script>`."""
    link_name: str
    link_value: str


class _Gap:
    """Replaces the person and the order when a template is prepared, and keeps the template's spelling of links."""

    MARK: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
    link_name = ""
    link_value = ""


def _filter(write: Callable[..., str]) -> Callable[..., Markup]:
    """Return the filter for our templates that inserts the text from `write`."""

    def fill(model: Customer | Guest | Order | _Gap, **spelling: str) -> Markup:
        if isinstance(model, _Gap):
            model.__dict__.update(spelling)
            return Markup(model.MARK)  # noqa: S704 - a constant
        # Safe, because the writers prove the alphabet of every text that they return.
        return Markup(write(model.__dict__, **spelling))  # noqa: S704

    return fill


def _write_profile(fields: Mapping[str, Any]) -> str:
    from rr_snippet.block.order import write_profile

    return write_profile(fields)


def _write_order(fields: Mapping[str, Any]) -> str:
    from rr_snippet.block.order import write_order

    return write_order(fields)


@cache
def _environment() -> Environment:
    """Return the private environment. No application's filters, policies or loaders reach it."""
    environment = Environment(
        loader=DictLoader(read_templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "rr_payload": _filter(write_payload),
        "rr_profile": _filter(_write_profile),
        "rr_order": _filter(_write_order),
    }
    return environment


def render_template(
    person: Customer | Guest | _Gap | None,
    *,
    variant: str,
    order: Order | _Gap | None = None,
    nonce: str | None = None,
    debug: bool = False,
) -> str:
    """Render the block of a person and an order through its template, the slow way; `variant` is one of `VARIANTS`."""
    person_template = f"{variant}.j2"
    template = _environment().get_template(person_template if order is None else "order.j2")
    return template.render(person=person, person_template=person_template, order=order, nonce=nonce, debug=debug)


@cache
def prepare_frame(variant: str, *, has_order: bool = False, debug: bool = False) -> Frame:
    """Render the template of one of `VARIANTS` once, with or without an order, and keep its parts."""
    gap = _Gap()
    order = gap if has_order else None
    before, *joint, tail = render_template(gap, variant=variant, order=order, debug=debug).split(gap.MARK)
    with_nonce = render_template(gap, variant=variant, order=order, nonce=gap.MARK, debug=debug)
    opening = with_nonce[: with_nonce.index(' nonce="')]
    return Frame(opening, before.removeprefix(opening), "".join(joint), tail, gap.link_name, gap.link_value)
