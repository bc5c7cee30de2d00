"""Translate pydantic's errors into our codes, without the values that pydantic keeps in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from rr_snippet.customer.faults import PROBLEMS_MAX, Fault, Faults, as_validation_error, one_fault, read_faults
from rr_snippet.customer.pairs import read_pairs
from rr_snippet.customer.texts import exact_text, is_really
from rr_snippet.customer.usual import READ, USUAL, reader_of
from rr_snippet.messages import MESSAGES
from rr_snippet.options import suggestion

if TYPE_CHECKING:
    from rr_snippet.customer.model import PrivateModel

# pydantic's types for a name that is no field or no text, and for data that is no mapping.
_STRANGE_NAME: Final = {"extra_forbidden", "invalid_key"}
_NO_MAPPING: Final = {"model_type", "model_attributes_type", "dict_type"}
_REFUSED: Final = "field.refused"


def is_ours(model: type[PrivateModel]) -> bool:
    """Return whether `model` belongs to this package. A shop's subclass may have its own validators."""
    return model.__module__.partition(".")[0] == "rr_snippet"


def speak(model: type[PrivateModel], data: Any, handler: Callable[[Any], Any]) -> Any:
    """Validate by `handler`, and turn every error into our codes, without any input.

    Raises:
        ValidationError: a new one, with our codes alone.
    """
    names: list[object] = []
    repeats = False
    found: list[Fault] = []
    try:
        if type(data) is not dict and not is_really(data, model):
            pairs = read_pairs(data)
            if pairs is None:
                raise one_fault(model.TYPE_CODE)
            names = [name for name, _ in pairs]
            data = dict(pairs)
            repeats = len(data) != len(pairs)
        built = handler(data)
    except ValidationError as error:
        found = read_faults(error)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # code of a key, a value or a shop, whose error may show the values
        found = [Fault(model.TYPE_CODE if is_ours(model) else _REFUSED)]
    else:
        if not repeats:
            return built
    faults = Faults(_translated(model, found))
    strange = {fault.place[0] for fault in found if _is_about_a_name(fault)}
    if repeats or strange:
        # A copy, made at once, because another thread may be changing the dict.
        add_name_faults(faults, model, names or list(data), strange)
    # Outside the except block: pydantic's error holds the input.
    raise as_validation_error(faults or [Fault(model.TYPE_CODE)])


def _is_about_a_name(fault: Fault) -> bool:
    return fault.code in _STRANGE_NAME and len(fault.place) == 1


def _translated(model: type[PrivateModel], found: Iterable[Fault]) -> Iterator[Fault]:
    """Yield `found` with pydantic's own types turned into our codes, without faults about names."""
    fields = model.model_fields
    names = {**{field.alias or name: name for name, field in fields.items()}, **{name: name for name in fields}}
    for fault in found:
        # pydantic uses the data's spelling of a field.
        name = names.get(str(fault.place[0])) if fault.place else None
        branch = fault.place[1:2]
        if _is_about_a_name(fault) or (name and branch == (USUAL,)):
            continue
        place = () if name is None else (fields[name].alias or name,)
        reader = None if name is None else reader_of(fields[name])
        if reader is not None and branch == (READ,) and fault.code in MESSAGES:
            yield Fault(fault.code, (*place, *fault.place[2:]), fault.details)
        elif reader is not None and fault.code == "missing":
            yield Fault(reader.missing, place)
        elif is_ours(model) or (not fault.place and (fault.code in _NO_MAPPING or fault.code == model.TYPE_CODE)):
            # Ours has no rules of a shop: this is data that pydantic cannot take as texts.
            yield Fault(model.TYPE_CODE)
        else:
            # A rule of a shop's subclass. pydantic's message for it may hold the value or a key.
            yield Fault(_REFUSED, place)


def add_name_faults(
    faults: Faults, model: type[PrivateModel], names: Iterable[object], strange: Collection[object]
) -> None:
    """Add a fault for each name that is no field, by its position, and for each field that is given twice.

    `strange` are the names that pydantic has refused. Another unknown name may be a field of a shop's subclass.
    """
    aliases = {name: field.alias or name for name, field in model.model_fields.items()}
    spellings = {**aliases, **{alias: alias for alias in aliases.values()}}
    texts = [exact_text(name) for name in names]
    counts = Counter(spellings.get(text or "") for text in texts)
    seen: set[str] = set()
    for position, text in enumerate(texts):
        alias = spellings.get(text or "")
        if alias is not None and alias in seen:
            faults.add(Fault("field.twice", (alias,)))
        elif alias is None and text is not None and f"[{text}" in seen:
            faults.add(Fault("field.twice", (position,)))
        elif text is None or (text in strange and counts[alias] == 1) or (text in strange and alias is None):
            # Finding a suggestion is slow, and nobody sees it after the last fault that is reported.
            near = suggestion(text, [*aliases, *aliases.values()]) if len(faults) < PROBLEMS_MAX else {}
            faults.add(Fault(model.UNKNOWN_CODE, (position,), near))
        # The bracket keeps a strange name apart from the fields.
        seen.add(alias or f"[{text}")
