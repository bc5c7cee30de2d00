"""Django: `INSTALLED_APPS += ["rr_snippet.integrations.django"]`, then `{% load rr_snippet %}{% rr_customer %}`."""

from rr_snippet.errors import MissingDependencyError, Problem

try:
    import django  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "django":
        raise
    missing = Problem.of("dependency.missing", package="Django", requirement="rr-snippet[django]")
    raise MissingDependencyError(missing) from None

from rr_snippet.integrations.django.views import aload_customer, prepare, render

__all__ = ["aload_customer", "prepare", "render"]
