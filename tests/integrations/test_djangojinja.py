"""django-jinja, another Jinja2 engine for Django, with its own fragment cache."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, override_settings
from jinja2 import DictLoader

from rr_snippet.errors import RenderError
from tests.integrations import django_site
from tests.integrations.support import page, records

TEMPLATES = {
    "shop.jinja": "<p>{{ rr_customer() }}</p>",
    "fragment.jinja": "{% cache 60 'side' %}{% include 'shop.jinja' %}{% endcache %}",
    "printed.jinja": "{% set block = rr_customer() %}{% cache 60 'side' %}<p>{{ block }}</p>{% endcache %}",
    "macros.jinja": "{% macro side() %}<p>{{ rr_customer() }}</p>{% endmacro %}",
    "macro.jinja": "{% from 'macros.jinja' import side %}{{ side() }}",
}
ENGINE = {
    "BACKEND": "django_jinja.jinja2.Jinja2",
    "NAME": "jinja",
    "OPTIONS": {
        "match_extension": ".jinja",
        "loader": DictLoader(TEMPLATES),
        "extensions": [
            "jinja2.ext.i18n",
            "rr_snippet.integrations.jinja.RRSnippetExtension",
            "django_jinja.builtins.extensions.CacheExtension",
        ],
    },
}


@pytest.fixture(autouse=True)
def jinja_site() -> Iterator[None]:
    cache.clear()
    with override_settings(TEMPLATES=[ENGINE], MIDDLEWARE=[django_site.OURS]):
        yield
    cache.clear()


def get(url: str, shopper: str = "anna") -> HttpResponse:
    client = Client()
    client.cookies["shopper"] = shopper
    return client.get(url)


@pytest.mark.parametrize("url", ["/page/shop.jinja", "/cached/page/shop.jinja"])
def test_everybody_gets_his_own_block(url: str) -> None:
    for shopper in ("anna", "boris", "anna"):
        response = get(url, shopper)
        assert response.content.decode() == page(shopper)
        assert response["Cache-Control"] == "private"


@pytest.mark.parametrize("url", ["/page/fragment.jinja", "/page/printed.jinja"])
def test_its_cached_fragments_get_no_block(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert get(url).content.decode() == page(None)
    assert records(caplog) == [("ERROR", "no block: cache.fragment")]
    cache.clear()
    with override_settings(DEBUG=True), pytest.raises(RenderError, match=r"cache\.fragment"):
        get(url)


def test_macro_imported_without_context_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert get("/page/macro.jinja").content.decode() == page(None)
    assert records(caplog) == [("ERROR", "no block: request.missing")]
