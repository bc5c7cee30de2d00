"""Rules about the loader of the deferred card, beside the other calls of its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rr_snippet.check.events import Event
from rr_snippet.check.finding import Finding
from rr_snippet.check.methods import PERSON
from rr_snippet.check.template import Template
from rr_snippet.html.scan import Script

_DEFERRED: Final = "rr_customer_deferred"
_INLINE: Final = "rr_customer"


def loader_findings(scripts: Sequence[Script], events: Sequence[Event], template: Template) -> Iterator[Finding]:
    """Yield a finding if the loader sends the person a second time, or too late for an order."""
    loaders = [
        script.start for script in scripts if script.is_external and script.attribute("data-customer") is not None
    ]
    loaders += [tag.start for tag in template.tags if _DEFERRED in tag.text]
    if not loaders:
        return
    direct = {event.method for event in events if event.context.scope == -1}
    has_tag = any(_INLINE in tag.text.replace(_DEFERRED, "") for tag in template.tags)
    if has_tag or "setCustomer" in direct:
        yield Finding.of(loaders[0], "loader.beside_block")
    elif "order" in direct and direct.isdisjoint(PERSON):
        yield Finding.of(loaders[0], "loader.order")
