"""Every error of the package, and `Problem`, the one shape in which a fault is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from rr_snippet.messages import message_text

Language = Literal["en", "ru"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, or one warning, in one place.

    `code` is `subject.fault` and is never renamed once released. `path` is the place in the vendor's spelling, with
    entries by their 0-based position (`softLinks[0].value`), empty when the whole is meant. `details` holds the numbers
    and words of our own vocabulary that the message mentions. None of them ever holds a value of a customer.
    """

    code: str
    path: str
    message: str
    details: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, code: str, path: str = "", /, **details: str | int) -> Problem:
        """Build the problem whose English message stands in the table of codes."""
        return cls(code, path, message_text(code, "en", details), tuple(details.items()))

    def at(self, prefix: str) -> Problem:
        """Return the same problem seen from one level up, where `prefix` leads to the place it names."""
        glue = "." if prefix and self.path and not self.path.startswith("[") else ""
        return Problem(self.code, f"{prefix}{glue}{self.path}", self.message, self.details)

    def message_in(self, language: Language) -> str:
        """Return the message in English (`en`) or Russian (`ru`)."""
        return self.message if language == "en" else message_text(self.code, language, dict(self.details))

    def text_in(self, language: Language) -> str:
        """Return the whole line for people, `path: message [code]`, in English or Russian."""
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.message_in(language)} [{self.code}]"

    def __str__(self) -> str:
        return self.text_in("en")


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or a warning, and the file it is about, `None` for all; the record and the line in it count from 1."""

    severity: Severity
    place: str | None
    problem: Problem
    record: int | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """The place, to the line or the record; empty where all are meant."""
        if self.line is not None:
            return f"{self.place}:{self.line}"
        return (self.place or "") if self.record is None else f"{self.place}: record {self.record}"


class SnippetError(Exception):
    """Base of all errors raised here; `problems` lists every fault found, not just the first."""

    def __init__(self, *problems: Problem) -> None:
        # The problems are the `args` of the exception: that is what makes every subclass survive pickling.
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
    """The data is no customer by the vendor's rules. Holds codes and places, never a value."""


class RenderError(SnippetError, ValueError):
    """The customer is sound, but cannot be rendered as asked: variant, nonce, size, or a leaf that is no text."""


class PageError(SnippetError, ValueError):
    """The page cannot take the snippet safely."""


class OptionError(SnippetError, ValueError):
    """An option or a setting has a value that means nothing."""


class SourceError(SnippetError, ValueError):
    """An input cannot be read as a whole: its encoding, its header, or nothing in it."""


class OutputError(SnippetError, OSError):
    """A file of results cannot be written: a full disk, a missing folder, no right to."""


class MissingDependencyError(SnippetError, ImportError):
    """A package that belongs to an extra is not installed; the message says what to install."""


@contextmanager
def requires(package: str, extra: str, *modules: str) -> Iterator[None]:
    """Say what to install where the imports of the block fail for want of `package` itself, by its `modules`.

    Raises:
        MissingDependencyError: `dependency.missing`, with the extra of ours that brings the package.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in modules:
            raise  # it is there, but one of its own imports is not
        problem = Problem.of("dependency.missing", package=package, requirement=f"rr-snippet[{extra}]")
        raise MissingDependencyError(problem) from None
