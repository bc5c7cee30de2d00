"""The tests of a framework run only if it is installed; see `tests/support/frameworks.py`."""

from tests.support.frameworks import files_to_ignore, is_installed

collect_ignore_glob = files_to_ignore()

if is_installed("django"):
    # Django has one set of settings for the process, and needs it before anything else of Django is imported.
    import tests.integrations.django_site  # noqa: F401
