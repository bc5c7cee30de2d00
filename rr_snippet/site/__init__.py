"""Blocks into the files of a built site.

To read it, begin with `plan`: which page gets whose block, and what becomes of it. `blocks` reads the mapping of pages
to customers, `patterns` its paths; `listing` finds, replaces and names files, `diff` shows a change. `build` is the one
engine behind the plugins of site generators.
"""
