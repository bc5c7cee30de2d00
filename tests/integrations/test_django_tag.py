"""What the tag renders, in both engines, and what it does when it cannot."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.template import Context, RequestContext, Template, engines
from django.test import Client, RequestFactory, override_settings
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext, gettext_lazy, override
from markupsafe import Markup

from rr_snippet import Customer, CustomerError, render_snippet
from rr_snippet.errors import OptionError, RenderError
from rr_snippet.integrations.django import render
from tests.integrations.django_site import PrivateError, watched
from tests.integrations.django_site import __name__ as site
from tests.integrations.support import block, page, records

ANNA = {"customerId": "anna"}


def request(shopper: str | None = "anna", **headers: str) -> HttpRequest:
    made = watched(RequestFactory(headers=headers).get("/"))
    if shopper is not None:
        made.COOKIES["shopper"] = shopper
    return made


def rendered(source: str, **values: Any) -> str:
    return Template("{% load rr_snippet %}" + source).render(RequestContext(request(), values))


def rendered_by_jinja(source: str, asked: HttpRequest | None = None, **values: Any) -> str:
    return engines["jinja"].from_string(source).render(values, asked or request())


def site_settings(**changes: object) -> dict[str, object]:
    return {"CUSTOMER": f"{site}.customer", **changes}


PLACES = [
    "{% rr_customer %}",
    "{% rr_customer customer %}",
    "{% rr_customer customer=customer %}",
    "{% rr_customer as snippet %}{{ snippet }}",
    "{% autoescape off %}{% rr_customer %}{% endautoescape %}",
    "{% autoescape off %}{% rr_customer as snippet %}{{ snippet }}{% endautoescape %}",
    "{% with snippet=block %}{{ snippet }}{% endwith %}",
    "{{ block|default:'none' }}",
    "{% rr_customer as snippet %}{% include inner only %}",
]


@pytest.mark.parametrize("source", PLACES)
def test_tag_gives_the_block_as_it_is(source: str) -> None:
    inner = Template("{% load rr_snippet %}{% rr_customer %}")
    assert rendered(source, customer=ANNA, block=render(request()), inner=inner) == block("anna")


@pytest.mark.parametrize(
    "source",
    [
        "{{ rr_customer() }}",
        "{{ rr_customer(customer) }}",
        "{{ rr_customer(customer=customer) }}",
        "{{ customer|rr_customer }}",
        "{% set snippet = rr_customer() %}{{ snippet }}",
        "{% set snippet %}{{ rr_customer() }}{% endset %}{{ snippet }}",
        "{% autoescape false %}{{ rr_customer() }}{% endautoescape %}",
        "{{ block }}",
        "{{ rr_customer()|e }}",
    ],
)
def test_jinja_engine_gives_the_same(source: str) -> None:
    assert rendered_by_jinja(source, customer=ANNA, block=render(request())) == block("anna")


def test_block_mixes_with_safe_text_of_django() -> None:
    snippet = render(request())
    assert format_html("<p>{}</p>", snippet) == page("anna")
    assert conditional_escape(snippet) == block("anna")


def test_block_is_a_text_like_any_other() -> None:
    snippet = render(request())
    for copied in (copy.copy(snippet), pickle.loads(pickle.dumps(snippet)), snippet.strip(), Markup(snippet)):
        assert copied == snippet == block("anna")
        assert f"{copied}" == str(copied) == block("anna")
    assert Markup("<p>") + snippet + Markup("</p>") == page("anna")


def test_a_passed_customer_goes_before_the_sites_own() -> None:
    assert rendered("{% rr_customer customer %}", customer={"customerId": "boris"}) == block("boris")
    assert render(request(), Customer(customer_id="boris")) == block("boris")


@pytest.mark.parametrize("nobody", [None, SimpleLazyObject(lambda: None)])
def test_none_is_the_anonymous_visitor(nobody: object) -> None:
    assert rendered("{% rr_customer customer %}", customer=nobody) == ""
    assert render(request(), nobody) == ""


def test_a_lazy_customer_is_a_customer() -> None:
    assert render(request(), SimpleLazyObject(lambda: Customer(customer_id="boris"))) == block("boris")
    assert render(request(), SimpleLazyObject(lambda: {"customerId": "boris"})) == block("boris")


def gold(_request: HttpRequest | None = None) -> dict[str, Any]:
    return {
        "customerId": "anna",
        "customData": {gettext_lazy("Yes"): gettext_lazy("No")},
        "softLinks": [{"name": "card", "value": gettext_lazy("Monday")}],
    }


@override_settings(RR_SNIPPET={"CUSTOMER": gold})
def test_lazy_translations_are_texts_of_the_language_of_the_request() -> None:
    with override("ru"):
        said = {"Yes": "Да", "No": "Нет", "Monday": "Понедельник"}
        said = {key: gettext(key) for key in said}
        expected = render_snippet(
            {
                "customerId": "anna",
                "customData": {said["Yes"]: said["No"]},
                "softLinks": [{"name": "card", "value": said["Monday"]}],
            }
        )
        assert said["Monday"] == "понедельник".capitalize()
        assert rendered("{% rr_customer %}") == expected
        assert rendered("{% rr_customer customer %}", customer=gold()) == expected


def test_a_name_that_means_nothing_is_no_anonymous_visitor(caplog: pytest.LogCaptureFixture) -> None:
    assert rendered("{% rr_customer customre %}") == ""
    assert records(caplog) == [("ERROR", "no block: customer.type str")]


def test_options_of_the_tag_go_before_the_settings() -> None:
    moscow = {"customerId": "1", "defaultStockId": "7"}
    with override_settings(RR_SNIPPET=site_settings(VARIANT="no-region", PRETTY=True)):
        assert rendered("{% rr_customer %}") == render_snippet(ANNA, pretty=True)
        assert rendered("{% rr_customer customer variant='region' %}", customer=moscow) == render_snippet(
            moscow, pretty=True
        )
        assert rendered("{% rr_customer pretty=False debug=True %}") == render_snippet(ANNA, debug=True)


def test_settings_are_read_again_when_they_change() -> None:
    with override_settings(RR_SNIPPET={"customer": lambda _: {"customerId": "boris"}}):
        assert render(request()) == block("boris")
    assert render(request()) == block("anna")


def test_customer_switched_off_gives_no_block() -> None:
    with override_settings(RR_SNIPPET={"CUSTOMER": None}):
        assert render(request()) == ""
        assert render(request(), ANNA) == block("anna")


@pytest.mark.parametrize("settings", [{}, None])
def test_without_a_customer_function_one_has_to_be_passed(settings: object, caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(RR_SNIPPET=settings):
        assert render(request(), ANNA) == block("anna")
        assert render(request()) == ""
        assert records(caplog) == [("ERROR", "no block: option.customer")]
        with override_settings(DEBUG=True), pytest.raises(OptionError):
            render(request())


@pytest.mark.parametrize(
    ("settings", "headers", "reason"),
    [
        ({"CUSTOMER": lambda _: None}, {}, "anonymous"),
        ({"RESPECT_GPC": True}, {"Sec-GPC": "1"}, "gpc"),
        ({"RESPECT_DNT": True}, {"DNT": "1"}, "dnt"),
        ({"EXCLUDE": lambda asked: "anna" in asked.COOKIES.values()}, {}, "excluded"),
        (
            {"ON_ERROR": "log", "CUSTOMER": f"{site}.bad_customer"},
            {},
            "invalid: email.shape, phone.shape, field.unknown",
        ),
        ({"ON_ERROR": "log", "CUSTOMER": f"{site}.failing_customer"}, {}, "invalid: site.failed"),
    ],
)
def test_in_debug_a_comment_says_why_there_is_no_block(
    settings: dict[str, object], headers: dict[str, str], reason: str
) -> None:
    with override_settings(RR_SNIPPET=site_settings(**settings)):
        assert render(request(**headers)) == ""
        with override_settings(DEBUG=True):
            said = render(request(**headers))
    assert said == f"<!-- rr-snippet: no block ({reason}) -->"


@pytest.mark.parametrize(
    ("settings", "headers"), [({}, {"Sec-GPC": "1", "DNT": "1"}), ({"RESPECT_GPC": True}, {"Sec-GPC": "0"})]
)
def test_opt_outs_are_respected_only_where_asked_for(settings: dict[str, object], headers: dict[str, str]) -> None:
    with override_settings(RR_SNIPPET=site_settings(**settings)):
        assert render(request(**headers)) == block("anna")


def test_in_debug_an_error_is_raised_as_it_is() -> None:
    failing = site_settings(CUSTOMER=f"{site}.failing_customer")
    with override_settings(DEBUG=True, RR_SNIPPET=failing), pytest.raises(PrivateError):
        render(request())
    with override_settings(DEBUG=True), pytest.raises(CustomerError):
        render(request(), {})


def test_in_production_a_failing_function_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(RR_SNIPPET=site_settings(CUSTOMER=f"{site}.failing_customer")):
        assert rendered("{% rr_customer %}") == ""
    assert records(caplog) == [("ERROR", "no block: site.failed PrivateError")]


def test_a_bad_customer_in_the_database_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    call_command("migrate", verbosity=0)
    User.objects.create(username="anna", email="anna at shop.ru", first_name="Анна")

    def from_database(_: HttpRequest) -> dict[str, str]:
        user = User.objects.get(username="anna")
        return {"customerId": user.pk, "email": user.email, "phone": user.first_name}

    with override_settings(RR_SNIPPET={"CUSTOMER": from_database}):
        response = Client().get("/page/shop.html")
    connection.close()
    assert (response.status_code, response.content.decode()) == (200, page(None))
    assert records(caplog) == [("WARNING", "no block: email.shape, phone.shape")]
    assert "Cache-Control" not in response


@pytest.mark.parametrize("url", ["/page/shop.jinja", "/page/macro-with.jinja"])
def test_jinja_engine_finds_the_customer(url: str) -> None:
    assert Client(headers={"Cookie": "shopper=anna"}).get(url).content.decode() == page("anna")


def test_macro_imported_without_context_is_told(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(headers={"Cookie": "shopper=anna"})
    assert client.get("/page/macro-without.jinja").content.decode() == page(None)
    assert records(caplog) == [("ERROR", "no block: request.missing")]
    with override_settings(DEBUG=True), pytest.raises(RenderError, match=r"import macros with context"):
        client.get("/page/macro-without.jinja")


def test_overlay_of_a_django_engine_is_djangos_too(caplog: pytest.LogCaptureFixture) -> None:
    overlay = engines["jinja"].env.overlay()
    assert overlay.from_string("{{ rr_customer(customer) }}").render(customer=ANNA) == ""
    assert records(caplog) == [("ERROR", "no block: request.missing")]


def test_plain_context_with_a_request_in_it_will_do() -> None:
    template = Template("{% load rr_snippet %}{% rr_customer %}")
    assert template.render(Context({"request": request()})) == block("anna")
