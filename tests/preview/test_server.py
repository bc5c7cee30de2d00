"""Who may use the preview, how it responds, and that it leaves nothing behind."""

from __future__ import annotations

import asyncio
import html
import re
import socket
import sys
from collections.abc import AsyncIterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import html5lib
import pytest

from rr_snippet import RenderOptions, render_snippet
from rr_snippet.errors import MissingDependencyError
from rr_snippet.preview.app import BODY_MAX_BYTES
from rr_snippet.preview.choices import Choices
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.form import Form
from rr_snippet.preview.guard import Guard
from rr_snippet.preview.result import read_form
from rr_snippet.preview.server import listen, require_server
from rr_snippet.preview.static import static_page
from rr_snippet.testing import TRACKER_JS, parse_snippets
from tests.support.preview import FORM_TYPE, HOST, ORIGIN, PORT, TOKEN, Client, body_of, running_preview

HOME = f"/{TOKEN}/"
SANDBOX = re.compile(r'src="(sandbox/[^"]*)"')


@pytest.fixture
def client() -> Client:
    return Client()


# --- headers


def test_the_headers_of_the_page(client: Client) -> None:
    response = client.ask()
    nonces = re.findall(r'nonce="([^"]*)"', response.text)
    assert response.status_code == 200
    assert dict(response.headers) == {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(response.content)),
        "content-security-policy": (
            f"default-src 'none'; script-src 'nonce-{nonces[0]}'; style-src 'nonce-{nonces[0]}'; img-src data:; "
            "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    assert len(set(nonces)) == 1
    assert nonces[0] not in client.ask().text


def test_nothing_comes_from_elsewhere(client: Client) -> None:
    page = html5lib.parse(client.ask().text, namespaceHTMLElements=False)
    addresses = {
        (element.tag, element.get(name))
        for element in page.iter()
        for name in ("src", "srcset", "data", "action", "poster")
        if isinstance(element.tag, str) and element.get(name) is not None
    }
    links = {element.get("href") for element in page.iter("link")}
    assert {address for _, address in addresses if not str(address).startswith("sandbox/")} == {
        "preview.js",
        "?lang=en",
    }
    assert links == {"data:,", "preview.css"}
    for name in ("preview.css", "preview.js"):
        text = client.ask(HOME + name).text
        assert set(re.findall(r"https?://\S+", text)) <= {"https://www.w3.org/WAI/ARIA/apg/patterns/tabs/,"}
        assert "@import" not in text
        assert "url(" not in text


@pytest.mark.parametrize(("name", "kind"), [("preview.css", "text/css"), ("preview.js", "text/javascript")])
def test_the_files_of_the_page(client: Client, name: str, kind: str) -> None:
    response = client.ask(HOME + name)
    assert (response.status_code, response.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
    assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


# --- who has access


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}"])
def test_this_machine_may_ask(client: Client, host: str) -> None:
    assert client.ask(headers={"Host": host}).status_code == 200
    headers = {"Host": host, "Origin": f"http://{host}", "Content-Type": FORM_TYPE}
    assert client.ask(method="POST", headers=headers, body=body_of(Form())).status_code == 303


@pytest.mark.parametrize(
    "host",
    [
        "", "127.0.0.1", "localhost", "127.0.0.1:80", f"127.0.0.1:{PORT}0", f"127.0.0.2:{PORT}", f"[::1]:{PORT}",
        f"evil.example:{PORT}", f"localhost.evil.example:{PORT}", f"127.0.0.1.evil.example:{PORT}",
        f"evil.example@127.0.0.1:{PORT}", f"127.0.0.1:{PORT}.evil.example", f"LOCALHOST:{PORT}",
    ],
)  # fmt: skip
def test_a_foreign_host_is_refused(client: Client, host: str) -> None:
    response = client.ask(headers={"Host": host})
    assert (response.status_code, response.text) == (403, "Forbidden")
    headers = {"Host": host, "Origin": f"http://{host}", "Content-Type": FORM_TYPE}
    assert client.ask(method="POST", headers=headers, body=body_of(Form())).status_code == 403


def test_at_the_usual_port_browsers_leave_it_out() -> None:
    client = Client(port=80)
    statuses = {
        host: client.ask(headers={"Host": host}).status_code for host in ("127.0.0.1", "localhost", "evil.example")
    }
    assert statuses == {"127.0.0.1": 200, "localhost": 200, "evil.example": 403}
    headers = {"Host": "localhost", "Origin": "http://localhost", "Content-Type": FORM_TYPE}
    assert client.ask(method="POST", headers=headers, body=body_of(Form())).status_code == 303


def test_two_hosts_are_refused(client: Client) -> None:
    assert client.ask(headers=[("Host", HOST), ("Host", HOST)]).status_code == 403


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://evil.example", f"https://{HOST}", "http://127.0.0.1", f"http://localhost:{PORT}", f"{ORIGIN}.evil.example", f"{ORIGIN}/"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_foreign_origin_is_refused(client: Client, origin: str, method: str) -> None:
    headers = {"Origin": origin, "Content-Type": FORM_TYPE}
    assert client.ask(method=method, headers=headers, body=body_of(Form())).status_code == 403
    assert client.ask(method=method, headers=[("Origin", ORIGIN), ("Origin", origin)]).status_code == 403


def test_who_posts_has_to_say_from_where(client: Client) -> None:
    assert client.ask(method="POST", headers={"Content-Type": FORM_TYPE}, body=body_of(Form())).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/", "/favicon.ico", "/preview.js", "/sandbox/x", "//", f"/{TOKEN[:-1]}/", f"/{TOKEN}x/", f"/{TOKEN.upper()}/",
        f"/x/{TOKEN}/", f"/?{TOKEN}", f"//{TOKEN}/", "/%d1%82%ff/", f"/x/../{TOKEN}x/",
    ],
)  # fmt: skip
def test_without_the_token_there_is_nothing(client: Client, path: str) -> None:
    response = client.ask(ORIGIN + path)
    assert (response.status_code, response.text) == (403, "Forbidden")
    assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("path", "status"), [("", 200), ("nothing", 404), ("sandbox/", 404), ("sandbox/x", 404), ("preview.css/", 404)]
)
def test_with_it_there_is_what_there_is(client: Client, path: str, status: int) -> None:
    assert client.ask(HOME + path).status_code == status


