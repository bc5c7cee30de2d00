"""The command as people run it, in its own process: its output and its exit codes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rr_snippet import render_snippet
from rr_snippet.cli import COMMANDS, main, rr_snippet
from rr_snippet.customer.schema import customer_schema
from tests.support.cases import read_cases
from tests.support.liars import MARK

GOOD = '{"customerId": "1"}'
BAD = json.dumps({"customerId": MARK, "email": MARK, MARK: MARK, "customData": {MARK: 5}})


def run(*arguments: str, data: str | bytes = b"", **options: Any) -> tuple[int, str, str]:
    """Run the command in its own process; return its exit code, standard output and standard error."""
    process = subprocess.run(
        [sys.executable, "-m", "rr_snippet", *arguments],
        input=data.encode() if isinstance(data, str) else data,
        capture_output=True,
        check=False,
        **options,
    )
    return process.returncode, process.stdout.decode(), process.stderr.decode()


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command in this process; return the same."""
    code = main(arguments)
    return (code, *capfd.readouterr())


def test_render_prints_the_block_and_a_line_end() -> None:
    assert run("render", data=GOOD) == (0, render_snippet({"customerId": "1"}) + "\n", "")
    assert run("render", "-", data=GOOD)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--variant", "region"], {"variant": "region"}),
        (["--nonce", "abc"], {"nonce": "abc"}),
        (["--phone-region", "RU", "--phone-check", "valid"], {"phone_region": "RU", "phone_check": "valid"}),
        (["--pretty", "--debug"], {"pretty": True, "debug": True}),
        (["--require-consent"], {"require_consent": True}),
    ],
)
def test_render_takes_every_option(
    arguments: list[str], options: dict[str, Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    customer = {
        "customerId": "1",
        "phone": "8 911 222-33-44",
        "defaultStockId": "7",
        "isAgreedToReceiveMarketingMail": True,
    }
    file = tmp_path / "customer.json"
    file.write_text(json.dumps(customer))
    assert call(capfd, "render", str(file), *arguments) == (0, render_snippet(customer, **options) + "\n", "")


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("c.json", f'[{GOOD}, {BAD}, {GOOD}, {{"customerId": ]', ["record 2", "record 4"]),
        ("c.jsonl", f"{GOOD}\n{BAD}\n{{\n{GOOD}\n", ["2", "3"]),
        ("c.csv", f"customerId,email\n1,\n{MARK},{MARK}\n1,\n", ["3"]),
    ],
)
def test_render_prints_the_good_and_reports_the_bad(
    name: str, text: str, places: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_text(text)
    code, out, err = call(capfd, "render", str(file))
    assert code == 1
    assert out == (render_snippet({"customerId": "1"}) + "\n") * 2
    seen = [line.removeprefix(f"{file}:").strip().partition(":")[0] for line in err.splitlines()]
    assert list(dict.fromkeys(seen)) == places
    assert MARK not in out + err


def test_render_reports_what_cannot_be_rendered(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(GOOD)
    assert call(capfd, "render", str(file), "--variant", "region", "--lang", "ru") == (
        1,
        "",
        f"{file}:1: ошибка: defaultStockId: обязательно для варианта с регионами [variant.stock_missing]\n",
    )


@pytest.mark.parametrize(
    ("arguments", "data", "expected"),
    [
        (["render"], "", "standard input: error: empty; expected a customer [source.empty]"),
        (["render", "/nowhere/at/all"], "", "/nowhere/at/all: error: cannot be read: No such file or directory [source.unreadable]"),
        (["render", "/"], "", "/: error: cannot be read: Is a directory [source.unreadable]"),
        (["render", "--nonce", "a b"], GOOD, "rr-snippet: error: --nonce: not a CSP nonce; expected base64 characters with at most two = at the end [nonce.shape]"),
        (["render", "--phone-region", "ru"], GOOD, "rr-snippet: error: --phone-region: wrong value 'ru'; expected a two-letter country code such as RU [option.value]"),
        (["validate", "-", "--phone-region", "ru"], GOOD, "rr-snippet: error: --phone-region: wrong value 'ru'; expected a two-letter country code such as RU [option.value]"),
        (["render", "--encoding", "nope"], GOOD, "rr-snippet: error: --encoding: wrong value 'nope'; expected the name of a text encoding [option.value]"),
        (["validate", "-", "--encoding", "nope"], GOOD, "rr-snippet: error: --encoding: wrong value 'nope'; expected the name of a text encoding [option.value]"),
        (["render", "--encoding", "utf-16"], b"\xff", "standard input: error: not utf-16 text; specify the right encoding [customer.encoding]"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_clear_line(arguments: list[str], data: Any, expected: str) -> None:
    assert run(*arguments, data=data) == (2, "", f"{expected}\n")


@pytest.mark.parametrize(
    "arguments", [["nope"], ["render", "--nope"], ["render", "--variant", "Region"], ["validate"], []]
)
def test_wrong_words(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, *arguments)
    assert (code, out) == (2, "")
    assert "Usage: rr-snippet" in err


def test_help_and_version(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, "--help")
    assert (code, err) == (0, "")
    assert "Print the blocks of customers." in out
    assert call(capfd, "--version") == (0, "rr-snippet 0.2.0\n", "")
    context = rr_snippet.make_context("rr-snippet", ["schema"])
    assert rr_snippet.list_commands(context) == list(COMMANDS)
    for name, what in COMMANDS.items():
        code, out, err = call(capfd, name, "-h")
        assert (code, err) == (0, ""), name
        assert f"{name}  " in call(capfd, "-h")[1]
        assert what.endswith("."), name


def test_output_may_be_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["rr-snippet", "--version"])
    assert main() == 0
    assert out.getvalue() == "rr-snippet 0.2.0\n"


VALIDATED = f"""{{"customerId": "1", "isAgreedToReceiveMarketingMail": false}}
{{"customerId": "2", "isAgreedToReceiveMarketingMail": false, "softLinks": {{"mail": "anna@shop.ru"}}}}
{BAD}
{{"customerId": "4", "customData": {{"a": "{"я" * 12_000}"}}}}
"""


def test_validate_tells_everything_with_its_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(VALIDATED)
    assert call(capfd, "validate", str(file)) == (
        1,
        f"""{file}:1: warning: isAgreedToReceiveMarketingMail: false does not unsubscribe someone who is already subscribed [consent.not_unsubscribe]
{file}:2: warning: softLinks[0].value: an e-mail address, which the vendor forbids as a soft link [soft_link.email]
{file}:3: error: email: has no @; expected something like name@shop.ru [email.shape]
{file}:3: error: customData[0]: must be a string [custom_data.value_type]
{file}:3: error: [2]: unknown field [field.unknown]
{file}:4: error: 72078 characters; at most 65536 allowed [payload.too_large]
customers: 4, rejected: 2; errors: 4, warnings: 2
consent: true 0, false 2, absent 0
""",
        "",
    )


def test_validate_as_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.json"
    file.write_text(f"[{GOOD}, {BAD}]")
    code, out, err = call(capfd, "--lang", "ru", "validate", str(file), "--format", "json")
    assert (code, err) == (1, "")
    assert MARK not in out
    report = json.loads(out)
    assert report["counts"] == {
        "customers": 2,
        "rejected": 1,
        "errors": 3,
        "warnings": 0,
        "consent_true": 0,
        "consent_false": 0,
        "consent_absent": 1,
        "phones_cleaned": 0,
    }
    assert report["findings"][0] == {
        "file": str(file),
        "record": 2,
        "line": None,
        "path": "email",
        "code": "email.shape",
        "severity": "error",
        "message": "нет знака @; ожидается адрес вида name@shop.ru",
    }


def test_validate_several_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.json").write_text(GOOD)
    (tmp_path / "b.json").write_text(f"[{GOOD},\n{BAD}]")
    files = [str(tmp_path / name) for name in ("a.json", "b.json", "c.json")]
    assert call(capfd, "validate", files[0], "--lang", "ru") == (
        0, "покупателей: 1, отклонено: 0; ошибок: 0, предупреждений: 0\nсогласие: true 0, false 0, не указано 1\n", ""
    )  # fmt: skip
    code, out, _ = call(capfd, "validate", *files)
    assert code == 3
    assert f"{files[1]}: record 2: error: email: " in out
    assert f"{files[2]}: error: cannot be read: No such file or directory [source.unreadable]" in out
    assert call(capfd, "validate", files[2])[0] == 2
    assert call(capfd, "validate", *files[:2])[0] == 1


def test_spreadsheets(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes("customerId;defaultStockId\r\n1;Москва\r\n".encode("cp1251"))
    expected = (0, render_snippet({"customerId": "1", "defaultStockId": "Москва"}) + "\n", "")
    assert call(capfd, "render", str(file), "--encoding", "cp1251", "--delimiter", ";") == expected
    assert call(capfd, "render", str(file), "--encoding", "cp1251") == expected
    assert call(capfd, "render", str(file))[0] == 1
    file.write_text("customerId\tdefaultStockId\n1\tМосква\n")
    assert call(capfd, "render", str(file), "--delimiter", "tab", "--from", "csv") == expected


def test_messages_reach_a_terminal_of_any_encoding() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "RR_SNIPPET_LANG": "ru"}
    code, out, err = run("validate", "-", data=BAD, env=environment)
    assert (code, err) == (1, "")
    assert "email.shape" in out


def test_a_closed_pipe_ends_it_silently() -> None:
    program = f"{sys.executable} -m rr_snippet render | head -n 1"
    process = subprocess.run(
        ["bash", "-o", "pipefail", "-c", program], input=f"{GOOD}\n".encode() * 20_000, capture_output=True, check=False
    )
    assert (process.returncode, process.stdout, process.stderr) == (0, b'<script type="text/javascript">\n', b"")


def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "rr_snippet", "render"], input=GOOD.encode(), stdout=full, stderr=subprocess.PIPE, check=False
        )  # fmt: skip
    assert (process.returncode, process.stderr) == (2, b"standard output: error: No space left on device\n")


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ("<&-", b"standard input: error: cannot be read: closed [source.unreadable]\n"),
        (">&-", b"standard output: error: closed\n"),
    ],
)
def test_a_closed_stream_is_told(closed: str, expected: bytes) -> None:
    process = subprocess.run(
        f"{sys.executable} -m rr_snippet render {closed}", shell=True, input=GOOD.encode(), stderr=subprocess.PIPE, check=False
    )  # fmt: skip
    assert (process.returncode, process.stderr) == (2, expected)


