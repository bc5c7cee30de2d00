"""Audits pages that exist: what is wrong with their setCustomer calls, line by line.

Scripts are found as a browser finds them and read by tree-sitter (extra `check`); pages and templates alike. No finding
holds a value found in a page.
"""

from rr_snippet.check.checker import CheckOptions, check_page
from rr_snippet.check.finding import Finding
from rr_snippet.check.rulebook import Severity

__all__ = ["CheckOptions", "Finding", "Severity", "check_page"]
