"""Blocks for a table in Spark: each executor renders the Arrow batches that Spark hands it.

    python examples/bulk/spark.py customers.parquet blocks

Needs pyspark and rr-snippet[arrow] on the driver and on every executor.
"""

from __future__ import annotations

import sys

from pyspark.sql import DataFrame, SparkSession

from rr_snippet.arrow import render_batches

RESULT = "customerId string, snippet string, error array<struct<code: string, path: string, message: string>>"


def render(customers: DataFrame) -> DataFrame:
    """Return a table of blocks; add options with `functools.partial(render_batches, options=...)`."""
    return customers.mapInArrow(render_batches, RESULT)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    session = SparkSession.builder.getOrCreate()
    render(session.read.parquet(source)).write.parquet(target)
