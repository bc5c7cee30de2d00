"""What all integrations share: who gets a card, who does not and why, what happens on an error, which nonce counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import Any, Literal, TypeVar

from markupsafe import Markup

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import read_customer
from rr_snippet.customer.guest import Person, read_person
from rr_snippet.errors import Problem, RenderError, SnippetError
from rr_snippet.integrations._answer import Answer
from rr_snippet.integrations._nonces import find_nonce
from rr_snippet.integrations._people import UNSET, checked, unwrapped
from rr_snippet.integrations._records import log_dropped
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._telling import Teller

Reason = Literal["anonymous", "invalid", "excluded", "cached", "gpc", "dnt", "ordered"]
Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class NoCard:
    """The reason why a visitor gets no card; `codes` are its problems, if there are any."""

    reason: Reason
    codes: tuple[str, ...] = ()


class Visit(Teller):
    """One request as an integration sees it.

    Each integration adds what its framework knows. `ask` is the policy: whether the visitor has a card, and how it is
    written. `render` does so for the tag.
    """

    request: Any = None
    """The argument of `CUSTOMER` and `EXCLUDE`."""

    def header(self, name: str) -> str | None:
        """Return a header of the request."""
        headers = getattr(self.request, "headers", None)
        value: str | None = None if headers is None else headers.get(name)
        return value

    def nonces(self) -> Iterator[object]:
        """Yield candidates for the nonce, the best first. They are read only as far as needed, and only for a block."""
        yield from ()

    def check_place(self, settings: Settings) -> None:
        """Raise a `RenderError` if no customer's block may be here, whoever the visitor is.

        Codes that start with `cache.` give the reason `cached`.
        """

    def check_answer(self) -> Answer:
        """Return the state of the response, if the response can be guarded.

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
        """Raise if the response can no longer be made private. Only a block needs this.

        Raises:
            RenderError: `response.sent`, if the headers have been sent without saying so.
        """
        if self._answer is not None and self._answer.is_sent and not self._answer.is_private:
            raise RenderError(Problem.of("response.sent"))

    def find_customer(self, settings: Settings) -> object:
        """Return the visitor's customer, or `None`."""
        return None if settings.customer is None else settings.customer(self.request)

    def settled(self, given: Any) -> Any:
        """Return what a tag was given, without the framework's lazy texts. An error here is handled like any other."""
        return given

    def mark_private(self, block: str, settings: Settings) -> None:
        """Make sure that the response, which now has `block`, is for this browser only."""
        if self._answer is not None:
            self._answer.hold(block, marker=self.marker_with(settings))

    def prepare(self) -> None:
        """Mark the response as private before it is streamed, because its headers are sent before its template runs."""
        try:
            answer = self.check_answer()
            self.check_headers()
        except RenderError as error:
            self.report(error, "not prepared")
        else:
            answer.is_evaluated = answer.is_private = True

    def render(self, customer: object = UNSET, *, nonce: object = None, **options: Any) -> Markup:
        """Return the block, or an empty text, or in debug mode a comment with the reason.

        `customer` is a customer or a mapping, or `None` for an anonymous visitor. Without it the visit finds its own
        customer. `nonce` takes precedence over those that the visit knows; `None` and an empty text count as none, and
        with `False` the block gets no nonce. `options` are those of `RenderOptions`, and override the settings.

        Raises:
            Exception: any error, if `ON_ERROR` is `raise`, or is `auto` and the visit raises. Otherwise there is one
                log record with the codes and the place.
        """
        if self._is_told_already():
            return self._comment(NoCard("ordered"))

        def write(renderer: Renderer, customer: Any, settings: Settings) -> Markup:
            self.check_headers()
            block = renderer.render(customer, nonce=find_nonce((nonce,), self.nonces()))
            self.mark_private(block, settings)
            return block

        return self._shown(self.ask(write, customer, options, check=self.check_place))

    def render_order(self, order: object, *, person: object = UNSET, nonce: object = None, **options: Any) -> Markup:
        """Return the block that sends the buyer and then the order.

        `person` is a customer, a guest or a mapping, or `None` for the order alone. Without it the visit finds its own
        customer. `nonce` and `options` are those of `render`. A wrong person does not cost the order, and a wrong order
        does not cost the person. After this, `render` returns no further block, because this one sends the person.

        Raises:
            Exception: as `render`.
        """
        self._is_told_already()

        def make(settings: Settings) -> Markup:
            self.check_headers()
            renderer = _renderer(_merge(settings.options, options))
            who = self._read_person(settings, person, renderer)
            block = self._render_both(renderer, order, who, find_nonce((nonce,), self.nonces()), settings)
            self.mark_private(block, settings)
            if self._answer is not None:
                self._answer.has_order = True
            return block

        return self._shown(self._by_policy(make, self.check_place))

    def ask(
        self,
        write: Callable[[Renderer, Any, Settings], Written],
        customer: object = UNSET,
        options: Mapping[str, Any] | None = None,
        *,
        check: Callable[[Settings], None] | None = None,
    ) -> Written | NoCard:
        """Return the result of `write` for the visitor's card, or the reason why there is none.

        `check` is called first. Its errors are handled like any later ones.

        Raises:
            Exception: as `render`.
        """

        def make(settings: Settings) -> Written | NoCard:
            found = self._find_person(settings, customer, takes_guests=False)
            if found is None:
                return NoCard("anonymous")
            renderer = _renderer(_merge(settings.options, options))
            if renderer.options.drop_faulty:
                found = read_customer(found, renderer.options.rules())
                log_dropped(found, self.route, self.template)
            return write(renderer, found, settings)

        return self._by_policy(make, check)

    def _is_told_already(self) -> bool:
        """Note that a person was asked for, and return whether an order has already sent one."""
        if self._answer is None:
            return False
        self._answer.is_evaluated = True
        return self._answer.has_order

    def _by_policy(
        self, make: Callable[[Settings], Written | NoCard], check: Callable[[Settings], None] | None
    ) -> Written | NoCard:
        on_error = "auto"
        try:
            settings = self.settings()
            on_error = settings.on_error
            if check is not None:
                check(settings)
            reason = self._reason_against(settings)
            return make(settings) if reason is None else NoCard(reason)
        except Exception as error:
            problems = self._tell(error, "no block", on_error)
        codes = tuple(problem.code for problem in problems)
        return NoCard("cached" if codes[0].startswith("cache.") else "invalid", codes)

    def _find_person(self, settings: Settings, person: object, *, takes_guests: bool) -> object:
        """Return who is meant, `None` if that is nobody: `person`, or the visitor.

        Raises:
            CustomerError: `customer.type`, with the name of the type.
        """
        if person is UNSET:
            self._running = "CUSTOMER"
            person = checked(self.find_customer(settings), takes_guests=takes_guests)
            self._running = None
            return person
        return checked(self.settled(person), takes_guests=takes_guests)

    def _read_person(self, settings: Settings, person: object, renderer: Renderer) -> Person | None:
        """Return the buyer, `None` if there is none; a wrong one is reported here."""
        try:
            found: Any = self._find_person(settings, person, takes_guests=True)
            read = None if found is None else read_person(found, renderer.options.rules())
        except Exception as error:
            self._tell(error, "person left out", settings.on_error)
            return None
        log_dropped(read, self.route, self.template)
        return read

    def _render_both(
        self, renderer: Renderer, order: Any, person: Person | None, nonce: str | None, settings: Settings
    ) -> Markup:
        """Return the block of both, or of the one that can be rendered; the error of the other is reported here.

        Raises:
            Exception: neither can be rendered.
        """
        try:
            order = unwrapped(self.settled(order))
        except Exception as error:  # code of the site, behind a lazy object
            if person is None:
                raise
            self._tell(error, "order left out", settings.on_error)
            return renderer.render_person(person, nonce=nonce)
        try:
            return renderer.render_order(order, person, nonce=nonce)
        except SnippetError as error:
            parts: dict[str, Callable[..., Markup]] = {}
            if person is not None:
                parts["person left out"] = partial(renderer.render_order, order, None)
                parts["order left out"] = partial(renderer.render_person, person)
            left = next(_rendered(parts, nonce), None)
            if left is None:
                raise
            self._tell(error, left[0], settings.on_error)
            return left[1]

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

    def _shown(self, outcome: Markup | NoCard) -> Markup:
        return self._comment(outcome) if isinstance(outcome, NoCard) else outcome

    def _comment(self, no_card: NoCard) -> Markup:
        if not self.is_debug:
            return Markup()
        # These are only our own words, which cannot end a comment.
        because = f"{no_card.reason}: {', '.join(no_card.codes)}" if no_card.codes else no_card.reason
        return Markup(f"<!-- rr-snippet: no block ({because}) -->")  # noqa: S704


def _rendered(parts: Mapping[str, Callable[..., Markup]], nonce: str | None) -> Iterator[tuple[str, Markup]]:
    for what, render in parts.items():
        with suppress(SnippetError):
            yield what, render(nonce=nonce)


_renderer = lru_cache(maxsize=64)(Renderer)


def _merge(options: RenderOptions, changes: Mapping[str, Any] | None) -> RenderOptions:
    return RenderOptions.of({**asdict(options), **changes}) if changes else options
