"""`manage.py check`: each wrong setting has its own number and a hint."""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
from csp.constants import NONCE, SELF, UNSAFE_INLINE
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations.django.checks import _ERRORS
from tests.integrations.django_site import OTHER_CSP, OURS, SITE_CACHE
from tests.integrations.django_site import __name__ as site

OWN_CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"


def found(**settings: Any) -> list[tuple[str, str, str | None]]:
    with override_settings(**{"RR_SNIPPET": {"CUSTOMER": f"{site}.customer"}, **settings}):
        return [(message.id, message.msg, message.hint) for message in run_checks(tags=["rr_snippet"])]


def ids(**settings: Any) -> list[str]:
    return [number for number, _, _ in found(**settings)]


def test_nothing_is_wrong_with_the_tests_own_site() -> None:
    assert found() == []
    assert apps.get_app_config("rr_snippet").verbose_name == "Retail Rocket snippet"


SPOILT = [
    ("E001", "CUSTOMER=shop", "RR_SNIPPET: not a mapping; expected a mapping of names to values."),
    ("E002", {"CUSTOMRE": None}, "RR_SNIPPET.CUSTOMRE: unknown option; did you mean CUSTOMER?"),
    ("E002", {"X": None}, "RR_SNIPPET.X: unknown option."),
    ("E002", {7: None}, "RR_SNIPPET.7: unknown option."),
    (
        "E003",
        {"CUSTOMER": "shop.tracking.customer"},
        "RR_SNIPPET.CUSTOMER: there is no module shop; expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": f"{site}.nothing"},
        f"RR_SNIPPET.EXCLUDE: the module {site} has no nothing; expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": "tests.integratoins.django_site.customer"},
        "RR_SNIPPET.EXCLUDE: there is no module tests.integratoins; expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": "tests.integratoins:customer"},
        "RR_SNIPPET.EXCLUDE: there is no module tests.integratoins; expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": f"{site}.customer.nothing"},
        "RR_SNIPPET.EXCLUDE: cannot be imported (AttributeError); expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": f"{site}.nothing.at_all"},
        f"RR_SNIPPET.EXCLUDE: the module {site} has no nothing; expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": "tests.integrations.broken_module.customer"},
        "RR_SNIPPET.EXCLUDE: cannot be imported (ZeroDivisionError); expected the dotted path of a function.",
    ),
    (
        "E003",
        {"EXCLUDE": "tests.integrations.half_module.customer"},
        "RR_SNIPPET.EXCLUDE: cannot be imported (ModuleNotFoundError); expected the dotted path of a function.",
    ),
    (
        "E003",
        {"CUSTOMER": ""},
        "RR_SNIPPET.CUSTOMER: cannot be imported (ValueError); expected the dotted path of a function.",
    ),
    ("E004", {"CUSTOMER": f"{site}.TAG"}, "RR_SNIPPET.CUSTOMER: not callable; expected a function or its dotted path."),
    ("E004", {"exclude": True}, "RR_SNIPPET.exclude: not callable; expected a function or its dotted path."),
    (
        "E005",
        {"CUSTOMER": f"{site}.async_customer"},
        "RR_SNIPPET.CUSTOMER: an async function; expected an ordinary one.",
    ),
    ("E006", {"VARIANT": "both"}, "RR_SNIPPET.VARIANT: wrong value; expected auto, region, no-region."),
    ("E006", {"PHONE_CHECK": "strict"}, "RR_SNIPPET.PHONE_CHECK: wrong value; expected shape, possible, valid."),
    (
        "E006",
        {"PHONE_REGION": "Russia"},
        "RR_SNIPPET.PHONE_REGION: wrong value; expected a two-letter country code such as RU.",
    ),
    ("E006", {"REQUIRE_CONSENT": 1}, "RR_SNIPPET.REQUIRE_CONSENT: wrong value; expected True or False."),
    ("E006", {"PRETTY": "yes"}, "RR_SNIPPET.PRETTY: wrong value; expected True or False."),
    ("E006", {"DEBUG_BLOCK": None}, "RR_SNIPPET.DEBUG_BLOCK: wrong value; expected True or False."),
    (
        "E006",
        {"PAYLOAD_MAX_CHARS": 0},
        "RR_SNIPPET.PAYLOAD_MAX_CHARS: wrong value; expected a whole number from 1.",
    ),
    ("E006", {"ON_ERROR": "ignore"}, "RR_SNIPPET.ON_ERROR: wrong value; expected auto, raise, log."),
    ("E006", {"RESPECT_GPC": "1"}, "RR_SNIPPET.RESPECT_GPC: wrong value; expected True or False."),
    ("E006", {"RESPECT_DNT": 1}, "RR_SNIPPET.RESPECT_DNT: wrong value; expected True or False."),
    ("E006", {"ALLOW_CACHED": None}, "RR_SNIPPET.ALLOW_CACHED: wrong value; expected True or False."),
    (
        "E007",
        {"VARIANT": "auto", "variant": "auto"},
        "RR_SNIPPET.variant: given twice, in different letter case; expected once.",
    ),
]


