"""A shop that leaks: its blocks bypass all integrations, and its pages have no headers for caches. For gunicorn."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

from rr_snippet import render_snippet
from tests.servers.pages import HEADERS, PAGE, customer_of


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    cookies = {name: morsel.value for name, morsel in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
    customer = customer_of(cookies)
    headers = [("Content-Type", "text/html"), *HEADERS[environ["PATH_INFO"].lstrip("/")].items()]
    if environ.get("HTTP_IF_NONE_MATCH") == '"v1"':
        start_response("304 Not Modified", headers)
        return []
    page = PAGE.replace("{tag}", "" if customer is None else render_snippet(customer)).encode()
    start_response("200 OK", [*headers, ("Content-Length", str(len(page)))])
    return [page]
