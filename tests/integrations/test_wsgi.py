from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.util import FileWrapper, setup_testing_defaults
from wsgiref.validate import validator

import pytest

from rr_snippet import CustomerError, render_snippet
from rr_snippet.errors import OptionError
from rr_snippet.integrations.wsgi import RRSnippetPages
from tests.integrations.docs import run_examples
from tests.integrations.people import ANNA, BORIS, PEOPLE, assert_nobody_gets_another_card, customer_in, sent
from tests.integrations.support import records

PAGE = b"<!doctype html><title>Shop</title><body><h1>Hello</h1></body>"
TYPE = ("Content-Type", "text/html; charset=utf-8")
LENGTH = ("Content-Length", str(len(PAGE)))
BLOCK = render_snippet(ANNA).encode()
WITH_BLOCK = PAGE.replace(b"</body>", BLOCK + b"</body>")


def by_query(environ: dict[str, Any]) -> Any:
    return PEOPLE.get(environ["QUERY_STRING"])


def answering(
    body: Iterable[bytes] | Callable[[], Iterable[bytes]], *headers: tuple[str, str], status: str = "200 OK"
) -> Any:
    def app(_environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response(status, list(headers))
        return body() if callable(body) else body

    return app


class Reply:
    """What a server receives for one request; `check` tests the application by PEP 3333."""

    def __init__(
        self, app: Any, query: str = "anna", *, method: str = "GET", check: bool = True, **environ: str
    ) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []
        variables: dict[str, Any] = {"QUERY_STRING": query, "REQUEST_METHOD": method, **environ}
        setup_testing_defaults(variables)
        body = (validator(app) if check else app)(variables, self._start)
        self.iterable = body
        try:
            self.body = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info and self.written:
            raise exc_info[1]
        self.status, self.headers = status, headers
        return self.written.append

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


def pages(app: Any, **settings: Any) -> Any:
    return RRSnippetPages(app, **{"customer": by_query, **settings})


def test_both_sides_keep_to_the_protocol() -> None:
    for query, expected in (("anna", WITH_BLOCK), ("nobody", PAGE)):
        assert Reply(pages(validator(answering([PAGE], TYPE, LENGTH))), query).body == expected


def test_page_gets_the_block_and_headers_that_fit_it() -> None:
    former = [
        TYPE,
        LENGTH,
        ("ETag", '"1"'),
        ("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT"),
        ("Cache-Control", "public, max-age=60"),
        ("Set-Cookie", "a=b"),
        ("Set-Cookie", "c=d"),
    ]
    reply = Reply(pages(answering([PAGE], *former)))
    assert (reply.status, reply.body) == ("200 OK", WITH_BLOCK)
    assert reply.headers == [
        TYPE,
        ("Set-Cookie", "a=b"),
        ("Set-Cookie", "c=d"),
        ("Content-Length", str(len(WITH_BLOCK))),
        ("Accept-Ranges", "none"),
        ("Cache-Control", "private, max-age=60"),
        ("Vary", "Cookie"),
    ]


def test_anonymous_visitor_gets_the_page_as_it_is() -> None:
    body = [PAGE]
    former = [TYPE, LENGTH, ("ETag", '"1"')]
    reply = Reply(RRSnippetPages(answering(body, *former), customer=by_query), "nobody", check=False)
    assert reply.iterable is body
    assert reply.headers == [TYPE, LENGTH, ("Vary", "Cookie")]


def lazily() -> Iterator[bytes]:
    yield PAGE[:20]
    yield PAGE[20:]


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        ([PAGE], [TYPE], "a list is whole"),
        ((PAGE[:9], PAGE[9:]), [TYPE], "so is a tuple"),
        (lazily, [TYPE, LENGTH], "a length says that the rest is coming"),
    ],
)
def test_whole_bodies_are_pages(body: Any, headers: list[tuple[str, str]], why: str) -> None:
    assert Reply(pages(answering(body, *headers))).body == WITH_BLOCK, why


def test_application_that_is_a_generator_is_served() -> None:
    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [TYPE, LENGTH])
        yield from lazily()

    assert Reply(pages(app)).body == WITH_BLOCK
    assert Reply(pages(app), "nobody").body == PAGE


def test_application_that_yields_nothing_is_served() -> None:
    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("204 No Content", [])
        yield from ()

    assert Reply(pages(app)).status == "204 No Content"


def test_application_that_never_starts_is_left_to_the_server() -> None:
    body = [PAGE]
    reply = Reply(RRSnippetPages(lambda *_: body, customer=by_query), check=False)
    assert (reply.status, reply.body) == ("", PAGE)


GZIP = ("Content-Encoding", "gzip")


