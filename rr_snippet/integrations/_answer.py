"""What becomes of the response to one request, known to all who have a part in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rr_snippet.errors import SnippetError

# With a dot: what has none has to be a text, by PEP 3333.
_KEY: Final = "rr_snippet.answer"


# Without a repr: blocks hold a customer's values, and pages for errors show what hangs on a request.
@dataclass(slots=True, repr=False)
class Answer:
    """The response to one request, from the arrival of the request to the last byte.

    `is_watched` says that a middleware will see it leave, `is_evaluated` that a tag or a middleware has asked for the
    customer, block or not, and `is_sent` that its headers are out. `blocks` are those made for it. `error` is one to be
    reported when it leaves, and `visit_of` makes the visit of another request by the settings in use in this one.
    """

    is_watched: bool = False
    is_evaluated: bool = False
    is_private: bool = False
    is_sent: bool = False
    blocks: list[str] = field(default_factory=list)
    has_order: bool = False
    """Whether one of them is that of an order: with it goes the person, who is not sent a second time."""
    error: SnippetError | None = None
    visit_of: Callable[[Any], Any] | None = None
    marker: str | None = None
    """The cookie that leaves with it, where the framework has no better way."""
    only_cookies: Sequence[str] | None = None
    """All that it may set, whatever stands around it; `None` is no limit."""

    @property
    def is_known(self) -> bool:
        """Whether a block names a customer; a guest is nobody who is asked for again."""
        return any("rrApi.setCustomer(" in block for block in self.blocks)

    def hold(self, block: str, *, marker: str | None = None) -> None:
        """Take note of a block made for this response, which from now on is for one browser only.

        `marker` leaves with it if that is a customer's.
        """
        self.blocks.append(block)
        self.is_private = True
        if self.is_known:
            self.marker = marker


# Each framework has a type of its own for these dicts.
def answer_in(request: Any) -> Answer:
    """Return the answer to a request, which is kept in its WSGI `environ` or ASGI `scope`."""
    answer: Answer | None = request.get(_KEY)
    if answer is None:
        answer = request[_KEY] = Answer()
    return answer
