"""Cached fragments of templates: what stands in one is served to visitors other than the one it was rendered for."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings as django_settings
from django.template import TemplateSyntaxError

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._caching_calls import CachingCalls
from rr_snippet.integrations.django.conf import site_settings

# Django's own, and Wagtail's two.
_CACHE_TAGS: Final = frozenset({"cache", "wagtailcache", "wagtailpagecache"})

# What caches the text that is made inside of it: module, class, method. Wagtail's nodes come through Django's.
_CACHES: Final = CachingCalls(
    ("django.templatetags.cache", "CacheNode", "render"),
    ("django.core.cache.backends.base", "BaseCache", "get_or_set"),
    ("django.core.cache.backends.base", "BaseCache", "aget_or_set"),
    ("django_jinja.builtins.extensions", "CacheExtension", "_cache_support"),
)


def is_in_cached_fragment() -> bool:
    """Tell whether a cached fragment is being rendered right now, in this template or in one that includes it.

    Any counts, whatever it varies on: that a fragment is cached for each visitor cannot be told from here.
    """
    return _CACHES.is_one_running()


def refuse_cached_fragment(parser: Any) -> None:
    """Raise, where errors are raised, if the tag being compiled stands inside a caching tag of the same template.

    The check at render time finds this too, but only once somebody opens the page.
    """
    try:
        settings = site_settings()
    except OptionError:  # told when the tag is rendered
        return
    raises = settings.on_error == "raise" or (settings.on_error == "auto" and django_settings.DEBUG)
    if raises and not settings.allow_cached and any(name in _CACHE_TAGS for name, _ in parser.command_stack):
        raise TemplateSyntaxError(str(Problem.of("cache.fragment")))