@pytest.mark.parametrize(
    ("body", "headers", "status", "method", "why"),
    [
        (lazily, [TYPE], "200 OK", "GET", "a stream"),
        ([PAGE], [("Content-Type", "application/json")], "200 OK", "GET", "no page"),
        ([PAGE], [TYPE, GZIP], "200 OK", "GET", "compressed"),
        ([PAGE], [TYPE, ("Content-Range", "bytes 0-60/100")], "206 Partial Content", "GET", "a part"),
        ([PAGE], [TYPE, ("Content-Disposition", "attachment")], "200 OK", "GET", "saved, not shown"),
        ([PAGE], [TYPE, LENGTH], "404 Not Found", "GET", "an error page"),
        ([], [("ETag", '"1"')], "304 Not Modified", "GET", "the browser's own copy"),
        ([], [], "204 No Content", "GET", "no body"),
        ([PAGE], [TYPE, ("Content-Length", "99999999")], "200 OK", "GET", "too large to be held"),
    ],
)
def test_what_is_no_page_passes_untouched(
    body: Any, headers: list[tuple[str, str]], status: str, method: str, why: str
) -> None:
    app = RRSnippetPages(answering(body, *headers, status=status), customer=by_query)
    reply = Reply(app, method=method, check=False)
    assert reply.body == b"".join(body() if callable(body) else body), why
    assert (reply.status, reply.headers) == (status, headers), why


def test_error_pages_are_changed_when_asked() -> None:
    app = answering([PAGE], TYPE, status="404 Not Found")
    assert Reply(pages(app, statuses={404})).body == WITH_BLOCK


def test_page_over_the_limit_passes_untouched() -> None:
    assert Reply(pages(answering([PAGE], TYPE, LENGTH), page_max_bytes=len(PAGE))).body == WITH_BLOCK
    assert Reply(pages(answering([PAGE], TYPE, LENGTH), page_max_bytes=len(PAGE) - 1)).body == PAGE


def test_head_says_what_get_would() -> None:
    app = pages(answering([], TYPE, LENGTH, ("ETag", '"1"')))
    reply = Reply(app, method="HEAD")
    assert reply.body == b""
    assert reply.headers == [TYPE, ("Accept-Ranges", "none"), ("Cache-Control", "private"), ("Vary", "Cookie")]
    assert Reply(app, "nobody", method="HEAD").headers == [TYPE, LENGTH, ("Vary", "Cookie")]


def test_twice_is_once() -> None:
    reply = Reply(pages(pages(answering([PAGE], TYPE))))
    assert reply.body == WITH_BLOCK
    assert [name for name, _ in reply.headers].count("Cache-Control") == 1
    reply = Reply(pages(pages(answering([PAGE], TYPE)), customer=lambda _environ: BORIS))
    assert reply.body == WITH_BLOCK


def test_page_that_has_its_own_call_keeps_it() -> None:
    page = PAGE.replace(b"</body>", b"<script>rrApi.setCustomer({})</script></body>")
    reply = Reply(pages(answering([page], TYPE, ("ETag", '"1"'))), "boris")
    assert reply.body == page
    assert reply.headers == [TYPE, ("Vary", "Cookie")]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"<p>a piece</p>", "page.fragment"),
        (b"<!doctype html><frameset></frameset>", "page.frameset"),
        (PAGE.decode().encode("utf-16-le"), "page.encoding"),
    ],
)
def test_page_without_a_place_goes_out_unchanged(page: bytes, code: str, caplog: pytest.LogCaptureFixture) -> None:
    reply = Reply(pages(answering([page], TYPE, ("ETag", '"1"'))))
    assert (reply.body, reply.headers) == (page, [TYPE, ("Vary", "Cookie")])
    assert records(caplog) == [("WARNING", f"page left as it is: {code}")]


def test_compressed_page_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    app = pages(answering([b"\x1f\x8b"], TYPE, GZIP))
    for _ in range(3):
        assert Reply(app).body == b"\x1f\x8b"
    assert records(caplog) == [("WARNING", "page left as it is: page.compressed")]


def test_written_pieces_are_a_stream() -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [TYPE, LENGTH])
        write(PAGE[:20])
        write(PAGE[20:])
        return []

    reply = Reply(pages(app))
    assert b"".join(reply.written) == PAGE
    assert reply.headers == [TYPE, LENGTH]


def test_second_start_with_an_error_replaces_the_first() -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [TYPE])
        try:
            raise LookupError
        except LookupError as error:
            start_response("500 Internal Server Error", [TYPE], (LookupError, error, None))
        return [b"sorry"]

    reply = Reply(RRSnippetPages(app, customer=by_query), check=False)
    assert (reply.status, reply.body) == ("500 Internal Server Error", b"sorry")


