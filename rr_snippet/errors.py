"""Every error of the package, and `Problem`, the form in which every fault is reported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from rr_snippet.messages import message_text, phrase

Language = Literal["en", "ru"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, or one warning, in one place.

    `code` is `subject.fault`, and never renamed after a release. `path` is the place in the vendor's spelling, with
    entries by their position from 0 (`softLinks[0].value`), or empty for the whole. `details` are the numbers and our
    own words that the message mentions. No part ever holds a customer's value.
    """

    code: str
    path: str
    message: str
    details: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, code: str, path: str = "", /, **details: str | int) -> Problem:
        """Build a problem with its English message from the table of codes."""
        return cls(code, path, message_text(code, "en", details), tuple(details.items()))

    def at(self, prefix: str) -> Problem:
        """Return the same problem as seen from one level up: with `prefix` before its path."""
        glue = "." if prefix and self.path and not self.path.startswith("[") else ""
        return Problem(self.code, f"{prefix}{glue}{self.path}", self.message, self.details)

    def message_in(self, language: Language) -> str:
        """Return the message in English (`en`) or Russian (`ru`)."""
        return self.message if language == "en" else message_text(self.code, language, dict(self.details))

    def text_in(self, language: Language) -> str:
        """Return the whole line, `path: message [code]`, in English or Russian."""
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.message_in(language)} [{self.code}]"

    def __str__(self) -> str:
        return self.text_in("en")


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or a warning about a file, or about all files if `place` is `None`. Record and line count from 1."""

    severity: Severity
    place: str | None
    problem: Problem
    record: int | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """The place with its line or record, empty for all files."""
        return self.where_in("en")

    def where_in(self, language: Language) -> str:
        """Return `where` in English or Russian."""
        if self.line is not None:
            return f"{self.place}:{self.line}"
        if self.record is not None:
            return f"{self.place}: {phrase('record', language)} {self.record}"
        return self.place or ""


class SnippetError(Exception):
    """The base of all our errors. `problems` has every fault found, not just the first."""

    def __init__(self, *problems: Problem) -> None:
        # The problems are the `args` of the exception, so every subclass can be pickled.
        super().__init__(*problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem found, in the order of the fields."""
        return self.args

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class CustomerError(SnippetError, ValueError):
    """The data is no customer by the vendor's rules. The error holds codes and places, never a value."""


class RenderError(SnippetError, ValueError):
    """The customer is valid, but cannot be rendered: because of the variant, nonce, size, or a leaf that is no text."""


class PageError(SnippetError, ValueError):
    """The page cannot take the snippet safely."""


class OptionError(SnippetError, ValueError):
    """An option or a setting is unknown or has a wrong value."""


class SourceError(SnippetError, ValueError):
    """An input as a whole cannot be read: because of its encoding or header, or because it is empty."""


class OutputError(SnippetError, OSError):
    """A file of results cannot be written: the disk is full, a folder or a permission is missing."""


class MissingDependencyError(SnippetError, ImportError):
    """A package of an extra is not installed. The message says what to install."""


@contextmanager
def requires(package: str, extra: str, *modules: str) -> Iterator[None]:
    """Report what to install if the imports in the block fail because `package` itself, with its `modules`, is missing.

    Raises:
        MissingDependencyError: `dependency.missing`, with our extra for the package.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in modules:
            raise  # the package is installed, but one of its own imports is missing
        problem = Problem.of("dependency.missing", package=package, requirement=f"rr-snippet[{extra}]")
        raise MissingDependencyError(problem) from None