def test_the_address_without_its_last_slash_leads_there(client: Client) -> None:
    response = client.ask(f"/{TOKEN}")
    assert (response.status_code, response.headers["location"]) == (307, f"/{TOKEN}/")
    assert client.ask(f"/{TOKEN}", headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_none(client: Client, method: str) -> None:
    assert client.ask(method=method, headers={"Origin": ORIGIN}).status_code == 405


# --- its responses


def test_a_form_leads_to_the_page_of_its_customer(client: Client) -> None:
    """Then the page can be reloaded, and reached by the back button, without sending a form again."""
    response = client.send(EXAMPLES["region"], to="?lang=ru")
    key = re.fullmatch(r"\./\?state=([A-Za-z0-9_-]{16})&lang=ru", response.headers["location"])
    assert (response.status_code, key is not None) == (303, True)
    page = client.post(EXAMPLES["region"], query="?lang=ru").text
    assert '<html lang="ru">' in page
    assert 'id="f-defaultStockId"' in page
    assert 'value="Москва"' in page


@pytest.mark.parametrize(
    ("chosen", "accepted", "query", "language"),
    [
        (None, "", "", "en"),
        (None, "ru-RU,ru;q=0.9,en;q=0.8", "", "ru"),
        (None, "ru", "?lang=en", "en"),
        (None, "en", "?lang=ru", "ru"),
        ("en", "ru", "", "en"),
        ("ru", "en", "", "ru"),
        ("ru", "en", "?lang=en", "en"),
        ("ru", "en", "?lang=%22%3E", "ru"),
    ],
)
def test_languages(chosen: Any, accepted: str, query: str, language: str) -> None:
    page = Client(language=chosen).ask(HOME + query, headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}">' in page


def test_what_was_typed_outlives_reloading_and_the_other_language(client: Client) -> None:
    first = client.send(Form(texts={**Form().texts, "customerId": "one"}), to="").headers["location"]
    second = client.send(Form(texts={**Form().texts, "customerId": "two"}), to="").headers["location"]
    for _ in range(2):
        for location, value in ((first, "one"), (second, "two")):
            for language in ("en", "ru"):
                page = client.ask(f"{HOME}{location[2:].replace('lang=en', f'lang={language}')}").text
                assert (f'value="{value}"' in page, f'<html lang="{language}">' in page) == (True, True)
    (link,) = re.findall(r'id="language"[^>]* href="([^"]*)"', page)
    assert 'value="two"' in client.ask(HOME + link.replace("&amp;", "&")).text


def test_what_is_typed_is_kept_before_it_is_looked_at(client: Client) -> None:
    (key,) = re.findall(r'name="state" value="([^"]*)"', client.ask().text)
    form = Form(texts={**Form().texts, "customerId": "kept"})
    response = client.send(form, to="keep", state=key)
    assert (response.status_code, response.content) == (204, b"")
    assert 'value="kept"' in client.ask(f"{HOME}?state={key}").text


def test_a_page_of_an_example_has_an_address_of_its_own(client: Client) -> None:
    page = client.ask(f"{HOME}?example=region").text
    (key,) = re.findall(r'name="state" value="([^"]*)"', page)
    assert 'value="Москва"' in client.ask(f"{HOME}?state={key}&lang=ru").text


def test_so_many_pages_are_kept(client: Client) -> None:
    forms = [Form(texts={**Form().texts, "customerId": f"id {number}"}) for number in range(34)]
    locations = [client.send(form, to="").headers["location"] for form in forms]
    # A request for an unknown name gets a new page.
    assert [
        f'value="id {number}"' in client.ask(HOME + location[2:]).text
        for number, location in reversed([*enumerate(locations)])
    ] == [True] * 32 + [False] * 2


@pytest.mark.parametrize("state", ["", "short", "x" * 17, "../../../../etc/", "é" * 16])
def test_names_that_no_page_has_are_not_kept(client: Client, state: str) -> None:
    form = Form(texts={**Form().texts, "customerId": "mine"})
    assert client.send(form, to="result", state=state).status_code == 200
    assert 'value="mine"' not in client.ask(f"{HOME}?{urlencode({'state': state})}").text


# --- while typing


def inner(page: str, name: str) -> str:
    """Return the content of an element of a page, without what is new each time."""
    element = next(each for each in html5lib.parse(page, namespaceHTMLElements=False).iter() if each.get("id") == name)
    whole = html5lib.serialize(element, quote_attr_values="always", omit_optional_tags=False)
    return re.sub(r"sandbox/[\w-]*", "", whole).partition(">")[2].rpartition("</")[0].strip()


SENT = [
    {"form": EXAMPLES["wrong"]},
    {"form": EXAMPLES["region"], "action": "add-customData"},
    {"form": EXAMPLES["region"], "action": "remove-softLinks-0"},
    {"form": Form(), "mode": "json", "json": '{"customerId": "1",\n "mail": "é"}'},
    {"form": Form(), "mode": "json", "json": "customerId;email\n1;a@b.ru\n2;x\n", "record": 2},
    {"form": Form(), "mode": "json", "json": "{,}"},
    {"form": EXAMPLES["hostile"], "mode": "block", "block": "<script>rrApi.setCustomer({customerId: 1})</script>"},
    {"form": Form(), "mode": "block", "block": str(render_snippet({"customerId": "1", "defaultStockId": "2"}))},
]


@pytest.mark.parametrize("sent", SENT)
def test_an_answer_is_made_of_the_parts_of_the_page(client: Client, sent: dict[str, Any]) -> None:
    page = client.post(**sent).text
    (key,) = re.findall(r'name="state" value="([^"]*)"', page)
    response = client.send(**sent, state=key, to="result?lang=en")
    answer = response.json()
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert inner(page, "summary") == html.escape(answer["summary"], quote=False)
    for name, part in answer["parts"].items():
        assert inner(page, name) == inner(f'<div id="{name}">{part}</div>', name), name
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    invalid = {element.get("id") for element in tree.iter() if element.get("aria-invalid") == "true"}
    assert invalid == {*answer["invalid"]} & {element.get("id") for element in tree.iter()}
    assert f'<div id="bar" class="{answer["kind"]}">' in page
    notes = {element.get("id") for element in tree.iter() if element.get("class") == "notes" and len(element)}
    assert notes == {name for name in answer["parts"] if name.startswith("n-")} & {
        element.get("id") for element in tree.iter()
    }
    assert ("json" in answer) == (sent.get("mode") != "json")
    assert ("panel-form" in answer["parts"]) == ("mode" in sent or "action" in sent)
    # The page of this name is now that of the response, and the action of a button is not repeated.
    again = client.ask(f"{HOME}?state={key}").text
    assert inner(again, "panel-form") == inner(page, "panel-form")


# --- the file


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_file_is_the_one_that_the_command_writes(client: Client, language: Any) -> None:
    choices = Choices(nonce="abc", pretty=True)
    response = client.send(EXAMPLES["region"], choices=choices, to=f"download?lang={language}", action="download")
    given = read_form(EXAMPLES["region"])
    expected, _ = static_page(given, RenderOptions(), language, text=EXAMPLES["region"].json_text(), choices=choices)
    assert (response.status_code, response.text) == (200, expected)
    assert response.headers["content-disposition"] == 'attachment; filename="rr-snippet-preview.html"'
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_the_file_of_one_of_several_holds_that_one_alone(client: Client) -> None:
    text = '{"customerId": "id one"}\n{"customerId": "id two"}'
    page = client.send(Form(), mode="json", json=text, record=2, to="download").text
    assert ("id one" in page, "id two" in page) == (False, True)


@pytest.mark.parametrize("name", [*EXAMPLES, "<script>"])
def test_examples_are_loaded_by_their_names(client: Client, name: str) -> None:
    response = client.ask(f"/{TOKEN}/?example={name}")
    expected = client.post(EXAMPLES.get(name, Form())).text
    hide = re.compile(r'nonce="[^"]*"|sandbox/[^"]*|state=[\w-]*|name="state" value="[^"]*"')
    assert hide.sub("", response.text) == hide.sub("", expected)


def test_rows_are_added_without_a_script(client: Client) -> None:
    before, after = (client.post(EXAMPLES["region"], action=do).text for do in ("form", "add-customData"))
    assert (before.count('name="customData.key"'), after.count('name="customData.key"')) == (2, 3)


def test_a_row_that_was_removed_can_be_put_back_without_a_script(client: Client) -> None:
    page = client.post(EXAMPLES["region"], action="remove-customData-0").text
    assert ('value="Анна"' in page, 'value="restore"' in page) == (False, True)
    less = Form(**{**{name: getattr(EXAMPLES["region"], name) for name in Form.__slots__}, "custom_data": ()})
    (removed,) = re.findall(r'name="removed" value="([^"]*)"', page)
    again = client.post(less, action="restore", removed=html.unescape(removed)).text
    assert ('value="Анна"' in again, 'value="restore"' in again) == (True, False)


def test_rows_are_those_of_the_form_whatever_was_looked_at(client: Client) -> None:
    form = Form(texts={**Form().texts, "customerId": "F"}, custom_data=(("k", "v"), ("l", "w")))
    page = client.post(form, mode="json", json='{"customerId": "J"}', action="remove-customData-0").text
    assert ('value="F"' in page, 'value="J"' in page, 'value="w"' in page, 'value="v"' in page) == (
        True, False, True, False,
    )  # fmt: skip


def test_a_customer_to_begin_with() -> None:
    client = Client(first='{"customerId": "first one"}')
    assert 'value="first one"' in client.ask().text
    assert 'value="2nd"' in Client(first="customerId\n1st\n2nd", record=2).ask().text
    assert "first one" not in client.ask(f"{HOME}?example=region").text


def test_the_rules_of_the_command_are_those_of_the_page() -> None:
    client = Client(RenderOptions(require_consent=True, phone_region="RU"), first='{"customerId": "1"}')
    page = client.ask().text
    assert ("consent.missing" in page, 'value="RU"' in page) == (True, True)


def test_the_sandbox_runs_the_block_alone(client: Client) -> None:
    match = SANDBOX.search(client.post(EXAMPLES["hostile"]).text)
    assert match is not None
    response = client.ask(HOME + match[1])
    page = html5lib.parse(response.text, namespaceHTMLElements=False)
    nonce = next(page.iter("script")).get("nonce")
    assert response.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'nonce-{nonce}'; sandbox allow-scripts; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'"
    )
    scripts = list(page.iter("script"))
    assert [script.get("nonce") for script in scripts] == [nonce] * 3
    assert scripts[1].text == TRACKER_JS
    (customer,) = parse_snippets(response.text)
    assert customer.customer_id == EXAMPLES["hostile"].texts["customerId"]
    assert {element.tag for element in page.iter()} == {"html", "head", "body", "meta", "title", "script"}


