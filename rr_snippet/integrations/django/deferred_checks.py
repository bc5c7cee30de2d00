"""System checks of the deferred card: whether its URLs exist, and whether every visitor's request reaches them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.urls import get_script_prefix, resolve, reverse
from django.utils.translation import override

from rr_snippet.errors import OptionError
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations.django.addresses import INCLUDE, NAMESPACE, site_addresses
from rr_snippet.integrations.django.conf import site_settings
from rr_snippet.integrations.django.deferred import customer


def check_deferred() -> list[CheckMessage]:
    """Return what keeps the loader from its card, if `DEFERRED` is set."""
    try:
        is_deferred = site_settings().deferred
    except OptionError:  # the check of the settings reports it
        is_deferred = Settings().deferred
    return list(_problems()) if is_deferred else []


def _problems() -> Iterator[CheckMessage]:
    try:
        site_addresses()
    except OptionError:
        yield Error(
            "RR_SNIPPET.DEFERRED: no URL answers with the customer.",
            hint=f"Add {INCLUDE} to the URLconf.",
            id="rr_snippet.E008",
        )
        return
    paths = set()
    for language, _ in settings.LANGUAGES:
        with override(language):
            paths.add(reverse(f"{NAMESPACE}:customer"))
    if len(paths) > 1:
        yield Warning(
            "The URLs of the deferred card stand in i18n_patterns: each language has a loader of its own.",
            hint=f"Move {INCLUDE} out of i18n_patterns.",
            id="rr_snippet.W006",
        )
    elif resolve("/" + paths.pop().removeprefix(get_script_prefix())).func is not customer:
        yield Warning(
            "The view of the deferred card is wrapped: an anonymous visitor may get a login page from it.",
            hint="Include the URLs as they are; the view sees to its origin itself, and gives nobody's card away.",
            id="rr_snippet.W007",
        )
