"""Raise or log the errors of a visit, with their place, as `ON_ERROR` says."""

from __future__ import annotations

import logging
from typing import Final

from rr_snippet.errors import CustomerError, OptionError, Problem, SnippetError
from rr_snippet.integrations._addresses import Place
from rr_snippet.integrations._answer import Answer
from rr_snippet.integrations._records import Where, dotted_path, failing_line, log, problems_of, wrong_settings
from rr_snippet.integrations._settings import NAME, Settings

_WRONG_TYPES: Final = frozenset({"customer.type", "guest.type", "order.type"})


class Teller(Place):
    """What a framework knows about itself and about the place of an error, and the handling of errors."""

    _answer: Answer | None = None
    """The state of the response, `None` if nothing is known about it."""

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
        """Return the site's settings. An error raised here is handled like any other."""
        return Settings()

    def report(self, error: SnippetError, what: str) -> None:
        """Raise `error`, or log it with `what` has happened, as `ON_ERROR` says. This is not for blocks themselves.

        Raises:
            SnippetError: `error`.
        """
        try:
            raise error
        except SnippetError:
            self._tell(error, what, self.settings().on_error)

    def _tell(self, error: Exception, what: str, on_error: str) -> tuple[Problem, ...]:
        """Raise the current exception, or log it, as `on_error` says, and return its problems.

        Some frameworks swallow an exception that is raised into a stream, so it is logged as well.
        """
        raises = on_error == "raise" or (on_error == "auto" and self.raises)
        is_late = self._answer is not None and self._answer.is_sent
        problems, where = problems_of(error), self._where(error)
        note = f"rr-snippet: {where}"
        # What is raised here about a person comes by again, on its way out of the order's block.
        if raises and str(where) and note not in getattr(error, "__notes__", ()):
            error.add_note(note)
        if not raises or is_late:
            # A wrong phone number of one customer is to be expected. Anything else is a fault of the site.
            is_data = isinstance(error, CustomerError) and error.code not in _WRONG_TYPES
            log(logging.WARNING if is_data else logging.ERROR, what, problems, where)
        if raises:
            raise
        self._running = None
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
