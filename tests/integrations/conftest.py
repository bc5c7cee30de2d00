"""Tests of a framework run only where it is installed: see `tests/support/frameworks.py`."""

from tests.support.frameworks import files_to_ignore, is_installed

collect_ignore_glob = files_to_ignore()

if is_installed("django"):
    # Its settings are those of the process, and have to be there before anything else of Django is imported.
    import tests.integrations.django_site  # noqa: F401
