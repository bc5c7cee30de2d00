"""The block in finished pages of Django: which pages get it, with which headers, and that no cache stores a block."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from csp.constants import NONCE, SELF
from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import include, path, resolve
from django.utils.cache import patch_response_headers
from django.views.decorators.cache import cache_page
from django.views.decorators.http import condition

from rr_snippet import CustomerError, inject
from rr_snippet.integrations.django import prepare
from rr_snippet.integrations.django.pages import RRSnippetPages
from tests.integrations.django_site import OTHER_CSP, SITE_CACHE
from tests.integrations.django_site import __name__ as site
from tests.integrations.support import block, records

PAGES = "rr_snippet.integrations.django.pages.RRSnippetPages"
PAGE = "<!DOCTYPE html><html><head><title>Магазин</title></head><body><p>Привет</p></body></html>\n"
UTF8_PAGE = PAGE.encode()


def html(_: Any) -> HttpResponse:
    return HttpResponse(PAGE)


def with_header(name: str, value: str) -> Callable[[Any], HttpResponse]:
    return lambda _: HttpResponse(PAGE, headers={name: value})


def tagged(request: Any) -> HttpResponse:
    from django.template import engines

    source = "{% load rr_snippet %}" + PAGE.replace("</body>", "{% rr_customer %}</body>")
    return HttpResponse(engines["django"].from_string(source).render({}, request))


async def async_html(_: Any) -> HttpResponse:
    return HttpResponse(PAGE)


def cacheable(_: Any) -> HttpResponse:
    response = HttpResponse(PAGE, headers={"Cache-Control": "public"})
    patch_response_headers(response, 60)
    return response


def stream(request: Any) -> StreamingHttpResponse:
    prepare(request)
    return StreamingHttpResponse([PAGE])


urlpatterns = [
    path("card/", include("rr_snippet.integrations.django.urls")),
    path("html", html),
    path("windows-1251", lambda _: HttpResponse(PAGE.encode("cp1251"), content_type="text/html; charset=windows-1251")),
    path("xhtml", lambda _: HttpResponse(PAGE, content_type="application/xhtml+xml")),
    path("async", async_html),
    path("tagged", tagged),
    path("cached", cache_page(60)(html)),
    path("cacheable", cacheable),
    path("tagged-by-etag", condition(etag_func=lambda _: '"one-for-all"')(html)),
    path("error", lambda _: HttpResponse(PAGE, status=500)),
    path("redirect", lambda _: HttpResponse(PAGE, status=302, headers={"Location": "/html"})),
    path("fragment", lambda _: HttpResponse("<p>Привет</p>")),
    path("json", lambda _: HttpResponse("{}", content_type="application/json")),
    path("plain", lambda _: HttpResponse(PAGE, content_type="text/plain")),
    path("download", with_header("Content-Disposition", 'attachment; filename="a.html"')),
    path("part", lambda _: HttpResponse(PAGE, status=206, headers={"Content-Range": "bytes 0-9/99"})),
    path("gzip", lambda _: HttpResponse(gzip.compress(UTF8_PAGE), headers={"Content-Encoding": "gzip"})),
    path("stream", stream),
    path("utf-16", lambda _: HttpResponse(PAGE.encode("utf-16-le"), content_type="text/html; charset=utf-16le")),
]


@pytest.fixture(autouse=True)
def pages_site() -> Iterator[None]:
    cache.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[PAGES]):
        yield
    cache.clear()


def client_of(shopper: str | None) -> Client:
    client = Client()
    if shopper is not None:
        client.cookies["shopper"] = shopper
    return client


def get(url: str, shopper: str | None = "anna", **options: Any) -> HttpResponse:
    return client_of(shopper).get(url, **options)


def injected(shopper: str, **options: Any) -> bytes:
    return inject(UTF8_PAGE, block(shopper, **options))


@pytest.mark.parametrize("url", ["/html", "/xhtml", "/async"])
def test_page_gets_the_block(url: str) -> None:
    response = get(url)
    assert response.content == injected("anna")
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")
    assert response["Content-Length"] == str(len(response.content))


def test_page_in_another_charset_keeps_its_bytes() -> None:
    assert get("/windows-1251").content == inject(PAGE.encode("cp1251"), block("anna"))


@pytest.mark.parametrize("url", ["/html", "/cacheable", "/tagged-by-etag"])
def test_anonymous_visitor_gets_the_page_without_validators(url: str) -> None:
    seen = get(url, None)
    with override_settings(MIDDLEWARE=[]):
        as_ever = get(url, None)
    kept = [name for name, _ in as_ever.items() if name not in ("ETag", "Last-Modified")]
    assert (seen.content, [name for name, _ in seen.items()]) == (as_ever.content, [*kept, "Vary"])
    assert seen["Vary"] == "Cookie"


@pytest.mark.parametrize("url", ["/fragment", "/utf-16"])
def test_page_without_a_place_keeps_its_bytes(url: str) -> None:
    seen = get(url)
    with override_settings(MIDDLEWARE=[]):
        as_ever = get(url)
    assert (seen.content, dict(seen.items())) == (as_ever.content, {**dict(as_ever.items()), "Vary": "Cookie"})


UNTOUCHED = ["/error", "/redirect", "/json", "/plain", "/download", "/part", "/gzip"]


@pytest.mark.parametrize("url", UNTOUCHED)
def test_what_is_no_whole_page_goes_out_as_it_is(url: str) -> None:
    seen = get(url)
    with override_settings(MIDDLEWARE=[]):
        as_ever = get(url)
    assert (seen.status_code, seen.content, dict(seen.items())) == (
        as_ever.status_code,
        as_ever.content,
        dict(as_ever.items()),
    )


def test_stream_goes_out_as_it_is() -> None:
    response = get("/stream")
    assert response.getvalue() == UTF8_PAGE
    assert response["Cache-Control"] == "private"


def test_page_with_a_block_of_the_tag_gets_no_second_one() -> None:
    response = get("/tagged")
    assert response.content.decode() == PAGE.replace("</body>", f"{block('anna')}</body>")
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")
    assert "Content-Length" not in response


def test_middleware_may_run_twice() -> None:
    with override_settings(MIDDLEWARE=[PAGES, PAGES]):
        assert get("/html").content == injected("anna")


def test_head_has_the_headers_of_the_page_and_no_length_that_is_wrong() -> None:
    response = client_of("anna").head("/html")
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")
    assert "Content-Length" not in response


def test_page_over_the_limit_goes_out_as_it_is() -> None:
    with override_settings(MIDDLEWARE=[f"{__name__}.SmallPages"]):
        assert get("/html").content == UTF8_PAGE


class SmallPages(RRSnippetPages):
    page_max_bytes = len(UTF8_PAGE) - 1


def test_what_speaks_of_the_old_body_is_dropped_and_shared_caches_are_shut_out() -> None:
    response = get("/tagged-by-etag")
    assert response.content == injected("anna")
    assert "ETag" not in response
    assert "public" not in get("/cacheable")["Cache-Control"]


STACKS = [
    [PAGES],
    [PAGES, *SITE_CACHE],
    ["django.middleware.http.ConditionalGetMiddleware", PAGES],
    [PAGES, "django.middleware.http.ConditionalGetMiddleware"],
    ["django.middleware.gzip.GZipMiddleware", "django.middleware.common.CommonMiddleware", PAGES],
]
URLS = ["/html", "/cached", "/cacheable", "/tagged", "/tagged-by-etag"]


def customers_seen(url: str, *shoppers: str | None) -> list[list[str]]:
    return [re.findall(r'"customerId":"(\w+)"', get(url, shopper).content.decode()) for shopper in shoppers]


@pytest.mark.parametrize("middleware", STACKS)
@pytest.mark.parametrize("url", URLS)
def test_everybody_gets_his_own_block(url: str, middleware: list[str]) -> None:
    with override_settings(MIDDLEWARE=middleware):
        assert customers_seen(url, "anna", "boris", None, "anna") == [["anna"], ["boris"], [], ["anna"]]


def test_page_cached_for_all_gets_the_block_of_each() -> None:
    """This holds after an anonymous visitor too, because the cached page has no block yet."""
    with override_settings(MIDDLEWARE=[PAGES, *SITE_CACHE]):
        for url in ("/cached", "/html"):
            assert customers_seen(url, None, "anna", None, "boris") == [[], ["anna"], [], ["boris"]]


@pytest.mark.parametrize("middleware", [[SITE_CACHE[0], PAGES, SITE_CACHE[1]], [*SITE_CACHE, PAGES]])
@pytest.mark.parametrize("url", URLS)
def test_below_the_sites_cache_a_block_may_be_missing_but_is_never_a_strange_one(
    url: str, middleware: list[str]
) -> None:
    with override_settings(MIDDLEWARE=middleware):
        for first in ("anna", None):
            cache.clear()
            shoppers = [first, "boris", None, "anna"]
            for shopper, seen in zip(shoppers, customers_seen(url, *shoppers), strict=True):
                assert seen in ([shopper], [])


def test_page_that_was_another_shoppers_is_never_called_unchanged() -> None:
    """A browser with another customer's stored page asks for changes. It must not get a 304."""
    middleware = ["django.middleware.http.ConditionalGetMiddleware", PAGES]
    with override_settings(MIDDLEWARE=middleware):
        first = get("/html", "anna")
        second = get("/html", "boris", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert second.content == injected("boris")


@pytest.mark.parametrize("middleware", [[OTHER_CSP, PAGES]])
def test_block_has_the_nonce_of_the_header(middleware: list[str]) -> None:
    policy = {"DIRECTIVES": {"script-src": [SELF, NONCE]}}
    with override_settings(MIDDLEWARE=middleware, CONTENT_SECURITY_POLICY=policy):
        response = get("/html")
    (nonce,) = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    assert response.content == injected("anna", nonce=nonce)


def test_nonce_of_a_policy_that_the_view_has_written_is_taken() -> None:
    view = with_header("Content-Security-Policy", "script-src 'nonce-byTheView'")
    middleware = RRSnippetPages(view)
    request = Client().get("/html").wsgi_request
    request.COOKIES["shopper"] = "anna"
    assert middleware(request).content == injected("anna", nonce="byTheView")


def test_async_stack_asks_for_the_customer_in_a_thread() -> None:
    def from_database(request: Any) -> dict[str, str]:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return {"customerId": request.COOKIES["shopper"]}

    client = AsyncClient()
    client.cookies["shopper"] = "anna"
    with override_settings(RR_SNIPPET={"CUSTOMER": from_database}):
        response = asyncio.run(client.get("/async"))
    assert response.content == injected("anna")
    assert response["Cache-Control"] == "private"


@pytest.mark.parametrize("url", ["/json", "/fragment"])
def test_async_stack_leaves_other_responses_alone(url: str) -> None:
    client = AsyncClient()
    client.cookies["shopper"] = "anna"
    response = asyncio.run(client.get(url))
    assert response.content == get(url).content
    assert "Cache-Control" not in response


def test_bad_customer_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(RR_SNIPPET={"CUSTOMER": f"{site}.bad_customer"}):
        response = get("/html")
        assert (response.content, "Cache-Control" in response) == (UTF8_PAGE, False)
        assert records(caplog) == [("WARNING", "no block: email.shape, phone.shape, field.unknown")]
        with override_settings(DEBUG=True), pytest.raises(CustomerError):
            get("/html")


def test_a_shared_page_gets_the_tag_of_the_loader() -> None:
    asked: list[object] = []
    settings = {"CUSTOMER": asked.append, "EXCLUDE": asked.append, "DEFERRED": True}
    tag = '<script src="/card/loader.js" data-customer="/card/customer" async></script>'
    with override_settings(RR_SNIPPET=settings, MIDDLEWARE=[PAGES, *SITE_CACHE]):
        for url in ("/html", "/html", "/cached", "/cached"):
            response = get(url)
            assert response.content.decode() == PAGE.replace("</body>", f"{tag}</body>")
            assert "private" not in response.get("Cache-Control", "")
            assert "Vary" not in response
        # The cache is below this library, so it has the page as it was made.
        assert "Age" in get("/html")
    assert asked == []


def test_wrong_settings_cost_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(RR_SNIPPET={"VARIANT": "both"}):
        assert get("/html").content == UTF8_PAGE
    assert records(caplog) == [("ERROR", "no block: option.value")]


def test_in_debug_no_comment_is_put_into_pages() -> None:
    with override_settings(DEBUG=True):
        assert get("/html", None).content == UTF8_PAGE


@pytest.mark.parametrize(("takes_staff_pages", "has_block"), [(False, False), (True, True)])
def test_pages_of_the_staff_are_no_pages_of_the_shop(takes_staff_pages: bool, has_block: bool) -> None:
    def admin(request: Any) -> HttpResponse:
        request.resolver_match = resolve("/admin/login/", urlconf=(path("admin/", site_of_the_staff.urls),))
        return HttpResponse(PAGE)

    site_of_the_staff = AdminSite()
    middleware = type("Pages", (RRSnippetPages,), {"takes_staff_pages": takes_staff_pages})(admin)
    response = middleware(RequestFactory(headers={"cookie": "shopper=anna"}).get("/admin/login/"))
    assert (block("anna").encode() in response.content) is has_block