def test_the_last_sandboxes_are_kept_and_no_more(client: Client) -> None:
    matches = [SANDBOX.search(client.post(EXAMPLES["region"]).text) for _ in range(18)]
    statuses = [client.ask(HOME + match[1]).status_code for match in matches if match]
    assert statuses == [404] * 2 + [200] * 16


def test_no_customer_no_sandbox(client: Client) -> None:
    page = client.post(EXAMPLES["wrong"]).text
    assert "<iframe" not in page
    assert "sandbox/" not in page


def test_half_of_a_surrogate_pair_breaks_no_page(client: Client) -> None:
    response = client.post(Form(), mode="json", json='{"customerId": "\\ud800"}')
    assert response.status_code == 200
    assert "text.surrogate" in response.text


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("", b"a=1", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"a=1", 415),
        (FORM_TYPE, b"a=" + b"x" * (BODY_MAX_BYTES - 2), 303),
        (FORM_TYPE, b"a=" + b"x" * (BODY_MAX_BYTES - 1), 413),
        (FORM_TYPE, b"a=1&" * 50_000, 400),
        ("Application/X-WWW-Form-Urlencoded ; charset=utf-8", b"a=1", 303),
    ],
)
def test_bodies(client: Client, kind: str, body: bytes, status: int) -> None:
    headers = {"Origin": ORIGIN, "Content-Type": kind}
    assert client.ask(method="POST", headers=headers, body=body).status_code == status


