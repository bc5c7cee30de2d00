"""DuckDB as a source of customers and a reader of results: a program that prints the digest of the results.

It has its own process because DuckDB's bindings write to standard error when an interpreter that used them ends.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from rr_snippet import render_snippet
from rr_snippet.arrow import render_batches
from tests.support.bulk_data import arrow_table, digest


def main(rows: int) -> None:
    table = arrow_table(range(rows))
    # DuckDB refuses a map with a repeated key, but a list of entries can hold one.
    entries = pa.list_(pa.struct([pa.field("key", pa.string(), nullable=False), ("value", pa.string())]))
    for name in ("customData", "softLinks"):
        table = table.set_column(table.schema.get_field_index(name), name, table[name].cast(entries))
    with duckdb.connect() as connection:
        connection.register("customers", table)
        print(digest(render_batches(connection.sql("SELECT * FROM customers")).read_all().to_pylist()))
        # A connection runs one query at a time, so the results are read before DuckDB queries them.
        results = render_batches(connection.sql("SELECT '1' AS customerId, MAP {'a': 'b'} AS softLinks")).read_all()
        wanted = render_snippet({"customerId": "1", "softLinks": {"a": "b"}})
        connection.register("results", results)
        assert connection.sql("SELECT * FROM results").fetchall() == [("1", wanted, None)]


if __name__ == "__main__":
    main(2000)
