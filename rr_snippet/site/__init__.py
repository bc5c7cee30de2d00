"""Put blocks into the files of a built site.

Start with `plan`, which decides whose block a page gets, and `work`, which edits the pages. `entries` reads the mapping
of pages to customers (`documents` does so for TOML and YAML), `blocks` renders it, `patterns` matches its paths.
`loader_tag` puts in the loader of the deferred card instead of a block. `listing` finds the files, `template` refuses
what is no page yet, `diff` shows a change, `notice` reports. `build` is the engine of all plugins of site generators.
"""
