"""Where the block belongs in a page, and the splice. The only room that edits a page.

To read it, begin with `splice`; `existing_call` looks for the calls a page has already.
"""

from rr_snippet.page.splice import IfPresent, Insertion, find_insertion, inject

__all__ = ["IfPresent", "Insertion", "find_insertion", "inject"]
