"""The deferred card in Django: the tag, the two views, login walls and sessions around them, the marker, the checks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.cache import cache
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import include, path, set_script_prefix
from django.views.decorators.cache import cache_page

from rr_snippet import to_payload
from rr_snippet.errors import OptionError
from rr_snippet.integrations._deferred import loader_reply, loader_text
from rr_snippet.integrations.django import mark_known, mark_unknown
from rr_snippet.integrations.django.deferred import customer as customer_view
from rr_snippet.integrations.django.urls import urlpatterns as ours
from tests.integrations import django_site
from tests.integrations.django_site import OURS
from tests.integrations.django_site import __name__ as site
from tests.integrations.docs import run_examples
from tests.integrations.support import records

LOADER = {"HTTP_X_RR_SNIPPET": "1", "HTTP_SEC_FETCH_SITE": "same-origin"}
TAG = '<script src="/card/loader.js" data-customer="/card/customer" async></script>'
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Vary": "Cookie",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
SIGNED = "django.contrib.sessions.backends.signed_cookies"


def in_template(text: str, *, engine: str = "django") -> str:
    return engines[engine].from_string(text).render({})


def shared(request: HttpRequest) -> HttpResponse:
    return HttpResponse(in_template("{% load rr_snippet %}<p>{% rr_customer_deferred %}</p>"))


class Person:
    last_login: object = None

    def save(self, **_options: object) -> None:
        """Django's own receiver of the signal calls this."""


def login(request: HttpRequest) -> HttpResponse:
    user_logged_in.send(AnonymousUser, request=request, user=Person())
    return HttpResponse("in")


def logout(request: HttpRequest) -> HttpResponse:
    user_logged_out.send(AnonymousUser, request=request, user=None)
    return HttpResponse("out")


urlpatterns = [
    path("card/", include("rr_snippet.integrations.django.urls")),
    path("shared", cache_page(60)(shared)),
    path("login", login),
    path("logout", logout),
    path("inline", django_site.page, {"name": "shop.html"}),
]


class Walled:
    urlpatterns = (
        path(
            "card/",
            include(
                (
                    [path(each.pattern._route, login_required(each.callback), name=each.name) for each in ours],
                    "rr_snippet",
                )
            ),
        ),
    )


class Translated:
    urlpatterns = i18n_patterns(path("card/", include("rr_snippet.integrations.django.urls")))


@pytest.fixture(autouse=True)
def _urls() -> Any:
    cache.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


def customer_for(client: Client, who: str | None = "anna", **headers: str) -> Any:
    if who is not None:
        client.cookies["shopper"] = who
    return client.post("/card/customer", headers=None, **{**LOADER, **headers})


# --- The tag ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        ("{% load rr_snippet %}{% rr_customer_deferred %}", "django"),
        (
            "{% load rr_snippet %}{% autoescape off %}{% rr_customer_deferred as tag %}{{ tag }}{% endautoescape %}",
            "django",
        ),
        ("{% load rr_snippet cache %}{% cache 60 side %}{% rr_customer_deferred %}{% endcache %}", "django"),
        ("{{ rr_customer_deferred() }}", "jinja"),
    ],
)
def test_the_tag_is_the_same_for_everybody(text: str, engine: str) -> None:
    assert in_template(text, engine=engine) == TAG


def test_the_loader_is_a_static_file_where_the_site_has_such() -> None:
    apps = ["django.contrib.staticfiles", "rr_snippet.integrations.django"]
    with override_settings(INSTALLED_APPS=apps, STATIC_URL="https://static.shop.test/"):
        from django.contrib.staticfiles.finders import find

        assert Path(str(find("rr_snippet/loader.js"))).read_bytes() == loader_text()
        assert in_template("{% load rr_snippet %}{% rr_customer_deferred nonce='abc' %}") == (
            '<script src="https://static.shop.test/rr_snippet/loader.js" data-customer="/card/customer" nonce="abc" async></script>'
        )


def test_the_tag_knows_where_the_site_is_mounted() -> None:
    set_script_prefix("/магазин/")
    try:
        mounted = "/%D0%BC%D0%B0%D0%B3%D0%B0%D0%B7%D0%B8%D0%BD"
        assert in_template("{{ rr_customer_deferred() }}", engine="jinja") == TAG.replace("/card", f"{mounted}/card")
    finally:
        set_script_prefix("/")


def test_without_the_include_there_is_no_loader(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ROOT_URLCONF=site):
        assert in_template("{% load rr_snippet %}{% rr_customer_deferred %}") == ""
        assert records(caplog) == [("ERROR", "no loader: option.urls")]
        with override_settings(DEBUG=True), pytest.raises(OptionError) as error:
            in_template("{% load rr_snippet %}{% rr_customer_deferred %}")
    assert str(error.value) == (
        'ROOT_URLCONF: nothing serves the deferred card; expected path("rr-snippet/",'
        ' include("rr_snippet.integrations.django.urls")) [option.urls]'
    )


