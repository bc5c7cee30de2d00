"""The language, the colours and the encoding of the command's messages, and when there are none."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from rr_snippet.cli import main
from rr_snippet.cli._progress import progress_line
from rr_snippet.cli._speech import Speech
from rr_snippet.errors import Problem

BAD = '{"customerId": "1", "email": "anna"}\n'
RED, YELLOW, END = "\x1b[31m\x1b[1m", "\x1b[33m\x1b[1m", "\x1b[0m"


def call(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(list(map(str, arguments)))
    return (code, *capfd.readouterr())


@pytest.mark.parametrize(
    ("arguments", "environment", "language", "why"),
    [
        ([], {}, "en", "nothing is said"),
        ([], {"LANG": "ru_RU.UTF-8"}, "ru", "the locale"),
        ([], {"LANG": "ru"}, "ru", "the language alone"),
        ([], {"LANG": "RU_RU@x"}, "ru", "letter case and a modifier"),
        ([], {"LANG": "rue_UA.UTF-8"}, "en", "Rusyn is no Russian"),
        ([], {"LANG": "ru_RU", "LC_MESSAGES": "en_US"}, "en", "the locale of messages is the nearer one"),
        ([], {"LANG": "en_US", "LC_MESSAGES": "ru_RU"}, "ru", "the same the other way round"),
        ([], {"LC_MESSAGES": "ru_RU", "LC_ALL": "C"}, "en", "LC_ALL rules all of them"),
        ([], {"LC_MESSAGES": "en_US", "LC_ALL": "ru_RU"}, "ru", "the same the other way round"),
        ([], {"LC_ALL": "", "LANG": "ru_RU"}, "ru", "an empty variable is none"),
        ([], {"LC_ALL": "ru_RU", "RR_SNIPPET_LANG": "en"}, "en", "our own variable before the locale"),
        ([], {"LC_ALL": "ru_RU", "RR_SNIPPET_LANG": "de"}, "ru", "told as wrong, in the language of the locale"),
        (["--lang", "en"], {"RR_SNIPPET_LANG": "ru"}, "en", "the option before all"),
        (["--lang=ru"], {}, "ru", "in one word"),
        (["--lang", "en", "render", "--lang", "ru"], {}, "ru", "the last one"),
        (["render", "--lang"], {}, "en", "an option without its value"),
        (["render", "--lang", "xx"], {}, "en", "a value that is none"),
        (["render", "--", "--lang", "ru"], {}, "en", "the names of files"),
    ],
)
def test_the_language(arguments: list[str], environment: dict[str, str], language: str, why: str) -> None:
    assert Speech.of(arguments, environment).language == language, why


def run(*arguments: str, data: bytes = b"", **environment: str) -> tuple[int, bytes, bytes]:
    """Run the command in a process whose environment names only the given languages."""
    names = ("LANG", "LC_ALL", "LC_MESSAGES", "RR_SNIPPET_LANG", "PYTHONUTF8", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    process = subprocess.run(
        [sys.executable, "-m", "rr_snippet", *arguments],
        input=data,
        capture_output=True,
        check=False,
        env={**kept, **environment},
    )
    return process.returncode, process.stdout, process.stderr


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({"LC_ALL": "ru_RU.UTF-8", "PYTHONIOENCODING": "utf-8"}, "utf-8"),
        ({"RR_SNIPPET_LANG": "ru", "PYTHONIOENCODING": "cp1251"}, "cp1251"),
        ({"RR_SNIPPET_LANG": "ru", "PYTHONIOENCODING": "cp866"}, "cp866"),
        ({"RR_SNIPPET_LANG": "ru", "PYTHONIOENCODING": "koi8-r"}, "koi8-r"),
        ({"RR_SNIPPET_LANG": "ru", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
        ({"RR_SNIPPET_LANG": "ru", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, "ascii"),
    ],
)
@pytest.mark.parametrize(
    ("arguments", "data"),
    [
        (["render", "-"], BAD),
        (["validate", "-"], BAD),
        (["render", "nope.json"], ""),
        (["rendr"], ""),
        (["check", "-", "--stdin-name", "a.js"], "rrApi.setCustomer({});\n"),
        (["help", "bulk"], ""),
    ],
)
def test_russian_reaches_terminals_of_every_encoding(
    arguments: list[str], data: str, environment: dict[str, str], encoding: str
) -> None:
    expected = run(*arguments, data=data.encode(), RR_SNIPPET_LANG="ru", PYTHONIOENCODING="utf-8")
    code, out, err = run(*arguments, data=data.encode(), **environment)
    assert code == expected[0]
    for shown, told in ((out, expected[1]), (err, expected[2])):
        assert shown == told.decode().encode(encoding, "backslashreplace")
    assert any(char in "абвгдежзиклмнопрст" for char in (expected[1] + expected[2]).decode())


def test_every_word_is_russian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text(f'[{{"customerId": "1"}}, {BAD}]')
    Path("folder.json").mkdir()
    shape = Problem.of("email.shape", "email", no_at=1).text_in("ru")
    assert call(capfd, "render", "a.json", "--lang", "ru")[2] == f"a.json: запись 2: ошибка: {shape}\n"
    assert call(capfd, "validate", "a.json", "nope.json", "folder.json", "--lang", "ru")[1].splitlines() == [
        f"a.json: запись 2: ошибка: {shape}",
        "nope.json: ошибка: не удалось прочитать: нет такого файла или папки [source.unreadable]",
        "folder.json: ошибка: не удалось прочитать: это папка [source.unreadable]",
        "покупателей: 2, отклонено: 1; ошибок: 3, предупреждений: 0",
        "согласие: true 0, false 0, не указано 1",
    ]
    assert call(capfd, "inject", "nowhere", "--lang", "ru")[2] == (
        "nowhere: ошибка: не удалось прочитать: нет такого файла или папки [source.unreadable]\n"
    )
    assert call(capfd, "render", "a.json", "--phone-region", "ru", "--lang", "ru")[2] == (
        "rr-snippet: ошибка: --phone-region: неверное значение 'ru'; ожидается код страны из двух букв, например RU "
        "[option.value]\n"
    )


def test_a_disk_that_is_full_is_told_in_russian() -> None:
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "rr_snippet", "--lang", "ru", "help"], stdout=full, stderr=subprocess.PIPE, check=False
        )  # fmt: skip
    assert (process.returncode, process.stderr.decode()) == (2, "стандартный вывод: ошибка: на диске нет места\n")


# Colour


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Run the command with standard output and standard error on a terminal, and return the terminal's text."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "rr_snippet", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the last writer has ended
                part = b""
            if not part:
                break
            shown += part
        process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


WARNING = Problem.of("customer_id.placeholder", "customerId")
LINES = (
    f"c.jsonl:1: {{}}warning{{}}: {WARNING}\nc.jsonl:2: {{}}error{{}}: {Problem.of('email.shape', 'email', no_at=1)}\n"
)
SUMMARY = "customers: 2, rejected: 1; errors: 1, warnings: 1\nconsent: true 0, false 0, absent 1\n"
COLOURED = LINES.format(YELLOW, END, RED, END) + SUMMARY
PLAIN = LINES.format("", "", "", "") + SUMMARY


@pytest.fixture
def customers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "RR_SNIPPET_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    Path("c.jsonl").write_text(f'{{"customerId": "NULL"}}\n{BAD}')


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize(
    ("arguments", "environment", "expected", "why"),
    [
        ([], {}, COLOURED, "a terminal"),
        ([], {"NO_COLOR": "1"}, PLAIN, "https://no-color.org"),
        ([], {"NO_COLOR": ""}, COLOURED, "an empty one is none"),
        ([], {"TERM": "dumb"}, PLAIN, "a terminal that knows no colours"),
        (["--color", "never"], {}, PLAIN, "the option"),
        (["--color", "always"], {"NO_COLOR": "1"}, COLOURED, "the option before the variable"),
    ],
)
def test_severities_have_colours_on_a_terminal(
    arguments: list[str], environment: dict[str, str], expected: str, why: str
) -> None:
    assert on_a_terminal("validate", "c.jsonl", *arguments, **environment) == expected, why


@pytest.mark.usefixtures("customers")
def test_colour_elsewhere_is_what_was_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(capfd, "validate", "c.jsonl") == (1, PLAIN, "")
    assert call(capfd, "validate", "c.jsonl", "--color=always") == (1, COLOURED, "")
    assert call(capfd, "--color", "always", "render", "nope.json")[2] == (
        f"nope.json: {RED}error{END}: cannot be read: No such file or directory [source.unreadable]\n"
    )
    assert on_a_terminal("render", "nope.json") == (
        f"nope.json: {RED}error{END}: cannot be read: No such file or directory [source.unreadable]\n"
    )


def test_progress_is_in_the_language_asked_for() -> None:
    assert (
        progress_line(30_000, 123_000, 30.0, "rows", "ru")
        == "24 %  30\u00a0000 строк  1\u00a0000 строк/с  осталось 1:33"
    )
    assert progress_line(0, 5, 0.0, "pages", "ru") == "0 %  0 страниц  0 страниц/с"


# Quiet, and other forms of a report


@pytest.mark.usefixtures("customers")
def test_quiet_leaves_the_errors(capfd: pytest.CaptureFixture[str]) -> None:
    error = PLAIN.splitlines(keepends=True)[1]
    assert call(capfd, "validate", "c.jsonl", "-q") == (1, error, "")
    Path("a.html").write_text(
        "<script>rrApi.setCustomer({})</script><script>try { rrApi.setEmail() } catch (e) {}</script>"
    )
    code, out, err = call(capfd, "check", "a.html", "--no-fix-block")
    found = [line for line in out.splitlines() if line.startswith("a.html:")]
    assert {line.split(": ")[1] for line in found} > {"error"}
    quiet = call(capfd, "check", "a.html", "--no-fix-block", "--quiet")
    assert (quiet[0], quiet[2]) == (code, err)
    assert [line for line in quiet[1].splitlines() if line.startswith("a.html:")] == [
        line for line in found if ": error: " in line
    ]
    assert "files:" not in quiet[1]
    assert "--explain" not in quiet[1]
    annotations = call(capfd, "check", "a.html", "--format", "github")[1].splitlines(keepends=True)
    errors = "".join(line for line in annotations if line.startswith("::error "))
    assert 0 < errors.count("\n") < len(annotations)
    assert call(capfd, "check", "a.html", "--format", "github", "-q") == (code, errors, "")
    Path("good.html").write_text("<p></p>")
    assert call(capfd, "check", "good.html", "-q") == (0, "", "")
    code, out, err = call(capfd, "bulk", "c.jsonl", "-o", "out.jsonl", "-q", "-j", "1")
    assert (code, out, err) == (1, "", "")


@pytest.mark.usefixtures("customers")
def test_quiet_leaves_out_what_is_said_before_a_customer(capfd: pytest.CaptureFixture[str]) -> None:
    Path("c.csv").write_text("customerId,Согласен\n1,true\n")
    told = Problem.of("column.left_out", column="B (Согласен)", suggestion="isAgreedToReceiveMarketingMail")
    code, block, err = call(capfd, "render", "c.csv", "--ignore-unmapped")
    assert (code, err) == (0, f"c.csv: warning: {told}\n")
    assert call(capfd, "render", "c.csv", "--ignore-unmapped", "--quiet") == (0, block, "")
    assert call(capfd, "bulk", "c.csv", "-o", "out", "-j", "1", "--ignore-unmapped", "-q") == (0, "", "")


@pytest.mark.usefixtures("customers")
def test_findings_as_annotations_of_github(capfd: pytest.CaptureFixture[str]) -> None:
    Path("c.json").write_text(f'[{{"customerId": "1"}}, {BAD}]')
    warning, error = WARNING.message_in("en"), Problem.of("email.shape", no_at=1).message_in("en")
    assert call(capfd, "validate", "c.jsonl", "c.json", "nope.json", "--format", "github") == (
        3,
        f"::warning file=c.jsonl,line=1,title=customer_id.placeholder::customerId: {warning}\n"
        f"::error file=c.jsonl,line=2,title=email.shape::email: {error}\n"
        f"::error file=c.json,title=email.shape::c.json: record 2: email: {error}\n"
        "::error file=nope.json,title=source.unreadable::cannot be read: No such file or directory\n",
        "",
    )
    Path("site").mkdir()
    Path("site/index.html").write_text("<html></html>")
    code, out, err = call(capfd, "inject", "site", "--customer", '{"customerId": "1"}', "-v", "--format", "github")
    personal = Problem.of("site.personal", option="--allow-personal").message
    assert (code, out, err) == (0, f"::warning file=site,title=site.personal::{personal}\n", "")


@pytest.mark.usefixtures("customers")
def test_the_summary_of_bulk_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capfd, "bulk", "c.jsonl", "-o", "out.jsonl", "-j", "1", "--format", "json")
    assert (code, err) == (1, "")
    report = json.loads(out)
    assert isinstance(report["counts"].pop("seconds"), float)
    assert report == {
        "findings": [
            {"path": "email", "code": "email.shape", "severity": "error", "count": 1},
            {"path": "customerId", "code": "customer_id.placeholder", "severity": "warning", "count": 1},
        ],
        "counts": {
            "rows": 2,
            "rejected": 1,
            "consent_true": 0,
            "consent_false": 0,
            "consent_absent": 1,
            "phones_cleaned": 0,
            "rendered": 1,
            "parts_made": 1,
            "parts_kept": 0,
            "parts": 1,
        },
    }


# A terminal as standard input

ORDER = b'{"transaction": "1", "items": [{"id": 1, "quantity": 1, "price": 1}], "customer": {"customerId": "1"}}\n\x04'


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "rr-snippet: reading standard input, Ctrl-D ends it\n"),
        ("ru", "rr-snippet: читаю стандартный ввод, Ctrl-D завершит его\n"),
    ],
)
@pytest.mark.parametrize("command", [["render"], ["validate", "-"], ["render", "--order"]])
def test_reading_from_a_terminal_is_said(command: list[str], language: str, told: str, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "rr_snippet", *command, "--lang", language],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        os.close(theirs)
        assert process.stderr is not None
        assert process.stderr.readline().decode() == told  # at once, before anything is typed
        os.write(ours, ORDER if "--order" in command else b'{"customerId": "1"}\n\x04')
        _, err = process.communicate(timeout=60)
    os.close(ours)
    assert (process.returncode, err) == (0, b"")


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("RR_SNIPPET_LANG", "de")
    assert main(["help"]) == 2
    error = "rr-snippet: error: RR_SNIPPET_LANG: wrong value 'de'; expected en, ru [option.value]\n"
    assert capfd.readouterr().err.endswith(error)
