"""The frame of the block: the templates, found however the package was installed, rendered in a private environment."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from rr_snippet.block.order import write_order
from rr_snippet.block.payload import write_payload, write_profile
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.guest import Guest
from rr_snippet.customer.order import Order

NOBODY: Final = "frame"
"""The variant of an order without a person: the frame by itself."""
VARIANTS: Final = ("region", "no-region", "guest", NOBODY)

NAMES: Final = (*(f"{variant}.j2" for variant in VARIANTS), "order.j2")


def read_templates() -> dict[str, str]:
    """Return the text of each template by its name, with LF line ends and without the closing one.

    A wheel carries them inside the package as `_templates` (also when it lies zipped on `sys.path`). An editable
    install and a bare checkout have no such folder: there they are read from `templates/`, beside the package.
    """
    package = files("rr_snippet")
    folder = package / "_templates"
    if not folder.is_dir():
        folder = package / ".." / "templates"
    return {name: (folder / name).read_text(encoding="utf-8").rstrip("\n") for name in NAMES}


class Frame(NamedTuple):
    """A template rendered around gaps: what is the same for every customer."""

    opening: str
    """From `<` to where a nonce would stand."""
    head: str
    """From there to the object."""
    joint: str
    """From the person's object to that of the order; empty where there is one alone."""
    tail: str
    """From the last object to `</script>`."""
    link_name: str
    link_value: str


class _Gap:
    """Stands in for the person and the order when a template is prepared, and notes how it spells soft links."""

    MARK: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
    link_name = ""
    link_value = ""


def _filter(write: Callable[..., str]) -> Callable[..., Markup]:
    """Return the filter of our templates by which `write` fills a hole."""

    def fill(model: Customer | Guest | Order | _Gap, **spelling: str) -> Markup:
        if isinstance(model, _Gap):
            model.__dict__.update(spelling)
            return Markup(model.MARK)  # noqa: S704 - a constant
        # Safe: the writers return no text whose alphabet they have not proven.
        return Markup(write(model.__dict__, **spelling))  # noqa: S704

    return fill


@cache
def _environment() -> Environment:
    """Return the private environment; no application's filters, policies or loaders reach it."""
    environment = Environment(
        loader=DictLoader(read_templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "rr_payload": _filter(write_payload),
        "rr_profile": _filter(write_profile),
        "rr_order": _filter(write_order),
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
    """Render the block of a person, of one of `VARIANTS`, and of an order if there is one, the plain way."""
    person_template = f"{variant}.j2"
    template = _environment().get_template(person_template if order is None else "order.j2")
    return template.render(person=person, person_template=person_template, order=order, nonce=nonce, debug=debug)


@cache
def prepare_frame(variant: str, *, has_order: bool = False, debug: bool = False) -> Frame:
    """Render the template of one of `VARIANTS` once, with an order or without, and keep its parts for all."""
    gap = _Gap()
    order = gap if has_order else None
    before, *joint, tail = render_template(gap, variant=variant, order=order, debug=debug).split(gap.MARK)
    with_nonce = render_template(gap, variant=variant, order=order, nonce=gap.MARK, debug=debug)
    opening = with_nonce[: with_nonce.index(' nonce="')]
    return Frame(opening, before.removeprefix(opening), "".join(joint), tail, gap.link_name, gap.link_value)
