"""A small real Django site for the tests. The cookie `shopper` names the visitor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render as render_template
from django.template import loader
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.cache import cache_control, cache_page, never_cache
from django.views.decorators.vary import vary_on_cookie
from jinja2 import DictLoader

OURS = "rr_snippet.integrations.django.middleware.RRSnippetMiddleware"
OTHER_CSP = "csp.middleware.CSPMiddleware"
SITE_CACHE = ("django.middleware.cache.UpdateCacheMiddleware", "django.middleware.cache.FetchFromCacheMiddleware")

TAG = "{% load rr_snippet %}<p>{% rr_customer %}</p>"
IN_CACHE = "{% load cache %}{% cache 60 side %}%s{% endcache %}"

PRINTED = "<p>{{ block }}</p>"

TEMPLATES = {
    "shop.html": TAG,
    "passed.html": "{% load rr_snippet %}<p>{% rr_customer customer %}</p>",
    "stream.html": TAG,
    "base.html": IN_CACHE.replace("%s", "{% block side %}{% endblock %}"),
    "fragment.html": IN_CACHE.replace("%s", TAG),
    "fragment-by-user.html": IN_CACHE.replace("%s", TAG).replace("side", "side shopper"),
    "fragment-includes.html": IN_CACHE.replace("%s", "{% include 'shop.html' %}"),
    "fragment-prints.html": "{% load rr_snippet %}{% rr_customer as block %}" + IN_CACHE.replace("%s", PRINTED),
    "fragment-prints-plain.html": "{% load rr_snippet %}{% rr_customer as block %}"
    + IN_CACHE.replace("%s", "{% autoescape off %}" + PRINTED + "{% endautoescape %}"),
    "fragment-prints-from-view.html": IN_CACHE.replace("%s", PRINTED),
    "fragment-extends.html": "{% extends 'base.html' %}{% block side %}" + TAG + "{% endblock %}",
}
JINJA_TEMPLATES = {
    "shop.jinja": "<p>{{ rr_customer() }}</p>",
    "macros.jinja": "{% macro side() %}<p>{{ rr_customer() }}</p>{% endmacro %}",
    "macro-with.jinja": "{% from 'macros.jinja' import side with context %}{{ side() }}",
    "macro-without.jinja": "{% from 'macros.jinja' import side %}{{ side() }}",
}


def customer(request: HttpRequest) -> dict[str, Any] | None:
    shopper = request.COOKIES.get("shopper")
    return None if shopper is None else {"customerId": shopper}


def watched(request: HttpRequest) -> HttpRequest:
    """Return a request without a server, as if our middleware had seen it."""
    from rr_snippet.integrations.django.visit import answer_to

    answer_to(request).is_watched = True
    return request


class PrivateError(Exception):
    pass


def failing_customer(request: HttpRequest) -> None:
    raise PrivateError("anna@shop.ru")


async def async_customer(request: HttpRequest) -> None: ...


def bad_customer(request: HttpRequest) -> dict[str, Any]:
    return {"customerId": "42", "phone": "+7 not anna's", "email": "anna at shop.ru", "vip": "secret"}


def page(request: HttpRequest, name: str) -> HttpResponse:
    from rr_snippet.integrations.django import render

    context = {"shopper": request.COOKIES.get("shopper")}
    if name == "fragment-prints-from-view.html":
        context["block"] = render(request)
    return render_template(request, name, context, using=_engine(name))


def _engine(name: str) -> str:
    return "jinja" if name.endswith(".jinja") else "django"


def template_response(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "shop.html")


def block_in_view(request: HttpRequest) -> HttpResponse:
    from rr_snippet.integrations.django import render

    return HttpResponse(f"<p>{render(request)}</p>")


def cached_by_hand(request: HttpRequest) -> HttpResponse:
    return HttpResponse(cache.get_or_set("side", lambda: loader.render_to_string("shop.html", request=request)))


async def cached_by_hand_async(request: HttpRequest) -> HttpResponse:
    side = await cache.aget_or_set("side", lambda: loader.render_to_string("shop.html", request=request))
    return HttpResponse(side)


def without_request(request: HttpRequest) -> HttpResponse:
    return HttpResponse(loader.render_to_string("passed.html", {"customer": customer(request)}))


def in_cdn(request: HttpRequest) -> HttpResponse:
    response = page(request, "shop.html")
    response["CDN-Cache-Control"] = "max-age=600"
    return response


def prepared(request: HttpRequest) -> HttpResponse:
    from rr_snippet.integrations.django import prepare

    prepare(request)
    return page(request, "shop.html")


def missing(request: HttpRequest) -> HttpResponse:
    response = page(request, "shop.html")
    response.status_code = 404
    return response


def stream(request: HttpRequest, how: str) -> StreamingHttpResponse:
    from rr_snippet.integrations.django import prepare

    def pieces() -> Iterator[str]:
        yield loader.render_to_string("stream.html", request=request)

    if how == "prepared":
        prepare(request)
    return StreamingHttpResponse(pieces())


async def async_page(request: HttpRequest) -> HttpResponse:
    from rr_snippet.integrations.django import aload_customer

    await aload_customer(request)
    await asyncio.sleep(0)
    return render_template(request, "shop.html")


async def async_stream(request: HttpRequest) -> StreamingHttpResponse:
    from rr_snippet.integrations.django import aload_customer, prepare

    await aload_customer(request)
    prepare(request)

    async def pieces() -> AsyncIterator[str]:
        await asyncio.sleep(0)
        yield loader.render_to_string("stream.html", request=request)

    return StreamingHttpResponse(pieces())


settings.configure(
    SECRET_KEY="tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[OURS],
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "rr_snippet.integrations.django",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    # The site's own handlers write to standard error.
    LOGGING_CONFIG=None,
    RR_SNIPPET={"CUSTOMER": f"{__name__}.customer"},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]},
        },
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "NAME": "jinja",
            "OPTIONS": {
                "loader": DictLoader(JINJA_TEMPLATES),
                "extensions": ["rr_snippet.integrations.jinja.RRSnippetExtension"],
            },
        },
    ],
)
urlpatterns = [
    path("page/<name>", page),
    path("template-response", template_response),
    path("block-in-view", block_in_view),
    path("without-request", without_request),
    path("cached/page/<name>", cache_page(60)(page)),
    path("cached/template-response", cache_page(60)(template_response)),
    path("cached/block-in-view", cache_page(60)(block_in_view)),
    path("varied/page/<name>", cache_page(60)(vary_on_cookie(page))),
    path("private/page/<name>", cache_page(60)(cache_control(private=True)(page))),
    path("never/page/<name>", cache_page(60)(never_cache(page))),
    path("cached/prepared", cache_page(60)(prepared)),
    path("cached/missing", cache_page(60)(missing)),
    path("cached/stream/<how>", cache_page(60)(stream)),
    path("public/page/<name>", cache_control(public=True, s_maxage=60, max_age=5)(page)),
    path("in-cdn", in_cdn),
    path("cached-by-hand", cached_by_hand),
    path("cached-by-hand-async", cached_by_hand_async),
    path("stream/<how>", stream),
    path("async", async_page),
    path("async-stream", async_stream),
]

django.setup()
