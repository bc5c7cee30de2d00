"""Columns of Arrow: the types that can hold customers, the rows in them, and results as columns again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from rr_snippet.bulk.rows import RenderedRow, Row
from rr_snippet.customer.pairs import object_of
from rr_snippet.customer.push import KIND_SPELLINGS, KINDS
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.errors import CustomerError, Problem, SourceError, requires
from rr_snippet.sources.columns import Columns, Header, Target, gather, shown

# Other modules import pyarrow from here, because only here `requires` explains a missing extra.
__all__ = ["NUMBERED_SCHEMA", "RESULT_SCHEMA", "ROWS_PER_BATCH", "ColumnReader", "pa", "pq", "result_batch"]

with requires("pyarrow", "arrow", "pyarrow"):
    import pyarrow as pa
    import pyarrow.parquet as pq
    import pyarrow.types as kinds

ROWS_PER_BATCH: Final = 8192
"""Larger batches take longer: Python's lists outgrow the caches."""

RESULT_SCHEMA: Final = pa.schema(
    [
        ("customerId", pa.string()),
        ("snippet", pa.string()),
        ("error", pa.list_(pa.struct([("code", pa.string()), ("path", pa.string()), ("message", pa.string())]))),
    ]
)
"""The results of rows. Exactly one of `snippet` and `error` is set."""

NUMBERED_SCHEMA: Final = RESULT_SCHEMA.append(pa.field("source", pa.string())).append(pa.field("row", pa.int64()))
"""The results of a file's rows, with the file and the row's number."""


_PUSH_NAMES: Final = {
    *KIND_SPELLINGS,
    *(name for kind in KINDS.values() for own, field in kind.model_fields.items() for name in (own, field.alias)),
}


class ColumnReader:
    """Reads the rows in batches of one schema.

    A column holds what `columns` says, otherwise the field of its name in the vendor's spelling or Python's. Other
    columns are left out; `notes` reports those that look like fields.

    Raises:
        SourceError: every problem found: `column.type`, `column.missing`, `customer_id.missing`, `field.twice`, and
            `column.unknown` for a name that only letter case and separators distinguish from a field's.
    """

    def __init__(self, schema: Any, columns: Columns) -> None:
        self.schema = schema
        names: list[str] = schema.names
        header = Header(names, columns, others_allowed=True)
        self.notes = header.notes
        self._mapping = replace(columns, names=tuple(item for item in columns.names if item[1] is not None))
        self._columns = [(position, target) for position, target in enumerate(header.targets) if target is not None]
        problems = header.problems
        for position, target in self._columns:
            problems += _type_problems(schema[position], target)
        if Target("customerId") not in header.targets:
            problems += (Problem.of("customer_id.missing", "customerId"), *header.notes)
        if problems:
            raise SourceError(*problems)

    @property
    def names(self) -> list[str]:
        """The names of the columns to read."""
        return [self.schema.names[position] for position, _ in self._columns]

    def within(self, schema: Any) -> ColumnReader:
        """Return the same reader for a schema that has only the columns to read."""
        return ColumnReader(schema, self._mapping)

    def rows(self, batch: Any, *, first_row: int = 1) -> Iterator[Row]:
        """Yield the rows of a record batch, numbered from `first_row`."""
        targets = [target for _, target in self._columns]
        names = [field for field, _ in targets]
        has_entries = any(key is not None for _, key in targets)
        values = [_values(batch.column(position)) for position, _ in self._columns]
        readers = [
            (place, read)
            for place, (position, target) in enumerate(self._columns)
            if (read := _reader(self.schema[position].type, target)) is not None
        ]
        for number, row in enumerate(zip(*values, strict=True), start=first_row):
            cells: Sequence[Any] = row
            problems: tuple[Problem, ...] = ()
            if readers:
                cells = list(row)
                for place, read in readers:
                    value = cells[place]
                    if value is not None and value is not _UNDECODABLE:
                        try:
                            cells[place] = read(value)
                        except CustomerError as error:
                            cells[place] = None
                            problems += tuple(problem.at(names[place]) for problem in error.problems)
            pairs = zip(targets, cells, strict=True)
            yield number, gather(list(pairs)) if has_entries else dict(zip(names, cells, strict=True)), problems


