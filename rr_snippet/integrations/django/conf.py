"""`settings.RR_SNIPPET`, read once."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from rr_snippet.integrations._settings import NAME, Settings


@cache
def site_settings() -> Settings:
    """Return the site's settings.

    Raises:
        OptionError: every problem in them, each time anew: wrong settings are not kept.
    """
    return Settings.of(getattr(settings, NAME, None))


def _forget(*, setting: str, **_signal: object) -> None:
    if setting == NAME:
        site_settings.cache_clear()


setting_changed.connect(_forget)
