"""Where the block belongs in a page, and the splice. The only room that edits a page.

To read it, begin with `splice`; `insertion` finds the place, `existing_call` the calls a page has already.
"""

from rr_snippet.page.insertion import Insertion, find_insertion
from rr_snippet.page.splice import IfPresent, inject, remove

__all__ = ["IfPresent", "Insertion", "find_insertion", "inject", "remove"]
