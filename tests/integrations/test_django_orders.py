"""The page of an order in Django: its own templates, Jinja2's, and views."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import TemplateSyntaxError, engines
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_page

from rr_snippet import Guest, Order, render_order, render_snippet
from rr_snippet.integrations.django import aload_customer
from rr_snippet.integrations.django import render_order as render_in_view
from tests.integrations.django_site import OURS, watched
from tests.integrations.people import ANNA, PEOPLE
from tests.integrations.support import records
from tests.support.order_facts import CONTEXT, GUEST, ORDER, PAGE, SETTINGS, TEMPLATES, OrderFacts, in_django


def by_cookie(request: HttpRequest) -> Any:
    return PEOPLE.get(request.COOKIES.get("as", ""))


def page(request: HttpRequest, engine: str, name: str) -> HttpResponse:
    source = in_django(TEMPLATES[name]) if engine == "django" else TEMPLATES[name]
    return HttpResponse(engines[engine].from_string(source).render({**CONTEXT}, request))


async def async_page(request: HttpRequest) -> HttpResponse:
    await aload_customer(request)
    return page(request, "django", "order")


urlpatterns = [
    path("card/", include("rr_snippet.integrations.django.urls")),
    path("view", lambda request: HttpResponse(render_in_view(request, ORDER, nonce="abc"))),
    path("async", async_page),
    path("cached/<engine>/<name>", cache_page(60)(page)),
    path("<engine>/<name>", page),
]


def ask(url: str, who: str | None = "anna", **headers: str) -> HttpResponse:
    client = Client()
    if who is not None:
        client.cookies["as"] = who
    return client.get(url, headers={name.replace("_", "-"): headers[name] for name in headers})


@pytest.fixture(autouse=True)
def shop() -> Any:
    settings = {"CUSTOMER": by_cookie, **SETTINGS}
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[OURS], RR_SNIPPET=settings):
        yield


class Orders(OrderFacts):
    engine = ""

    def show(
        self, name: str, who: str | None = "anna", *, debug: bool = False, settings: Any = None, **headers: str
    ) -> tuple[str, Mapping[str, str]]:
        changed = {"CUSTOMER": by_cookie, **SETTINGS, **(settings or {})}
        with override_settings(RR_SNIPPET=changed, DEBUG=debug):
            response = ask(f"/{self.engine}/{name}", who, **headers)
        found = {key.lower(): value for key, value in response.items()}
        return response.content.decode(), {**found, "set-cookie": response.cookies.output(header="").strip()}


class TestTemplates(Orders):
    """See `OrderFacts`."""

    engine = "django"


class TestJinja(Orders):
    """See `OrderFacts`."""

    engine = "jinja"


def test_views_without_a_template() -> None:
    response = ask("/view")
    assert response.content.decode() == render_order(ORDER, ANNA, nonce="abc")
    assert response["Cache-Control"] == "private"


def test_an_async_view_has_the_customer_loaded() -> None:
    client = AsyncClient()
    client.cookies["as"] = "anna"
    assert asyncio.run(client.get("/async")).content.decode() == PAGE.format(render_order(ORDER, ANNA))


def test_no_store_keeps_an_order(caplog: pytest.LogCaptureFixture) -> None:
    cache.clear()
    for _ in range(2):
        assert ask("/cached/django/guest").content.decode() == PAGE.format(render_order(ORDER, GUEST))
    assert records(caplog) == [("ERROR", "not cached: cache.stored")] * 2


def in_template(source: str, **context: Any) -> str:
    from django.test import RequestFactory

    from tests.integrations.django_site import watched

    request = watched(RequestFactory().get("/"))
    return engines["django"].from_string(f"{{% load rr_snippet cache %}}{source}").render(context, request)


def test_a_cached_fragment_has_no_order(caplog: pytest.LogCaptureFixture) -> None:
    cached = "{% cache 60 side %}{% rr_order order person=None %}{% endcache %}"
    assert in_template(cached, order=ORDER) == ""
    kept = "{% rr_order order person=None as block %}{% cache 60 side2 %}{{ block }}{% endcache %}{{ block }}"
    assert in_template(kept, order=ORDER) == render_order(ORDER, None)
    assert records(caplog) == [("ERROR", "no block: cache.fragment")] * 2
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError):
        in_template(cached, order=ORDER)


def test_lazy_objects_are_looked_through() -> None:
    order, guest = Order(**ORDER), Guest(**GUEST)
    source = "{% rr_order order person=guest %}"
    for given in ({"order": order, "guest": guest}, {"order": ORDER, "guest": GUEST}):
        lazy = {name: SimpleLazyObject(lambda value=value: value) for name, value in given.items()}
        assert in_template(source, **lazy) == render_order(order, guest)
    named = {**ORDER, "transaction": gettext_lazy("A-17")}
    assert in_template("{% rr_order order person=None %}", order=named) == render_order(ORDER, None)


def away() -> Any:
    raise ConnectionError("the database is away")


@pytest.mark.parametrize(
    ("tag", "left", "told"),
    [
        ("{% rr_order lazy %}", render_snippet(ANNA), "order left out"),
        ("{% rr_order order person=lazy %}", render_order(ORDER, None), "person left out"),
        ("{% rr_customer lazy %}", "", "no block"),
    ],
)
def test_a_lazy_object_that_cannot_be_read_breaks_no_page(tag: str, left: str, told: str, caplog: Any) -> None:
    template = engines["django"].from_string("{% load rr_snippet %}" + tag)

    def show() -> str:
        request = watched(RequestFactory().get("/"))
        request.COOKIES["as"] = "anna"
        return template.render({"order": ORDER, "lazy": SimpleLazyObject(away)}, request)

    assert show() == left
    assert records(caplog) == [("ERROR", f"{told}: site.failed ConnectionError")]
    with override_settings(DEBUG=True), pytest.raises(ConnectionError) as caught:
        show()
    assert len(caught.value.__notes__) == 1
