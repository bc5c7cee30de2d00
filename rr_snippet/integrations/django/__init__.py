"""Django: `INSTALLED_APPS += ["rr_snippet.integrations.django"]`, then `{% load rr_snippet %}{% rr_customer %}`.

Start with `visit`, a request as the policy sees it, then `templatetags` and `views`, which render, and `middleware`,
which handles the response. `pages` needs no template. `fragments` finds caches around a tag, `conf` reads the settings,
`checks` and `apps` are for Django. `deferred`, `addresses`, `deferred_checks` and `urls` are the deferred card.
"""

from rr_snippet.errors import requires

with requires("Django", "django", "django"):
    import django  # noqa: F401

from rr_snippet.integrations.django.deferred import mark_known, mark_unknown
from rr_snippet.integrations.django.views import aload_customer, prepare, render, render_order

__all__ = ["aload_customer", "mark_known", "mark_unknown", "prepare", "render", "render_order"]
