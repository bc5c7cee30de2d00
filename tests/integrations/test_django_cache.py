"""Whatever caches a page or a part of it, nobody gets somebody else's block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.template import TemplateSyntaxError
from django.test import Client, override_settings

from rr_snippet.errors import RenderError
from rr_snippet.integrations.django.middleware import tell_of_site_cache
from tests.integrations.django_site import OURS, SITE_CACHE
from tests.integrations.django_site import __name__ as site
from tests.integrations.support import page, records

VISITORS = ["anna", "boris", None, "anna", "boris", None]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def get(url: str, shopper: str | None) -> HttpResponse:
    client = Client()
    if shopper is not None:
        client.cookies["shopper"] = shopper
    response = client.get(url)
    assert response.status_code == 200
    return response


def seen_by(url: str, *visitors: str | None) -> list[str]:
    return [get(url, visitor).content.decode() for visitor in visitors]


def site_settings(**changes: object) -> dict[str, object]:
    return {"CUSTOMER": f"{site}.customer", **changes}


WAYS = [
    "/page/shop.html",
    "/template-response",
    "/block-in-view",
    "/page/shop.jinja",
    "/cached/page/shop.html",
    "/cached/template-response",
    "/cached/block-in-view",
    "/cached/page/shop.jinja",
    "/varied/page/shop.html",
    "/private/page/shop.html",
    "/public/page/shop.html",
]
MIDDLEWARE = {
    "ours": [OURS],
    "site cache outside of ours": [SITE_CACHE[0], OURS, SITE_CACHE[1]],
    "site cache inside of ours": [OURS, *SITE_CACHE],
}


@pytest.mark.parametrize("middleware", MIDDLEWARE)
@pytest.mark.parametrize("url", WAYS)
def test_everybody_gets_his_own_block(url: str, middleware: str) -> None:
    with override_settings(MIDDLEWARE=MIDDLEWARE[middleware]):
        assert seen_by(url, "anna", "boris", "anna") == [page("anna"), page("boris"), page("anna")]
        assert seen_by(url, None, None) == [page(None)] * 2


@pytest.mark.parametrize("middleware", MIDDLEWARE)
@pytest.mark.parametrize("url", WAYS)
def test_after_an_anonymous_visitor_nobody_gets_a_strange_block(url: str, middleware: str) -> None:
    """A page without a block may be cached and shown to a customer. Only the site loses by that."""
    with override_settings(MIDDLEWARE=MIDDLEWARE[middleware]):
        seen = seen_by(url, None, "anna", "boris", None)
    assert seen[0] == seen[3] == page(None)
    assert seen[1] in (page("anna"), page(None))
    assert seen[2] in (page("boris"), page(None))


CACHED_VIEWS = [url for url in WAYS if url.startswith(("/cached", "/varied"))]


@pytest.mark.parametrize("middleware", [[], SITE_CACHE], ids=["none", "site cache"])
@pytest.mark.parametrize("url", WAYS)
def test_without_the_middleware_there_is_no_block(
    url: str, middleware: Sequence[str], caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(MIDDLEWARE=middleware):
        assert seen_by(url, "anna") == [page(None)]
        assert records(caplog) == [("ERROR", "no block: response.unwatched")]
        cache.clear()
        with override_settings(DEBUG=True), pytest.raises(RenderError) as error:
            get(url, None)
    assert error.value.code == "response.unwatched"


@pytest.mark.parametrize("url", CACHED_VIEWS)
def test_view_that_was_about_to_be_cached_is_told_of(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert seen_by(url, "anna") == [page("anna")]
    assert records(caplog) == [("ERROR", "not cached: cache.stored")]
    with override_settings(DEBUG=True), pytest.raises(RenderError) as error:
        get(url, "boris")
    assert error.value.code == "cache.stored"


@pytest.mark.parametrize("debug", [False, True])
def test_cache_of_the_whole_site_is_told_of_once_and_is_no_error(debug: bool, caplog: pytest.LogCaptureFixture) -> None:
    tell_of_site_cache.cache_clear()
    with override_settings(DEBUG=debug, MIDDLEWARE=[OURS, *SITE_CACHE]):
        for shopper in ("anna", "boris", "anna"):
            assert seen_by("/page/shop.html", shopper) == [page(shopper)]
        assert records(caplog) == [("WARNING", "not cached: cache.stored")]
        assert seen_by("/page/base.html", None, None) == ["", ""]


@pytest.mark.parametrize(
    "url",
    [
        "/page/shop.html",
        "/private/page/shop.html",
        "/never/page/shop.html",
        "/cached/prepared",
        "/cached/stream/prepared",
    ],
)
def test_page_that_says_itself_that_it_is_private_is_not_told_of(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(DEBUG=True):
        response = get(url, "anna")
    assert b"".join(response).decode() == page("anna")
    assert records(caplog) == []
    assert "private" in response["Cache-Control"]


def test_page_of_another_status_would_not_be_cached(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(DEBUG=True):
        assert Client(headers={"cookie": "shopper=anna"}).get("/cached/missing").content.decode() == page("anna")
    assert records(caplog) == []


def test_the_opt_out_tells_of_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(DEBUG=True, RR_SNIPPET=site_settings(ALLOW_CACHED=True)):
        assert seen_by("/varied/page/shop.html", "anna") == [page("anna")]
    assert records(caplog) == []


def test_a_page_without_the_tag_is_cached_as_ever() -> None:
    get("/cached/page/base.html", "anna")
    assert "max-age=60" in get("/cached/page/base.html", "boris")["Cache-Control"]


def test_the_opt_out_leaves_caching_to_the_site() -> None:
    with override_settings(RR_SNIPPET=site_settings(ALLOW_CACHED=True)):
        assert seen_by("/cached/page/shop.html", "anna", "boris") == [page("anna"), page(None)]
        assert seen_by("/varied/page/shop.html", "anna", "boris") == [page("anna"), page("boris")]
        assert seen_by("/page/fragment-by-user.html", "anna", "boris") == [page("anna"), page("boris")]


PRINTING = ["fragment-prints.html", "fragment-prints-plain.html", "fragment-prints-from-view.html"]
FRAGMENTS = [
    "fragment.html",
    "fragment-by-user.html",
    "fragment-includes.html",
    "fragment-extends.html",
    *PRINTING,
]


@pytest.mark.parametrize("name", FRAGMENTS)
def test_in_production_a_cached_fragment_gets_no_block_and_one_record(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert get(f"/page/{name}", "anna").content.decode() == page(None)
    assert records(caplog) == [("ERROR", "no block: cache.fragment")]
    assert seen_by(f"/page/{name}", *VISITORS) == [page(None)] * 6


@pytest.mark.parametrize("name", ["fragment.html", "fragment-by-user.html"])
def test_in_debug_the_tag_does_not_compile_inside_a_cached_fragment(name: str) -> None:
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError, match=r"inside a cached fragment"):
        get(f"/page/{name}", None)


@pytest.mark.parametrize("name", ["fragment-includes.html", "fragment-extends.html"])
def test_in_debug_a_fragment_cached_by_another_template_is_an_error(name: str) -> None:
    with override_settings(DEBUG=True), pytest.raises(RenderError) as error:
        get(f"/page/{name}", None)
    assert error.value.code == "cache.fragment"


@pytest.mark.parametrize("name", PRINTING)
def test_block_made_outside_of_a_fragment_is_not_printed_inside_of_it(name: str) -> None:
    with override_settings(DEBUG=True), pytest.raises(RenderError, match=r"cache\.fragment"):
        get(f"/page/{name}", "anna")
    with override_settings(RR_SNIPPET=site_settings(ALLOW_CACHED=True)):
        assert seen_by(f"/page/{name}", "anna", "boris") == [page("anna"), page(None)]


@pytest.mark.parametrize("url", ["/cached-by-hand", "/cached-by-hand-async"])
def test_text_that_get_or_set_will_cache_is_a_fragment_too(url: str) -> None:
    assert seen_by(url, *VISITORS) == [page(None)] * 6
    cache.clear()
    with override_settings(DEBUG=True), pytest.raises(RenderError, match=r"cache\.fragment"):
        get(url, "anna")


def test_on_error_says_which_of_the_two() -> None:
    with override_settings(DEBUG=True, RR_SNIPPET=site_settings(ON_ERROR="log")):
        comment = "<!-- rr-snippet: no block (cached: cache.fragment) -->"
        assert seen_by("/page/fragment.html", "anna") == [f"<p>{comment}</p>"]
    with override_settings(RR_SNIPPET=site_settings(ON_ERROR="raise")), pytest.raises(TemplateSyntaxError):
        get("/page/fragment.html", None)


def test_wrong_settings_do_not_stop_a_template_from_compiling(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(RR_SNIPPET={"CUSTOMR": 1}):
        assert seen_by("/page/fragment.html", "anna") == [page(None)]
    assert records(caplog) == [("ERROR", "no block: option.unknown")]


def test_without_a_request_nothing_can_be_kept_out_of_caches(caplog: pytest.LogCaptureFixture) -> None:
    assert seen_by("/without-request", "anna") == [page(None)]
    assert records(caplog) == [("ERROR", "no block: request.missing")]


@pytest.mark.parametrize("url", ["/page/shop.html", "/cached/page/shop.html", "/block-in-view", "/page/shop.jinja"])
def test_a_page_with_a_block_is_private(url: str) -> None:
    response = get(url, "anna")
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")


def test_headers_that_are_there_are_merged() -> None:
    response = get("/public/page/shop.html", "anna")
    assert response["Cache-Control"] == "private, max-age=5"
    response = get("/private/page/shop.html", "anna")
    assert response["Cache-Control"] == "private"


def test_what_a_cdn_obeys_first_is_removed() -> None:
    assert "CDN-Cache-Control" not in get("/in-cdn", "anna")
    assert get("/in-cdn", None)["CDN-Cache-Control"] == "max-age=600"


def test_a_page_without_a_block_keeps_its_headers() -> None:
    response = get("/public/page/shop.html", None)
    assert "public" in response["Cache-Control"]
    assert response["Vary"] == "Cookie"
