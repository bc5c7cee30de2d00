"""Many customers at once: rows from anywhere, files, and any `concurrent.futures.Executor` to share the work.

To read it, begin with `shards`; `rows` renders one after the other. `inputs` tells what a file is, `text_files` and
`table_files` read it, `columns` the tables of Arrow; `results` writes what became of the rows, `tally` counts it. `job`
can be ended at any moment and taken up again, `runner` sees it through, `workers` shares it, `budget` says when to
stop. `validation` only looks at customers.
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
