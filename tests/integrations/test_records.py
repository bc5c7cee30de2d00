"""Records and errors show where something happened in the site's own code, and never a value."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from rr_snippet import CustomerError, RenderError
from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._answer import Answer
from rr_snippet.integrations._records import dotted_path
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit

HERE = str(Path(__file__))


def failing(_request: object) -> None:
    raise RuntimeError("anna@shop.ru")


FAILING_LINE = failing.__code__.co_firstlineno + 1


class User:
    email = "anna@shop.ru"


def user(_request: object) -> User:
    return User()


class Asked:
    def __call__(self, request: object) -> None:
        failing(request)


class Door(Visit):
    def __init__(self, *, debug: bool = False, **settings: Any) -> None:
        self.said = settings
        self.debug = debug

    @property
    def is_debug(self) -> bool:
        return self.debug

    @property
    def route(self) -> str | None:
        return "shop:home"

    @property
    def template(self) -> str | None:
        return "base.html"

    def settings(self) -> Settings:
        return Settings.of(self.said)


def told_by(door: Door, caplog: pytest.LogCaptureFixture, *arguments: object) -> tuple[str, str, dict[str, Any]]:
    assert door.render(*arguments) == ""
    (record,) = caplog.records
    assert "anna" not in str(vars(record))
    where = {name: value for name, value in vars(record).items() if name.startswith("rr_") and value is not None}
    return record.levelname, record.getMessage(), where


@pytest.mark.parametrize("name", ["customer", "exclude"])
def test_failing_function_is_named_with_its_line(name: str, caplog: pytest.LogCaptureFixture) -> None:
    settings: dict[str, Any] = {"customer": lambda _: None, name: failing}
    assert told_by(Door(**settings), caplog) == (
        "ERROR",
        f"no block: site.failed RuntimeError (RR_SNIPPET.{name.upper()} {__name__}.failing; {HERE}:{FAILING_LINE}; "
        "route shop:home; template base.html)",
        {
            "rr_codes": ["site.failed"],
            "rr_setting": f"RR_SNIPPET.{name.upper()}",
            "rr_function": f"{__name__}.failing",
            "rr_route": "shop:home",
            "rr_template": "base.html",
            "rr_file": HERE,
            "rr_line": FAILING_LINE,
        },
    )


def test_line_is_of_the_sites_own_code_as_far_in_as_there_is_any(caplog: pytest.LogCaptureFixture) -> None:
    def parse(_request: object) -> object:
        import json

        return json.loads("anna")

    _, _, where = told_by(Door(customer=parse), caplog)
    assert (where["rr_file"], where["rr_line"]) == (HERE, parse.__code__.co_firstlineno + 3)


def test_what_can_be_called_is_named_by_its_type() -> None:
    assert dotted_path(Asked()) == f"{__name__}.Asked"


@pytest.mark.parametrize("passed", [False, True])
def test_a_user_object_is_a_fault_of_the_site(passed: bool, caplog: pytest.LogCaptureFixture) -> None:
    door = Door(customer=user)
    level, text, where = told_by(door, caplog, *([User()] if passed else []))
    assert (level, text.partition(" (")[0]) == ("ERROR", "no block: customer.type User")
    assert where.get("rr_function") == (None if passed else f"{__name__}.user")
    with pytest.raises(CustomerError, match=r"customer data cannot be of type User; expected a mapping of field names"):
        Door(customer=user, debug=True).render()


def test_one_customers_bad_data_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    level, text, where = told_by(Door(customer=lambda _: {"customerId": "anna", "phone": "anna"}), caplog)
    assert (level, text) == ("WARNING", "no block: phone.shape (route shop:home; template base.html)")
    assert where["rr_codes"] == ["phone.shape"]


def test_wrong_settings_are_named(caplog: pytest.LogCaptureFixture) -> None:
    _, text, where = told_by(Door(variant="both", custmer=None), caplog)
    assert text == (
        "no block: option.value, option.unknown (RR_SNIPPET.variant, RR_SNIPPET.custmer; route shop:home; "
        "template base.html)"
    )
    assert where["rr_setting"] == "RR_SNIPPET.variant, RR_SNIPPET.custmer"


def test_what_is_raised_says_where_too() -> None:
    with pytest.raises(RuntimeError) as caught:
        Door(customer=failing, debug=True).render()
    assert caught.value.__notes__ == [
        f"rr-snippet: RR_SNIPPET.CUSTOMER {__name__}.failing; {HERE}:{FAILING_LINE}; route shop:home; "
        "template base.html"
    ]
    with pytest.raises(OptionError) as wrong:
        Door(variant="both", debug=True).render()
    assert wrong.value.__notes__ == ["rr-snippet: RR_SNIPPET.variant; route shop:home; template base.html"]


def test_what_is_raised_into_a_stream_is_logged_as_well(caplog: pytest.LogCaptureFixture) -> None:
    """Some frameworks swallow it: Litestar ends the stream there, with the status 200."""
    door = Door(customer=None, debug=True)
    door._answer = Answer(is_sent=True)
    with pytest.raises(RenderError):
        door.report(RenderError(Problem.of("response.sent")), "no block")
    assert [(each.levelno, each.getMessage()) for each in caplog.records] == [
        (logging.ERROR, "no block: response.sent (route shop:home; template base.html)")
    ]


def test_what_cannot_be_imported_is_named(caplog: pytest.LogCaptureFixture) -> None:
    _, text, _ = told_by(Door(customer="tests.nowhere.customer"), caplog)
    assert text == (
        "no block: option.import (RR_SNIPPET.customer tests.nowhere.customer; route shop:home; template base.html)"
    )


def test_who_is_not_excluded_is_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    _, _, where = told_by(Door(customer=failing, exclude=lambda _: False), caplog)
    assert where["rr_setting"] == "RR_SNIPPET.CUSTOMER"
