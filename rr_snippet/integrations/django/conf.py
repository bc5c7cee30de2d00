"""Read `settings.RR_SNIPPET` once."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.conf import settings
from django.core.signals import setting_changed

from rr_snippet.integrations._settings import KEYS, NAME, Settings

# The URLconf sets the prefix of the deferred card.
_KEYS: Final = tuple(key for key in KEYS if key != "DEFERRED_PREFIX")


@cache
def site_settings() -> Settings:
    """Return the site's settings.

    Raises:
        OptionError: every problem of the settings, at every call, because wrong settings are not kept.
    """
    return Settings.of(getattr(settings, NAME, None), keys=_KEYS)


def _forget(*, setting: str, **_signal: object) -> None:
    if setting == NAME:
        site_settings.cache_clear()


setting_changed.connect(_forget)
