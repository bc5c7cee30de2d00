"""The tree construction of the HTML standard, in full: for the pages that the quick rules cannot judge.

To read it, begin with `reader`; then `stack`, the open elements, and `tree`, `body` and `tables`, the insertion modes.
Source: https://html.spec.whatwg.org/#tree-construction.
"""
