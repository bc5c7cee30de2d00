"""Read a page as a browser does, and report what it holds by offsets. Nothing here knows about snippets.

Start with `scan`, then `found`, its result. `fast` reads nearly every page: the patterns in `skip` take it from one
place that matters to the next. `standard` reads the pages that `fast` cannot judge; open it only to change it.
`tokens`, `units` and `notes` serve both readers.
"""