def test_second_start_after_the_headers_reaches_the_server() -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [TYPE])
        write(b"some")
        start_response("500 Internal Server Error", [TYPE], (LookupError, LookupError("late"), None))
        return []

    with pytest.raises(LookupError, match="late"):
        Reply(RRSnippetPages(app, customer=by_query), check=False)


class Closing(list[bytes]):
    """A body that counts how often it is closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


class ClosingGenerator:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("query", ["anna", "nobody"])
def test_body_is_closed_once(query: str) -> None:
    body = Closing([PAGE])
    Reply(RRSnippetPages(answering(body, TYPE), customer=by_query), query, check=False)
    assert body.closed == 1


def failing() -> Iterator[bytes]:
    yield PAGE[:20]
    raise LookupError("gone")


def failing_at_once() -> Iterator[bytes]:
    raise LookupError("gone")
    yield b""


@pytest.mark.parametrize("pieces", [failing, failing_at_once])
def test_body_is_closed_once_when_it_fails(pieces: Callable[[], Iterator[bytes]]) -> None:
    body = ClosingGenerator(pieces())
    with pytest.raises(LookupError, match="gone"):
        Reply(RRSnippetPages(answering(body, TYPE, LENGTH), customer=by_query), check=False)
    assert body.closed == 1


def test_late_start_that_fails_is_closed_once() -> None:
    body = ClosingGenerator(failing_at_once())
    with pytest.raises(LookupError, match="gone"):
        Reply(RRSnippetPages(lambda *_: body, customer=by_query), check=False)
    assert body.closed == 1


def test_file_of_the_server_stays_one_for_other_types() -> None:

    wrapper = FileWrapper(io.BytesIO(b"\x89PNG"))
    app = RRSnippetPages(answering(wrapper, ("Content-Type", "image/png")), customer=by_query)
    assert Reply(app, check=False).iterable is wrapper


@pytest.mark.parametrize(
    ("nonce", "policy", "expected"),
    [
        (None, "script-src 'nonce-policy'", ' nonce="policy"'),
        (lambda environ: environ["SHOP_NONCE"], "script-src 'nonce-policy'", ' nonce="own"'),
        (lambda _environ: None, "script-src 'nonce-policy'", ' nonce="policy"'),
        (lambda _environ: False, "script-src 'nonce-policy'", ""),
        (None, "script-src 'self'", ""),
    ],
)
def test_nonce_is_the_one_of_the_policy(nonce: Any, policy: str, expected: str) -> None:
    app = pages(answering([PAGE], TYPE, ("Content-Security-Policy", policy)), nonce=nonce)
    reply = Reply(app, SHOP_NONCE="own")
    assert f'<script type="text/javascript"{expected}>'.encode() in reply.body


def test_nobody_gets_another_card() -> None:
    app = pages(answering([PAGE], TYPE))
    assert_nobody_gets_another_card(lambda who: Reply(app, who or "").body.decode())
    assert customer_in(Reply(app, "boris").body.decode()) == sent(BORIS)


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        ({"respect_gpc": True}, {"HTTP_SEC_GPC": "1"}),
        ({"respect_dnt": True}, {"HTTP_DNT": "1"}),
        ({"exclude": lambda environ: environ["PATH_INFO"] == "/"}, {}),
        ({"customer": None}, {}),
    ],
)
def test_opt_outs_are_heeded(settings: dict[str, Any], variables: dict[str, str]) -> None:
    assert Reply(pages(answering([PAGE], TYPE), **settings), **variables).body == PAGE


def test_bad_customer_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    app = answering([PAGE], TYPE)
    assert Reply(pages(app), "broken").body == PAGE
    assert records(caplog) == [("WARNING", "no block: phone.shape")]
    assert "secret" not in caplog.text
    body = Closing([PAGE])
    with pytest.raises(CustomerError):
        Reply(RRSnippetPages(answering(body, TYPE), customer=by_query, on_error="raise"), "broken", check=False)
    assert body.closed == 1


def test_wrong_settings_fail_at_construction() -> None:
    with pytest.raises(OptionError) as caught:
        RRSnippetPages(answering([PAGE], TYPE), custmer=by_query)
    assert caught.value.code == "option.unknown"


def test_examples_of_the_docs_work() -> None:
    app = run_examples("start/finished-pages.md")["application"]
    assert Reply(app).body == b"<!doctype html><title>Shop</title><body>Hello</body>"
    block = render_snippet({"customer_id": "42"}).encode()
    expected = b"<!doctype html><title>Shop</title><body>Hello" + block + b"</body>"
    assert Reply(app, REMOTE_USER="42").body == expected


def test_a_missing_customer_function_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    RRSnippetPages(answering([PAGE], TYPE), phone_region="RU")
    assert records(caplog) == [("WARNING", "no block by itself: option.customer")]
    RRSnippetPages(answering([PAGE], TYPE), customer=None)
    assert len(records(caplog)) == 1
