"""The whole tree construction of the HTML standard, for the pages that the fast reader cannot judge.

Start with `reader`, then `tree`. `stack` keeps the open elements; `modes`, `body`, `tables` and `formatting` define
what tags do to them, by the lists in `names`. Source: https://html.spec.whatwg.org/#tree-construction.
"""
