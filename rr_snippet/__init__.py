r"""The Retail Rocket `setCustomer` block for your pages: validated, escaped, exact to the byte.

>>> from rr_snippet import render_snippet
>>> print(render_snippet({"customerId": "42", "defaultStockId": "Москва"}))
<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer({"customerId":"42","defaultStockId":"\u041c\u043e\u0441\u043a\u0432\u0430","isAgreedToReceiveMarketingMail":true});
      } catch (e) {}
  })
</script>

The rooms of the package, in the order of reading; docs/explanation/how-it-is-built.md has a picture:

- `errors`, `messages`, `options`, `files`, `processes`: the base of all rooms.
- `customer`: turns a mapping into a customer, or reports every problem of it.
- `block`: turns a customer into the block, and reads a block back.
- `html`: reads a page as a browser does, by offsets.
- `page`: puts a block into a page, or takes it out.
- `sources`: reads customers from streams: JSON, JSON Lines, CSV, fields that are all text.
- `bulk`: renders many customers: rows, files, shards, workers. `arrow` renders tables.
- `site`: puts blocks into the files of a built site.
- `check`: audits existing pages. `testing` is for a shop's own tests.
- `preview`: the local page where people try a customer.
- `integrations`: an entry for each framework.
- `cli`, `__main__`: the command, one thin module for each subcommand.
"""

__version__ = "0.2.0"

from typing import TYPE_CHECKING, Any

from rr_snippet.block.csp import csp_source
from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer, render_order, render_snippet, to_payload
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.push import ApnsSubscription, FcmSubscription, HuaweiSubscription
from rr_snippet.errors import (
    CustomerError,
    MissingDependencyError,
    OptionError,
    OutputError,
    PageError,
    Problem,
    RenderError,
    SnippetError,
    SourceError,
)

if TYPE_CHECKING:
    from rr_snippet.customer.guest import Guest
    from rr_snippet.customer.order import Order, OrderItem
    from rr_snippet.page import Insertion, find_insertion, inject, remove

__all__ = [
    "ApnsSubscription",
    "Customer",
    "CustomerError",
    "FcmSubscription",
    "Guest",
    "HuaweiSubscription",
    "Insertion",
    "MissingDependencyError",
    "OptionError",
    "Order",
    "OrderItem",
    "OutputError",
    "PageError",
    "Problem",
    "RenderError",
    "RenderOptions",
    "Renderer",
    "SnippetError",
    "SourceError",
    "csp_source",
    "find_insertion",
    "inject",
    "remove",
    "render_order",
    "render_snippet",
    "to_payload",
]


_LOADED_LATER = {
    **dict.fromkeys(("Insertion", "find_insertion", "inject", "remove"), "rr_snippet.page"),
    "Guest": "rr_snippet.customer.guest",
    **dict.fromkeys(("Order", "OrderItem"), "rr_snippet.customer.order"),
}


def __getattr__(name: str) -> Any:
    """Import pages and orders on first use, because most programs only render, and start faster without these."""
    if name not in _LOADED_LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    globals()[name] = getattr(import_module(_LOADED_LATER[name]), name)
    return globals()[name]


def __dir__() -> list[str]:
    """Return all names, including those that are loaded later."""
    return sorted({*globals(), *__all__})
