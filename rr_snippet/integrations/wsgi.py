"""WSGI: put the snippet into the finished pages of any application, if no template can be changed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from http import HTTPStatus
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from rr_snippet.errors import RenderError
from rr_snippet.integrations._addresses import CUSTOMER_NAME, LOADER_NAME
from rr_snippet.integrations._answer import Answer, answer_in
from rr_snippet.integrations._deferred import Reply, loader_reply, refusal, write_card
from rr_snippet.integrations._exit import PAGE_MAX_BYTES, Leaving, is_html
from rr_snippet.integrations._headers import header, with_changes
from rr_snippet.integrations._marker import marker_cookie
from rr_snippet.integrations._pages import PAGE_STATUSES, Pages, content_length
from rr_snippet.integrations._people import UNSET
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit

if TYPE_CHECKING:
    from types import TracebackType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from markupsafe import Markup

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class _Reply:
    """Holds back the start of a response until it is known whether the page will change."""

    def __init__(self, start_response: StartResponse, answer: Answer) -> None:
        self._start_response = start_response
        self._answer = answer
        self._exc_info: ExcInfo | None = None
        self._write: Callable[[bytes], object] | None = None
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    @property
    def is_sent(self) -> bool:
        return self._write is not None

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        self.status, self.headers, self._exc_info = status, headers, exc_info
        if self.is_sent:
            # Too late for another status. The server raises the error again, as PEP 3333 requires.
            self.send(headers)
        return self._write_now

    def _write_now(self, data: bytes) -> object:
        return (self._write or self.send(self.headers))(data)

    def send(self, headers: list[tuple[str, str]]) -> Callable[[bytes], object]:
        error = () if self._exc_info is None else (self._exc_info,)
        self._exc_info = None
        marker, self._answer.marker = self._answer.marker, None
        if marker is not None:
            headers = [*headers, ("Set-Cookie", marker)]
        self._write = self._start_response(self.status, headers, *error)
        return self._write


class _Begun:
    """A body whose first piece has already been read, because the application started its response only then."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        self._rest = iter(body)
        self._first = list(islice(self._rest, 1))

    def __iter__(self) -> Iterator[bytes]:
        return chain(self._first, self._rest)

    def close(self) -> None:
        _close(self._body)


def _close(body: object) -> None:
    if hasattr(body, "close"):
        body.close()


class _WsgiVisit(Visit):
    """A request, by its `environ`."""

    def __init__(self, pages: Pages, environ: WSGIEnvironment) -> None:
        self.request = environ
        self._answer = answer_in(environ)
        self._pages = pages

    def settings(self) -> Settings:
        return self._pages.settings

    def nonces(self) -> Iterator[object]:
        if self._pages.nonce is not None:
            yield self._pages.nonce(self.request)

    def check_place(self, settings: Settings) -> None:
        self.check_answer()

    @property
    def is_secure(self) -> bool:
        return bool(self.request["wsgi.url_scheme"] == "https")

    @property
    def mount(self) -> str:
        # In PEP 3333 text holds bytes.
        return str(self.request.get("SCRIPT_NAME", "")).encode("latin-1").decode("utf-8", "replace")

    def header(self, name: str) -> str | None:
        value: str | None = self.request.get(f"HTTP_{name.upper().replace('-', '_')}")
        return value


def mark_known(environ: WSGIEnvironment) -> None:
    """Set the marker in the response to this request because the visitor is known from now on.

    Nothing happens without `DEFERRED_MARKER`. Without `RRSnippetPages` an error is logged: `response.unwatched`.
    """
    _mark(environ, is_known=True)


def mark_unknown(environ: WSGIEnvironment) -> None:
    """Delete the marker because the visitor is no longer known."""
    _mark(environ, is_known=False)


def render_order(
    environ: WSGIEnvironment, order: object, *, person: object = UNSET, nonce: object = None, **options: Any
) -> Markup:
    """Return the block that sends the buyer and then the order. The application puts it into its page.

    `person` is a customer, a guest or a mapping, or `None` for the order alone. Without it `CUSTOMER` is called. The
    nonce of the response's policy is not known yet, so it is `nonce`, or that of `RRSnippetPages(nonce=…)`. Without
    that middleware there is no block, and an error is logged: `response.unwatched`.

    Raises:
        Exception: any error, if `ON_ERROR` is `raise`.
    """
    return _visit_in(environ).render_order(order, person=person, nonce=nonce, **options)


# Without settings, for a request that `RRSnippetPages` has not seen.
_UNKNOWN: Final = Pages(None, nonce=None, statuses=PAGE_STATUSES)