def result_batch(results: Sequence[RenderedRow], *, source: str | None = None) -> Any:
    """Return results as a record batch of `RESULT_SCHEMA`; with the file `source`, of `NUMBERED_SCHEMA`."""
    rows, ids, blocks, faults, _ = zip(*results, strict=True) if results else ((), (), (), (), ())
    errors = [
        [{"code": problem.code, "path": problem.path, "message": problem.message} for problem in problems] or None
        for problems in faults
    ]
    schema, columns = RESULT_SCHEMA, [ids, blocks, errors]
    if source is not None:
        schema, columns = NUMBERED_SCHEMA, [*columns, [source] * len(rows), rows]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    return pa.record_batch(arrays, schema=schema)


# Types.


def _is_text(kind: Any) -> bool:
    if kinds.is_dictionary(kind):
        kind = kind.value_type
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def _is_list(kind: Any) -> bool:
    return bool(kinds.is_list(kind) or kinds.is_large_list(kind))


def _stored(kind: Any) -> Any:
    """Return the type under an extension type, such as DuckDB's JSON."""
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _pair_names(kind: Any) -> tuple[str, str] | None:
    """Return the names of the two texts in each entry of a list type, or `None` for another type."""
    if _is_list(kind) and kinds.is_struct(kind.value_type):
        entry = kind.value_type
        if entry.num_fields != 2:  # the set below would hide a repeated name
            return None
        names = {entry.field(position).name for position in range(entry.num_fields)}
        for name, value in (("key", "value"), ("name", "value"), ("Name", "Value")):
            if names == {name, value} and _is_text(entry.field(name).type) and _is_text(entry.field(value).type):
                return name, value
    return None


