"""`preview --static`, which writes one file, and the command's own messages."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import socket
import sys
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import html5lib
import pytest

from rr_snippet import Problem, RenderOptions, __version__, csp_source, render_snippet
from rr_snippet.cli import main
from rr_snippet.cli import preview as command
from rr_snippet.preview.examples import EXAMPLES
from rr_snippet.preview.result import read_form
from rr_snippet.preview.static import static_page
from rr_snippet.preview.words import Words
from rr_snippet.testing import TRACKER_JS
from tests.support.preview import HOST

ROOT = Path(__file__).parents[2]


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["preview", *arguments])
    out, err = capfd.readouterr()
    return code, out, err


def written(target: Path, language: Any = "en", number: int = 1, count: int = 1) -> str:
    """Return the command's message about the file that it has written."""
    say = Words(language)
    size = say.number(target.stat().st_size)
    return f"rr-snippet: {say('terminal.written', target=str(target), bytes=size, number=number, count=count)}\n"


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def parts_of(page: str) -> tuple[Any, str]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    (policy,) = [meta.get("content") for meta in tree.iter("meta") if meta.get("http-equiv")]
    return tree, policy


# --- the file


@pytest.mark.parametrize("name", ["region", "no-region", "hostile"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_policy_of_the_file_names_all_that_runs_in_it(name: str, language: Any) -> None:
    page, result = static_page(read_form(EXAMPLES[name]), RenderOptions(), language, text="given")
    tree, policy = parts_of(page)
    (script,) = [element.text for element in tree.iter("script")]
    (style,) = [element.text for element in tree.iter("style")]
    (frame,) = [html5lib.parse(frame.get("srcdoc"), namespaceHTMLElements=False) for frame in tree.iter("iframe")]
    inner = [element.text for element in frame.iter("script")]
    assert inner[1] == TRACKER_JS
    assert hash_of(inner[0]) == csp_source(result.block)
    assert policy == (
        f"default-src 'none'; script-src {' '.join(map(hash_of, (script, *inner)))}; style-src {hash_of(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert tree.get("lang") == language
    assert render_snippet(EXAMPLES[name].data()) in ["".join(code.itertext()) for code in tree.iter("code")]
    assert f"rr-snippet {__version__}" in "".join(tree.itertext())
    assert [element.get("sandbox") for element in tree.iter("iframe")] == ["allow-scripts"]


def test_the_file_loads_nothing() -> None:
    page, _ = static_page(read_form(EXAMPLES["hostile"]), RenderOptions(), "en", text="given")
    tree, _ = parts_of(page)
    for element in tree.iter():
        for name in ("src", "href", "data", "action", "poster", "srcset"):
            assert str(element.get(name, "")).partition("#")[0] in ("", "data:,"), element.tag
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]


def test_the_file_of_a_customer_that_is_none_shows_the_problems() -> None:
    page, result = static_page(read_form(EXAMPLES["wrong"]), RenderOptions(), "ru", text="given")
    tree, policy = parts_of(page)
    text = "".join(tree.itertext())
    for problem in result.problems:
        assert problem.message_in("ru") in text
    assert list(tree.iter("iframe")) == []
    assert policy.count("sha256-") == 2


def test_the_command_writes_it(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "ticket.html"
    target.write_text("old")
    customer = str(ROOT / "examples" / "customers" / "region.json")
    code, out, err = call(capfd, "--static", str(target), customer, "--lang", "ru")
    assert (code, out, err) == (0, "", written(target, "ru"))
    expected, _ = static_page(read_form(EXAMPLES["empty"]), RenderOptions(), "ru", text="")
    assert (
        target.read_text("utf-8").partition("<title>")[2].partition("</style>")[0]
        == (expected.partition("<title>")[2].partition("</style>")[0])
    )
    assert "100043" in target.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["ticket.html"]
    assert call(capfd, "--static", str(target), "--customer", customer) == (0, "", written(target))


def test_the_command_needs_no_server_for_it(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in ("starlette", "uvicorn"):
        monkeypatch.setitem(sys.modules, module, None)
    customer = str(ROOT / "examples" / "customers" / "small.json")
    target = tmp_path / "a.html"
    assert call(capfd, "--static", str(target), customer) == (0, "", written(target))
    code, out, err = call(capfd)
    assert (code, out) == (2, "")
    assert err == "rr-snippet: error: Starlette is needed: pip install 'rr-snippet[preview]' [dependency.missing]\n"


def test_problems_are_told_and_the_file_is_written(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps({"customerId": "7", "email": "anna@shop"}), "utf-8")
    code, out, err = call(capfd, "--static", str(tmp_path / "out.html"), str(tmp_path / "in.json"))
    assert (code, out) == (1, "")
    problem = Problem.of("email.shape", "email", no_dot=1)
    assert err == f"rr-snippet: error: {problem}\n{written(tmp_path / 'out.html')}"
    assert "email.shape" in (tmp_path / "out.html").read_text("utf-8")


def test_one_of_several_customers_in_any_encoding(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("customerId;defaultStockId\n1;Тверь\n2;Омск\n".encode("cp1251"))
    target = tmp_path / "out.html"
    arguments = ["--static", str(target), str(tmp_path / "in.csv"), "--encoding", "cp1251"]
    for record, region in ((1, "Тверь"), (2, "Омск")):
        assert call(capfd, *arguments, "--record", str(record)) == (0, "", written(target, number=record, count=2))
        page = target.read_text("utf-8")
        assert [name in page for name in ("Тверь", "Омск")] == [name == region for name in ("Тверь", "Омск")]


def test_an_empty_file_is_no_customer(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text("")
    target = tmp_path / "out.html"
    code, out, err = call(capfd, "--static", str(target), str(tmp_path / "in.json"))
    assert (code, out, err) == (1, "", written(target))
    assert Words("en")("summary.empty") in html.unescape(target.read_text("utf-8"))


def test_rules_hold_for_the_file_too(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('\ufeff{"customerId": "7"}', "utf-8")
    arguments = ["--static", str(tmp_path / "out.html"), str(tmp_path / "in.json")]
    assert call(capfd, *arguments)[0] == 0
    code, _, err = call(capfd, *arguments, "--require-consent")
    assert (code, "[consent.missing]" in err) == (1, True)


def test_a_place_that_cannot_be_written(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"customerId": "7"}')
    target = tmp_path / "no" / "out.html"
    code, out, err = call(capfd, "--static", str(target), str(tmp_path / "in.json"))
    assert (code, out) == (2, "")
    assert err == f"{target}: error: cannot be written: No such file or directory [output.unwritable]\n"


# --- the command


def test_wrong_usage(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing, folder, latin, excel = (
        str(tmp_path / name) for name in ("missing.json", "folder", "latin.json", "a.xlsx")
    )
    Path(excel).write_bytes(b"PK\x03\x04...")
    Path(folder).mkdir()
    Path(latin).write_bytes('{"customerId": "Анна"}'.encode("cp1251"))
    for arguments, said in (
        (["--static", "out.html"], "rr-snippet: error: CUSTOMER.json: required, but not given [argument.missing]"),
        (
            ["a.json", "--customer", "b.json"],
            "rr-snippet: error: --customer: cannot be used together with CUSTOMER.json [option.conflict]",
        ),
        (
            ["--customer", missing],
            f"{missing}: error: cannot be read: No such file or directory [source.unreadable]",
        ),
        (["--customer", folder], f"{folder}: error: cannot be read: Is a directory [source.unreadable]"),
        (
            ["--customer", latin],
            f"{latin}: error: {Problem.of('customer.encoding', encoding='utf-8', guess='cp1251')}",
        ),
        (["--customer", latin, "--encoding", "utf-99"], "rr-snippet: error: --encoding: "),
        (["--customer", excel], f"{excel}: error: {Problem.of('source.foreign', zip=1)}"),
        (
            ["--record", "0"],
            "rr-snippet: error: --record: wrong value '0'; expected a whole number from 1 [option.value]",
        ),
        (["--phone-region", "XX"], "rr-snippet: error: --phone-region: "),
        (["--static", "-", latin], "--static: wrong value; expected a file other than CUSTOMER.json [option.value]"),
        (["--static", latin, latin], "--static: wrong value; expected a file other than CUSTOMER.json [option.value]"),
        (
            ["--port", "70000"],
            "rr-snippet: error: --port: wrong value '70000'; expected a whole number from 0 to 65535 [option.value]",
        ),
    ):
        code, out, err = call(capfd, *arguments)
        assert (code, out, said in err) == (2, "", True), err
        assert "Анна" not in err


def test_a_read_that_fails_on_the_way(capfd: pytest.CaptureFixture[str]) -> None:
    # It can be opened, but not read at its start.
    code, out, err = call(capfd, "--customer", "/proc/self/mem")
    assert (code, out) == (2, "")
    assert err == "/proc/self/mem: error: cannot be read: Input/output error [source.unreadable]\n"


def test_a_port_that_is_taken(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, out, err = call(capfd, "--no-open", "--port", str(port))
    assert (code, out, err) == (2, "", f"rr-snippet: error: --port {port}: Address already in use\n")


@pytest.mark.parametrize("is_opened", [True, False])
def test_the_browser_is_opened_unless_told_not_to(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_opened: bool
) -> None:
    opened: SimpleQueue[str] = SimpleQueue()
    served: list[Any] = []

    def serve(listener: socket.socket, options: RenderOptions, language: str, **rest: Any) -> None:
        with listener:
            served.append((listener.getsockname()[0], options, language, rest["first"], rest["record"]))
        rest["started"](f"http://{HOST}/token/")

    monkeypatch.setattr(command, "serve", serve)
    monkeypatch.setattr(command.webbrowser, "open", opened.put)
    customer = ROOT / "examples" / "customers" / "small.json"
    arguments = ["--customer", str(customer), "--phone-region", "RU", *([] if is_opened else ["--no-open"])]
    url, options = f"http://{HOST}/token/\n", RenderOptions(phone_region="RU")
    key = "terminal.open" if is_opened else "terminal.serves"
    # Without an option of the command the page has the language of each browser.
    for language, lang in ((None, []), ("ru", ["--lang", "ru", "--record", "2"])):
        assert call(capfd, *arguments, *lang) == (0, url, f"rr-snippet: {Words(language or 'en')(key)}\n")
        assert served.pop() == ("127.0.0.1", options, language, customer.read_text(), 2 if lang else 1)
        if is_opened:
            assert opened.get(timeout=20) == f"http://{HOST}/token/"
    assert opened.empty()


def test_help_names_every_option(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capfd, "--help")
    assert code == 0
    assert set(re.findall(r"^  (?:-h, )?(--[a-z-]+)", out, re.MULTILINE)) == {
        "--port", "--customer", "--no-open", "--color", "--static", "--phone-region", "--phone-check", "--require-consent",
        "--phone-clean", "--drop-faulty",
        "--encoding", "--record",
        "--lang", "--help",
    }  # fmt: skip
