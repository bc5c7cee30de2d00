"""Find cached fragments of templates. Their content is served to other visitors than the one it was rendered for."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings as django_settings
from django.template import TemplateSyntaxError

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._caching_calls import CachingCalls
from rr_snippet.integrations.django.conf import site_settings

# Django's own tag, and Wagtail's two.
_CACHE_TAGS: Final = frozenset({"cache", "wagtailcache", "wagtailpagecache"})

# The methods that cache the text made inside them, by module, class and name. Wagtail's nodes call Django's.
_CACHES: Final = CachingCalls(
    ("django.templatetags.cache", "CacheNode", "render"),
    ("django.core.cache.backends.base", "BaseCache", "get_or_set"),
    ("django.core.cache.backends.base", "BaseCache", "aget_or_set"),
    ("django_jinja.builtins.extensions", "CacheExtension", "_cache_support"),
)


def is_in_cached_fragment() -> bool:
    """Return whether a cached fragment is being rendered, in this template or in one that includes it.

    Any fragment counts, because nothing here shows whether it is cached for each visitor.
    """
    return _CACHES.is_one_running()


def refuse_cached_fragment(parser: Any) -> None:
    """If errors are raised, raise one if the compiled tag is inside a caching tag of the same template.

    The check at render time finds this too, but only when somebody opens the page.
    """
    try:
        settings = site_settings()
    except OptionError:  # reported when the tag is rendered
        return
    raises = settings.on_error == "raise" or (settings.on_error == "auto" and django_settings.DEBUG)
    if raises and not settings.allow_cached and any(name in _CACHE_TAGS for name, _ in parser.command_stack):
        raise TemplateSyntaxError(str(Problem.of("cache.fragment")))
