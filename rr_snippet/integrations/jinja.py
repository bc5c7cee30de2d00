"""Jinja2, in any host: `rr_customer(...)`, `customer|rr_customer` and `rr_order(...)`."""

from __future__ import annotations

from functools import partial

from jinja2 import Environment
from jinja2.ext import Extension

from rr_snippet.integrations import _jinja
from rr_snippet.integrations._settings import Settings


class RRSnippetExtension(Extension):
    """Installs `rr_customer` and `rr_order` in an environment: `rr_snippet.integrations.jinja.RRSnippetExtension`.

    It adds no statement, and stores nothing in compiled templates.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        _jinja.install_for_hosts(environment)


def install(environment: Environment, settings: object = None) -> None:
    """Install `rr_customer`, as a function and as a filter, and `rr_order` in `environment`.

    `settings` is the dict of the setting `RR_SNIPPET`. Overlays of `environment` share the names. With settings, this
    takes precedence over the extension, whichever comes first.

    Raises:
        OptionError: a setting is wrong; `option.taken`, if one of the names is used for something else.
    """
    if settings is None:
        _jinja.install_for_hosts(environment)
    else:
        _jinja.install(environment, partial(_jinja.ContextVisit, settings=Settings.of(settings)))
