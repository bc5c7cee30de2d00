"""The application, labelled `rr_snippet`."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks

from rr_snippet.integrations import _jinja
from rr_snippet.integrations.django.checks import check_settings
from rr_snippet.integrations.django.deferred import connect_signals
from rr_snippet.integrations.django.visit import visit_in_jinja


class SnippetConfig(AppConfig):
    """Registers the system checks, and claims renderings of Django's Jinja2 engines."""

    name = "rr_snippet.integrations.django"
    label = "rr_snippet"
    verbose_name = "Retail Rocket snippet"

    def ready(self) -> None:
        """Do this once Django is set up."""
        checks.register(check_settings, "rr_snippet")
        _jinja.add_host(visit_in_jinja)
        connect_signals()
