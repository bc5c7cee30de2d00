"""Tests of a framework run only where it is installed: see `tests/support/frameworks.py`."""

from tests.support.frameworks import files_to_ignore

collect_ignore_glob = files_to_ignore()
