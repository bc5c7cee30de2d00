"""The addresses of the loader and the card in a Django site, by its URLconf."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from django.apps import apps
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._addresses import Addresses, quoted

NAMESPACE: Final = "rr_snippet"
INCLUDE: Final = 'path("rr-snippet/", include("rr_snippet.integrations.django.urls"))'
_STATIC_NAME: Final = "rr_snippet/loader.js"


def site_addresses() -> Addresses:
    """Return the addresses of the loader and the card. The loader is a static file if the site has static files.

    Raises:
        OptionError: `option.urls`, if the URLconf does not include our URLs.
    """
    try:
        paths = [unquote(reverse(f"{NAMESPACE}:{name}")) for name in ("loader", "customer")]
    except NoReverseMatch:
        raise OptionError(Problem.of("option.urls", "ROOT_URLCONF", expected=INCLUDE)) from None
    loader, customer = map(quoted, paths)
    return Addresses(static(_STATIC_NAME) if apps.is_installed("django.contrib.staticfiles") else loader, customer)