def _leaves(kind: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and the type of each leaf of a struct type, but none below a name that a subscription never has.

    Such a name is reported by its position, for each row.
    """
    if kinds.is_struct(kind):
        for position in range(kind.num_fields):
            field = kind.field(position)
            if field.name in _PUSH_NAMES:
                yield from _leaves(field.type, f"{path}.{field.name}")
    else:
        yield path, kind


def _type_problems(column: Any, target: Target) -> Iterator[Problem]:
    kind = _stored(column.type)
    field, key = target
    if key is not None:
        if not (_is_text(kind) or kinds.is_null(kind)):
            yield _type_problem(f"{field}.{shown(key)}", kind, "string", _text_cast(_sql_name(column.name), kind))
    elif field == "isAgreedToReceiveMarketingMail":
        if not (kinds.is_boolean(kind) or kinds.is_null(kind)):
            yield _type_problem(field, kind, "bool", _cast(column.name, "BOOLEAN"))
    elif _is_text(kind) or (kinds.is_null(kind) and field != "customerId"):
        return
    elif field == "mobilePushSubscription":
        if not kinds.is_struct(kind) or _has_twins(kind):
            yield _type_problem(field, kind, "struct", _cast(column.name, "VARCHAR"))
            return
        for path, leaf in _leaves(kind, field):
            expected = "bool" if path.endswith(("isDevEnvironment", "is_dev_environment")) else "string"
            if not (kinds.is_null(leaf) or (kinds.is_boolean(leaf) if expected == "bool" else _is_text(leaf))):
                cast = _cast(path.rpartition(".")[2], "BOOLEAN" if expected == "bool" else "VARCHAR")
                yield _type_problem(path, leaf, expected, cast)
    elif field in {"customData", "softLinks"}:
        is_map = kinds.is_map(kind) and _is_text(kind.key_type) and _is_text(kind.item_type)
        is_struct = kinds.is_struct(kind) and not _has_twins(kind)
        is_struct = is_struct and all(_is_text(leaf) or kinds.is_null(leaf) for leaf in _children(kind))
        if not (is_map or is_struct or _pair_names(kind)):
            yield _type_problem(field, kind, "map<string, string>", _cast(column.name, "MAP(VARCHAR, VARCHAR)"))
    else:
        yield _type_problem(field, kind, "string", _text_cast(_sql_name(column.name), kind))


def _has_twins(kind: Any) -> bool:
    """Return whether two fields of a struct, or of a struct in it, have the same name. No dict can hold both."""
    if not kinds.is_struct(kind):
        return False
    names = [kind.field(position).name for position in range(kind.num_fields)]
    return len(set(names)) < len(names) or any(map(_has_twins, _children(kind)))


def _children(kind: Any) -> list[Any]:
    return [kind.field(position).type for position in range(kind.num_fields)]


def _type_problem(path: str, found: Any, expected: str, cast: str) -> Problem:
    return Problem.of("column.type", path, found=shown(_type_text(found)), expected=expected, cast=cast)


def _type_text(kind: Any) -> str:
    """Return a type as pyarrow writes it, without the names in it: those of a struct may be keys of customers."""
    if not kind.num_fields:
        return str(kind)
    inner = (kind.key_type, kind.item_type) if kinds.is_map(kind) else _children(kind)
    return f"{str(kind).partition('<')[0]}<{', '.join(map(_type_text, inner))}>"


def _sql_name(column: str) -> str:
    """Return a column's name as SQL writes it: in quotes if it is more than a word."""
    return shown(column if column.isascii() and column.isidentifier() else '"{}"'.format(column.replace('"', '""')))


def _cast(column: str, kind: str) -> str:
    return f"CAST({_sql_name(column)} AS {kind})"


def _text_cast(name: str, kind: Any) -> str:
    """Return how SQL casts a column to text. In a column of fractions a gap has turned ids into numbers like 42.0."""
    is_whole = not (kinds.is_floating(kind) or kinds.is_decimal(kind))
    return f"CAST({name} AS VARCHAR)" if is_whole else f"CAST(CAST({name} AS BIGINT) AS VARCHAR)"


# Values.


_UNDECODABLE: Final = object()
"""A nested value with bytes that are no UTF-8. No field accepts its type."""


def _values(array: Any) -> Sequence[Any]:
    """Return the values of an array. A text that is no UTF-8 has lone surrogates, which every field refuses."""
    array = getattr(array, "storage", array)
    if kinds.is_dictionary(array.type):
        # pyarrow cannot decode a dictionary of string views, which Polars makes.
        texts = _values(array.dictionary)
        return [None if index is None else texts[index] for index in array.indices.to_pylist()]
    try:
        values: list[Any] = array.to_pylist()
    except UnicodeDecodeError:
        values = list(map(_value, array))
    return values


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        is_text = _is_text(scalar.type)
    return scalar.as_buffer().to_pybytes().decode("utf-8", "surrogateescape") if is_text else _UNDECODABLE


def _reader(kind: Any, target: Target) -> Callable[[Any], Any] | None:
    kind = _stored(kind)
    field, key = target
    if key is not None or field not in {"customData", "softLinks", "mobilePushSubscription"}:
        return None
    if _is_text(kind):
        return _read_json
    if kinds.is_map(kind):
        return object_of
    if kinds.is_struct(kind):
        return _without_nulls
    pair_names = _pair_names(kind)
    # The field itself accepts the vendor's two spellings of a list of soft links.
    if pair_names is None or (field == "softLinks" and pair_names != ("key", "value")):
        return None
    return lambda entries: _read_entries(entries, *pair_names)


def _read_json(text: str) -> object:
    return decode_json(text) if text else None


def _read_entries(entries: list[dict[str, Any] | None], name: str, value: str) -> object:
    return object_of([("" if entry is None else entry[name], (entry or {}).get(value)) for entry in entries])


def _without_nulls(struct: dict[str, Any]) -> dict[str, Any] | None:
    """Return the fields of a struct that are not null. In a table every row has all fields, and null means absent."""
    given = {
        name: _without_nulls(value) if isinstance(value, dict) else value
        for name, value in struct.items()
        if value is not None
    }
    return {name: value for name, value in given.items() if value is not None} or None