def _visit_in(environ: WSGIEnvironment) -> Visit:
    visit: Visit = (answer_in(environ).visit_of or partial(_WsgiVisit, _UNKNOWN))(environ)
    return visit


def _mark(environ: WSGIEnvironment, *, is_known: bool) -> None:
    visit = _visit_in(environ)
    name = visit.settings().deferred_marker
    try:
        answer = visit.check_answer()
    except RenderError as error:
        visit.report(error, "not marked")
    else:
        if name is not None:
            answer.marker = marker_cookie(name, is_known=is_known, is_secure=visit.is_secure)


class RRSnippetPages:
    """WSGI middleware that puts the block into the finished pages of `app`, and changes nothing else.

    `CUSTOMER` and `EXCLUDE` of the settings are called with the `environ` after the application has responded, and so
    is `nonce`, which takes precedence over the nonce of the response's own Content-Security-Policy. Only whole pages
    are changed: a body without `Content-Length` is a stream, unless it is a list or a tuple. Pages of more than
    `page_max_bytes` are sent as they are. The middleware must be inside any that compresses or caches.

    With `deferred=True` pages get the loader's tag, which is the same for everybody, and this middleware responds at
    the two paths of the deferred card.

    Raises:
        OptionError: a setting is wrong.
    Source: PEP 3333.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        nonce: Callable[[WSGIEnvironment], object] | None = None,
        statuses: Container[int] = PAGE_STATUSES,
        page_max_bytes: int = PAGE_MAX_BYTES,
        **settings: Any,
    ) -> None:
        self._app = app
        self._pages = Pages(settings, nonce=nonce, statuses=statuses)
        self._page_max_bytes = page_max_bytes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Respond to a request as the application does, with the block if there is one."""
        reply = self._deferred_reply(environ)
        if reply is not None:
            start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", reply.headers)
            return [reply.body]
        answer = answer_in(environ)
        is_outermost = not answer.is_watched
        answer.is_watched = True
        answer.visit_of = partial(_WsgiVisit, self._pages)
        try:
            return self._respond(environ, answer, _Reply(start_response, answer))
        finally:
            if is_outermost:
                answer.is_watched = False

    def _deferred_reply(self, environ: WSGIEnvironment) -> Reply | None:
        """Return the response to a request for the loader or the card, `None` for any other."""
        settings, path = self._pages.settings, environ.get("PATH_INFO", "")
        if not settings.deferred or not path.startswith(settings.deferred_prefix):
            return None
        name = path.removeprefix(settings.deferred_prefix)
        if name == LOADER_NAME:
            return loader_reply(environ["REQUEST_METHOD"])
        if name != CUSTOMER_NAME:
            return None
        visit = _WsgiVisit(self._pages, environ)
        refused = refusal(environ["REQUEST_METHOD"], visit.header, environ.get("HTTP_HOST"))
        return refused or write_card(visit, settings.deferred_marker, is_secure=visit.is_secure)

    def _respond(self, environ: WSGIEnvironment, answer: Answer, reply: _Reply) -> Iterable[bytes]:
        body: Iterable[bytes] = self._app(environ, reply.start)
        try:
            if not reply.status:
                body = _Begun(body)
            page = self._whole_page(reply, body)
            if page is not None:
                finished = self._finish(environ, answer, reply, page)
        except BaseException:
            _close(body)
            raise
        if page is None:
            if reply.status and not reply.is_sent:
                reply.send(reply.headers)
            return body
        reply.send(reply.headers)
        if finished is page and isinstance(body, list | tuple):
            return body
        _close(body)
        return [finished]

    def _whole_page(self, reply: _Reply, body: Iterable[bytes]) -> bytes | None:
        """Return a body that may be a page, if it is whole or certain to become so. Any other body is not read."""
        if reply.is_sent or not reply.status or not is_html(header(reply.headers, "content-type")):
            return None
        length_bytes = content_length(reply.headers)
        if length_bytes is None and isinstance(body, list | tuple):
            length_bytes = sum(map(len, body))
        if length_bytes is None or length_bytes > self._page_max_bytes:
            return None
        return b"".join(body)

    def _finish(self, environ: WSGIEnvironment, answer: Answer, reply: _Reply, page: bytes) -> bytes:
        """Return the page with the block, if there is one, and make the headers fit."""
        visit = _WsgiVisit(self._pages, environ)
        leaving = Leaving(answer, reply.headers, page, is_head=environ["REQUEST_METHOD"] == "HEAD")
        leaving.turn_strangers_away(visit)
        if self._pages.may_take(int(reply.status[:3]), leaving.headers):
            self._pages.put_block(leaving, visit)
        reply.headers = with_changes(reply.headers, leaving.changes())
        return leaving.body