def test_a_body_without_an_end_is_not_read_to_its_end(client: Client) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 65_536

    headers = {"Origin": ORIGIN, "Content-Type": FORM_TYPE}
    assert client.ask(method="POST", headers=headers, body=endless()).status_code == 413
    assert sent == BODY_MAX_BYTES // 65_536 + 1


# --- errors


def ask_guard(app: Any, events: list[dict[str, Any]] | None = None) -> tuple[list[str], list[dict[str, Any]]]:
    """Let `app` respond behind a guard, and return what was reported and what was sent."""
    reports: list[str] = []
    sent: list[dict[str, Any]] = []
    incoming = iter(events or [])

    async def receive() -> dict[str, Any]:
        return next(incoming)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": HOME, "query_string": b"",
        "headers": [(b"host", HOST.encode()), (b"origin", ORIGIN.encode()), (b"content-type", FORM_TYPE.encode())],
    }  # fmt: skip
    guard = Guard(app, token=TOKEN, port=PORT, report=reports.append)
    asyncio.run(guard(scope, receive, send))
    return reports, sent


@pytest.mark.parametrize("is_late", [False, True])
def test_what_fails_is_told_by_its_kind_alone(is_late: bool) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if is_late:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("anna@shop.ru")

    reports, sent = ask_guard(app)
    assert reports == ["preview: ValueError"]
    assert [message.get("status") for message in sent if message["type"] == "http.response.start"] == [
        200 if is_late else 500
    ]
    assert "anna" not in str(sent)


