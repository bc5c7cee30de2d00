"""Blocks into the files of a built site.

To read it, begin with `plan`, which page gets whose block, and `work`, what becomes of a page. `entries` reads the
mapping of pages to customers, `blocks` renders it and `patterns` matches its paths; `listing` finds the files, `diff`
shows a change, a `notice` is what is told of them. `build` is the one engine behind the plugins of site generators.
"""
