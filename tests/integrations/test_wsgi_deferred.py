"""The deferred card around any WSGI application: the tag in finished pages, and the two responses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jinja2 import Environment

from rr_snippet import to_payload
from rr_snippet.errors import OptionError
from rr_snippet.integrations._deferred import loader_reply, loader_text
from rr_snippet.integrations.jinja import RRSnippetExtension, install
from rr_snippet.integrations.wsgi import RRSnippetPages, mark_known, mark_unknown
from tests.integrations.people import ANNA
from tests.integrations.support import MARKER_GONE, MARKER_SET, records
from tests.integrations.test_wsgi import PAGE, TYPE, Reply, answering, by_query

TAG = b'<script src="/rr-snippet/loader.js" data-customer="/rr-snippet/customer" async></script>'
WITH_TAG = PAGE.replace(b"</body>", TAG + b"</body>")
LOADER = {"HTTP_X_RR_SNIPPET": "1", "HTTP_SEC_FETCH_SITE": "same-origin"}
PRIVATE = [
    ("Cache-Control", "private, no-store"),
    ("Vary", "Cookie"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def ask(app: Any, query: str = "anna", **variables: Any) -> Reply:
    return Reply(app, query, **{"SCRIPT_NAME": "", "PATH_INFO": "/", **variables})


def shared(*headers: tuple[str, str], page: bytes = PAGE, **settings: Any) -> Any:
    return RRSnippetPages(answering([page], TYPE, *headers), **{"customer": by_query, "deferred": True, **settings})


def test_the_page_gets_the_tag_and_nobody_is_asked() -> None:
    app = shared(
        ("Content-Length", str(len(PAGE))),
        ("ETag", '"abc"'),
        ("Last-Modified", "Sat, 28 Nov 2026 10:00:00 GMT"),
        ("Content-MD5", "abc"),
        ("Cache-Control", "public, max-age=60"),
        customer=lambda _: 1 / 0,
        exclude=lambda _: 1 / 0,
    )
    reply = ask(app)
    assert (reply.body, reply.headers) == (
        WITH_TAG,
        [
            TYPE,
            ("Last-Modified", "Sat, 28 Nov 2026 10:00:00 GMT"),
            ("Cache-Control", "public, max-age=60"),
            ("Content-Length", str(len(WITH_TAG))),
            ("ETag", 'W/"abc"'),
            ("Accept-Ranges", "none"),
        ],
    )


def test_head_says_nothing_of_a_length() -> None:
    reply = ask(shared(("Content-Length", str(len(PAGE))), ("ETag", 'W/"abc"'), page=b""), method="HEAD", check=False)
    assert (reply.body, reply.headers) == (b"", [TYPE, ("ETag", 'W/"abc"'), ("Accept-Ranges", "none")])


@pytest.mark.parametrize("page", [WITH_TAG, PAGE.replace(b"</body>", b"<script>rrApi.setCustomer({})</script></body>")])
def test_a_page_that_has_its_tag_or_a_call_stays_as_it_is(page: bytes) -> None:
    reply = ask(shared(("ETag", '"abc"'), page=page))
    assert (reply.body, reply.headers) == (page, [TYPE, ("ETag", '"abc"')])


def test_a_page_without_a_safe_place_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert ask(shared(page=b"<p>")).body == b"<p>"
    assert records(caplog) == [("WARNING", "page left as it is: page.fragment")]


def test_the_tag_knows_where_the_site_is_mounted() -> None:
    app = shared(deferred_prefix="/card/")
    mounted = "/магазин".encode().decode("latin-1")
    name = b"/%D0%BC%D0%B0%D0%B3%D0%B0%D0%B7%D0%B8%D0%BD/card/"
    assert ask(app, SCRIPT_NAME=mounted, PATH_INFO="/").body == WITH_TAG.replace(b"/rr-snippet/", name)
    assert ask(app, SCRIPT_NAME=mounted, PATH_INFO="/card/loader.js").body == loader_text()


def test_the_loader_is_answered_here() -> None:
    reply = ask(shared(), PATH_INFO="/rr-snippet/loader.js")
    assert (reply.status, reply.headers, reply.body) == ("200 OK", loader_reply("GET").headers, loader_text())
    assert ask(shared(), PATH_INFO="/rr-snippet/loader.js", method="PUT").status == "405 Method Not Allowed"


def test_the_card_is_answered_here() -> None:
    reply = ask(shared(), "anna", method="POST", PATH_INFO="/rr-snippet/customer", **LOADER)
    assert (reply.status, json.loads(reply.body)) == ("200 OK", to_payload(ANNA))
    assert reply.headers == [("Content-Type", "application/json"), ("Content-Length", str(len(reply.body))), *PRIVATE]
    reply = ask(shared(), "nobody", method="POST", PATH_INFO="/rr-snippet/customer", **LOADER)
    assert (reply.status, reply.headers, reply.body) == ("204 No Content", PRIVATE, b"")


@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ({"HTTP_X_RR_SNIPPET": ""}, "403 Forbidden"),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, "403 Forbidden"),
        ({"method": "GET"}, "405 Method Not Allowed"),
    ],
)
def test_nobody_else_gets_it(variables: dict[str, str], status: str) -> None:
    reply = ask(shared(), **{"method": "POST", "PATH_INFO": "/rr-snippet/customer", **LOADER, **variables})
    assert (reply.status, reply.body) == (status, b"")


def test_the_marker_of_a_site_on_https() -> None:
    variables = {"method": "POST", "PATH_INFO": "/rr-snippet/customer", **LOADER, "wsgi.url_scheme": "https"}
    reply = ask(shared(deferred_marker="known"), "anna", **variables)
    assert reply.header("Set-Cookie") == "known=1; Max-Age=34560000; Path=/; SameSite=Lax; Secure"


def test_a_block_in_a_finished_page_brings_the_marker() -> None:
    app = RRSnippetPages(answering([PAGE], TYPE), customer=by_query, deferred_marker="known")
    assert ask(app).header("Set-Cookie") == "known=1; Max-Age=34560000; Path=/; SameSite=Lax"
    assert ask(app, "nobody").header("Set-Cookie") is None


@pytest.mark.parametrize(
    ("body", "headers"),
    [([PAGE], [TYPE]), ([b"in"], [("Content-Type", "text/plain")]), ([], [])],
)
def test_the_site_may_say_itself_who_is_known(
    body: list[bytes], headers: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        (mark_known if environ["PATH_INFO"] == "/login" else mark_unknown)(environ)
        start_response("200 OK", headers)
        return body

    pages = RRSnippetPages(app, customer=by_query, deferred=True, deferred_marker="known")
    variables = {"check": False, "wsgi.url_scheme": "https"}
    assert ask(pages, PATH_INFO="/login", **variables).header("Set-Cookie") == f"{MARKER_SET}; Secure"
    assert ask(pages, PATH_INFO="/logout", **variables).header("Set-Cookie") == f"{MARKER_GONE}; Secure"
    unmarked = RRSnippetPages(app, customer=by_query, deferred=True)
    assert ask(unmarked, PATH_INFO="/login", **variables).header("Set-Cookie") is None
    assert ask(app, PATH_INFO="/login", **variables).header("Set-Cookie") is None
    assert records(caplog) == [("ERROR", "not marked: response.unwatched")]


def test_a_page_written_by_the_application_has_the_marker_too() -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        mark_known(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])(b"in")
        return []

    pages = RRSnippetPages(app, customer=by_query, deferred=True, deferred_marker="known")
    reply = ask(pages, check=False)
    assert (reply.written, reply.header("Set-Cookie")) == ([b"in"], MARKER_SET)


@pytest.mark.parametrize("path", ["/rr-snippet/", "/rr-snippet/customers", "/rr-snippet", "/shop/rr-snippet/loader.js"])
def test_other_paths_are_the_applications(path: str) -> None:
    assert ask(shared(), PATH_INFO=path).body == WITH_TAG


def test_a_site_without_it_answers_nothing() -> None:
    app = RRSnippetPages(answering([PAGE], TYPE), customer=lambda _: None)
    assert ask(app, PATH_INFO="/rr-snippet/loader.js").body == PAGE


# --- Plain Jinja2 -----------------------------------------------------------------------------------------------------


def test_jinja_has_the_tag() -> None:
    environment = Environment(autoescape=True)
    install(environment, {"DEFERRED": True, "DEFERRED_MARKER": "known"})
    template = environment.from_string("{{ rr_customer_deferred(nonce='r4nd0m') }}")
    assert template.render() == TAG.decode().replace(" async", ' data-marker="known" nonce="r4nd0m" async')
    page = RRSnippetPages(answering([PAGE.replace(b"</body>", TAG + b"</body>")], TYPE), customer=None, deferred=True)
    assert ask(page).body == WITH_TAG


def test_jinja_says_that_nobody_answers() -> None:
    environment = Environment(extensions=[RRSnippetExtension])
    with pytest.raises(OptionError, match=r"option\.urls"):
        environment.from_string("{{ rr_customer_deferred() }}").render()


def test_a_name_that_is_taken_is_told() -> None:
    environment = Environment()
    environment.globals["rr_customer_deferred"] = "mine"
    with pytest.raises(OptionError) as error:
        install(environment, {"DEFERRED": True})
    assert str(error.value) == (
        "rr_customer_deferred: the name already stands for something else in this environment [option.taken]"
    )
    assert "rr_customer" not in environment.globals
