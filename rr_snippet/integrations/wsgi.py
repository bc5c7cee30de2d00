"""WSGI: put the snippet into finished pages of any application, where no template can be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

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
        try:
            self._first = [next(self._rest)]
        except StopIteration:
            self._first = []
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        yield from self._first
        yield from self._rest

    def close(self) -> None:
        _close(self._body)


def _close(body: object) -> None:
    if hasattr(body, "close"):
        body.close()


class SnippetPages:
    def __init__(self, app, snippet) -> None:
        self._app = app
        self._snippet = snippet

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _Answer(start_response)
        body = self._app(environ, answer.start)
        if not answer.status:
            body = _Begun(body)
        if answer.is_sent:
            return body
        headers = answer.headers
        snippet = None
        if self._may_change(answer, body):
            snippet = self._snippet(environ, headers)
        if snippet is None:
            answer.send(headers)
            return body
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.send(changed_headers(headers, None))
            return body
        try:
            page = b"".join(body)
        finally:
            _close(body)
        changed = page_with(page, snippet, headers)
        if changed is not page: headers = changed_headers(...)
        answer.send(headers)
        return [changed]
