"""Notices about a customer: with the names that were typed, with warnings beside errors, and explained."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rr_snippet import Customer, CustomerError, messages
from rr_snippet.check.rulebook import RULES
from rr_snippet.customer.rules import DEFAULT_RULES
from rr_snippet.customer.strict_json import decode_json
from rr_snippet.preview.beside import warnings_beside
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.explanations import as_html, explanation
from rr_snippet.preview.knowledge import known_of
from rr_snippet.preview.languages import preferred_language
from rr_snippet.preview.notices import path_as_typed
from rr_snippet.preview.words import Words

DATA = {
    "customer_id": "1",
    "mail": "x",
    "customData": {"city?": "a", " ": "b"},
    "soft_links": [{"Name": "card", "Value": "1"}, {"name": "phone", "value": ""}, "odd", {"name": 5}],
}


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("email", "email"),
        ("", ""),
        ("[1]", "«mail»"),
        ("customData[0]", "customData «city?»"),
        ("customData[1]", "customData #2"),
        ("softLinks[0].value", "softLinks «card» value"),
        ("softLinks[1]", "softLinks «phone»"),
        ("softLinks[2]", "softLinks #3"),
        ("softLinks[3].name", "softLinks #4 name"),
        ("softLinks[9]", "softLinks #10"),
        ("mobilePushSubscription.fcmSubscription.token", "mobilePushSubscription.fcmSubscription.token"),
        ("mobilePushSubscription[0]", "mobilePushSubscription #1"),
    ],
)
def test_places_have_the_names_that_were_typed(path: str, typed: str) -> None:
    assert path_as_typed(path, DATA) == typed


def test_soft_links_as_a_mapping_have_names_too() -> None:
    assert path_as_typed("softLinks[1].value", {"softLinks": {"a": "1", "b": ""}}) == "softLinks «b» value"
    assert path_as_typed("customData[0]", None) == "customData #1"


WARNED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        EXAMPLES["wrong"].data(),
        [
            ("custom_data.key_unsafe", "customData[1]"),
            ("soft_link.email", "softLinks[1].value"),
            ("consent.not_unsubscribe", "isAgreedToReceiveMarketingMail"),
        ],
    ),
    ({"customerId": "0", "phone": "1", "mail": 1}, [("customer_id.placeholder", "customerId")]),
    (
        {"customerId": " ", "softLinks": {" ": "1", "a": 1.5, "b": "anna@shop.ru"}},
        [("soft_link.email", "softLinks[2].value")],
    ),
    ({"customerId": "1", "customData": 5, "email": "noreply@shop.ru"}, [("email.placeholder", "email")]),
    (
        {"customerId": "1", "customData": {"a?": "1", "b": 2, "c?": "3"}},
        [("custom_data.key_unsafe", "customData[0]"), ("custom_data.key_unsafe", "customData[2]")],
    ),
]


@pytest.mark.parametrize(("data", "warnings"), WARNED)
def test_warnings_stand_beside_errors(data: dict[str, Any], warnings: list[tuple[str, str]]) -> None:
    with pytest.raises(CustomerError) as caught:
        Customer.parse(data)
    found = warnings_beside(data, caught.value.problems, DEFAULT_RULES)
    assert [(warning.code, warning.path) for warning in found] == warnings


def test_a_name_that_stands_twice_hides_no_warning_of_its_value() -> None:
    data = decode_json('{"customerId": "1", "softLinks": {"a": "1", "a": "anna@shop.ru"}}')
    with pytest.raises(CustomerError) as caught:
        Customer.parse(data)  # type: ignore[arg-type]
    found = warnings_beside(data, caught.value.problems, DEFAULT_RULES)
    assert [warning.path for warning in found] == ["softLinks[1].value"]


def test_of_what_is_no_customer_there_are_no_warnings() -> None:
    assert warnings_beside([], (), DEFAULT_RULES) == ()
    # There are more problems than are reported, so the rest is no customer either.
    data = {"customerId": "1", "customData": {str(number): number for number in range(300)}}
    with pytest.raises(CustomerError) as caught:
        Customer.parse(data)
    assert warnings_beside(data, caught.value.problems, DEFAULT_RULES) == ()


# --- explanations


def test_explanations_are_those_of_the_documents() -> None:
    assert explanation("customer_id.blank", "ru") == as_html(messages.explanation("customer_id.blank", "ru"))
    html = explanation("queue.outside", "en")
    assert html.startswith("<p>The tracker loads later than the page.")
    assert html.count('<pre class="block"><code>') == 2


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_explanation_is_made_of_paragraphs_lists_and_code(language: Any) -> None:
    codes = {code.partition("?")[0] for code in (*messages.MESSAGES, *RULES)}
    unread = {code for code in codes if re.search(r"```|\]\(", explanation(code, language))}
    assert unread == set()


def test_markdown_is_escaped_and_read() -> None:
    text = "A `<b>` & **strong [link](x.md)**.\n\n- one\n  more\n- two\n\n```html\n<script>\n\n`x`\n```\n\nEnd"
    assert as_html(text) == (
        "<p>A <code>&lt;b&gt;</code> &amp; <strong>strong link</strong>.</p>"
        "<ul><li>one\n  more</li><li>two</li></ul>"
        '<pre class="block"><code>&lt;script&gt;\n\n`x`</code></pre><p>End</p>'
    )


# --- in plain words


def test_what_the_tracker_will_know() -> None:
    customer = Customer.parse(EXAMPLES["no-region"].data())
    assert known_of(customer, Words("en")) == [
        ("Customer's id in your shop", ("100042",)),
        ("E-mail", ("anna@shop.ru",)),
        ("Phone", ("+7 (111) 222-33-44",)),
        ("Also known", ("name: Анна", "favourite brand: O'Neil & «Заря»")),
        ("The same person as", ("loyalty card: 7700123456", "telegram: anna_p")),
        ("Push notifications on a phone", ("Android (Firebase), application ru.shop.app",)),
        ("Consent to marketing mail", ("given: mail may be sent",)),
        ("Not told", ("Region",)),
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "не указано, а это считается согласием"),
        ({"isAgreedToReceiveMarketingMail": None}, "не указано, а это считается согласием"),
        (
            {"isAgreedToReceiveMarketingMail": False},
            "не дано: подписки не будет, но кто уже подписан, подписанным и останется",
        ),
    ],
)
def test_what_consent_means(given: dict[str, Any], told: str) -> None:
    known = known_of(Customer.parse({"customerId": "1", **given}), Words("ru"))
    assert known == [
        ("Идентификатор покупателя в магазине", ("1",)),
        ("Согласие на рассылки", (told,)),
        ("Не сообщается", ("Электронная почта, Телефон, Регион",)),
    ]


# --- the language of a browser


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de-DE,de;q=0.9,ru;q=0.5,en;q=0.4", "ru"),
        ("de", "en"),
        ("en;q=0.5, RU ; q=0.7", "ru"),
        ("ru;q=0, de", "en"),
        ("ru;q=x, en;q=0.1", "en"),
        ("ru;level=1", "ru"),
        ("rundi, *", "en"),
    ],
)
def test_the_language_is_the_one_the_browser_prefers(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language
