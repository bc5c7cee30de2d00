"""WSGI: put the snippet into finished pages of any application, where no template can be changed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from rr_snippet.integrations._pages import PAGE_MAX_BYTES, PAGE_STATUSES, Pages, PageVisit, personal_headers
from rr_snippet.integrations._settings import Settings
from rr_snippet.integrations._visit import Visit

if TYPE_CHECKING:
    from types import TracebackType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class _Answer:
    """Holds back what the application says of its response until it is known whether the page will change."""

    def __init__(self, start_response: StartResponse) -> None:
        self._start_response = start_response
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
            # Too late for another status: the server raises the error again, as PEP 3333 demands.
            self.send(headers)
        return self._write_now

    def _write_now(self, data: bytes) -> object:
        return (self._write or self.send(self.headers))(data)

    def send(self, headers: list[tuple[str, str]]) -> Callable[[bytes], object]:
        error = () if self._exc_info is None else (self._exc_info,)
        self._exc_info = None
        self._write = self._start_response(self.status, headers, *error)
        return self._write


class _Begun:
    """A body whose first piece was taken already, because the application told its status only then."""

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
    """A request as its `environ` tells of it."""

    def __init__(self, settings: Settings, environ: WSGIEnvironment) -> None:
        self.request = environ
        self._settings = settings

    def settings(self) -> Settings:
        return self._settings

    def header(self, name: str) -> str | None:
        value: str | None = self.request.get(f"HTTP_{name.upper().replace('-', '_')}")
        return value


class RRSnippetPages:
    """WSGI middleware that puts the block into the finished pages of `app`, and changes nothing else.

    `CUSTOMER` and `EXCLUDE` of the settings are called with the `environ`, after the application has answered; so is
    `nonce`, which goes before the nonce of the response's own Content-Security-Policy. Only whole pages are changed:
    a body without `Content-Length` is taken for a stream unless it is a list or a tuple. Pages of more than
    `page_max_bytes` go out as they are. It belongs inside of whatever compresses or caches.

    Raises:
        OptionError: a wrong setting.
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
        self._pages = Pages(settings, nonce=nonce, statuses=statuses, page_max_bytes=page_max_bytes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request as the application does, and with the block where there is one."""
        answer = _Answer(start_response)
        body: Iterable[bytes] = self._app(environ, answer.start)
        page = None
        try:
            if not answer.status:
                body = _Begun(body)
            snippet = self._snippet_for(environ, answer, body)
            if snippet and environ["REQUEST_METHOD"] != "HEAD":
                page = b"".join(body)
        except BaseException:
            _close(body)
            raise
        if page is None:
            if answer.status and not answer.is_sent:
                answer.send(personal_headers(answer.headers, None) if snippet else answer.headers)
            return body
        _close(body)
        page, headers = self._pages.put_into(page, snippet, answer.headers)
        answer.send(headers)
        return [page]

    def _snippet_for(self, environ: WSGIEnvironment, answer: _Answer, body: Iterable[bytes]) -> str:
        if answer.is_sent or not answer.status:
            return ""
        status, is_whole = int(answer.status[:3]), isinstance(body, list | tuple)
        if not self._pages.may_take(status, answer.headers, has_whole_body=is_whole):
            return ""
        visit = _WsgiVisit(self._pages.settings, environ)
        return PageVisit(self._pages, visit, answer.headers).render()
