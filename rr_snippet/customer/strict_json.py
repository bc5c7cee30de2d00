"""Read JSON strictly by RFC 8259: no repeated key is lost, and no error has text of the document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final, NoReturn

from pydantic_core import from_json

from rr_snippet.customer.json_reason import json_reason
from rr_snippet.customer.pairs import RepeatedKeys, object_of
from rr_snippet.customer.texts import exact_text, is_really
from rr_snippet.errors import CustomerError, Problem

# Every field refuses longer numbers, so their tail does not matter. Python refuses to read them whole.
_INT_MAX_READ_DIGITS: Final = 640

# Python's message for text after the end of a document.
_EXTRA: Final = "Extra data"

_WHITE_SPACE: Final = re.compile(r"[ \t\n\r]*+")
# The limit of pydantic's own decoder, which reads most documents.
_DEPTH_MAX: Final = 201


def decode_json(document: str | bytes | bytearray, *, first_line: int = 1, exact_numbers: bool = False) -> object:
    """Return the value of a JSON document. An object with a repeated key becomes `RepeatedKeys`.

    Bytes are UTF-8; a byte order mark is accepted. `NaN` and `Infinity` are no JSON. Nesting deeper than 201 is
    refused. `first_line` is the number of the document's first line in messages. With `exact_numbers` a number with a
    point or an exponent becomes a `Decimal`, so that no digit is lost.

    Raises:
        CustomerError: `customer.json`, with line, column and reason if they are known; `customer.encoding`.
    """
    if (type(document) is bytes or type(document) is str) and not exact_numbers:
        try:
            value = from_json(document, allow_inf_nan=False, cache_strings="keys")
        except (ValueError, TypeError):  # TypeError for a lone surrogate; both hold the text, so neither may escape
            pass
        else:
            # Of a repeated key this parser keeps only the last. So compare the number of texts, keys included, with
            # that of quotes. With more quotes, perhaps only inside a text, the other parser reads the document.
            quotes = document.count('"') if isinstance(document, str) else document.count(b'"')
            if quotes == 2 * _count_texts(value):
                return value
    text = None
    is_text = True
    try:
        text = _text_of(document)
    except ValueError:
        is_text = False
    if not is_text:  # outside the except block: the error caught there holds the document
        raise CustomerError(Problem.of("customer.encoding", encoding="utf-8"))
    if text is None:
        raise CustomerError(Problem.of("customer.json"))
    decoder = _EXACT_DECODER if exact_numbers else _DECODER
    value = _guarded(decoder.decode, text.removeprefix("\ufeff"), first_line=first_line)
    _refuse_depth(value)
    return value


def _text_of(document: object) -> str | None:
    """Return the text of a document, `None` for any other type. The methods of a subclass are never called.

    Raises:
        ValueError: no UTF-8, or a released memoryview.
    """
    if is_really(document, bytes):
        return bytes.decode(document)
    if is_really(document, bytearray):
        return bytearray.decode(document)
    if is_really(document, memoryview):
        return document.tobytes().decode()
    return exact_text(document)


def _count_texts(value: object) -> int:
    if type(value) is dict:
        count = len(value)
        for item in value.values():
            if type(item) is str:  # first, because most values are texts, and a call for each would cost the most time
                count += 1
            elif type(item) is dict or type(item) is list:
                count += _count_texts(item)
        return count
    return sum(map(_count_texts, value)) if type(value) is list else type(value) is str


def iterate_json_array(text: str, *, first_line: int = 1) -> Iterator[object]:
    """Yield the elements of the JSON array at the start of `text` one by one, so that those before a fault are kept.

    `first_line` is the number of the first line in messages.

    Raises:
        CustomerError: `customer.json`.
    """
    position = _skip(text, text.index("[") + 1)
    if text.startswith("]", position):
        _expect_end(text, position + 1, first_line)
        return
    while True:
        value, position = _guarded(_DECODER.raw_decode, text, position, first_line=first_line)
        _refuse_depth(value)
        yield value
        position = _skip(text, position)
        if text.startswith("]", position):
            _expect_end(text, position + 1, first_line)
            return
        if not text.startswith(",", position):
            raise CustomerError(_problem_at(text, position, first_line))
        position = _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    match = _WHITE_SPACE.match(text, position)
    assert match is not None, "the pattern matches an empty text too"
    return match.end()


def _expect_end(text: str, position: int, first_line: int) -> None:
    position = _skip(text, position)
    if position != len(text):
        raise CustomerError(_problem_at(text, position, first_line, is_end=True))


def _problem_at(text: str, position: int, first_line: int, *, is_end: bool = False) -> Problem:
    position, reason = json_reason(text, position, is_end=is_end)
    line = text.count("\n", 0, position) + first_line
    return Problem.of("customer.json", **reason, line=line, column=position - text.rfind("\n", 0, position))


def _guarded(decode: Callable[..., Any], *arguments: Any, first_line: int = 1) -> Any:
    try:
        return decode(*arguments)
    except json.JSONDecodeError as error:
        problem = _problem_at(error.doc, error.pos, first_line, is_end=error.msg == _EXTRA)
    except (ValueError, RecursionError):
        problem = Problem.of("customer.json")
    # Outside the except blocks: the errors caught there hold the document.
    raise CustomerError(problem)


def _refuse_depth(value: object) -> None:
    """Refuse a value that is nested deeper than `_DEPTH_MAX`.

    The decoder's own limit depends on the caller's stack, so the same text would be JSON for one caller and not for
    another.
    """
    level = [value]
    for _ in range(_DEPTH_MAX):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, (dict, list))]
        if not level:
            return
    raise CustomerError(Problem.of("customer.json"))


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, RepeatedKeys):
        return [item for _, item in value.pairs]
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _read_int(digits: str) -> int:
    return int(digits[:_INT_MAX_READ_DIGITS])


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _read_decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond the limits of Decimal
        return Decimal("NaN")


_make_decoder: Final = partial(
    json.JSONDecoder, object_pairs_hook=object_of, parse_int=_read_int, parse_constant=_refuse_constant
)
_DECODER: Final = _make_decoder()
_EXACT_DECODER: Final = _make_decoder(parse_float=_read_decimal)
