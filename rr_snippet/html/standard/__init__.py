"""The tree construction of the HTML standard, in full: for the pages that the quick rules cannot judge.

To read it, begin with `reader`, then `tree`; `stack` has the open elements, `modes`, `body`, `tables` and `formatting`
say what tags do to them, by the lists of `names`. Source: https://html.spec.whatwg.org/#tree-construction.
"""
