"""What all integrations do alike: who gets a block, who none and why, what happens on an error, which nonce counts."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from enum import Enum
from functools import lru_cache
from typing import Any, Final, Literal

from markupsafe import Markup

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import Customer
from rr_snippet.errors import CustomerError, Problem, SnippetError
from rr_snippet.integrations._settings import Settings

Reason = Literal["anonymous", "invalid", "excluded", "cached", "gpc", "dnt"]


class Unset(Enum):
    """The type of `UNSET`, which is no customer at all: `None` is the anonymous visitor."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET

_logger: Final = logging.getLogger("rr_snippet")


class Visit:
    """One request as a door sees it. Each door fills in what its framework knows; `render` is the same for all."""

    request: Any = None
    """What `CUSTOMER` and `EXCLUDE` are called with."""

    @property
    def is_debug(self) -> bool:
        """Whether a comment may say why there is no block."""
        return False

    @property
    def raises(self) -> bool:
        """Whether an error is raised when `ON_ERROR` is `auto`: the framework's own debug or testing flag."""
        return self.is_debug

    def settings(self) -> Settings:
        """Return the site's settings; an error raised here is handled like any other."""
        return Settings()

    def header(self, name: str) -> str | None:
        """Return a header of the request."""
        headers = getattr(self.request, "headers", None)
        value: str | None = None if headers is None else headers.get(name)
        return value

    def nonces(self) -> Iterator[object]:
        """Yield what may be the nonce, the most wanted first; taken only as far as needed, and only for a block."""
        yield from ()

    def check_place(self, settings: Settings) -> None:
        """Raise the `RenderError` that says why no customer's block may stand here, whoever the visitor is.

        Codes that start with `cache.` have the reason `cached`.
        """

    def find_customer(self, settings: Settings) -> object:
        """Return the visitor's customer, or `None`."""
        return None if settings.customer is None else settings.customer(self.request)

    def mark_private(self, settings: Settings) -> None:
        """See to it that the response, which now holds a block, gets the headers of `private_headers`."""

    def render(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block, or an empty text, in debug a comment that says why.

        `customer` is a customer or a mapping, `None` for an anonymous visitor; without it the visit finds its own.
        `nonce` comes before those the visit knows; `None` and empty count as none, and with `False` the block gets no
        nonce. `options` are those of `RenderOptions` and go before the settings.

        Raises:
            Exception: whatever went wrong, if `ON_ERROR` is `raise`, or is `auto` and the visit raises. Else there is
                one log record, with codes and the name of an exception's type and nothing more.
        """
        on_error = "auto"
        try:
            settings = self.settings()
            on_error = settings.on_error
            return self._render(settings, customer, nonce, options)
        except Exception as error:
            if on_error == "raise" or (on_error == "auto" and self.raises):
                raise
            problems = _problems_of(error)
            _log(error, problems)
        codes = [problem.code for problem in problems]
        return self._no_block("cached" if codes[0].startswith("cache.") else "invalid", codes)

    def report(self, error: SnippetError, what: str) -> None:
        """Raise `error`, or log that `what` has happened and the codes, as `ON_ERROR` says: not about a block itself.

        Raises:
            SnippetError: `error`.
        """
        on_error = self.settings().on_error
        if on_error == "raise" or (on_error == "auto" and self.raises):
            raise error
        _logger.error("%s: %s", what, ", ".join(problem.code for problem in error.problems))

    def _render(self, settings: Settings, customer: object, nonce: object, options: dict[str, Any]) -> Markup:
        self.check_place(settings)
        reason = self._reason_against(settings)
        if reason is not None:
            return self._no_block(reason)
        if customer is UNSET:
            customer = self.find_customer(settings)
        # Not `is None`: the lazy objects of Django and Werkzeug say of themselves what they stand for.
        if isinstance(customer, type(None)):
            return self._no_block("anonymous")
        # They have attributes of their own, too: what is copied is what they stand for.
        if isinstance(customer, Customer) and not issubclass(type(customer), Customer):
            customer = customer.model_copy()
        renderer = _renderer(_merge(settings.options, options))
        block = renderer.render(customer, nonce=find_nonce((nonce,), self.nonces()))  # type: ignore[arg-type]
        self.mark_private(settings)
        return block

    def _reason_against(self, settings: Settings) -> Reason | None:
        if settings.respect_gpc and self.header("Sec-GPC") == "1":
            return "gpc"
        if settings.respect_dnt and self.header("DNT") == "1":
            return "dnt"
        if settings.exclude is not None and settings.exclude(self.request):
            return "excluded"
        return None

    def _no_block(self, reason: Reason, codes: Collection[str] = ()) -> Markup:
        if not self.is_debug:
            return Markup()
        # Words of our own only: nothing in them ends a comment.
        because = f"{reason}: {', '.join(codes)}" if codes else reason
        return Markup(f"<!-- rr-snippet: no block ({because}) -->")  # noqa: S704


_renderer = lru_cache(maxsize=64)(Renderer)


def _merge(options: RenderOptions, changes: dict[str, Any]) -> RenderOptions:
    return RenderOptions.of({**asdict(options), **changes}) if changes else options


def _problems_of(error: Exception) -> tuple[Problem, ...]:
    if isinstance(error, SnippetError):
        return error.problems
    # By its type alone: the text of a foreign exception may speak of the customer.
    return (Problem.of("site.failed", error=type(error).__name__),)


def _log(error: Exception, problems: Iterable[Problem]) -> None:
    # One customer's bad phone number is to be expected; everything else is a fault of the site, for all visitors.
    level = logging.WARNING if isinstance(error, CustomerError) else logging.ERROR
    said = (" ".join([each.code, *(str(word) for name, word in each.details if name == "error")]) for each in problems)
    _logger.log(level, "no block: %s", ", ".join(said))


def find_nonce(*sources: Iterable[object]) -> str | None:
    """Return the first candidate that is a nonce, as text, or `None`; the candidates are taken one by one.

    They are never tested for truth: the lazy nonces of Django 6 and django-csp are false until they are read. `None`,
    an empty text and `True` (use what is found) are passed over, a callable is called, and `False` ends the search.
    """
    for source in sources:
        for candidate in source:
            nonce = candidate() if callable(candidate) else candidate
            if nonce is False:
                return None
            if nonce is not None and nonce is not True and (text := str(nonce)):
                return text
    return None


def request_nonces(request: object) -> Iterator[object]:
    """Yield where middleware leaves a nonce on a request: `request.csp_nonce`, `request.state.csp_nonce`."""
    yield getattr(request, "csp_nonce", None)
    yield getattr(getattr(request, "state", None), "csp_nonce", None)
