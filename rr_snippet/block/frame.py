"""The frame of the block: the templates, found however the package was installed, rendered in a private environment."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from rr_snippet.block.payload import write_payload
from rr_snippet.customer.customer import Customer

NAMES: Final = ("frame.j2", "region.j2", "no-region.j2")


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
