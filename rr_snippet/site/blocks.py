"""The choice of a page's block: by its path, by a pattern, by the page's own metadata, or by default."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rr_snippet.block.csp import check_nonce
from rr_snippet.block.render import Renderer
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, Problem, SnippetError
from rr_snippet.site.entries import PAGE, Entry
from rr_snippet.site.notice import Notice
from rr_snippet.site.patterns import compile_pattern, is_pattern, pattern_problem
from rr_snippet.sources.text_fields import decode_text_fields

# The page gets no block. `None` in its place means that nothing is known about the page.
NO_BLOCK: Final = ""

_METADATA_PREFIX: Final = "rr_"
_METADATA_NAME: Final = "rr_customer"


class PageBlocks:
    """The blocks of a site, each rendered and so validated when it is added.

    A page gets the block that was added under its path; else the block of the first pattern added that matches the
    path; else the page's own block; else `default`.
    """

    def __init__(self, renderer: Renderer, *, nonce: str | None = None) -> None:
        """Keep the renderer of the blocks, and the nonce that all of them get.

        Raises:
            RenderError: `nonce.shape`.
        """
        if nonce is not None:
            check_nonce(nonce)
        self.default: str | None = None
        self._renderer = renderer
        self._nonce = nonce
        # All three by path or pattern, in the order in which they were added.
        self._blocks: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def render(self, customer: object) -> str:
        """Return a customer's block, `NO_BLOCK` for `None`.

        Raises:
            CustomerError, RenderError: as `Renderer.render`.
        """
        if customer is None:
            return NO_BLOCK
        # No Markup: it escapes what is joined with it.
        return str.__str__(self._renderer.render(customer, nonce=self._nonce))  # type: ignore[arg-type]

    def read(self, customer_json: str | bytes) -> str:
        """Return the block of a customer in JSON, `NO_BLOCK` for `null`.

        Raises:
            CustomerError, RenderError: as `Renderer.render`; `customer.json`, `customer.encoding`.
        """
        return self.render(decode_json(customer_json))

    def read_metadata(self, metadata: Mapping[str, object]) -> str | None:
        """Return the block that a page's metadata asks for, `None` if it asks for nothing.

        Either `rr_customer` is the customer: a mapping, JSON, or `None` or `null` for no block. Or each field is a text
        under its Python name: `rr_customer_id`, `rr_email`, `rr_default_stock_id`.

        Raises:
            CustomerError, RenderError: as `Renderer.render`; `field.twice`, if there are both.
        """
        flat = {
            name.removeprefix(_METADATA_PREFIX): value
            for name, value in metadata.items()
            if name.startswith(_METADATA_PREFIX) and name != _METADATA_NAME
        }
        if _METADATA_NAME in metadata:
            if flat:
                raise CustomerError(Problem.of("field.twice", _METADATA_NAME))
            given = metadata[_METADATA_NAME]
            return self.read(given) if isinstance(given, str) else self.render(given)
        if not flat:
            return None
        texts = [(name, value) for name, value in flat.items() if isinstance(value, str)]
        data, problems = decode_text_fields(texts)
        others = {name: value for name, value in flat.items() if not isinstance(value, str)}
        try:
            block = self.render({**data, **others})
        except CustomerError as error:
            problems = (*error.problems, *problems)
        if problems:
            raise CustomerError(*problems)
        return block

    def add(self, entry: Entry) -> tuple[Problem, ...]:
        """Add a customer for a page or a pattern, and return its problems; with any, nothing is added.

        Codes: those of a customer and of rendering; `pattern.missing`, `pattern.shape`, `pattern.twice`.
        """
        problems = list(entry.problems)
        pattern = entry.pattern
        if not isinstance(pattern, str):
            problems.append(Problem.of("pattern.missing", PAGE))
        elif (problem := pattern_problem(pattern)) is not None:
            problems.append(problem.at(PAGE))
        elif pattern in self._entries:
            problems.append(Problem.of("pattern.twice", PAGE))
        block = NO_BLOCK
        if entry.customer is not None or not problems:
            try:
                block = self.render(entry.customer)
            except SnippetError as error:
                problems += error.problems
        if isinstance(pattern, str) and not problems:
            self._entries[pattern] = entry
            self._blocks[pattern] = block
            if is_pattern(pattern):
                self._patterns[pattern] = compile_pattern(pattern)
        return tuple(problems)

    def add_all(self, entries: Iterable[Entry], source: str) -> Iterator[Notice]:
        """Add all customers of a source, and yield their problems."""
        for entry in entries:
            for problem in self.add(entry):
                yield Notice("error", source, problem, entry.number, entry.line)

    def find(self, page: str, own: str | None = None) -> str | None:
        """Return the block for `page`, `None` if nothing decides about it. `own` is the page's own block."""
        choices = (self._blocks.get(self._deciding(page)), own, self.default)
        return next((block for block in choices if block is not None), None)

    def unused(self, pages: Iterable[str]) -> list[Entry]:
        """Return the entries that decide about no page of `pages`."""
        used = {self._deciding(page) for page in pages}
        return [entry for pattern, entry in self._entries.items() if pattern not in used]

    def unused_entries(self, pages: Iterable[str], source: str) -> Iterator[Notice]:
        """Yield a warning for each entry of `source` that decides about no page of `pages`."""
        for entry in self.unused(pages):
            problem = Problem.of("pattern.unused", str(entry.pattern))
            yield Notice("warning", source, problem, entry.number, entry.line)

    def _deciding(self, page: str) -> str:
        """Return the path or pattern that decides about `page`, or an empty text if none does."""
        if page in self._blocks:
            return page
        return next((text for text, pattern in self._patterns.items() if pattern.fullmatch(page)), "")
