"""The recipes on real engines: the same digest as from the library alone. Run with `make bulk-engines`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.bulk_data import arrow_table, digest

pa = pytest.importorskip("pyarrow")

from pyarrow import parquet  # noqa: E402 - after the skip

from rr_snippet.arrow import RESULT_SCHEMA, render_batch  # noqa: E402

ROWS = 2000


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("customers") / "customers.parquet"
    parquet.write_table(arrow_table(range(ROWS)), path, row_group_size=300)
    return path


@pytest.fixture(scope="module")
def expected() -> str:
    return digest(render_batch(arrow_table(range(ROWS))).to_pylist())


def test_spark(customers: Path, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = pytest.importorskip("pyspark.sql")
    from examples.bulk.spark import render

    # Spark takes the first python3 on the PATH unless it is told which.
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    session: Any = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        rows = [row.asDict(recursive=True) for row in render(session.read.parquet(str(customers))).collect()]
    finally:
        session.stop()
    assert digest(rows) == expected


def test_ray(customers: Path, expected: str) -> None:
    ray = pytest.importorskip("ray")
    from examples.bulk.ray_data import render

    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR")
    try:
        tables = ray.get(render(ray.data.read_parquet(str(customers))).to_arrow_refs())
    finally:
        ray.shutdown()
    rows = [row for table in tables for row in table.select(RESULT_SCHEMA.names).to_pylist()]
    assert digest(rows) == expected
