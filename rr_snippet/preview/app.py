"""The preview as a Starlette application: the page, its requests during typing, a file, and the sandbox.

Typed data is kept here in memory, and never in the browser, which would write it to disk. The address of a page names
its data, so the data survives a reload, the back button, and a change of the language.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import OrderedDict
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from rr_snippet.block.options import RenderOptions
from rr_snippet.block.render import Renderer
from rr_snippet.customer.customer import Customer
from rr_snippet.errors import Language
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import Form
from rr_snippet.preview.languages import preferred_language
from rr_snippet.preview.look import acted, look
from rr_snippet.preview.pages import State, asset, render_frame, render_page, render_parts
from rr_snippet.preview.sent import Sent, read_sent
from rr_snippet.preview.static import static_page

# Three times the default limit of the payload, with six bytes for each character in a form.
BODY_MAX_BYTES: Final = 2 * 1024 * 1024

# Every typed letter makes a new sandbox. A browser only requests the last one, or one that it is about to drop.
_SANDBOXES_MAX: Final = 16
# Enough pages for the back button.
_STATES_MAX: Final = 32

_FIRST_EXAMPLE: Final = "no-region"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16}")


class Preview:
    """The pages of one preview. `language` is for everybody; with `None` each browser has its own."""

    def __init__(
        self, options: RenderOptions, language: Language | None, first: str | None = None, record: int = 1
    ) -> None:
        self._options = options
        self._language = language
        # The initial text, and the chosen customer in it.
        self._first = first
        self._record = record
        self._sandboxes: OrderedDict[str, tuple[Customer, RenderOptions]] = OrderedDict()
        self._states: OrderedDict[str, Sent] = OrderedDict()
        routes = [
            Route("/", self._show_or_lead, methods=["GET", "POST"]),
            Route("/keep", self._keep, methods=["POST"]),
            Route("/result", self._answer, methods=["POST"]),
            Route("/download", self._download, methods=["POST"]),
            Route("/preview.css", self._style, methods=["GET"]),
            Route("/preview.js", self._script, methods=["GET"]),
            Route("/sandbox/{key}", self._sandbox, methods=["GET"]),
        ]
        self.app: ASGIApp = ExceptionMiddleware(Router(routes, redirect_slashes=False))

    async def _show_or_lead(self, request: Request) -> Response:
        return await (self._lead if request.method == "POST" else self._show)(request)

    async def _show(self, request: Request) -> Response:
        key = request.query_params.get("state", "")
        example = request.query_params.get("example")
        choices = Choices.of(self._options)
        if (sent := self._states.get(key)) is not None:
            pass  # what was typed there
        elif self._first is not None and example is None:
            key, sent = _new_key(), Sent(Form(), "json", self._first, record=self._record, choices=choices)
        else:
            key, sent = _new_key(), Sent(EXAMPLES.get(example or _FIRST_EXAMPLE, Form()), choices=choices)
        self._put(key, sent)
        language = self._language_of(request)
        state = await run_in_threadpool(look, sent, self._options)
        nonce = secrets.token_urlsafe(16)
        frame_url = self._new_sandbox(state)
        page = await run_in_threadpool(render_page, state, language, nonce=nonce, frame_url=frame_url, key=key)
        return _html(
            page,
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; "
            "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )

    async def _keep(self, request: Request) -> Response:
        sent = acted(await _read_sent(request))
        self._put(sent.state, sent)
        return Response(status_code=204)

    async def _lead(self, request: Request) -> Response:
        """Keep the data of a form without scripts, and redirect to its page, which a browser may reload."""
        key = _new_key()
        self._put(key, acted(await _read_sent(request)))
        query = urlencode({"state": key, "lang": self._language_of(request)})
        return RedirectResponse(f"./?{query}", 303)

    async def _answer(self, request: Request) -> Response:
        typed = await _read_sent(request)
        sent = acted(typed)
        self._put(sent.state, sent)
        state = await run_in_threadpool(look, sent, self._options)
        parts = await run_in_threadpool(
            render_parts,
            state,
            self._language_of(request),
            frame_url=self._new_sandbox(state),
            has_new_form=sent.mode != "form" or sent.form is not typed.form,
        )
        return Response(json.dumps(parts, ensure_ascii=False).encode("utf-8", "replace"), media_type="application/json")

    async def _download(self, request: Request) -> Response:
        sent = acted(await _read_sent(request))
        state = await run_in_threadpool(look, sent, self._options)
        page, _ = await run_in_threadpool(
            static_page,
            state.given,
            self._options,
            self._language_of(request),
            text=state.given_text,
            choices=sent.choices,
        )
        response = _html(page, "sandbox")
        response.headers["Content-Disposition"] = 'attachment; filename="rr-snippet-preview.html"'
        return response

    async def _style(self, _request: Request) -> Response:
        return Response(asset("preview.css"), media_type="text/css")

    async def _script(self, _request: Request) -> Response:
        return Response(asset("preview.js"), media_type="text/javascript")

    async def _sandbox(self, request: Request) -> Response:
        kept = self._sandboxes.get(request.path_params["key"])
        if kept is None:
            raise HTTPException(404)
        customer, options = kept
        nonce = secrets.token_urlsafe(16)
        block = Renderer(options).render(customer, nonce=nonce)
        return _html(
            render_frame(block, nonce=nonce),
            f"default-src 'none'; script-src 'nonce-{nonce}'; sandbox allow-scripts; form-action 'none'; "
            "base-uri 'none'; frame-ancestors 'self'",
        )

    def _new_sandbox(self, state: State) -> str:
        """Return the address of the sandbox for the shown state."""
        key = ""
        if state.result.customer is not None:
            key = secrets.token_urlsafe(16)
            self._sandboxes[key] = state.result.customer, state.sent.choices.applied_to(self._options)
            while len(self._sandboxes) > _SANDBOXES_MAX:
                self._sandboxes.popitem(last=False)
        return f"sandbox/{key}"

    def _put(self, key: str, sent: Sent) -> None:
        if _KEY.fullmatch(key):
            self._states[key] = sent
            self._states.move_to_end(key)
            while len(self._states) > _STATES_MAX:
                self._states.popitem(last=False)

    def _language_of(self, request: Request) -> Language:
        asked = request.query_params.get("lang", "")
        usual = self._language or preferred_language(request.headers.get("accept-language", ""))
        return {"en": "en", "ru": "ru"}.get(asked, usual)  # type: ignore[return-value]


def _new_key() -> str:
    return secrets.token_urlsafe(12)


def _html(page: str, policy: str) -> Response:
    # UTF-8 has no lone surrogates. A surrogate that was typed as an escape is still one.
    return Response(
        page.encode("utf-8", "replace"), media_type="text/html", headers={"Content-Security-Policy": policy}
    )


async def _read_sent(request: Request) -> Sent:
    """Return what was sent.

    Raises:
        HTTPException: it is no form, is too large, or has more fields than our form can have.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            raise HTTPException(413)
    try:
        return read_sent(bytes(body))
    except ValueError:
        pass
    raise HTTPException(400)
