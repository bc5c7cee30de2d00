"""Blocks by a Dask cluster: the client's executor takes the place of a process pool.

    python examples/bulk/dask_cluster.py tcp://scheduler:8786 customers.jsonl blocks

Needs rr-snippet[dask] on every worker, and a file system that all of them share.
"""

from __future__ import annotations

import sys
from pathlib import Path

from distributed import Client

from rr_snippet.bulk import open_source, plan_shards, run


def main(scheduler: str, source: str, folder: str) -> int:
    """Render `source` into parts in `folder`; return how many customers were rejected."""
    Path(folder).mkdir()
    shards = plan_shards([open_source(Path(source).resolve())], Path(folder).resolve())
    rejected = 0
    with Client(scheduler) as client:
        for report in run(shards, client.get_executor(pure=False)):
            if report.error is not None:
                raise report.error
            rejected += report.rejected
    return rejected


if __name__ == "__main__":
    print("rejected:", main(*sys.argv[1:]))
