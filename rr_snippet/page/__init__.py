"""Put a block into a page, or take it out. No other room edits a page.

Start with `splice`. `insertion` finds the place for a block, `existing_call` the calls that the page already has.
"""

from rr_snippet.page.insertion import Insertion, find_insertion
from rr_snippet.page.splice import IfPresent, inject, put_snippet, remove

__all__ = ["IfPresent", "Insertion", "find_insertion", "inject", "put_snippet", "remove"]