def test_a_shared_page_is_stored_and_says_nothing_of_anybody(client: Client) -> None:
    asked: list[object] = []
    with override_settings(RR_SNIPPET={"CUSTOMER": asked.append, "EXCLUDE": asked.append, "RESPECT_GPC": True}):
        client.cookies["shopper"] = "anna"
        first = client.get("/shared", HTTP_SEC_GPC="1")
        second = Client().get("/shared")
    assert first.content.decode() == second.content.decode() == f"<p>{TAG}</p>"
    del second["Age"]
    assert (asked, first.headers, dict(first.cookies)) == ([], second.headers, {})
    assert (first["Cache-Control"], "Vary" in first) == ("max-age=60", False)


# --- The loader -------------------------------------------------------------------------------------------------------


def test_the_loader_is_everybodys_whatever_sessions_do(client: Client) -> None:
    middleware = [OURS, SESSIONS, "tests.integrations.test_django_deferred.remember"]
    with override_settings(MIDDLEWARE=middleware, SESSION_ENGINE=SIGNED, SESSION_SAVE_EVERY_REQUEST=True):
        assert client.get("/inline").cookies.keys() == {"sessionid"}
        answers = [client.get("/card/loader.js"), Client().get("/card/loader.js")]
    for answer in answers:
        assert (answer.status_code, answer.content) == (200, loader_text())
        assert dict(answer.headers) == dict(loader_reply("GET").headers)
        assert dict(answer.cookies) == {}


@pytest.mark.parametrize("shopper", ["anna", None])
def test_a_session_that_is_saved_each_time_is_not_sent_with_a_card(client: Client, shopper: str | None) -> None:
    middleware = [OURS, SESSIONS, "tests.integrations.test_django_deferred.remember"]
    with override_settings(MIDDLEWARE=middleware, SESSION_ENGINE=SIGNED, SESSION_SAVE_EVERY_REQUEST=True):
        client.get("/inline")
        answer = customer_for(client, shopper)
    assert (answer.status_code, dict(answer.cookies)) == (204 if shopper is None else 200, {})