@pytest.mark.parametrize(("number", "settings", "text"), SPOILT)
def test_wrong_setting_is_told_with_a_hint(number: str, settings: object, text: str) -> None:
    ((told, message, hint),) = found(RR_SNIPPET=settings)
    assert (told, message) == (f"rr_snippet.{number}", text)
    assert hint


def test_command_prints_it() -> None:
    errors = io.StringIO()
    with (
        override_settings(RR_SNIPPET={"VARIANT": "both", "CUSTOMER": 5}),
        pytest.raises(SystemCheckError) as error,
    ):
        call_command("check", stderr=errors)
    assert str(error.value) == (
        "SystemCheckError: System check identified some issues:\n\nERRORS:\n"
        "?: (rr_snippet.E004) RR_SNIPPET.CUSTOMER: not callable; expected a function or its dotted path.\n"
        "\tHINT: Give a function, or the dotted path of one, that takes the request.\n"
        "?: (rr_snippet.E006) RR_SNIPPET.VARIANT: wrong value; expected auto, region, no-region.\n"
        "\tHINT: See the table of settings in docs/reference/settings.md.\n"
        "\nSystem check identified 2 issues (0 silenced)."
    )


def test_every_code_of_a_setting_has_a_number_and_a_hint() -> None:
    told = set(re.findall(r"option\.[a-z]+", inspect.getsource(Settings.of))) | {"option.value"}
    assert _ERRORS.keys() >= told
    assert {number for number, _, _ in SPOILT} == {number for number, _ in _ERRORS.values()}
    assert all(hint.endswith(".") for _, hint in _ERRORS.values())


@pytest.mark.parametrize(
    ("settings", "numbers"),
    [
        ({"CUSTOMER": f"{site}.customer"}, ["E009"]),
        ({"CUSTOMER": None}, ["W001"]),
        ({"CUSTOMER": f"{site}.customer", "DEFERRED": True}, ["E008", "W001"]),
        ({}, ["W009", "W001"]),
        ({"VARIANT": "both"}, ["E006", "W001"]),
    ],
)
def test_missing_middleware_is_an_error_where_there_is_a_customer(
    settings: Mapping[str, Any], numbers: list[str]
) -> None:
    told = found(RR_SNIPPET=settings, MIDDLEWARE=["django.middleware.common.CommonMiddleware", "shop.nothing"])
    assert [number for number, _, _ in told] == [f"rr_snippet.{number}" for number in numbers]
    assert told[-1][1:] == (
        "Nothing can keep a page with a block from other visitors, so no page gets one.",
        f"Put {OURS} first in MIDDLEWARE.",
    )


def test_missing_customer_is_a_warning() -> None:
    ((number, text, hint),) = found(RR_SNIPPET={})
    assert (number, text, hint) == (
        "rr_snippet.W009",
        "RR_SNIPPET has no CUSTOMER: only tags that are given a customer have a block.",
        'Write RR_SNIPPET = {"CUSTOMER": "shop.tracking.customer"}, or None in its place.',
    )
    assert found(RR_SNIPPET={"CUSTOMER": None}) == []


CONDITIONAL = "django.middleware.http.ConditionalGetMiddleware"


def test_middleware_inside_of_what_answers_304_is_a_warning() -> None:
    assert ids(MIDDLEWARE=[OURS, CONDITIONAL]) == ids(MIDDLEWARE=[OURS, CONDITIONAL, OURS]) == []
    ((number, text, hint),) = found(MIDDLEWARE=[CONDITIONAL, OURS])
    assert (number, text, hint) == (
        "rr_snippet.W008",
        f"{CONDITIONAL} adds what brings a page back, after {OURS} has seen it leave.",
        f"Put {OURS} above it in MIDDLEWARE, or {OURS} first.",
    )
    assert ids(MIDDLEWARE=[*SITE_CACHE, OURS]) == ["rr_snippet.W008"]


