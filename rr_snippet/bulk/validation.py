"""Report the problems of each customer, and what shows only after all of them have been seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import Customer
from rr_snippet.customer.faults import count_problems
from rr_snippet.errors import CustomerError, Notice, Problem, RenderError
from rr_snippet.sources.records import Record

# These say the same about every customer.
_ONCE_A_RUN: Final = frozenset({"consent.not_unsubscribe"})


class Validation:
    """Validates the customers of any number of files, counts them, and passes each notice to `tell`."""

    def __init__(self, options: RenderOptions, tell: Callable[[Notice], object]) -> None:
        self.counts: Counter[str] = Counter(
            customers=0,
            rejected=0,
            errors=0,
            warnings=0,
            consent_true=0,
            consent_false=0,
            consent_absent=0,
            phones_cleaned=0,
        )
        self._renderer = Renderer(options)
        self._tell = tell
        self._told: set[str] = set()
        # Hashes of the ids. A million of them take about 60 MB, and a collision is not to be expected.
        self._ids: set[int] = set()
        self._repeated: set[int] = set()

    def check(self, place: str, records: Iterable[Record]) -> None:
        """Report the problems of the customers in one file; a wrong encoding once, with the number of records.

        Raises:
            SourceError: raised by `records`.
        """
        in_no_encoding: list[Notice] = []
        for record in records:
            problems, warnings = self._check(record)
            self.counts["customers"] += 1
            self.counts["rejected"] += bool(problems)
            for problem in problems:
                notice = Notice("error", place, problem, record.number, record.line)
                if problem.code == "customer.encoding":
                    in_no_encoding.append(notice)
                else:
                    self.tell(notice)
            for problem in warnings:
                if problem.code not in self._told:
                    self.tell(Notice("warning", place, problem, record.number, record.line))
                if problem.code in _ONCE_A_RUN:
                    self._told.add(problem.code)
        if in_no_encoding:
            first = in_no_encoding[0]
            details = {**dict(first.problem.details), "count": len(in_no_encoding)}
            self.tell(replace(first, problem=Problem.of(first.problem.code, **details)))

    def check_order(self, place: str, document: bytes) -> None:
        """Report the problems of an order in JSON, and the warnings of its customer."""
        from rr_snippet.sources.orders import read_order_document

        self.counts["orders"] += 1
        try:
            order, person = read_order_document(document, self._renderer.options.rules())
            self._renderer.render_order(order, person)
        except (CustomerError, RenderError) as error:
            self.counts["rejected"] += 1
            for problem in error.problems:
                self.tell(Notice("error", place, problem))
        else:
            for problem in person.warnings if isinstance(person, Customer) else ():
                self.tell(Notice("warning", place, problem.at("customer")))

    def finish(self) -> None:
        """Report what shows only after all files have been read."""
        if self._repeated:
            problem = Problem.of("customer_id.repeated", "customerId", count=len(self._repeated))
            self.tell(Notice("warning", None, problem))

    def tell(self, notice: Notice) -> None:
        """Count a notice and pass it on."""
        self.counts[f"{notice.severity}s"] += count_problems([notice.problem])
        self._tell(notice)

    def _check(self, record: Record) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """Return the errors and the warnings of a record."""
        customer = record.customer
        if customer is None:
            return record.problems, ()
        known = hash(customer.customer_id)
        (self._repeated if known in self._ids else self._ids).add(known)
        try:
            self._renderer.to_payload(customer)
        except RenderError as error:
            return error.problems, customer.warnings
        consent = customer.is_agreed_to_receive_marketing_mail
        is_given = consent is not None and "is_agreed_to_receive_marketing_mail" in customer.model_fields_set
        self.counts[f"consent_{str(consent).lower()}" if is_given else "consent_absent"] += 1
        self.counts["phones_cleaned"] += customer.is_phone_cleaned
        return (), customer.warnings
