"""Django REST framework hands templates a request of its own; the caches look at the one inside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.cache import cache_page
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.integrations import django_site
from tests.integrations.support import page


class Shop(APIView):
    renderer_classes = (TemplateHTMLRenderer,)
    template_name = "shop.html"
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("shop", Shop.as_view()), path("cached", cache_page(60)(Shop.as_view()))]


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
