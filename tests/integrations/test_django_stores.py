"""Unguarded stores: what comes out of one is examined as it leaves."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, etag, last_modified

from rr_snippet.errors import RenderError
from tests.integrations.django_site import OURS
from tests.integrations.django_site import __name__ as site
from tests.integrations.support import page, records

GZIP = "django.middleware.gzip.GZipMiddleware"
CONDITIONAL = "django.middleware.http.ConditionalGetMiddleware"
PAGES = "rr_snippet.integrations.django.pages.RRSnippetPages"
LONG = "<!-- long enough to be compressed -->" * 20


def made(request: HttpRequest) -> str:
    return loader.render_to_string("shop.html", request=request) + LONG


def set_by_hand(request: HttpRequest) -> HttpResponse:
    text = cache.get("text") or made(request)
    cache.set("text", text)
    return HttpResponse(text)


def response_kept(request: HttpRequest) -> HttpResponse:
    response = cache.get("response") or HttpResponse(made(request))
    cache.set("response", response)
    return response


def kept_in_a_dict(request: HttpRequest, kept: dict[str, str] = {}) -> HttpResponse:  # noqa: B006 - a store
    return HttpResponse(kept.setdefault("text", made(request)))


def value_given(request: HttpRequest) -> HttpResponse:
    return HttpResponse(cache.get_or_set("value", made(request)))


async def in_async(request: HttpRequest) -> HttpResponse:
    text = await cache.aget("async") or made(request)
    await cache.aset("async", text)
    return HttpResponse(text)


STORES: dict[str, Any] = {
    "set-by-hand": set_by_hand,
    "response-kept": response_kept,
    "kept-in-a-dict": kept_in_a_dict,
    "value-given": value_given,
    "in-async": in_async,
    "compressed": gzip_page(set_by_hand),
}


def tagged(request: HttpRequest) -> HttpResponse:
    return HttpResponse(made(request))


def own_headers(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        made(request), headers={"ETag": '"v1"', "Last-Modified": "Mon, 23 Nov 2026 00:00:00 GMT", "Expires": "0"}
    )


VALIDATED: dict[str, Any] = {
    "etag": etag(lambda _: '"v1"')(tagged),
    "last-modified": last_modified(lambda _: None)(own_headers),
    "condition": condition(etag_func=lambda _: '"v1"')(own_headers),
    "own-headers": own_headers,
    "tagged": tagged,
}
urlpatterns = [path(name, view) for name, view in {**STORES, **VALIDATED}.items()]
urlpatterns.append(path("plain", etag(lambda _: '"v1"')(lambda _: HttpResponse("<!doctype html><body></body>"))))


@pytest.fixture(autouse=True)
def shop() -> Iterator[None]:
    cache.clear()
    kept_in_a_dict.__defaults__[0].clear()  # type: ignore[index]
    with override_settings(ROOT_URLCONF=__name__):
        yield
    cache.clear()


def get(name: str, shopper: str | None, **headers: str) -> HttpResponse:
    client = Client(headers=headers)
    if shopper:
        client.cookies["shopper"] = shopper
    return client.get(f"/{name}")


def text_of(response: HttpResponse) -> str:
    content = response.content
    return (gzip.decompress(content) if response.get("Content-Encoding") == "gzip" else content).decode()


@pytest.mark.parametrize("middleware", [[OURS], [OURS, GZIP], [OURS, PAGES], [OURS, OURS]])
@pytest.mark.parametrize("name", STORES)
def test_nobody_gets_another_block_out_of_a_store(name: str, middleware: list[str]) -> None:
    with override_settings(MIDDLEWARE=middleware):
        for shopper in ("anna", "boris", None, "anna", "boris", None):
            response = get(name, shopper, accept_encoding="gzip")
            # Anna's page comes out of the store, whoever the visitor is.
            assert text_of(response) == page("anna" if shopper == "anna" else None) + LONG
            assert (response["Cache-Control"], "Cookie" in response["Vary"]) == ("private", True)


@pytest.mark.parametrize("name", [name for name in STORES if name != "compressed"])
def test_without_a_customer_to_ask_for_it_is_taken_out_all_the_same(name: str) -> None:
    assert text_of(get(name, "anna")) == page("anna") + LONG
    with override_settings(RR_SNIPPET={}):
        assert text_of(get(name, "anna")) == page(None) + LONG


def test_it_is_told_with_the_view(caplog: pytest.LogCaptureFixture) -> None:
    get("set-by-hand", "anna")
    get("set-by-hand", "boris")
    assert records(caplog) == [("ERROR", "block taken out: cache.served")]
    assert caplog.records[-1].rr_route == f"{__name__}.set_by_hand"  # type: ignore[attr-defined]
    with override_settings(DEBUG=True):
        assert text_of(get("set-by-hand", "anna")) == page("anna") + LONG
        with pytest.raises(RenderError, match=r"cache\.served"):
            get("set-by-hand", "boris")


# Validators


@pytest.mark.parametrize(
    "middleware", [[OURS], [OURS, CONDITIONAL], [OURS, GZIP, CONDITIONAL], [OURS, PAGES, CONDITIONAL]]
)
@pytest.mark.parametrize("shopper", ["anna", None])
@pytest.mark.parametrize("name", VALIDATED)
def test_no_response_that_asked_for_a_customer_can_be_revalidated(
    name: str, shopper: str | None, middleware: list[str]
) -> None:
    with override_settings(MIDDLEWARE=middleware):
        response = get(name, shopper)
    assert (response.status_code, text_of(response)) == (200, page(shopper) + LONG)
    assert {"ETag", "Last-Modified"}.isdisjoint(response.headers)
    assert "Cookie" in response["Vary"]
    assert ("Cache-Control" in response) is (shopper is not None)


def test_pages_without_the_tag_keep_their_validators() -> None:
    response = get("plain", "anna")
    assert (response["ETag"], "Vary" in response) == ('"v1"', False)
    assert get("plain", "anna", if_none_match='"v1"').status_code == 304


@pytest.mark.parametrize("shopper", ["anna", None])
def test_pages_that_the_middleware_finishes_lose_them(shopper: str | None) -> None:
    with override_settings(MIDDLEWARE=[PAGES, CONDITIONAL]):
        response = get("plain", shopper)
    assert {"ETag", "Last-Modified"}.isdisjoint(response.headers)
    assert response["Vary"] == "Cookie"


def test_wrong_settings_are_told_and_nobody_gets_a_block(caplog: pytest.LogCaptureFixture) -> None:
    get("set-by-hand", "anna")
    with override_settings(RR_SNIPPET={"CUSTOMER": f"{site}.failing_customer"}):
        assert text_of(get("set-by-hand", "anna")) == page(None) + LONG
    assert records(caplog) == [
        ("ERROR", "no block: site.failed PrivateError"),
        ("ERROR", "block taken out: cache.served"),
    ]
