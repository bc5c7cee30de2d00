"""Render many customers: rows from anywhere, files, and work shared by any `concurrent.futures.Executor`.

Start with `shards`; `rows` renders one row after the other. `inputs` recognises a file, `text_files` and `table_files`
read it, and `columns` reads tables of Arrow. `results` writes the outcome of rows, `tally` counts it. A `job` can be
interrupted at any moment and resumed; `runner` runs it, `workers` shares it among processes, `budget` stops it.
`validation` checks customers and renders nothing.
"""

from rr_snippet.bulk.inputs import open_source
from rr_snippet.bulk.rows import RowResult
from rr_snippet.bulk.shards import Shard, ShardReport, plan_shards, render_rows, render_shard, run

__all__ = [
    "RowResult",
    "Shard",
    "ShardReport",
    "open_source",
    "plan_shards",
    "render_rows",
    "render_shard",
    "run",
]
