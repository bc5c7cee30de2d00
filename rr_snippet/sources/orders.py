"""Read an order and its buyer from one JSON object."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from rr_snippet.customer.customer import read_customer
from rr_snippet.customer.guest import Guest, Person
from rr_snippet.customer.order import Order, read_order
from rr_snippet.customer.pairs import object_of, read_pairs
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.schema import PEOPLE
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, Problem

_POSITION: Final = re.compile(r"\[([0-9]+)\]")


def read_order_document(document: str | bytes, rules: CustomerRules = DEFAULT_RULES) -> tuple[Order, Person | None]:
    """Return the order in a JSON object, and its `customer` or `guest`, `None` without either.

    The paths of problems are those in the object: `customer.email`, `items[0].price`.

    Raises:
        CustomerError: `customer.json`, `customer.encoding`, `order.type`, and every problem of the two; `field.twice`
            for a customer beside a guest.
    """
    pairs = read_pairs(decode_json(document, exact_numbers=True))
    if pairs is None:
        raise CustomerError(Problem.of("order.type"))
    people = [(str(name), value) for name, value in pairs if name in PEOPLE and value is not None]
    kept = [position for position, (name, _) in enumerate(pairs) if name not in PEOPLE]
    person, order = None, None
    problems: list[Problem] = [Problem.of("field.twice", name) for name, _ in people[1:]]
    for name, value in people[:1]:
        try:
            person = _read_person(name, value, rules)
        except CustomerError as error:
            problems += (problem.at(name) for problem in error.problems)
    try:
        order = read_order(object_of([(str(pairs[position][0]), pairs[position][1]) for position in kept]))
    except CustomerError as error:
        problems += (_at_its_position(problem, kept) for problem in error.problems)
    if order is None or problems:
        raise CustomerError(*problems)
    return order, person


def _read_person(name: str, value: Any, rules: CustomerRules) -> Person:
    return Guest.model_validate(value) if name == "guest" else read_customer(value, rules)


def _at_its_position(problem: Problem, kept: list[int]) -> Problem:
    """Return the problem of an unknown field with its position among all fields, the person's included."""
    match = _POSITION.fullmatch(problem.path)
    return problem if match is None else replace(problem, path=f"[{kept[int(match[1])]}]")
