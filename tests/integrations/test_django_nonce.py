"""The nonce in the block is that of the header: django-csp on every Django, and what a site may pass."""

from __future__ import annotations

import re

import pytest
from csp.constants import NONCE, SELF
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.test import Client, RequestFactory, override_settings

from rr_snippet.errors import RenderError
from tests.integrations.django_site import OTHER_CSP, OURS, watched
from tests.integrations.support import block, page, records

OTHER_POLICY = {"DIRECTIVES": {"script-src": [SELF, NONCE]}}


def nonce_in_header(response: HttpResponse) -> str | None:
    found = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    assert len(found) <= 1
    return found[0] if found else None


def get(url: str) -> HttpResponse:
    response = Client(headers={"Cookie": "shopper=anna"}).get(url)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("middleware", [[OURS, OTHER_CSP], [OTHER_CSP, OURS]])
@pytest.mark.parametrize(
    "url", ["/page/shop.html", "/template-response", "/block-in-view", "/page/shop.jinja", "/cached/page/shop.html"]
)
def test_body_has_the_nonce_of_the_header(url: str, middleware: list[str]) -> None:
    seen = set()
    with override_settings(MIDDLEWARE=middleware, CONTENT_SECURITY_POLICY=OTHER_POLICY):
        for _ in range(2):
            response = get(url)
            nonce = nonce_in_header(response)
            assert nonce is not None
            assert response.content.decode() == page("anna", nonce=nonce)
            seen.add(nonce)
    assert len(seen) == 2


def test_no_block_reads_no_nonce() -> None:
    with override_settings(MIDDLEWARE=[OURS, OTHER_CSP], CONTENT_SECURITY_POLICY=OTHER_POLICY):
        response = Client().get("/page/shop.html")
    assert nonce_in_header(response) is None


def rendered(source: str, **values: object) -> str:
    request = watched(RequestFactory().get("/"))
    request.csp_nonce = "ofRequest"
    customer = {"customerId": "anna"}
    return Template("{% load rr_snippet %}" + source).render(RequestContext(request, {"customer": customer, **values}))


@pytest.mark.parametrize(
    ("source", "values", "nonce"),
    [
        ("{% rr_customer customer %}", {}, "ofRequest"),
        ("{% rr_customer customer %}", {"csp_nonce": "ofContext"}, "ofContext"),
        ("{% rr_customer customer %}", {"csp_nonce": None}, "ofRequest"),
        ("{% rr_customer customer nonce='given' %}", {"csp_nonce": "ofContext"}, "given"),
        ("{% rr_customer customer nonce=missing %}", {}, "ofRequest"),
        ("{% rr_customer customer nonce=None %}", {}, "ofRequest"),
        ("{% rr_customer customer nonce=True %}", {}, "ofRequest"),
        ("{% rr_customer customer nonce=False %}", {"csp_nonce": "ofContext"}, None),
    ],
)
def test_the_nearest_nonce_is_taken(source: str, values: dict[str, object], nonce: str | None) -> None:
    assert rendered(source, **values) == block("anna", nonce=nonce)


def test_bad_characters_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    source = "{% rr_customer customer nonce=bad %}"
    assert rendered(source, bad='a" onload="alert(1)') == ""
    assert records(caplog) == [("ERROR", "no block: nonce.shape")]
    with override_settings(DEBUG=True), pytest.raises(RenderError):
        rendered(source, bad="a b")


@pytest.mark.parametrize("middleware", [[OURS, OTHER_CSP], [OTHER_CSP, OURS]])
def test_prepared_stream_has_the_nonce_of_the_header(middleware: list[str]) -> None:
    with override_settings(MIDDLEWARE=middleware, CONTENT_SECURITY_POLICY=OTHER_POLICY):
        response = get("/stream/prepared")
    nonce = nonce_in_header(response)
    assert nonce is not None
    assert response.getvalue().decode() == page("anna", nonce=nonce)
    assert (response["Cache-Control"], response["Vary"]) == ("private", "Cookie")


def test_stream_that_is_not_prepared_has_no_block(caplog: pytest.LogCaptureFixture) -> None:
    assert get("/stream/unprepared").getvalue().decode() == page(None)
    assert Client().get("/stream/unprepared").getvalue().decode() == page(None)
    assert records(caplog) == [("ERROR", "no block: response.sent")]
    with override_settings(DEBUG=True), pytest.raises(RenderError, match=r"prepare\(request\) before streaming"):
        get("/stream/unprepared").getvalue()


def test_prepared_stream_without_a_policy_has_no_nonce() -> None:
    assert get("/stream/prepared").getvalue().decode() == page("anna")


def test_stream_without_our_middleware_cannot_be_prepared(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(MIDDLEWARE=[]):
        assert get("/stream/prepared").getvalue().decode() == page(None)
        assert records(caplog) == [
            ("ERROR", "not prepared: response.unwatched"),
            ("ERROR", "no block: response.unwatched"),
        ]
        with override_settings(DEBUG=True), pytest.raises(RenderError, match=r"response\.unwatched"):
            get("/stream/prepared")
