"""The tables and examples of docs/start/django.md are those of the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import SimpleNamespace

from django.template import Template
from django.utils.module_loading import import_string

from rr_snippet.integrations._settings import KEYS, Settings
from rr_snippet.integrations.django import checks, deferred_checks

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "start/django.md").read_text("utf-8")
SETTINGS_PAGE = (DOCS / "reference/settings.md").read_text("utf-8")


def test_every_check_has_its_row() -> None:
    numbers = re.findall(
        r'"([EW]\d{3})"|rr_snippet\.([EW]\d{3})', inspect.getsource(checks) + inspect.getsource(deferred_checks)
    )
    assert re.findall(r"^\| `rr_snippet\.([EW]\d{3})`", PAGE, re.MULTILINE) == sorted({a or b for a, b in numbers})


def test_every_setting_has_its_row_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.+?)`)? ?\|", SETTINGS_PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == list(KEYS)
    given = {name: eval(default) for name, default in rows if default}
    assert Settings.of(given) == Settings()


def test_settings_work_as_written() -> None:
    host = SimpleNamespace(INSTALLED_APPS=[], MIDDLEWARE=["first"])
    code = re.search(r"```py\n(INSTALLED.+?)```", PAGE, re.DOTALL)
    assert code is not None
    exec(code[1], namespace := vars(host))
    assert namespace["INSTALLED_APPS"] == ["rr_snippet.integrations.django"]
    assert issubclass(
        import_string("rr_snippet.integrations.django.pages.RRSnippetPages"), import_string(host.MIDDLEWARE[0])
    )
    assert host.RR_SNIPPET == {"CUSTOMER": "shop.tracking.customer"}


def test_customer_function_works_as_written() -> None:
    code = re.search(r"```py\n(def customer.+?)```", PAGE, re.DOTALL)
    assert code is not None
    exec(code[1], namespace := {})  # type: ignore[var-annotated]
    user = SimpleNamespace(is_authenticated=True, pk=42, email="anna@shop.ru")
    assert namespace["customer"](SimpleNamespace(user=user)) == {"customerId": 42, "email": "anna@shop.ru"}
    user.is_authenticated = False
    assert namespace["customer"](SimpleNamespace(user=user)) is None


def test_tags_compile_as_written() -> None:
    tags = re.findall(r"\{% rr_customer.*?%\}", PAGE)
    assert len(tags) >= 5
    for tag in tags:
        Template("{% load rr_snippet %}" + tag)
