"""The policy of the integrations, without any framework."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import pytest

from rr_snippet import Customer, RenderError, RenderOptions, render_snippet
from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._caching_calls import CachingCalls
from rr_snippet.integrations._headers import departing, private_cache_control, vary_on_cookie
from rr_snippet.integrations._nonces import find_nonce, request_nonces
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._settings import KEYS, OPTION_KEYS, Settings, ask_for_customer, is_async
from rr_snippet.integrations._visit import Visit
from tests.integrations.support import block, records

ANNA = {"customerId": "anna"}


def find_customer(request: object) -> dict[str, str]:
    return ANNA


async def load_customer(request: object) -> dict[str, str]:
    return ANNA


class AsyncFinder:
    async def __call__(self, request: object) -> dict[str, str]:
        return ANNA


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_every_option_of_a_rendering_is_a_setting() -> None:
    assert list(OPTION_KEYS.values()) == [field.name for field in fields(RenderOptions)]
    assert "DEBUG" not in KEYS


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title])
def test_settings_are_read_in_any_letter_case(case: Any) -> None:
    raw = {
        "CUSTOMER": f"{__name__}.find_customer",
        "VARIANT": "region",
        "PRETTY": True,
        "DEBUG_BLOCK": True,
        "PAYLOAD_MAX_CHARS": 1000,
        "PHONE_REGION": "RU",
        "PHONE_CHECK": "valid",
        "REQUIRE_CONSENT": True,
        "PHONE_CLEAN": True,
        "DROP_FAULTY": True,
        "ON_ERROR": "log",
        "EXCLUDE": find_customer,
        "RESPECT_GPC": True,
        "RESPECT_DNT": True,
        "ALLOW_CACHED": True,
        "DEFERRED": True,
        "DEFERRED_PREFIX": "/card/",
        "DEFERRED_MARKER": "known",
    }
    assert raw.keys() == set(KEYS)
    assert Settings.of({case(name): value for name, value in raw.items()}) == Settings(
        customer=find_customer,
        options=RenderOptions("region", True, True, 1000, "RU", "valid", True, True, True),
        on_error="log",
        exclude=find_customer,
        respect_gpc=True,
        respect_dnt=True,
        allow_cached=True,
        deferred=True,
        deferred_prefix="/card/",
        deferred_marker="known",
    )


@pytest.mark.parametrize("raw", [None, {}])
def test_no_settings_are_the_defaults(raw: object) -> None:
    assert Settings.of(raw) == Settings()
    assert Settings().customer is ask_for_customer


def test_every_wrong_setting_is_told_at_once() -> None:
    with pytest.raises(OptionError) as error:
        Settings.of({"VARIANT": "both", "Phone_Region": ["RU"], "EXCLUD": 1, "CUSTOMER": 1, "customer": 2, None: 3})
    assert [(problem.code, problem.path) for problem in error.value.problems] == [
        ("option.value", "RR_SNIPPET.VARIANT"),
        ("option.value", "RR_SNIPPET.Phone_Region"),
        ("option.unknown", "RR_SNIPPET.EXCLUD"),
        ("option.callable", "RR_SNIPPET.CUSTOMER"),
        ("option.twice", "RR_SNIPPET.customer"),
        ("option.unknown", "RR_SNIPPET.None"),
    ]
    assert "did you mean EXCLUDE" in str(error.value)


@pytest.mark.parametrize("function", [load_customer, AsyncFinder(), f"{__name__}.load_customer"])
def test_async_functions_are_for_async_doors(function: object) -> None:
    with pytest.raises(OptionError) as error:
        Settings.of({"CUSTOMER": function})
    assert error.value.code == "option.async"
    assert is_async(Settings.of({"CUSTOMER": function}, takes_async=True).customer)  # type: ignore[arg-type]
    with pytest.raises(OptionError):
        Settings.of({"EXCLUDE": function}, takes_async=True)


def test_nested_names_can_be_given_as_paths() -> None:
    assert Settings.of({"CUSTOMER": f"{__name__}:find_customer"}).customer is find_customer


# --- Visit ------------------------------------------------------------------------------------------------------------


class Door(Visit):
    """A visit with everything set by the test."""

    def __init__(self, settings: Settings | Exception | None = None, *, debug: bool = False, **headers: str) -> None:
        self.request = SimpleNamespace(headers=headers)
        self.said = Settings(customer=find_customer) if settings is None else settings
        self.debug = debug
        self.marked = 0
        self.read = 0
        self.place: Exception | None = None

    @property
    def is_debug(self) -> bool:
        return self.debug

    def settings(self) -> Settings:
        if isinstance(self.said, Exception):
            raise self.said
        return self.said

    def nonces(self) -> Iterator[object]:
        self.read += 1
        yield "abc"

    def check_place(self, settings: Settings) -> None:
        if self.place is not None:
            raise self.place

    def mark_private(self, block: str, settings: Settings) -> None:
        self.marked += 1


def test_a_block_marks_the_response_as_private() -> None:
    door = Door()
    assert door.render() == block("anna", nonce="abc")
    assert (door.marked, door.read) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "headers", "reason"),
    [
        ({"customer": lambda _: None}, {}, "anonymous"),
        ({"customer": None}, {}, "anonymous"),
        ({"exclude": lambda _: 1}, {}, "excluded"),
        ({"respect_gpc": True}, {"Sec-GPC": "1"}, "gpc"),
        ({"respect_dnt": True}, {"DNT": "1"}, "dnt"),
        ({"respect_dnt": True, "respect_gpc": True, "exclude": lambda _: 1}, {"DNT": "1", "Sec-GPC": "1"}, "gpc"),
    ],
)
def test_no_block_reads_and_marks_nothing(changes: dict[str, Any], headers: dict[str, str], reason: str) -> None:
    settings = replace(Settings(customer=find_customer), **changes)
    door = Door(settings, **headers)
    assert door.render() == ""
    assert (door.marked, door.read) == (0, 0)
    assert Door(settings, debug=True, **headers).render() == f"<!-- rr-snippet: no block ({reason}) -->"


def test_place_is_checked_before_the_visitor_is_known(caplog: pytest.LogCaptureFixture) -> None:
    """Otherwise a mistake in a template would show only when a customer visits."""
    settings = Settings(customer=None)
    door = Door(settings)
    door.place = RenderError(Problem.of("cache.fragment"))
    assert door.render() == ""
    assert records(caplog) == [("ERROR", "no block: cache.fragment")]
    door = Door(replace(settings, on_error="log"), debug=True)
    door.place = RenderError(Problem.of("cache.fragment"))
    assert door.render() == "<!-- rr-snippet: no block (cached: cache.fragment) -->"


@pytest.mark.parametrize(
    ("on_error", "debug", "raises"),
    [
        ("auto", True, True),
        ("auto", False, False),
        ("raise", False, True),
        ("raise", True, True),
        ("log", True, False),
        ("log", False, False),
    ],
)
def test_on_error_decides(on_error: Any, debug: bool, raises: bool) -> None:
    door = Door(Settings(on_error=on_error), debug=debug)
    if raises:
        with pytest.raises(ValueError, match="customer_id"):
            door.render({})
    else:
        assert "<script" not in door.render({})
    assert door.marked == 0


def test_settings_that_cannot_be_read_are_an_error_like_any_other(caplog: pytest.LogCaptureFixture) -> None:
    wrong = OptionError(Problem.of("option.type", "RR_SNIPPET"))
    assert Door(wrong).render() == ""
    assert records(caplog) == [("ERROR", "no block: option.type")]
    with pytest.raises(OptionError):
        Door(wrong, debug=True).render()


@pytest.mark.parametrize(
    ("arguments", "record"),
    [
        ({"customer": {"customerId": "", "phone": "anna"}}, ("WARNING", "no block: customer_id.blank, phone.shape")),
        ({"nonce": "anna<"}, ("ERROR", "no block: nonce.shape")),
        ({"variant": "region"}, ("ERROR", "no block: variant.stock_missing")),
        ({"varian": "region"}, ("ERROR", "no block: option.unknown")),
        ({"nonce": lambda: 1 / 0}, ("ERROR", "no block: site.failed ZeroDivisionError")),
    ],
)
def test_one_record_with_codes_only(
    arguments: dict[str, Any], record: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert Door().render(**arguments) == ""
    assert records(caplog) == [record]
    assert "anna" not in caplog.text


@pytest.mark.parametrize(
    ("on_error", "debug", "raises"), [("auto", True, True), ("raise", False, True), ("auto", False, False)]
)
def test_fault_found_after_the_block_is_reported_in_the_same_way(
    on_error: Any, debug: bool, raises: bool, caplog: pytest.LogCaptureFixture
) -> None:
    error = RenderError(Problem.of("cache.fragment"), Problem.of("response.sent"))
    door = Door(Settings(on_error=on_error), debug=debug)
    if raises:
        with pytest.raises(RenderError):
            door.report(error, "not stored")
    else:
        door.report(error, "not stored")
        assert records(caplog) == [("ERROR", "not stored: cache.fragment, response.sent")]


def test_what_ends_the_process_is_not_held_back() -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Door(Settings(customer=interrupted)).render()


def test_bare_visit_knows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert Visit().render(Customer(customer_id="anna")) == block("anna")
    assert Visit().header("DNT") is None
    assert Visit().render() == ""
    assert records(caplog) == [("ERROR", "no block: option.customer")]


def test_options_of_a_call_are_laid_over_the_settings() -> None:
    settings = Settings(options=RenderOptions(pretty=True))
    assert Door(settings).render(ANNA, debug=True, nonce=False) == render_snippet(ANNA, pretty=True, debug=True)


def test_what_is_left_out_is_logged_by_code(caplog: pytest.LogCaptureFixture) -> None:
    door = Door(Settings(options=RenderOptions(drop_faulty=True)))
    assert door.render({**ANNA, "phone": "12", "email": "anna@"}, nonce=False) == block("anna")
    assert records(caplog) == [("WARNING", "left out of the block: email.shape, phone.too_short")]
    caplog.clear()
    assert door.render(ANNA, nonce=False) == block("anna")
    assert records(caplog) == []


def test_unset_is_not_none() -> None:
    assert repr(UNSET) == "<Unset.UNSET: 'UNSET'>"
    assert Door().render(UNSET) == block("anna", nonce="abc")
    assert Door().render(None) == ""


# --- Nonce ------------------------------------------------------------------------------------------------------------


class FalseUntilRead:
    """A nonce like the lazy ones of Django 6 and django-csp."""

    def __init__(self) -> None:
        self.was_read = False

    def __bool__(self) -> bool:
        return self.was_read

    def __str__(self) -> str:
        self.was_read = True
        return "lazy"


@pytest.mark.parametrize(
    ("candidates", "nonce"),
    [
        ([], None),
        ([None], None),
        ([""], None),
        (["abc"], "abc"),
        ([None, "", "abc", "def"], "abc"),
        ([FalseUntilRead()], "lazy"),
        ([lambda: "called"], "called"),
        ([lambda: None, lambda: "", "abc"], "abc"),
        ([FalseUntilRead], "lazy"),
        ([False, "abc"], None),
        ([True, "abc"], "abc"),
    ],
)
def test_first_nonce_is_taken(candidates: list[object], nonce: str | None) -> None:
    assert find_nonce(candidates) == nonce
    assert find_nonce([], candidates, ["late"]) == (nonce if nonce or False in candidates else "late")


def test_candidates_behind_the_first_nonce_are_not_looked_at() -> None:
    def candidates() -> Iterator[object]:
        yield "abc"
        raise AssertionError

    assert find_nonce(candidates()) == "abc"


def test_nonce_is_looked_for_on_the_request() -> None:
    assert list(request_nonces(None)) == [None, None]
    request = SimpleNamespace(csp_nonce="a", state=SimpleNamespace(csp_nonce="b"))
    assert list(request_nonces(request)) == ["a", "b"]


# --- Headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "private"),
        ("public", "private"),
        ("private", "private"),
        ("Private, max-age=60", "private, max-age=60"),
        ("PUBLIC, max-age=60, s-maxage=600", "private, max-age=60"),
        ("max-age=60,S-MaxAge = 5 ,no-transform", "private, max-age=60, no-transform"),
        ("no-store", "private, no-store"),
        ("no-cache, no-store, must-revalidate", "private, no-cache, no-store, must-revalidate"),
        ('private="Set-Cookie, X-User"', "private"),
        ('no-cache="a, public, b", public', 'private, no-cache="a, public, b"'),
        (r'x="a\", public, b"', r'private, x="a\", public, b"'),
        ('x="never closed, public', 'private, x="never closed'),
        (" , ,", "private"),
    ],
)
def test_cache_control_becomes_private(value: str, expected: str) -> None:
    assert private_cache_control(value) == expected
    assert private_cache_control(expected) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "Cookie"),
        ("Cookie", "Cookie"),
        ("cookie", "cookie"),
        ("Accept-Encoding", "Accept-Encoding, Cookie"),
        ("Accept , COOKIE", "Accept, COOKIE"),
        ("*", "*"),
        ("Accept, *", "*"),
    ],
)
def test_vary_names_the_cookie(value: str, expected: str) -> None:
    assert vary_on_cookie(value) == expected


def test_headers_that_shared_caches_obey_first_are_removed() -> None:
    headers = [
        ("content-type", "text/html"),
        ("cache-control", "public"),
        ("Cache-Control", "max-age=5"),
        ("vary", "Accept"),
        ("CDN-Cache-Control", "max-age=60"),
        ("Cloudflare-CDN-Cache-Control", "max-age=60"),
        ("Surrogate-Control", "max-age=60"),
        ("Edge-Control", "cache-maxage=60m"),
        ("X-Accel-Expires", "60"),
        ("Surrogate-Key", "shop"),
    ]
    assert departing(headers, is_private=True) == {
        "CDN-Cache-Control": None,
        "Cloudflare-CDN-Cache-Control": None,
        "Surrogate-Control": None,
        "Edge-Control": None,
        "X-Accel-Expires": None,
        "Cache-Control": "private, max-age=5",
        "Vary": "Accept, Cookie",
    }


# --- Calls ------------------------------------------------------------------------------------------------------------


class Store:
    def keep(self, make: Callable[[], bool]) -> bool:
        return make()


def test_call_that_stores_is_seen_from_inside() -> None:
    calls = CachingCalls(("not.loaded", "Store", "keep"), (__name__, "Store", "keep"))
    assert Store().keep(lambda: calls.is_one_running())
    assert not calls.is_one_running()
    assert not Store().keep(CachingCalls(("not.loaded", "Store", "keep")).is_one_running)


def test_policy_needs_no_framework() -> None:
    import subprocess

    code = (
        "import sys; import rr_snippet.integrations._visit, rr_snippet.integrations.jinja; "
        "print({'django', 'flask', 'starlette', 'litestar', 'asgiref', 'werkzeug'} & sys.modules.keys())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


# --- Codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "details", "text"),
    [
        ("option.type", {}, "not a mapping; expected a mapping of names to values"),
        ("option.unknown", {"suggestion": "VARIANT"}, "unknown option; did you mean VARIANT?"),
        ("option.value", {"expected": "True or False"}, "wrong value; expected True or False"),
        ("option.twice", {}, "given twice, in different letter case; expected once"),
        (
            "option.import",
            {"error": "ModuleNotFoundError"},
            "cannot be imported (ModuleNotFoundError); expected the dotted path of a function",
        ),
        ("option.callable", {}, "not callable; expected a function or its dotted path"),
        ("option.async", {}, "an async function; expected an ordinary one"),
        ("option.customer", {}, "required wherever no customer is passed"),
        ("option.taken", {}, "the name already stands for something else in this environment"),
        (
            "cache.fragment",
            {},
            "inside a cached fragment, which other visitors get too; expected a place outside it",
        ),
        (
            "request.missing",
            {},
            "no request in the template's context; render with the request, and import macros with context",
        ),
        (
            "response.sent",
            {},
            "the headers of the response have already been sent; call prepare(request) before streaming",
        ),
        ("site.failed", {"error": "KeyError"}, "the site's own code raised KeyError"),
    ],
)
def test_codes_of_the_doors_say(code: str, details: dict[str, str], text: str) -> None:
    assert str(Problem.of(code, "there", **details)) == f"there: {text} [{code}]"
