"""Django REST framework gives templates its own request. The caches use the one inside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.cache import cache_page
from rest_framework.renderers import BrowsableAPIRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rr_snippet.integrations.django.pages import RRSnippetPages
from tests.integrations import django_site
from tests.integrations.support import block, page


class Shop(APIView):
    renderer_classes = (TemplateHTMLRenderer,)
    template_name = "shop.html"
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response({})


class Browsable(Shop):
    renderer_classes = (BrowsableAPIRenderer,)  # type: ignore[assignment]


urlpatterns = [
    path("shop", Shop.as_view()),
    path("cached", cache_page(60)(Shop.as_view())),
    path("browsable", Browsable.as_view()),
]


@pytest.fixture(autouse=True)
def rest_site() -> Iterator[None]:
    cache.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[django_site.OURS]):
        yield
    cache.clear()


@pytest.mark.parametrize("url", ["/shop", "/cached"])
def test_everybody_gets_his_own_block(url: str) -> None:
    for shopper in ("anna", "boris", "anna"):
        client = Client()
        client.cookies["shopper"] = shopper
        response = client.get(url)
        assert response.content.decode() == page(shopper)
        assert (response["Cache-Control"], "Cookie" in response["Vary"]) == ("private", True)
    assert Client().get(url).content.decode() == page(None)


class WithStaffPages(RRSnippetPages):
    takes_staff_pages = True


@override_settings(
    INSTALLED_APPS=[*settings.INSTALLED_APPS, "django.contrib.staticfiles", "rest_framework"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    STATIC_URL="/static/",
)
def test_the_browsable_api_is_no_page_of_the_shop() -> None:
    for middleware, has_block in ((RRSnippetPages, False), (WithStaffPages, True)):
        with override_settings(MIDDLEWARE=[f"{middleware.__module__}.{middleware.__name__}"]):
            response = Client(headers={"Accept": "text/html", "Cookie": "shopper=anna"}).get("/browsable")
        assert response["Content-Type"].startswith("text/html")
        assert (block("anna") in response.content.decode()) is has_block
        assert ("Cache-Control" in response) is has_block
