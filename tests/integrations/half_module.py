"""A module of a site that needs a missing package."""

import not_installed_at_all  # noqa: F401
