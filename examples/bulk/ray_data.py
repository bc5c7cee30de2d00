"""Blocks for a Ray dataset: each worker renders the Arrow tables that Ray hands it.

    python examples/bulk/ray_data.py customers.parquet blocks

Needs ray[data] and rr-snippet[arrow] on every node.
"""

from __future__ import annotations

import sys

import ray
from ray.data import Dataset

from rr_snippet.arrow import render_batch


def render(customers: Dataset) -> Dataset:
    """Return a dataset of blocks; add options with `fn_kwargs={"options": ...}`."""
    return customers.map_batches(render_batch, batch_format="pyarrow", batch_size=8192)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    render(ray.data.read_parquet(source)).write_parquet(target)