@pytest.mark.parametrize("arguments", ["render nope.json", "rendr", "render --nope"])
def test_a_closed_standard_error_hears_nothing(arguments: str) -> None:
    process = subprocess.run(
        f"{sys.executable} -m rr_snippet {arguments} 2>&-", shell=True, stdout=subprocess.PIPE, check=False
    )
    assert (process.returncode, process.stdout) == (2, b"")


def test_a_name_cannot_forge_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(capfd, "render", "no\nfile")[2] == (
        "no\\nfile: error: cannot be read: No such file or directory [source.unreadable]\n"
    )


def test_an_interrupt_ends_it_at_once() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "rr_snippet", "render"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{GOOD}\n".encode() * 1000)
    process.stdin.flush()
    process.stdout.read(1)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"")
    assert not out or out.endswith(b"</script>\n")


def test_schema_is_a_schema_that_agrees_with_the_library(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, "schema")
    assert (code, err) == (0, "")
    assert json.loads(out) == customer_schema()
    jsonschema.Draft202012Validator.check_schema(customer_schema())
    validator = jsonschema.Draft202012Validator(customer_schema())
    for case in read_cases("render"):
        validator.validate(case.head["customer"])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"customerId": True},
        {"customerId": "1", "customer_id": "1"},
        {"customerId": "1", "foo": "bar"},
        {"customerId": "1", "customData": {"a": 1}},
        {"customerId": "1", "customData": {"__proto__": "a"}},
        {"customerId": "1", "softLinks": [{"name": "a", "Value": "b"}]},
        {"customerId": "1", "softLinks": {"a": ""}},
        {"customerId": "1", "mobilePushSubscription": {}},
        {"customerId": "1", "mobilePushSubscription": {"fcmSubscription": {"token": "a"}}},
        {"customerId": "1", "isAgreedToReceiveMarketingMail": "false"},
        {"customerId": "1", "defaultStockId": "a" * 51},
    ],
)
def test_schema_refuses_what_the_library_refuses(data: dict[str, Any]) -> None:
    assert not jsonschema.Draft202012Validator(customer_schema()).is_valid(data)
    with pytest.raises(ValueError, match=r"\["):
        render_snippet(data)
