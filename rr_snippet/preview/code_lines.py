"""The lines of a program that render one customer: in Python, Django and Jinja2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from rr_snippet.block.options import RenderOptions
from rr_snippet.customer.customer import Customer

_MARGIN: Final = "    "


def code_lines(customer: Customer, options: RenderOptions, *, nonce: str = "") -> dict[str, str]:
    """Return the lines for `python`, `django` and `jinja`, with values as `repr` writes them.

    Django itself has a nonce for each response.
    """
    default = RenderOptions()
    chosen = {
        option.name: getattr(options, option.name)
        for option in fields(options)
        if getattr(options, option.name) != getattr(default, option.name)
    }
    in_call = {**chosen, "nonce": nonce} if nonce else chosen
    given = "".join(f", {name}={value!r}" for name, value in in_call.items())
    push = customer.mobile_push_subscription
    names = ", ".join(["Customer", *([type(push).__name__] if push else [])])
    built = _call("Customer", customer)
    settings = "".join(f", {_setting(name)!r}: {value!r}" for name, value in chosen.items()).replace("'", '"')
    return {
        "python": (
            f"from rr_snippet import {names}, render_snippet\n\n"
            f"customer = {built}\nprint(render_snippet(customer{given}))"
        ),
        "django": (
            "# settings.py\n"
            'INSTALLED_APPS += ["rr_snippet.integrations.django"]\n'
            'MIDDLEWARE.insert(0, "rr_snippet.integrations.django.middleware.RRSnippetMiddleware")\n'
            f'RR_SNIPPET = {{"CUSTOMER": "shop.tracking.customer"{settings}}}\n\n'
            "# shop/tracking.py\n"
            f"from rr_snippet import {names}\n\n\n"
            f"def customer(request):\n    return {_indented(built)}\n\n"
            "# the template\n"
            "# {% load rr_snippet %}{% rr_customer %}"
        ),
        "jinja": (
            "from jinja2 import Environment\n"
            f"from rr_snippet import {names}\n\n"
            "environment = Environment(\n"
            '    autoescape=True, extensions=["rr_snippet.integrations.jinja.RRSnippetExtension"]\n'
            ")\n"
            f'page = environment.from_string("<body>{{{{ rr_customer(customer{given}) }}}}</body>")\n'
            f"print(page.render(customer={_indented(built, by='')}))"
        ),
    }


def _setting(option: str) -> str:
    # `DEBUG` would look like the framework's own.
    return "DEBUG_BLOCK" if option == "debug" else option.upper()


def _call(name: str, model: Any) -> str:
    lines = "".join(f"{_MARGIN}{argument}={text},\n" for argument, text in _arguments(model))
    return f"{name}(\n{lines})"


def _arguments(model: Any) -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if value is not None:
            is_model = hasattr(type(value), "model_fields")
            yield name, _indented(_call(type(value).__name__, value)) if is_model else repr(value)


def _indented(text: str, *, by: str = _MARGIN) -> str:
    return text.replace("\n", f"\n{by}")
