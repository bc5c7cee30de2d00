"""A Django shop, for gunicorn."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import loader
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition

from tests.servers.pages import HEADERS, PAGE, VALIDATORS, customer_of, order_of

TAG = "{% load rr_snippet %}{% rr_customer %}"
TEMPLATES = {
    "page.html": PAGE.replace("{tag}", TAG),
    "order.html": PAGE.replace("{tag}", "{% load rr_snippet %}{% rr_order order %}{% rr_customer %}"),
    "fragment.html": "{% load cache %}{% cache 600 side %}" + PAGE.replace("{tag}", TAG) + "{% endcache %}",
}


def customer(request: HttpRequest) -> Any:
    return customer_of(request.COOKIES)


def made(request: HttpRequest, name: str = "page.html") -> str:
    return loader.render_to_string(name, {"order": order_of(request.COOKIES)}, request=request)


def order(request: HttpRequest) -> HttpResponse:
    return HttpResponse(made(request, "order.html"), headers=HEADERS["public"])


def page(request: HttpRequest, name: str = "plain") -> HttpResponse:
    return HttpResponse(made(request), headers=HEADERS[name])


def missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(made(request), status=404, headers=HEADERS["public"])


def fragment(request: HttpRequest) -> HttpResponse:
    return HttpResponse(made(request, "fragment.html"), headers=HEADERS["public"])


def kept(request: HttpRequest) -> HttpResponse:
    text = cache.get("page") or made(request)
    cache.set("page", text)
    return HttpResponse(text, headers=HEADERS["public"])


def stream(request: HttpRequest) -> StreamingHttpResponse:
    from rr_snippet.integrations.django import prepare

    prepare(request)
    return StreamingHttpResponse((made(request) for _ in range(1)), headers=HEADERS["public"])


def finished(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.replace("{tag}", ""), headers=HEADERS["public"])


settings.configure(
    SECRET_KEY="tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "rr_snippet.integrations.django.middleware.RRSnippetMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "rr_snippet.integrations.django.pages.RRSnippetPages",
        "django.middleware.http.ConditionalGetMiddleware",
    ],
    INSTALLED_APPS=["rr_snippet.integrations.django"],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    LOGGING_CONFIG=None,
    RR_SNIPPET={"CUSTOMER": f"{__name__}.customer"},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]},
        }
    ],
)
urlpatterns = [
    path("404", missing),
    path("order", order),
    path("fragment", fragment),
    path("kept", kept),
    path("stream", stream),
    path("finished", finished),
    path("cached", cache_page(600)(page)),
    path("compressed", gzip_page(page)),
    path("conditional", condition(etag_func=lambda _: VALIDATORS["ETag"])(page)),
    path("<name>", page),
]

django.setup()
application = get_wsgi_application()
