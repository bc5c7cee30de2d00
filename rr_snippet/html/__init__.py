"""What a browser makes of a page, by offsets. Knows nothing of snippets.

To read it, begin with `scan`; `found` is what comes out of it, `fast` reads nearly every page, by the patterns of
`skip` from one place that matters to the next. What it cannot judge is read by `standard`, which is opened only by
those who change it. All stand on `tokens`, `units` and `notes`.
"""
