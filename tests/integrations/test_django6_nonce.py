"""Django's own Content-Security-Policy, alone and beside django-csp."""

from __future__ import annotations

import re

import pytest
from csp.constants import NONCE, SELF
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils.csp import CSP

from rr_snippet.errors import RenderError
from tests.integrations.django_site import OTHER_CSP, OURS
from tests.integrations.support import page, records

OWN_CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
OWN_POLICY = {"script-src": [CSP.SELF, CSP.NONCE]}
OTHER_POLICY = {"DIRECTIVES": {"script-src": [SELF, NONCE]}}
STACKS = [
    [OURS, OWN_CSP],
    [OWN_CSP, OURS],
    [OURS, OWN_CSP, OTHER_CSP],
    [OURS, OTHER_CSP, OWN_CSP],
]
URLS = ["/page/shop.html", "/template-response", "/block-in-view", "/page/shop.jinja", "/cached/page/shop.html"]


def get(url: str, middleware: list[str], shopper: str | None = "anna") -> tuple[HttpResponse, str | None]:
    with override_settings(MIDDLEWARE=middleware, SECURE_CSP=OWN_POLICY, CONTENT_SECURITY_POLICY=OTHER_POLICY):
        client = Client()
        if shopper is not None:
            client.cookies["shopper"] = shopper
        response = client.get(url)
    assert response.status_code == 200
    nonces = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
    assert len(nonces) <= 1
    return response, nonces[0] if nonces else None


@pytest.mark.parametrize("middleware", STACKS)
@pytest.mark.parametrize("url", URLS)
def test_body_has_the_nonce_of_the_header(url: str, middleware: list[str]) -> None:
    seen = set()
    for _ in range(2):
        response, nonce = get(url, middleware)
        assert nonce is not None
        assert response.content.decode() == page("anna", nonce=nonce)
        seen.add(nonce)
    assert len(seen) == 2


# If django-csp is inside Django's own middleware, django-csp reads the nonce of every page.
@pytest.mark.parametrize("middleware", [stack for stack in STACKS if stack[-1] == OWN_CSP])
def test_no_block_reads_no_nonce(middleware: list[str]) -> None:
    assert get("/page/shop.html", middleware, None)[1] is None


@pytest.mark.parametrize("middleware", STACKS)
def test_prepared_stream_has_the_nonce_of_the_header(middleware: list[str]) -> None:
    response, nonce = get("/stream/prepared", middleware)
    assert nonce is not None
    assert response.getvalue().decode() == page("anna", nonce=nonce)


def test_stream_that_is_not_prepared_has_no_dead_block(caplog: pytest.LogCaptureFixture) -> None:
    response, nonce = get("/stream/unprepared", [OURS, OWN_CSP])
    assert nonce is None
    assert response.getvalue().decode() == page(None)
    assert records(caplog) == [("ERROR", "no block: response.sent")]
    with override_settings(DEBUG=True), pytest.raises(RenderError):
        get("/stream/unprepared", [OURS, OWN_CSP])[0].getvalue()


def test_context_processor_changes_nothing() -> None:
    from django.conf import settings

    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["OPTIONS"] = {
        **templates[0]["OPTIONS"],
        "context_processors": ["django.template.context_processors.csp"],
    }
    with override_settings(TEMPLATES=templates):
        response, nonce = get("/template-response", [OURS, OWN_CSP])
    assert response.content.decode() == page("anna", nonce=nonce)
