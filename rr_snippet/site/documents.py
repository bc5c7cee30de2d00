"""Read a file that is one TOML or YAML document, as plain data."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from typing import IO, Any, Final

from rr_snippet.customer.pairs import object_of
from rr_snippet.errors import Problem, SourceError, requires
from rr_snippet.files import unreadable

# Before Python 3.14 the place is only in the error's text, and that may quote the document.
_TOML_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)$")

# Only what YAML 1.2 shares with JSON: in YAML 1.1 the id 0123 is the number 83, and the name no is false.
# https://yaml.org/spec/1.2.2/#103-core-schema
_YAML_WORDS: Final[dict[str, object]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_YAML_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,63})")


def read_toml(stream: IO[bytes]) -> dict[str, Any]:
    """Return the tables of a TOML document.

    Raises:
        SourceError: `source.toml`, `source.unreadable`, `customer.encoding`.
    """
    try:
        return tomllib.loads(_read_text(stream))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _TOML_PLACE.search(str(error))
        details = {"line": int(place[1]), "column": int(place[2])} if place else {}
    # Outside the except block: the error caught there holds the document.
    raise SourceError(Problem.of("source.toml", **details))


def read_yaml(stream: IO[bytes]) -> Any:
    """Return the document of a YAML stream. A repeated key stays repeated, so that the reader of the pairs can see it.

    Raises:
        SourceError: `source.yaml`, `source.unreadable`, `customer.encoding`.
        MissingDependencyError: PyYAML is not installed.
    """
    with requires("PyYAML", "yaml", "yaml"):
        yaml: Any = import_module("yaml")  # which has no types
    details = {}
    try:
        node = yaml.compose(_read_text(stream), yaml.SafeLoader)
        return None if node is None else _value(node, {})
    except yaml.MarkedYAMLError as error:
        details = {"line": error.problem_mark.line + 1, "column": error.problem_mark.column + 1}
    except (yaml.YAMLError, RecursionError):
        pass
    raise SourceError(Problem.of("source.yaml", **details))


def _value(node: Any, known: dict[int, Any]) -> Any:
    """Return the value of a node. `known` has the values of nodes already read, for the aliases that repeat them."""
    if id(node) not in known:
        if node.id == "scalar":
            known[id(node)] = _scalar(node.value) if node.style is None else node.value
        elif node.id == "sequence":
            known[id(node)] = [_value(each, known) for each in node.value]
        else:
            known[id(node)] = object_of([(str(key.value), _value(value, known)) for key, value in node.value])
    return known[id(node)]


def _scalar(text: str) -> object:
    if text in _YAML_WORDS:
        return _YAML_WORDS[text]
    return int(text) if _YAML_INTEGER.fullmatch(text) else text


def _read_text(stream: IO[bytes]) -> str:
    try:
        return stream.read().decode("utf-8-sig")
    except OSError as error:
        problem = unreadable(error)
    except UnicodeDecodeError:
        problem = Problem.of("customer.encoding", encoding="utf-8")
    raise SourceError(problem)