PAGES = "rr_snippet.integrations.django.pages.RRSnippetPages"
GZIP = "django.middleware.gzip.GZipMiddleware"


def test_pages_middleware_outside_of_what_finishes_pages_is_a_warning() -> None:
    policy = {"DIRECTIVES": {"script-src": [NONCE]}}
    assert ids(MIDDLEWARE=[GZIP, OTHER_CSP, PAGES], CONTENT_SECURITY_POLICY=policy) == []
    told = found(MIDDLEWARE=[PAGES, GZIP, "django.middleware.common.CommonMiddleware", OTHER_CSP])
    assert told == [
        (
            "rr_snippet.W004",
            f"{inner} has finished with a page before {PAGES} puts the block into it.",
            f"Put {PAGES} below it in MIDDLEWARE.",
        )
        for inner in (GZIP, OTHER_CSP)
    ]


def test_pages_middleware_inside_of_the_sites_cache_is_a_warning() -> None:
    assert ids(MIDDLEWARE=[PAGES, *SITE_CACHE]) == []
    ((number, text, hint),) = found(MIDDLEWARE=[SITE_CACHE[0], PAGES, SITE_CACHE[1]])
    assert (number, text) == (
        "rr_snippet.W005",
        f"{SITE_CACHE[0]} keeps pages without a block, and {PAGES} never sees them again.",
    )
    assert hint == f"Put {PAGES} above it in MIDDLEWARE."


def test_function_in_the_place_of_a_middleware_is_not_ours() -> None:
    assert ids(MIDDLEWARE=[f"{site}.customer"]) == ["rr_snippet.E009"]


@pytest.mark.parametrize(
    ("policy", "numbers"),
    [
        (None, []),
        ({}, []),
        ({"EXCLUDE_URL_PREFIXES": []}, ["W002"]),
        ({"DIRECTIVES": None}, ["W002"]),
        ({"DIRECTIVES": {"script-src": [SELF]}}, ["W002"]),
        ({"DIRECTIVES": {"script-src": [SELF, NONCE]}}, []),
        ({"DIRECTIVES": {"script-src": {SELF, NONCE}}}, []),
        ({"DIRECTIVES": {"default-src": [NONCE]}}, []),
        ({"DIRECTIVES": {"default-src": None}}, []),
        ({"DIRECTIVES": {"script-src": [NONCE], "script-src-elem": [SELF]}}, ["W002"]),
        ({"DIRECTIVES": {"script-src": f"{SELF} {UNSAFE_INLINE}"}}, []),
        ({"DIRECTIVES": {"script-src": [UNSAFE_INLINE, "'sha256-abc='"]}}, ["W002"]),
        ({"DIRECTIVES": {"script-src": [UNSAFE_INLINE, "'strict-dynamic'"]}}, ["W002"]),
        ({"DIRECTIVES": {"script-src": ["'nonce-fixedByProxy'"]}}, []),
        ({"DIRECTIVES": {"script-src": True}}, ["W002"]),
    ],
)
def test_policy_that_blocks_the_block_is_a_warning(policy: Mapping[str, Any] | None, numbers: list[str]) -> None:
    told = ids(MIDDLEWARE=[OURS, OTHER_CSP], CONTENT_SECURITY_POLICY=policy)
    assert told == [f"rr_snippet.{number}" for number in numbers]


def test_policy_without_its_middleware_is_none() -> None:
    assert ids(CONTENT_SECURITY_POLICY={"DIRECTIVES": {}}, SECURE_CSP={"script-src": [SELF]}) == []


def test_two_policies_are_a_warning() -> None:
    ((number, text, _),) = found(
        MIDDLEWARE=[OURS, OWN_CSP, OTHER_CSP],
        CONTENT_SECURITY_POLICY={"DIRECTIVES": {"script-src": [NONCE]}},
        SECURE_CSP={"script-src": ["<CSP_NONCE_SENTINEL>"]},
    )
    assert number == "rr_snippet.W003"
    expected = "SECURE_CSP and CONTENT_SECURITY_POLICY are both in use, but only one of them gets into the header."
    assert text == expected
