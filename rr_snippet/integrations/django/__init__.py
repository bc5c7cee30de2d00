"""Django: `INSTALLED_APPS += ["rr_snippet.integrations.django"]`, then `{% load rr_snippet %}{% rr_customer %}`."""

from rr_snippet.errors import requires

with requires("Django", "django", "django"):
    import django  # noqa: F401

from rr_snippet.integrations.django.views import aload_customer, prepare, render

__all__ = ["aload_customer", "prepare", "render"]