def remember(get_response: Any) -> Any:
    """A middleware of the site that writes into every session."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.session["seen"] = True
        return get_response(request)

    return handle


# --- The card ---------------------------------------------------------------------------------------------------------


def test_each_visitor_gets_their_own_card(client: Client) -> None:
    for who in ("anna", "boris", "anna"):
        answer = customer_for(client, who)
        assert (answer.status_code, json.loads(answer.content)) == (200, to_payload({"customerId": who}))
        assert dict(answer.headers) == {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer.content)),
            **PRIVATE,
        }
    del client.cookies["shopper"]
    answer = customer_for(client, None)
    assert (answer.status_code, answer.content, dict(answer.headers)) == (204, b"", PRIVATE)


def test_many_visitors_at_once_get_their_own() -> None:
    def visit(number: int) -> Any:
        return json.loads(customer_for(Client(), str(number)).content)["customerId"]

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(visit, range(200))) == [str(number) for number in range(200)]


def test_an_async_site_answers_alike() -> None:
    from asgiref.sync import async_to_sync

    client = AsyncClient()
    client.cookies["shopper"] = "anna"
    headers = {"x-rr-snippet": "1", "sec-fetch-site": "same-origin"}
    answer = async_to_sync(client.post)("/card/customer", headers=headers)
    assert json.loads(answer.content) == to_payload({"customerId": "anna"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_X_RR_SNIPPET": "0"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://evil.test"}, 403),
    ],
)
def test_nobody_else_gets_it(client: Client, headers: dict[str, str], status: int) -> None:
    answer = customer_for(client, **headers)
    assert (answer.status_code, answer.content, dict(answer.headers)) == (
        status,
        b"",
        {**PRIVATE, "Content-Type": "text/plain; charset=utf-8", "Content-Length": "0"},
    )


def test_an_old_browser_is_known_by_its_origin(client: Client) -> None:
    headers = {"HTTP_X_RR_SNIPPET": "1", "HTTP_HOST": "shop.test"}
    client.cookies["shopper"] = "anna"
    assert client.post("/card/customer", **headers, HTTP_ORIGIN="https://shop.test").status_code == 200
    assert client.post("/card/customer", **headers, HTTP_ORIGIN="https://evil.test").status_code == 403
    assert client.get("/card/customer", **headers, HTTP_ORIGIN="https://shop.test").status_code == 405


def test_walls_of_the_framework_do_not_stop_it(client: Client) -> None:
    walls = ["django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"]
    with override_settings(
        MIDDLEWARE=[OURS, SESSIONS, *walls, "django.contrib.auth.middleware.LoginRequiredMiddleware"],
        SESSION_ENGINE=SIGNED,
    ):
        assert client.get("/inline").status_code == 302
        assert client.get("/card/loader.js").content == loader_text()
        assert customer_for(client).status_code == 200


def test_no_cache_of_the_site_keeps_it(client: Client) -> None:
    with override_settings(MIDDLEWARE=[OURS, *django_site.SITE_CACHE[:1], *django_site.SITE_CACHE[1:]]):
        assert [json.loads(customer_for(client, who).content)["customerId"] for who in ("anna", "boris")] == [
            "anna",
            "boris",
        ]


def test_faults_are_logged_as_those_of_blocks(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(RR_SNIPPET={"CUSTOMER": django_site.bad_customer}):
        assert (customer_for(client).status_code, customer_for(client).content) == (204, b"")
        assert len(records(caplog)) == 2
        with override_settings(DEBUG=True), pytest.raises(ValueError, match="phone"):
            customer_for(client)


# --- The marker -------------------------------------------------------------------------------------------------------


def cookie(answer: Any, name: str = "known") -> str | None:
    return answer.cookies[name].OutputString() if name in answer.cookies else None


MARKED = {"CUSTOMER": django_site.customer, "DEFERRED_MARKER": "known"}


def test_the_marker_follows_login_and_logout(client: Client) -> None:
    with override_settings(RR_SNIPPET=MARKED):
        assert in_template("{% load rr_snippet %}{% rr_customer_deferred %}") == TAG.replace(
            " async", ' data-marker="known" async'
        )
        assert cookie(client.get("/shared")) is None
        known = cookie(client.get("/login", secure=True))
        gone = cookie(client.get("/logout"))
        client.cookies["shopper"] = "anna"
        inline = cookie(client.get("/inline"))
    assert str(known).startswith("known=1; expires=")
    assert str(known).endswith("; Max-Age=34560000; Path=/; SameSite=Lax; Secure")
    assert str(gone).endswith("; Max-Age=0; Path=/; SameSite=Lax")
    assert str(inline).endswith("; Max-Age=34560000; Path=/; SameSite=Lax")


def test_the_card_sets_the_marker_and_an_anonymous_answer_deletes_it(client: Client) -> None:
    with override_settings(RR_SNIPPET=MARKED):
        assert customer_for(client)["Set-Cookie"] == "known=1; Max-Age=34560000; Path=/; SameSite=Lax"
        del client.cookies["shopper"]
        assert customer_for(client, None)["Set-Cookie"] == "known=; Max-Age=0; Path=/; SameSite=Lax"


def test_a_site_may_say_itself_who_is_known() -> None:
    with override_settings(RR_SNIPPET=MARKED, SESSION_COOKIE_SECURE=True):
        response = HttpResponse()
        mark_known(response)
        assert str(cookie(response)).endswith("; Max-Age=34560000; Path=/; SameSite=Lax; Secure")
        mark_unknown(response)
        assert str(cookie(response)).endswith("; Max-Age=0; Path=/; SameSite=Lax; Secure")
    response = HttpResponse()
    mark_known(response)
    assert dict(response.cookies) == {}


def test_a_login_without_a_request_is_none_of_ours() -> None:
    user_logged_in.send(AnonymousUser, request=None, user=Person())


def test_the_example_of_the_docs_works() -> None:
    example = run_examples("guide/cached-pages.md", "Django")
    urls = ModuleType("urls")
    urls.urlpatterns = example["urlpatterns"]  # type: ignore[attr-defined]
    settings = {**example["RR_SNIPPET"], "CUSTOMER": django_site.customer}
    with override_settings(ROOT_URLCONF=urls, RR_SNIPPET=settings):
        assert run_checks(tags=["rr_snippet"]) == []
        assert Client().post("/rr-snippet/customer", **LOADER).status_code == 204


# --- The checks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        (__name__, []),
        (site, [("rr_snippet.E008", "RR_SNIPPET.DEFERRED: no URL answers with the customer.")]),
        (
            Translated,
            [
                (
                    "rr_snippet.W006",
                    "The URLs of the deferred card stand in i18n_patterns: each language has a loader of its own.",
                )
            ],
        ),
        (
            Walled,
            [
                (
                    "rr_snippet.W007",
                    "The view of the deferred card is wrapped: an anonymous visitor may get a login page from it.",
                )
            ],
        ),
    ],
)
def test_checks_look_for_the_way_to_the_card(urls: Any, found: list[tuple[str, str]]) -> None:
    settings = {"CUSTOMER": django_site.customer, "DEFERRED": True}
    with override_settings(RR_SNIPPET=settings, ROOT_URLCONF=urls):
        messages = run_checks(tags=["rr_snippet"])
    assert [(message.id, message.msg) for message in messages] == found
    assert all(message.hint for message in messages)


def test_a_site_without_it_is_not_checked_for_it() -> None:
    with override_settings(ROOT_URLCONF=site):
        assert run_checks(tags=["rr_snippet"]) == []
        with override_settings(RR_SNIPPET={"DEFERRED": 1, "DEFERRED_PREFIX": "/a/"}):
            assert [message.id for message in run_checks(tags=["rr_snippet"])] == ["rr_snippet.E006", "rr_snippet.E002"]


def test_the_view_needs_no_middleware_of_ours() -> None:
    request = RequestFactory().post("/card/customer", **LOADER)
    request.COOKIES["shopper"] = "anna"
    assert customer_view(request).status_code == 200
