"""System checks: `manage.py check` and every server start report what is wrong with the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from rr_snippet.errors import OptionError, Problem
from rr_snippet.integrations._settings import KEYS, ask_for_customer
from rr_snippet.integrations.django.conf import site_settings
from rr_snippet.integrations.django.deferred_checks import check_deferred
from rr_snippet.integrations.django.middleware import SITE_CACHE, RRSnippetMiddleware
from rr_snippet.integrations.django.pages import RRSnippetPages

_ERRORS: Final = {
    "option.type": ("E001", 'Write RR_SNIPPET = {"CUSTOMER": "shop.tracking.customer"}.'),
    "option.unknown": ("E002", f"The names are {', '.join(KEYS)}."),
    "option.import": ("E003", "Name a function by the dotted path of its module, and try to import that in a shell."),
    "option.callable": ("E004", "Give a function, or the dotted path of one, that takes the request."),
    "option.async": ("E005", "Give an ordinary function; in async views await aload_customer(request) first."),
    "option.value": ("E006", "See the table of settings in docs/reference/settings.md."),
    "option.twice": ("E007", "Remove one of the two."),
}

_MIDDLEWARE: Final = f"{RRSnippetMiddleware.__module__}.{RRSnippetMiddleware.__name__}"
_DJANGO_CSP: Final = "django.middleware.csp.ContentSecurityPolicyMiddleware"
_OTHER_CSP: Final = "csp.middleware.CSPMiddleware"
# These compress the page, or write its nonce into the header.
_ABOVE_PAGES: Final = frozenset({"django.middleware.gzip.GZipMiddleware", _DJANGO_CSP, _OTHER_CSP})
# These respond with 304 by the unchanged page, or serve it from a cache.
_NOT_ABOVE: Final = frozenset(
    {"django.middleware.http.ConditionalGetMiddleware", "django.middleware.cache.FetchFromCacheMiddleware"}
)
# The text of the placeholders for the nonce in Django and django-csp.
_NONCES: Final = frozenset({"<CSP_NONCE_SENTINEL>", "csp.constants.NONCE"})


def check_settings(**_options: object) -> list[CheckMessage]:
    """Return the problems of `RR_SNIPPET`, and of the settings around it."""
    site_settings.cache_clear()
    return [*_wrong_settings(), *check_deferred(), *_wrong_middleware(), *_blocking_policies()]


def _wrong_settings() -> Iterator[CheckMessage]:
    problems: tuple[Problem, ...] = ()
    try:
        has_customer = site_settings().customer is not ask_for_customer
    except OptionError as error:
        problems, has_customer = error.problems, True
    if not has_customer:
        yield Warning(
            "RR_SNIPPET has no CUSTOMER: only tags that are given a customer have a block.",
            hint='Write RR_SNIPPET = {"CUSTOMER": "shop.tracking.customer"}, or None in its place.',
            id="rr_snippet.W009",
        )
    for problem in problems:
        number, hint = _ERRORS[problem.code]
        end = "" if problem.message.endswith("?") else "."
        yield Error(f"{problem.path}: {problem.message}{end}", hint=hint, id=f"rr_snippet.{number}")


def _wrong_middleware() -> Iterator[CheckMessage]:
    ours = [path for path in settings.MIDDLEWARE if _is_subclass(path, RRSnippetMiddleware)]
    if not ours:
        text = "Nothing can keep a page with a block from other visitors, so no page gets one."
        hint = f"Put {_MIDDLEWARE} first in MIDDLEWARE."
        if _needs_blocks():
            yield Error(text, hint=hint, id="rr_snippet.E009")
        else:
            yield Warning(text, hint=hint, id="rr_snippet.W001")
    for above in settings.MIDDLEWARE[: settings.MIDDLEWARE.index(ours[0]) if ours else 0]:
        if above in _NOT_ABOVE:
            yield Warning(
                f"{above} adds what brings a page back, after {ours[0]} has seen it leave.",
                hint=f"Put {ours[0]} above it in MIDDLEWARE, or {_MIDDLEWARE} first.",
                id="rr_snippet.W008",
            )
    for position, path in enumerate(settings.MIDDLEWARE):
        if not _is_subclass(path, RRSnippetPages):
            continue
        for below in settings.MIDDLEWARE[position + 1 :]:
            if below in _ABOVE_PAGES:
                yield Warning(
                    f"{below} has finished with a page before {path} puts the block into it.",
                    hint=f"Put {path} below it in MIDDLEWARE.",
                    id="rr_snippet.W004",
                )
        if SITE_CACHE in settings.MIDDLEWARE[:position]:
            yield Warning(
                f"{SITE_CACHE} keeps pages without a block, and {path} never sees them again.",
                hint=f"Put {path} above it in MIDDLEWARE.",
                id="rr_snippet.W005",
            )


def _needs_blocks() -> bool:
    try:
        read = site_settings()
    except OptionError:
        return False
    return not read.deferred and read.customer is not None and read.customer is not ask_for_customer


def _is_subclass(path: str, kind: type) -> bool:
    try:
        middleware = import_string(path)
    except ImportError:  # Django itself reports it
        return False
    return isinstance(middleware, type) and issubclass(middleware, kind)


def _blocking_policies() -> Iterator[CheckMessage]:
    policies = dict(_policies())
    for name, policy in policies.items():
        if not _lets_the_block_run(policy):
            yield Warning(
                f"{name} lets no block run: its scripts have neither a nonce nor 'unsafe-inline'.",
                hint="Add NONCE to script-src.",
                id="rr_snippet.W002",
            )
    if len(policies) > 1:
        yield Warning(
            f"{' and '.join(policies)} are both in use, but only one of them gets into the header.",
            hint="Keep one of the two middlewares.",
            id="rr_snippet.W003",
        )


def _policies() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the policies in use by the names of their settings."""
    policy = getattr(settings, "SECURE_CSP", None)
    if policy and _DJANGO_CSP in settings.MIDDLEWARE:
        yield "SECURE_CSP", policy
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", None)
    if policy and _OTHER_CSP in settings.MIDDLEWARE:
        # django-csp adds this one if it is missing.
        yield "CONTENT_SECURITY_POLICY", {"default-src": "'self'", **(policy.get("DIRECTIVES") or {})}


def _lets_the_block_run(policy: Mapping[str, Any]) -> bool:
    for directive in ("script-src-elem", "script-src", "default-src"):
        if policy.get(directive) not in (None, False):
            sources = _sources(policy[directive])
            break
    else:
        return True
    if any(source in _NONCES or source.startswith("'nonce-") for source in sources):
        return True
    # Browsers ignore 'unsafe-inline' beside a hash or 'strict-dynamic'.
    is_strict = any(source.startswith(("'sha", "'strict-dynamic")) for source in sources)
    return "'unsafe-inline'" in sources and not is_strict


def _sources(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(source) for source in value] if isinstance(value, Iterable) else []
