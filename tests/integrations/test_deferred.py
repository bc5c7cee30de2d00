"""The deferred card without any framework: the tag, who may get the card, the responses, the marker."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import RenderError, to_payload
from rr_snippet.errors import OptionError
from rr_snippet.integrations._addresses import Addresses, Place
from rr_snippet.integrations._deferred import (
    loader_integrity,
    loader_reply,
    loader_text,
    refusal,
    tag_of,
    write_card,
    write_tag,
)
from rr_snippet.integrations._marker import marker_cookie
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit
from tests.integrations.people import ANNA, BORIS, BROKEN
from tests.integrations.support import records

EMPTY = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "0")]
PRIVATE = [
    ("Cache-Control", "private, no-store"),
    ("Vary", "Cookie"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
HASH = "sha256-" + base64.b64encode(hashlib.sha256(loader_text()).digest()).decode()


def tag(
    *, mount: str = "", loader: str | None = None, nonce: object = None, integrity: bool = False, **raw: Any
) -> str:
    settings = Settings.of(raw)
    addresses = Addresses.under(mount + settings.deferred_prefix)
    if loader is not None:
        addresses = addresses._replace(loader=loader)
    return write_tag(settings, addresses, nonce=nonce, integrity=integrity)


# --- The tag ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "arguments", "expected"),
    [
        ({}, {}, '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'),
        (
            {"DEFERRED_PREFIX": "/api/card/"},
            {"mount": "/shop"},
            '<script src="/shop/api/card/loader.js" data-customer="/shop/api/card/customer" async></script>',
        ),
        (
            {},
            {"mount": '//evil.test/"><b>'},
            '<script src="/evil.test/%22%3E%3Cb%3E/rr-snippet/loader.js"'
            ' data-customer="/evil.test/%22%3E%3Cb%3E/rr-snippet/customer" async></script>',
        ),
        (
            {"DEFERRED_MARKER": "known", "DEBUG_BLOCK": True},
            {"nonce": "r4nd0m", "integrity": True},
            '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" data-marker="known" data-debug'
            f' nonce="r4nd0m" integrity="{HASH}" async></script>',
        ),
        (
            {},
            {"loader": "https://static.shop.test/loader.js?a&b", "nonce": lambda: "r4nd0m"},
            '<script src="https://static.shop.test/loader.js?a&amp;b" data-customer="/rr-snippet/customer"'
            ' nonce="r4nd0m" async></script>',
        ),
        (
            {},
            {"nonce": ""},
            '<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>',
        ),
    ],
)
def test_the_tag(settings: dict[str, Any], arguments: dict[str, Any], expected: str) -> None:
    assert tag(**settings, **arguments) == expected


def test_a_nonce_that_is_none_is_refused() -> None:
    with pytest.raises(RenderError) as error:
        tag(nonce='"')
    assert error.value.code == "nonce.shape"


def test_a_wrong_nonce_leaves_the_page_without_a_loader(caplog: pytest.LogCaptureFixture) -> None:
    assert tag_of(Someone(DEFERRED=True), nonce="r4nd0m", integrity=True) == tag(nonce="r4nd0m", integrity=True)
    assert tag_of(Someone(DEFERRED=True), nonce='"') == ""
    assert records(caplog) == [("ERROR", "no loader: nonce.shape")]
    with pytest.raises(RenderError):
        tag_of(Someone(DEFERRED=True, ON_ERROR="raise"), nonce='"')


@pytest.mark.parametrize(
    "prefix", ["rr-snippet/", "/rr-snippet", "/", "//cdn.test/", "https://cdn.test/", "/a//b/", "/a b/", "", None, 1]
)
def test_the_prefix_is_a_path_of_this_host(prefix: object) -> None:
    with pytest.raises(OptionError) as error:
        Settings.of({"DEFERRED_PREFIX": prefix})
    assert str(error.value) == (
        "RR_SNIPPET.DEFERRED_PREFIX: wrong value; expected a path on this host such as /rr-snippet/, which a proxy may lead"
        " elsewhere [option.value]"
    )


@pytest.mark.parametrize("marker", ["", "a b", "a;b", "имя", 1, True])
def test_the_marker_is_the_name_of_a_cookie(marker: object) -> None:
    with pytest.raises(OptionError) as error:
        Settings.of({"DEFERRED_MARKER": marker})
    assert [problem.code for problem in error.value.problems] == ["option.value"]


# --- The loader -------------------------------------------------------------------------------------------------------


def test_the_loader_may_be_kept_by_everybody() -> None:
    headers = [
        ("Content-Type", "text/javascript; charset=utf-8"),
        ("Cache-Control", "public, max-age=86400"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Length", str(len(loader_text()))),
    ]
    assert loader_reply("GET") == (200, headers, loader_text())
    assert loader_reply("HEAD") == (200, headers, b"")
    assert loader_reply("POST") == (405, [("Allow", "GET, HEAD"), *EMPTY], b"")


# --- Who may have the card --------------------------------------------------------------------------------------------

OWN = {"X-RR-Snippet": "1"}


@pytest.mark.parametrize(
    ("headers", "may", "why"),
    [
        ({**OWN, "Sec-Fetch-Site": "same-origin"}, True, "the loader"),
        ({**OWN, "Sec-Fetch-Site": "same-origin", "Origin": "https://evil.test"}, True, "the browser has judged"),
        ({"Sec-Fetch-Site": "same-origin"}, False, "a form of this site"),
        ({**OWN, "Sec-Fetch-Site": "same-site", "Origin": "https://shop.test"}, False, "a neighbour under one domain"),
        ({**OWN, "Sec-Fetch-Site": "cross-site"}, False, "another site, let in by a policy of CORS"),
        ({**OWN, "Sec-Fetch-Site": "none", "Origin": "https://shop.test"}, False, "typed by the visitor"),
        ({**OWN, "Sec-Fetch-Site": "", "Origin": "https://shop.test"}, False, "no browser sends it empty"),
        ({**OWN, "Sec-Fetch-Site": "same-origin, same-origin"}, False, "nor twice"),
        ({**OWN, "Origin": "https://shop.test"}, True, "the loader in a browser without Fetch Metadata"),
        ({**OWN, "Origin": "https://SHOP.test"}, True, "hosts know no letter case"),
        ({"Origin": "https://shop.test"}, False, "a form of this site there"),
        ({"X-RR-Snippet": "0", "Origin": "https://shop.test"}, False, "another value"),
        ({**OWN, "Origin": "https://evil.test"}, False, "another site there"),
        ({**OWN, "Origin": "https://shop.test.evil.test"}, False, "one that looks like it"),
        ({**OWN, "Origin": "https://shop.test:8443"}, False, "another port"),
        ({**OWN, "Origin": "null"}, False, "a sandbox, a file"),
        ({**OWN, "Origin": ""}, False, "nobody"),
        ({**OWN, "Origin": "https://["}, False, "no host at all"),
        ({**OWN, "Origin": "https://\u2100shop.test"}, False, "a host that no URL can have"),
        ({**OWN, "Origin": "//shop.test"}, False, "no origin"),
        ({**OWN, "Origin": "https://shop.test/"}, False, "a URL, which no browser sends"),
        (OWN, False, "no browser"),
    ],
)
def test_only_the_loader_gets_a_card(headers: dict[str, str], may: bool, why: str) -> None:
    reply = refusal("POST", headers.get, "shop.test")
    assert reply == (None if may else (403, [*EMPTY, *PRIVATE], b"")), why


@pytest.mark.parametrize("host", [None, ""])
def test_a_request_for_no_host_is_nobodys(host: str | None) -> None:
    assert refusal("POST", {**OWN, "Origin": "null"}.get, host) == (403, [*EMPTY, *PRIVATE], b"")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
def test_no_other_method(method: str) -> None:
    headers = {**OWN, "Sec-Fetch-Site": "same-origin"}
    assert refusal(method, headers.get, "shop.test") == (405, [("Allow", "POST"), *EMPTY, *PRIVATE], b"")


# --- The card ---------------------------------------------------------------------------------------------------------


class Someone(Visit):
    def __init__(self, **settings: Any) -> None:
        self._settings = Settings.of(settings)

    def settings(self) -> Settings:
        return self._settings


def card(customer: object, **settings: Any) -> Any:
    visit = Someone(CUSTOMER=lambda _: customer, **settings)
    marker = visit.settings().deferred_marker
    return write_card(visit, marker, is_secure=marker == "secure")


@pytest.mark.parametrize("customer", [ANNA, BORIS, {"customerId": "</script>", "customData": {"ключ": "\u2028&'\""}}])
def test_the_card_is_what_the_block_would_have_held(customer: dict[str, Any]) -> None:
    status, headers, body = card(customer, PRETTY=True)
    assert (status, json.loads(body)) == (200, to_payload(customer))
    assert body.isascii()
    assert headers == [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *PRIVATE]
    assert b"<" not in body


def test_the_card_has_the_spelling_of_its_variant() -> None:
    links = {"customerId": "1", "softLinks": {"card": "2"}}
    assert json.loads(card(links)[2])["softLinks"] == [{"name": "card", "value": "2"}]
    assert json.loads(card({**links, "defaultStockId": "3"})[2])["softLinks"] == [{"Name": "card", "Value": "2"}]


@pytest.mark.parametrize(
    ("customer", "settings"),
    [
        (None, {}),
        (ANNA, {"EXCLUDE": lambda _: True}),
        (ANNA, {"VARIANT": "region"}),
        (BROKEN, {}),
    ],
)
def test_nobody_gets_nothing(customer: object, settings: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert card(customer, **settings) == (204, PRIVATE, b"")
    assert len(records(caplog)) == (customer is not None and "EXCLUDE" not in settings)


@pytest.mark.parametrize("name", ["GPC", "DNT"])
def test_a_visitor_who_does_not_want_it_gets_nothing(name: str) -> None:
    visit = Someone(CUSTOMER=lambda _: ANNA, **{f"RESPECT_{name}": True})
    visit.header = {"GPC": {"Sec-GPC": "1"}, "DNT": {"DNT": "1"}}[name].get  # type: ignore[method-assign]
    assert write_card(visit, None, is_secure=True) == (204, PRIVATE, b"")


def test_errors_are_raised_where_blocks_would_raise_them() -> None:
    with pytest.raises(RenderError, match=r"variant.stock_missing"):
        card(ANNA, VARIANT="region", ON_ERROR="raise")


# --- The marker -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("customer", "settings", "cookies"),
    [
        (ANNA, {}, ["known=1; Max-Age=34560000; Path=/; SameSite=Lax"]),
        (None, {}, ["known=; Max-Age=0; Path=/; SameSite=Lax"]),
        (BROKEN, {}, []),
        (ANNA, {"EXCLUDE": lambda _: True}, []),
    ],
)
def test_the_marker_says_that_somebody_is_known(customer: object, settings: dict[str, Any], cookies: list[str]) -> None:
    _, headers, _ = card(customer, DEFERRED_MARKER="known", **settings)
    assert [value for name, value in headers if name == "Set-Cookie"] == cookies


def test_the_marker_of_a_site_on_https_stays_there() -> None:
    assert card(ANNA, DEFERRED_MARKER="secure")[1][-1] == (
        "Set-Cookie",
        "secure=1; Max-Age=34560000; Path=/; SameSite=Lax; Secure",
    )
    assert marker_cookie("a", is_known=False, is_secure=True) == "a=; Max-Age=0; Path=/; SameSite=Lax; Secure"


def test_the_docs_have_the_hash_of_the_loader() -> None:
    page = (Path(__file__).parents[2] / "docs/guide/cached-pages.md").read_text("utf-8")
    assert f"script-src 'strict-dynamic' '{loader_integrity()}'" in page


def test_a_place_that_knows_nothing_of_its_request_is_at_the_root_and_not_secure() -> None:
    place = Place()
    assert (place.mount, place.is_secure) == ("", False)
