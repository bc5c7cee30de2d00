"""Blocks into the files of a built site.

To read it, begin with `plan`, which page gets whose block, and `work`, what becomes of a page. `entries` reads the
mapping of pages to customers (`documents`: in TOML and YAML), `blocks` renders it and `patterns` matches its paths;
`loader_tag` puts the loader of the deferred card in the place of a block; `listing` finds the files, `template` tells
what is no page yet, `diff` shows a change, a `notice` is what is told. `build` is the one engine behind the plugins
of site generators.
"""
