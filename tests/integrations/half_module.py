"""A module of a site that needs what is not installed."""

import not_installed_at_all  # noqa: F401
