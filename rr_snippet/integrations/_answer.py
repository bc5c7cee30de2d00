"""The state of the response to one request, shared by everything that takes part in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rr_snippet.errors import SnippetError

# With a dot, because PEP 3333 allows only text under names without one.
_KEY: Final = "rr_snippet.answer"


# Without a `repr`, because blocks hold a customer's values, and error pages show the attributes of a request.
@dataclass(slots=True, repr=False)
class Answer:
    """The response to one request, from the arrival of the request to the last byte.

    `is_watched` means that a middleware will see the response leave, `is_evaluated` that a tag or a middleware has
    asked for the customer, with or without a block, `is_sent` that the headers have been sent. `blocks` are those made
    for the response. `error` is reported when the response leaves. `visit_of` makes the visit of another request with
    the settings of this one.
    """

    is_watched: bool = False
    is_evaluated: bool = False
    is_private: bool = False
    is_sent: bool = False
    blocks: list[str] = field(default_factory=list)
    has_order: bool = False
    """Whether one of the blocks is an order's. It sends the person too, who must not be sent again."""
    is_known: bool = False
    """Whether one of the blocks has a customer. A guest is not asked for again."""
    error: SnippetError | None = None
    visit_of: Callable[[Any], Any] | None = None
    marker: str | None = None
    """The cookie to send with the response, if the framework has no better way."""
    only_cookies: Sequence[str] | None = None
    """The only cookies that the response may set, whatever other middleware adds; `None` is no limit."""

    def hold(self, block: str, *, marker: str | None = None) -> None:
        """Keep a block made for this response, which from now on is for one browser only.

        `marker` is sent with the response if the block is a customer's.
        """
        self.blocks.append(block)
        self.is_private = True
        if "rrApi.setCustomer(" in block:
            self.is_known = True
            self.marker = marker


# Each framework has its own type for these dicts.
def answer_in(request: Any) -> Answer:
    """Return the answer to a request, which is in its WSGI `environ` or ASGI `scope`."""
    answer: Answer | None = request.get(_KEY)
    if answer is None:
        answer = request[_KEY] = Answer()
    return answer
