"""Build customers from fields that are all text: CSV cells, form fields, flat metadata of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rr_snippet.customer.customer import FIELDS as CUSTOMER_FIELDS
from rr_snippet.customer.customer import Customer, read_customer
from rr_snippet.customer.rules import DEFAULT_RULES, CustomerRules
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, OptionError, Problem
from rr_snippet.options import suggestion, wrong_value
from rr_snippet.sources.columns import Target, gather
from rr_snippet.sources.names import FIELD_SPELLINGS, FIELDS

_JSON_FIELDS: Final = frozenset(field.alias for field in CUSTOMER_FIELDS if field.kind in ("object", "array"))
_FLAG_FIELD: Final = "isAgreedToReceiveMarketingMail"

ConsentWords = Mapping[str, bool]
"""Texts that mean a consent or a refusal, to the letter; `true` and `false` always do."""

_DEFAULT_WORDS: Final[ConsentWords] = {"true": True, "false": False}


def all_consent_words(given: ConsentWords | None) -> ConsentWords:
    """Return the words `given`, with `true` and `false` among them.

    Raises:
        OptionError: `option.value`, if a word is blank, means no boolean, or gives `true` or `false` another meaning.
    """
    words = dict(given or {})
    if any(not word.strip() or type(value) is not bool for word, value in words.items()):
        raise OptionError(wrong_value("consent_words", "words for true and for false"))
    if any(words.get(word, value) is not value for word, value in _DEFAULT_WORDS.items()):
        raise OptionError(wrong_value("consent_words", "words other than true and false"))
    return {**words, **_DEFAULT_WORDS}


def read_text_fields(
    fields: Iterable[tuple[str, str]],
    *,
    rules: CustomerRules = DEFAULT_RULES,
    consent_words: ConsentWords | None = None,
) -> Customer:
    """Build a customer from fields that are all text: CSV cells, form fields, flat metadata of a page.

    An empty text means that the field is absent. `true`, `false` and the `consent_words` are booleans, to the letter.
    `customData`, `softLinks` and `mobilePushSubscription` hold JSON.

    Raises:
        CustomerError: every problem found, `customer.json` for a field with broken JSON included.
        OptionError: `option.value` for `consent_words`.
    """
    data, problems = decode_text_fields(fields, consent_words=consent_words)
    customer, problems = parse_read(data, rules, problems)
    if customer is None:
        raise CustomerError(*problems)
    return customer


def decode_text_fields(
    fields: Iterable[tuple[str, str]], *, consent_words: ConsentWords | None = None
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the values of fields that are all text, as in `read_text_fields`, and their problems."""
    unknown: list[Problem] = []
    cells: list[tuple[Target, str]] = []
    for position, (name, text) in enumerate(fields):
        field = FIELD_SPELLINGS.get(name)
        if field is not None:
            cells.append((Target(field), text))
        elif text:
            unknown.append(Problem.of("field.unknown", f"[{position}]", **suggestion(name, FIELDS)))
    data, problems = decode_cells(cells, all_consent_words(consent_words))
    return data, (*unknown, *problems)


def decode_cells(
    cells: Iterable[tuple[Target, str]], words: ConsentWords
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the fields in cells of text, and their problems. The field of an empty cell is absent."""
    problems: list[Problem] = []
    given: list[tuple[Target, object]] = []
    for target, text in cells:
        if text == "":
            continue
        value: object = text
        if target.key is None and target.field in _JSON_FIELDS:
            try:
                value = decode_json(text)
            except CustomerError as error:
                problems += (problem.at(target.field) for problem in error.problems)
                continue
        elif target.field == _FLAG_FIELD:
            value = words.get(text, text)
            if value is text:
                problems.append(Problem.of("consent.type", target.field, option="--consent-words"))
        given.append((target, value))
    return gather(given), tuple(problems)


def parse_read(
    data: object, rules: CustomerRules, problems: tuple[Problem, ...]
) -> tuple[Customer | None, tuple[Problem, ...]]:
    """Return the customer in `data`, or every problem of it; `problems` were found while it was read."""
    try:
        customer = read_customer(data, rules)
    except CustomerError as error:
        return None, join_problems(error.problems, problems)
    return None if problems else customer, problems


def join_problems(parsed: tuple[Problem, ...], read: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems of a customer, then those of reading it, which win if both have the same code and path."""
    told = {(problem.code, problem.path) for problem in read}
    return (*(problem for problem in parsed if (problem.code, problem.path) not in told), *read)
