"""Read JSON strictly: what RFC 8259 says, no key lost in silence, no text of the document in an error."""

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

# Longer numbers are refused by every field, so their tail does not matter; Python refuses to read them whole.
_INT_MAX_READ_DIGITS: Final = 640

# What Python's decoder says of a document that is followed by something.
_EXTRA: Final = "Extra data"

_WHITE_SPACE: Final = re.compile(r"[ \t\n\r]*+")
# As deep as pydantic's own decoder goes, which reads most lines.
_DEPTH_MAX: Final = 201


def decode_json(document: str | bytes | bytearray, *, first_line: int = 1, exact_numbers: bool = False) -> object:
    """Return what a JSON document holds, with an object that repeats a key as `RepeatedKeys`.

    Bytes are UTF-8, a byte order mark is accepted. `NaN` and `Infinity` are no JSON. Nesting deeper than 201
    is refused. `first_line` is the number of the document's first line in messages. With `exact_numbers` those with a
    point or an exponent are read as `Decimal`, so that nothing of what is written gets lost.

    Raises:
        CustomerError: `customer.json`, with line, column and reason where there are any; `customer.encoding`.
    """
    if (type(document) is bytes or type(document) is str) and not exact_numbers:
        try:
            value = from_json(document, allow_inf_nan=False, cache_strings="keys")
        except (ValueError, TypeError):  # TypeError: half of a surrogate pair; both hold the text, and are left behind
            pass
        else:
            # This parser keeps the last of a key given twice. So the texts it found, keys among them, are counted: each
            # stands between two quotes. Where there are more, if only inside of a text, the other parser is asked.
            quotes = document.count('"') if isinstance(document, str) else document.count(b'"')
            if quotes == 2 * _count_texts(value):
                return value
    text = None
    is_text = True
    try:
        text = _text_of(document)
    except ValueError:
        is_text = False
    if not is_text:  # outside of the except block: the error caught there holds the document
        raise CustomerError(Problem.of("customer.encoding", encoding="utf-8"))
    if text is None:
        raise CustomerError(Problem.of("customer.json"))
    decoder = _EXACT_DECODER if exact_numbers else _DECODER
    value = _guarded(decoder.decode, text.removeprefix("\ufeff"), first_line=first_line)
    _refuse_depth(value)
    return value


def _text_of(document: object) -> str | None:
    """Return the text of a document, or `None` for what is none; what a subclass says of itself is never asked.

    Raises:
        ValueError: no UTF-8, or a memoryview that is released.
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
            if type(item) is str:  # first, as most values are; a call for each would take most of the time
                count += 1
            elif type(item) is dict or type(item) is list:
                count += _count_texts(item)
        return count
    return sum(map(_count_texts, value)) if type(value) is list else type(value) is str


def iterate_json_array(text: str, *, first_line: int = 1) -> Iterator[object]:
    """Yield the elements of the JSON array that `text` begins with, one by one: those before a fault are not lost.

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
    assert match is not None, "it matches the empty text too"
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
    # Outside of the except blocks: the errors caught there hold the document.
    raise CustomerError(problem)


def _refuse_depth(value: object) -> None:
    """Refuse what is nested deeper than `_DEPTH_MAX`.

    The decoder goes as deep as the stack that the caller has left: a line would be JSON here and none there.
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
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal("NaN")


_make_decoder: Final = partial(
    json.JSONDecoder, object_pairs_hook=object_of, parse_int=_read_int, parse_constant=_refuse_constant
)
_DECODER: Final = _make_decoder()
_EXACT_DECODER: Final = _make_decoder(parse_float=_read_decimal)
