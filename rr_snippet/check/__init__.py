"""Audits pages that exist: what is wrong with their setCustomer calls, line by line.

To read it, begin with `checker`, which takes one page through all the others: `template_tags` takes out what a server
would fill in, `javascript` reads the scripts, each a `program`, with tree-sitter, `events` follows what they do,
`literal` reads the object. The rules are `reach`, about calls, `person`, about the object, and `printing`, about
single values; `rulebook` has their words, a `finding` is one of them broken, `corrected` the block there should be.
`positions`, `files` and `reports` are for people. No finding holds a value found in a page.
"""

from rr_snippet.check.checker import CheckOptions, check_page
from rr_snippet.check.finding import Finding
from rr_snippet.check.rulebook import Severity

__all__ = ["CheckOptions", "Finding", "Severity", "check_page"]
