"""What all integrations do alike: who gets a card, who none and why, what happens on an error, which nonce counts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

from markupsafe import Markup

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import Customer
from rr_snippet.errors import CustomerError, OptionError, Problem, RenderError, SnippetError
from rr_snippet.integrations._addresses import Place
from rr_snippet.integrations._answer import Answer
from rr_snippet.integrations._nonces import find_nonce
from rr_snippet.integrations._records import Where, dotted_path, failing_line, keep, log, problems_of, wrong_settings
from rr_snippet.integrations._settings import NAME, Settings

Reason = Literal["anonymous", "invalid", "excluded", "cached", "gpc", "dnt"]
Written = TypeVar("Written")


class Unset(Enum):
    """The type of `UNSET`, which is no customer at all: `None` is the anonymous visitor."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class NoCard:
    """Why a visitor gets no card; `codes` say what is wrong, if something is."""

    reason: Reason
    codes: tuple[str, ...] = ()


class Visit(Place):
    """One request as an integration sees it.

    Each fills in what its framework knows. `ask` is the policy: whether the visitor has a card, and what is written of
    it; `render` is what the tag does with it.
    """

    request: Any = None
    """What `CUSTOMER` and `EXCLUDE` are called with."""

    _answer: Answer | None = None
    """What becomes of the response, `None` where nothing can be known of it."""

    _running: str | None = None
    """The setting whose function is running."""

    @property
    def is_debug(self) -> bool:
        """Whether a comment may say why there is no block."""
        return False

    @property
    def raises(self) -> bool:
        """Whether an error is raised when `ON_ERROR` is `auto`: the framework's own debug or testing flag."""
        return self.is_debug

    @property
    def route(self) -> str | None:
        """The name of the route or the view, for records."""
        return None

    @property
    def template(self) -> str | None:
        """The name of the template, for records."""
        return None

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

    def check_answer(self) -> Answer:
        """Return what is known of the response, if it can be guarded.

        Raises:
            RenderError: `request.missing`, without a request; `response.unwatched`, if no middleware of ours will see
                it leave.
        """
        if self.request is None or self._answer is None:
            raise RenderError(Problem.of("request.missing"))
        if not (self._answer.is_watched or self._answer.is_sent):
            raise RenderError(Problem.of("response.unwatched"))
        return self._answer

    def check_headers(self) -> None:
        """Raise if there is no way left to say that the response is private, which is asked for a block alone.

        Raises:
            RenderError: `response.sent`, if the headers are out and do not say so.
        """
        if self._answer is not None and self._answer.is_sent and not self._answer.is_private:
            raise RenderError(Problem.of("response.sent"))

    def find_customer(self, settings: Settings) -> object:
        """Return the visitor's customer, or `None`."""
        return None if settings.customer is None else settings.customer(self.request)

    def mark_private(self, block: str, settings: Settings) -> None:
        """See to it that the response, which now holds `block`, leaves as one for this browser only."""
        if self._answer is not None:
            self._answer.hold(block)

    def prepare(self) -> None:
        """Mark the response as private before it is streamed: once its template is rendered the headers are out."""
        try:
            answer = self.check_answer()
            self.check_headers()
        except RenderError as error:
            self.report(error, "not prepared")
        else:
            answer.is_evaluated = answer.is_private = True

    def render(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block, or an empty text, in debug a comment that says why.

        `customer` is a customer or a mapping, `None` for an anonymous visitor; without it the visit finds its own.
        `nonce` comes before those the visit knows; `None` and empty count as none, and with `False` the block gets no
        nonce. `options` are those of `RenderOptions` and go before the settings.

        Raises:
            Exception: whatever went wrong, if `ON_ERROR` is `raise`, or is `auto` and the visit raises. Else there is
                one log record, with codes, the place, and nothing more.
        """
        if self._answer is not None:
            self._answer.is_evaluated = True

        def write(renderer: Renderer, customer: Any, settings: Settings) -> Markup:
            self.check_headers()
            block = renderer.render(customer, nonce=find_nonce((nonce,), self.nonces()))
            self.mark_private(block, settings)
            return block

        outcome = self.ask(write, customer, options, check=self.check_place)
        return outcome if isinstance(outcome, Markup) else self._comment(outcome)

    def ask(
        self,
        write: Callable[[Renderer, Any, Settings], Written],
        customer: object = UNSET,
        options: Mapping[str, Any] | None = None,
        *,
        check: Callable[[Settings], None] | None = None,
    ) -> Written | NoCard:
        """Return what `write` makes of the visitor's card, or why there is none.

        `check` comes before all else; what it or anything after it raises is handled alike.

        Raises:
            Exception: as `render`.
        """
        on_error = "auto"
        try:
            settings = self.settings()
            on_error = settings.on_error
            if check is not None:
                check(settings)
            return self._ask(settings, write, customer, options)
        except Exception as error:
            problems = self._tell(error, "no block", on_error)
        codes = tuple(problem.code for problem in problems)
        return NoCard("cached" if codes[0].startswith("cache.") else "invalid", codes)

    def report(self, error: SnippetError, what: str) -> None:
        """Raise `error`, or log that `what` has happened and the codes, as `ON_ERROR` says: not about a block itself.

        Raises:
            SnippetError: `error`.
        """
        try:
            raise error
        except SnippetError:
            self._tell(error, what, self.settings().on_error)

    def _ask(
        self,
        settings: Settings,
        write: Callable[[Renderer, Any, Settings], Written],
        customer: object,
        options: Mapping[str, Any] | None,
    ) -> Written | NoCard:
        reason = self._reason_against(settings)
        if reason is not None:
            return NoCard(reason)
        if customer is UNSET:
            self._running = "CUSTOMER"
            customer = _checked(self.find_customer(settings))
            self._running = None
        else:
            customer = _checked(customer)
        # Not `is None`: the lazy objects of Django and Werkzeug say of themselves what they stand for.
        if isinstance(customer, type(None)):
            return NoCard("anonymous")
        # They have attributes of their own, too: what is copied is what they stand for.
        if isinstance(customer, Customer) and not issubclass(type(customer), Customer):
            customer = customer.model_copy()
        renderer = _renderer(_merge(settings.options, options))
        return write(renderer, keep(customer, renderer.options, self.route, self.template), settings)

    def _reason_against(self, settings: Settings) -> Reason | None:
        if settings.respect_gpc and self.header("Sec-GPC") == "1":
            return "gpc"
        if settings.respect_dnt and self.header("DNT") == "1":
            return "dnt"
        if settings.exclude is not None:
            self._running = "EXCLUDE"
            if settings.exclude(self.request):
                return "excluded"
            self._running = None
        return None

    def _tell(self, error: Exception, what: str, on_error: str) -> tuple[Problem, ...]:
        """Raise the exception being handled, or log it, as `on_error` says; return its problems.

        What is raised into a stream some frameworks swallow: it is logged as well.
        """
        raises = on_error == "raise" or (on_error == "auto" and self.raises)
        is_late = self._answer is not None and self._answer.is_sent
        problems, where = problems_of(error), self._where(error)
        if raises and str(where):
            error.add_note(f"rr-snippet: {where}")
        if not raises or is_late:
            # One customer's bad phone number is to be expected; all else is a fault of the site, for all visitors.
            is_data = isinstance(error, CustomerError) and error.code != "customer.type"
            log(logging.WARNING if is_data else logging.ERROR, what, problems, where)
        if raises:
            raise
        return problems

    def _where(self, error: Exception) -> Where:
        setting = function = None
        if isinstance(error, OptionError):
            setting = wrong_settings(error)
        elif self._running is not None:
            setting = f"{NAME}.{self._running}"
            chosen = getattr(self.settings(), self._running.lower())
            function = None if chosen is None else dotted_path(chosen)
        is_foreign = not isinstance(error, SnippetError)
        file, line = failing_line(error) if is_foreign else (None, None)
        return Where(setting, function, self.route, self.template, file, line)

    def _comment(self, no_card: NoCard) -> Markup:
        if not self.is_debug:
            return Markup()
        # Words of our own only: nothing in them ends a comment.
        because = f"{no_card.reason}: {', '.join(no_card.codes)}" if no_card.codes else no_card.reason
        return Markup(f"<!-- rr-snippet: no block ({because}) -->")  # noqa: S704


def _checked(customer: object) -> object:
    """Return what stands for a customer, if it can be one at all.

    Raises:
        CustomerError: `customer.type`, with the name of the type.
    """
    if isinstance(customer, Mapping | Customer | type(None)):
        return customer
    raise CustomerError(Problem.of("customer.type", error=type(customer).__name__))


_renderer = lru_cache(maxsize=64)(Renderer)


def _merge(options: RenderOptions, changes: Mapping[str, Any] | None) -> RenderOptions:
    return RenderOptions.of({**asdict(options), **changes}) if changes else options
