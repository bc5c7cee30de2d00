"""The preview as a Starlette application: one page, its two files, and the sandbox that runs the block."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import Customer
from rr_snippet.errors import CustomerError, Language
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import Form, Sent, read_sent
from rr_snippet.preview.pages import State, asset, render_frame, render_page
from rr_snippet.preview.result import Input, look_at, read_form, read_json, read_pasted

# Three times what the default limit of the payload lets through, each character of it six bytes in a form.
BODY_MAX_BYTES: Final = 2 * 1024 * 1024

# Sandboxes come and go with every letter typed: a browser asks for the last one, or for one that it is about to drop.
_SANDBOXES_MAX: Final = 16

_FIRST_EXAMPLE: Final = "no-region"


class Preview:
    """The pages of one preview. What is typed is kept in memory only, and only while a sandbox may ask for it."""

    def __init__(self, options: RenderOptions, language: Language, first: str | None = None) -> None:
        self._options = options
        self._language: Language = language
        # A customer's JSON to begin with.
        self._first = first
        self._sandboxes: OrderedDict[str, Customer] = OrderedDict()
        routes = [
            Route("/", self._show_or_answer, methods=["GET", "POST"]),
            Route("/preview.css", self._style, methods=["GET"]),
            Route("/preview.js", self._script, methods=["GET"]),
            Route("/sandbox/{key}", self._sandbox, methods=["GET"]),
        ]
        self.app: ASGIApp = ExceptionMiddleware(Router(routes, redirect_slashes=False))

    async def _show_or_answer(self, request: Request) -> Response:
        return await (self._answer if request.method == "POST" else self._show)(request)

    async def _show(self, request: Request) -> Response:
        example = request.query_params.get("example")
        if self._first is not None and example is None:
            sent = Sent(Form(), "json", self._first, "", is_pretty=True, action="")
        else:
            form = EXAMPLES.get(example or _FIRST_EXAMPLE, Form())
            sent = Sent(form, "form", "", "", is_pretty=True, action="")
        return await self._page(request, sent)

    async def _answer(self, request: Request) -> Response:
        body = await _read_body(request)
        try:
            sent = read_sent(body)
        except ValueError:
            sent = None
        if sent is None:
            raise HTTPException(400)
        return await self._page(request, sent)

    async def _page(self, request: Request, sent: Sent) -> Response:
        language = self._language_of(request)
        state = await run_in_threadpool(look, sent, self._options)
        nonce, key = secrets.token_urlsafe(16), ""
        if state.result.customer is not None:
            key = secrets.token_urlsafe(16)
            self._sandboxes[key] = state.result.customer
            while len(self._sandboxes) > _SANDBOXES_MAX:
                self._sandboxes.popitem(last=False)
        page = await run_in_threadpool(render_page, state, language, nonce=nonce, frame_url=f"sandbox/{key}")
        return _html(
            page,
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; "
            "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )

    async def _style(self, _request: Request) -> Response:
        return Response(asset("preview.css"), media_type="text/css")

    async def _script(self, _request: Request) -> Response:
        return Response(asset("preview.js"), media_type="text/javascript")

    async def _sandbox(self, request: Request) -> Response:
        customer = self._sandboxes.get(request.path_params["key"])
        if customer is None:
            raise HTTPException(404)
        nonce = secrets.token_urlsafe(16)
        block = Renderer(self._options).render(customer, nonce=nonce)
        return _html(
            render_frame(block, nonce=nonce),
            f"default-src 'none'; script-src 'nonce-{nonce}'; sandbox allow-scripts; form-action 'none'; "
            "base-uri 'none'; frame-ancestors 'self'",
        )

    def _language_of(self, request: Request) -> Language:
        return {"en": "en", "ru": "ru"}.get(request.query_params.get("lang", ""), self._language)  # type: ignore[return-value]


def look(sent: Sent, options: RenderOptions) -> State:
    """Return what the page is to show for what was sent; the ways to give a customer that were not used follow it."""
    form, is_mirror, json_text = sent.form.changed(sent.action), True, sent.json
    if sent.mode == "json":
        given = read_json(sent.json)
    elif sent.mode == "block":
        given = read_pasted(sent.block)
    else:
        given, json_text = read_form(form), form.json_text()
    if sent.mode in ("json", "block"):
        followed = _form_of(given)
        form, is_mirror = followed or form, followed is not None
        if sent.mode == "block" and given.data is not None:
            json_text = followed.json_text() if followed else json.dumps(given.data, ensure_ascii=False, indent=2)
    return State(
        form=form,
        json=json_text,
        block=sent.block,
        mode=sent.mode if sent.mode in ("json", "block") else "form",
        given=given,
        result=look_at(given, options, is_pretty=sent.is_pretty),
        is_mirror=is_mirror,
        is_pretty=sent.is_pretty,
    )


def _form_of(given: Input) -> Form | None:
    # By the default rules, which leave a phone as it was written.
    try:
        return Form.of(Customer.parse(given.data))
    except CustomerError:
        return None


def _html(page: str, policy: str) -> Response:
    # A lone surrogate has no place in UTF-8; where one was written as an escape, it still is.
    return Response(
        page.encode("utf-8", "replace"), media_type="text/html", headers={"Content-Security-Policy": policy}
    )


async def _read_body(request: Request) -> bytes:
    """Return the form that was sent.

    Raises:
        HTTPException: it is none, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            raise HTTPException(413)
    return bytes(body)
