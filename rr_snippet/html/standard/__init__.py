"""The tree construction of the HTML standard, in full: for the pages that the quick rules cannot judge.

To read it, begin with `reader` and `tree`, which hands on each token; then `stack` and `formatting`, the state, and
`modes`, `body` and `tables`, the insertion modes.
Source: https://html.spec.whatwg.org/#tree-construction.
"""