def test_who_goes_away_is_no_fault() -> None:
    assert ask_guard(Client().preview.app, [{"type": "http.disconnect"}]) == ([], [])


# --- the real command


def test_it_listens_on_loopback_alone() -> None:
    with listen(0) as listener:
        address, port = listener.getsockname()
        assert address == "127.0.0.1"
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        # A server that listens on every interface would respond at all of these too.
        others = {"127.0.0.2", *_own_addresses()} - {"127.0.0.1"}
        for other in others:
            with pytest.raises(OSError):
                socket.create_connection((other, port), timeout=5).close()


def _own_addresses() -> set[str]:
    try:
        return {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except OSError:
        return set()


def test_a_port_that_is_taken_stays_with_who_has_it() -> None:
    with listen(0) as listener, pytest.raises(OSError, match="in use"):
        listen(listener.getsockname()[1])


def test_the_command_serves_says_nothing_leaves_nothing_and_ends_at_once(tmp_path: Path) -> None:
    """After requests of all kinds, with a browser's connection still open. `running_preview` checks the end."""
    environment = {
        **__import__("os").environ,
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    (tmp_path / "customer.json").write_text('{"customerId": "from a file"}')
    with running_preview("--customer", "customer.json", cwd=tmp_path, env=environment) as url:
        parts = urlsplit(url)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.2", parts.port or 0), timeout=5).close()
        connection = HTTPConnection(parts.netloc, timeout=20)
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        assert (answer.status, b"from a file" in answer.read()) == (200, True)
        assert answer.getheader("Server") is None
        headers = {"Origin": f"http://{parts.netloc}", "Content-Type": FORM_TYPE}
        connection.request("POST", f"{parts.path}result", body_of(EXAMPLES["region"]), headers)
        assert "Москва" in connection.getresponse().read().decode()
        connection.request(
            "POST", parts.path, body_of(EXAMPLES["region"]), {**headers, "Origin": "http://evil.example"}
        )
        assert connection.getresponse().read() == b"Forbidden"
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as raw:
            raw.sendall(b"anna@shop.ru is no HTTP\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400 ")
        # An open, silent connection.
        connection.request("GET", parts.path)
        connection.getresponse().read()
    connection.close()
    left = {path.name for path in tmp_path.rglob("*") if not path.name.startswith(".coverage")}
    assert left == {"customer.json"}


# --- its requirements


@pytest.mark.parametrize(("module", "package"), [("starlette", "Starlette"), ("uvicorn", "uvicorn")])
def test_what_is_missing_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDependencyError) as caught:
        require_server()
    assert str(caught.value) == f"{package} is needed: pip install 'rr-snippet[preview]' [dependency.missing]"
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)


def test_what_they_miss_themselves_is_their_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, *arguments: Any) -> Any:
        raise ModuleNotFoundError("no h11", name="h11")

    monkeypatch.setattr("builtins.__import__", broken)
    with pytest.raises(ModuleNotFoundError, match="no h11"):
        require_server()
